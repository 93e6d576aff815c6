// SPDX-License-Identifier: Apache-2.0

import CPKCS11
public import SSHFormats
public import Token
public import TokenEvidence

/// A token behind a PKCS#11 module.
///
/// All calls into the module for this token are made one after the other on a thread of its own:
/// what must not be torn apart (begin, log in for this one signature, sign) has no one in between.
///
/// A token that went away stays away: every further call says so. Close it, and open it anew.
public actor PKCS11Token: Token {
    /// What the token said of itself when it was opened.
    public nonisolated let identity: TokenIdentity
    /// The module through which the token is reached.
    public nonisolated let module: PKCS11Module
    /// Whether the token asks for the PIN on a pad of its own.
    public nonisolated let hasPINPad: Bool

    /// The thread on which the actor runs.
    public nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe thread.asUnownedSerialExecutor()
    }

    private nonisolated let thread: TokenThread
    private var state: State
    var pin: PIN?
    /// Whether the token said in the middle of things that nobody is logged in.
    var hasForgottenLogin = false
    var signingKeys: [PublicKey: SigningKey] = [:]
    /// The keys that were declared to be restored from a wrapped backup.
    private(set) var copies: Set<PublicKey> = []

    private enum State {
        case open(Connection)
        case removed(TokenError)
        case closed
    }

    /// Takes over a connection that was made on the thread.
    init(_ module: PKCS11Module, _ connection: sending Connection, on thread: TokenThread) async {
        self.module = module
        identity = connection.token.identity
        hasPINPad = connection.token.flags.contains(.protectedAuthenticationPath)
        self.thread = thread
        state = .open(connection)
    }

    deinit { thread.stop() }

    /// Runs calls on the token, and remembers when one says that it is gone.
    func onToken<Result>(
        _ body: (Connection) throws(TokenError) -> Result
    ) throws(TokenError) -> Result {
        let connection: Connection
        switch state {
        case .open(let open): connection = open
        case .removed(let error): throw error
        case .closed: throw TokenError(.closed, "\(identity) is closed")
        }
        do throws(TokenError) {
            return try body(connection)
        } catch {
            if error.code == .removed { letGo(.removed(error)) }
            throw error
        }
    }

    /// Logs out and lets go of the token; further calls are refused.
    public func close() {
        if case .open(let connection) = state {
            // A token that will not be logged out is logged out by its last session's end.
            try? connection.cryptoki.logout(connection.session)
        }
        letGo(.closed)
    }

    private func letGo(_ state: State) {
        self.state = state
        pin = nil
        hasForgottenLogin = false
        signingKeys = [:]
    }

    /// Takes a key on this token for a declared copy, restored from a wrapped backup.
    public func acceptCopy(of key: PublicKey) { copies.insert(key) }

    /// The way on which the token is reached.
    public nonisolated var route: TokenRoute { .module(module.path) }

    /// What the device says of itself now.
    ///
    /// - Throws: ``TokenError`` where the token cannot be asked.
    public func evidence() throws(TokenError) -> DeviceEvidence {
        let told = try information()
        return DeviceEvidence(
            model: told.identity.model, serial: told.identity.serial,
            firmware: FirmwareVersion(text: told.firmwareVersion),
            pinRemark: told.flags.triesLeft)
    }

    /// What the token tells of itself now: its flags change with each wrong PIN.
    ///
    /// - Throws: ``TokenError`` where the token cannot be asked.
    public func information() throws(TokenError) -> PKCS11TokenInformation {
        try onToken { connection throws(TokenError) in
            PKCS11TokenInformation(
                try connection.cryptoki.tokenInformation(connection.slot))
        }
    }

    /// The ways in which the token makes keys and signatures, by number.
    ///
    /// - Throws: ``TokenError`` where the token cannot be asked.
    public func mechanisms() throws(TokenError) -> [PKCS11Mechanism] {
        try onToken { connection throws(TokenError) in
            var mechanisms: [PKCS11Mechanism] = []
            for type in try connection.cryptoki.mechanisms(connection.slot).sorted() {
                let information = try connection.cryptoki.mechanismInformation(
                    connection.slot, type)
                mechanisms.append(PKCS11Mechanism(type, information))
            }
            return mechanisms
        }
    }
}
