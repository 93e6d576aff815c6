// SPDX-License-Identifier: Apache-2.0

import SSHCrypto
public import SSHFormats
import Synchronization
public import Token
public import TokenEvidence

/// A token behind a PKCS#11 module.
///
/// Calls are carried out one after the other on a thread of the token's own. Each call into the
/// module has its time; where it does not come back, the token is given up, and whoever waits for
/// it is answered.
///
/// Every signature is verified with the public key that was asked for before it leaves, by code
/// that does not depend on the token; it is verified beside the next one that the token makes.
///
/// A login that another program's use of the token has ended is made anew, once, with the PIN that
/// was right before, on the same token and never with its last try. Nothing else is retried.
///
/// A token that went away stays away: every further call says so, until ``reopen()``.
public final class PKCS11Token: Token {
    /// What the token said of itself when it was opened.
    public let identity: TokenIdentity
    /// The module through which the token is reached.
    public let module: PKCS11Module
    /// Whether the token asks for the PIN on a pad of its own.
    public let hasPINPad: Bool

    private let limits: TimeLimits
    private let observer: (any TokenObserver)?
    private let line: Mutex<TokenLine?>
    /// The keys that were declared to be restored from a wrapped backup.
    private let copies = Mutex<Set<PublicKey>>([])

    init(
        _ module: PKCS11Module, _ line: TokenLine, _ token: PKCS11TokenInformation,
        _ limits: TimeLimits, _ observer: (any TokenObserver)?
    ) {
        self.module = module
        self.line = Mutex(line)
        identity = token.identity
        hasPINPad = token.flags.contains(.protectedAuthenticationPath)
        self.limits = limits
        self.observer = observer
    }

    deinit { line.withLock { $0 }?.end() }

    private func withWorker<Result: Sendable>(
        _ body: @escaping @Sendable (TokenWorker) throws(TokenError) -> Result
    ) async throws(TokenError) -> Result {
        guard let line = line.withLock({ $0 }) else {
            throw TokenError(.closed, "\(identity) is closed")
        }
        return try await line.withWorker(body)
    }

    /// The way on which the token is reached.
    public var route: TokenRoute { .module(module.path) }

    /// What the device says of itself now.
    ///
    /// - Throws: ``TokenError`` where the token cannot be asked.
    public func evidence() async throws(TokenError) -> DeviceEvidence {
        let told = try await information()
        return DeviceEvidence(
            model: told.identity.model, serial: told.identity.serial,
            firmware: FirmwareVersion(text: told.firmwareVersion),
            pinRemark: told.flags.triesLeft)
    }

    /// What the token tells of itself now: its flags change with each wrong PIN.
    ///
    /// - Throws: ``TokenError`` where the token cannot be asked, or is another one.
    public func information() async throws(TokenError) -> PKCS11TokenInformation {
        try await withWorker { worker throws(TokenError) in try worker.information() }
    }

    /// The ways in which the token makes keys and signatures, by number.
    ///
    /// - Throws: ``TokenError`` where the token cannot be asked.
    public func mechanisms() async throws(TokenError) -> [PKCS11Mechanism] {
        try await withWorker { worker throws(TokenError) in try worker.mechanisms() }
    }

    /// Logs in, once; a token that has one try left only where `allowLastTry` says so.
    ///
    /// A PIN that is too short or too long for the token, or not ASCII, is not tried, and none goes
    /// to a token that has taken the place of the one that was opened.
    ///
    /// - Throws: ``TokenError`` with what the token's flags say of the tries left.
    public func login(_ pin: PIN?, allowLastTry: Bool) async throws(TokenError) {
        try await withWorker { worker throws(TokenError) in
            try worker.login(pin, allowLastTry: allowLastTry)
        }
    }

    /// The public keys that can be seen, with their labels; no login is needed for most tokens.
    ///
    /// - Throws: ``TokenError`` where the token cannot be asked.
    public func publicKeys() async throws(TokenError) -> [(key: PublicKey, label: String)] {
        try await withWorker { worker throws(TokenError) in try worker.publicKeys() }
    }

    /// The key pairs that can sign, each with the attributes of its private key.
    ///
    /// - Throws: ``TokenError``; a login comes first.
    public func keys() async throws(TokenError) -> [TokenKey] {
        try await withWorker { worker throws(TokenError) in try worker.keys() }
    }

    /// Finds a key pair by its public key.
    ///
    /// - Throws: ``TokenError`` where there is none, more than one alike, or a certificate beside it
    ///   is of another key.
    public func find(_ publicKey: PublicKey) async throws(TokenError) -> TokenKey {
        try await withWorker { worker throws(TokenError) in try worker.find(publicKey) }
    }

    /// The longest label of a key, in bytes.
    public static let maximumLabelLength = 64

    /// Makes a key pair that can never leave the token, and tries it.
    ///
    /// - Throws: ``TokenError`` where the label is on the token already, the token makes no such
    ///   key, an attribute that is read back is at fault, or a test signature does not verify. In
    ///   the last two cases the objects are still there, and the hint says how to remove them.
    public func generate(_ request: KeyRequest) async throws(TokenError) -> TokenKey {
        try await withWorker { worker throws(TokenError) in try worker.generate(request) }
    }

    /// Takes a key on this token for a declared copy, restored from a wrapped backup.
    public func acceptCopy(of key: PublicKey) async {
        copies.withLock { _ = $0.insert(key) }
    }

    /// Finds a certificate authority's key and makes ready to sign with it.
    ///
    /// - Throws: ``TokenError`` where the key is not there once, an attribute of it is at fault, or
    ///   the token does not sign as SSH needs it.
    public func prepare(_ key: PublicKey) async throws(TokenError) {
        let isCopy = copies.withLock { $0.contains(key) }
        try await withWorker { worker throws(TokenError) in
            try worker.prepare(key, asCopy: isCopy)
        }
    }

    /// Signs whole messages with a certificate authority's key; one SSH signature for each.
    ///
    /// - Throws: ``TokenError`` at the first message that is not signed, where a signature is not
    ///   the key's over the message, or where an attribute of the key is at fault.
    public func sign(
        _ messages: [[UInt8]], with key: PublicKey
    ) async throws(TokenError) -> [Signature] {
        let isCopy = copies.withLock { $0.contains(key) }
        return try await withWorker { worker throws(TokenError) in
            try worker.sign(messages, with: key, asCopy: isCopy)
        }
    }

    /// Signs whole messages for a caller who verifies each signature himself.
    ///
    /// - Throws: ``TokenError`` at the first message that is not signed, or where an attribute of
    ///   the key is at fault.
    public func signUnverified(
        _ messages: [[UInt8]], with key: PublicKey
    ) async throws(TokenError) -> [UnverifiedSignature] {
        let isCopy = copies.withLock { $0.contains(key) }
        return try await withWorker { worker throws(TokenError) in
            try worker.signUnverified(messages, with: key, asCopy: isCopy)
        }
    }

    /// The checkpoints that the token keeps of a home, as data objects of ours.
    ///
    /// - Throws: ``TokenError``; a login comes first.
    public func checkpoints(of home: String) async throws(TokenError) -> [[UInt8]] {
        try await withWorker { worker throws(TokenError) in try worker.checkpoints(of: home) }
    }

    /// Has the token keep a checkpoint of a home; what it kept before goes once the new one is there.
    ///
    /// - Throws: ``TokenError``; `unsupported` where the token takes no such object.
    public func keepCheckpoint(_ text: [UInt8], of home: String) async throws(TokenError) {
        try await withWorker { worker throws(TokenError) in
            try worker.keepCheckpoint(text, of: home)
        }
    }

    /// Signs a text with an officer's key on this token, as `ssh-keygen -Y sign` would.
    ///
    /// The key need not be one that a certificate authority may have: how officers keep their keys
    /// is for the roster.
    ///
    /// - Throws: ``TokenError`` where the key is not there once, or the signature is wrong.
    public func approvalSignature(
        over message: [UInt8], namespace: String, key: PublicKey
    ) async throws(TokenError) -> SSHSIG {
        try await withWorker { worker throws(TokenError) in
            try worker.approvalSignature(over: message, namespace: namespace, key: key)
        }
    }

    /// Lets go of the token, and opens it anew: the same token, wherever it now is.
    ///
    /// For a token that went away and is back. The module starts afresh, where no other token of it
    /// is open; the token is found by its serial number and label, and keys by their public halves.
    /// A login is needed again: no PIN goes to a token on its own.
    ///
    /// - Throws: ``TokenError`` where the token is not there; it can be tried again.
    public func reopen() async throws(TokenError) {
        await close()
        let (line, _) = try await TokenLine.open(module, identity.uri, limits, observer)
        let other = self.line.withLock { current in
            defer { current = line }
            return current
        }
        other?.end()
    }

    /// Logs out and lets go of the token; further calls are refused.
    public func close() async {
        let former = line.withLock { line in
            defer { line = nil }
            return line
        }
        guard let former else { return }
        do throws(TokenError) {
            try await former.withWorker { $0.close() }
        } catch {
            // It was given up before, and there is nobody left to log out.
        }
        former.end()
    }
}
