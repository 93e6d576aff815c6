// SPDX-License-Identifier: Apache-2.0

import SSHCrypto
import SSHFormats
public import Token
public import TokenEvidence

/// A PIV card that is reached directly over PC/SC, without a module in between.
///
/// All commands for this card are sent one after the other on a thread of its own. Those that belong
/// together (select, verify the PIN, sign) are one transaction, so that no other program comes in
/// between; where one took the login away before, the card is asked whether it is still the same,
/// and the PIN that was right before is verified again, once.
///
/// A card that went away stays away: every further call says so. Close it, and open it anew.
public actor PIVToken: Token {
    /// What the card said of itself when it was opened.
    public nonisolated let identity: TokenIdentity
    /// The reader that the card is in.
    public nonisolated let reader: String
    /// The firmware of a card that speaks Yubico's extensions; nil for any other.
    public nonisolated let firmware: FirmwareVersion?

    /// The thread on which the actor runs.
    public nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe thread.asUnownedSerialExecutor()
    }

    nonisolated let watch: CallWatch
    private nonisolated let thread: TokenThread
    private var state: State
    /// The PIN that was right when it was last verified.
    var pin: PIN?
    /// The management key that was right when it was last shown.
    var managementKey: ManagementKey?
    /// Whether the PIN is verified as far as is known: no other program had the card since.
    var isLoggedIn = false
    /// Whether another program may have changed the PIN or spent its tries.
    var isPINDoubtful = false
    /// Whether the card was given a PIN or the management key, and so may be logged in to.
    var hasShownSecret = false
    var signingKeys: [PublicKey: SlotKey] = [:]

    private enum State {
        case open(PIVApplication)
        case removed(TokenError)
        case closed
    }

    /// Takes over a card that was connected on the thread.
    init(
        _ application: PIVApplication, _ facts: CardFacts, on thread: TokenThread
    ) async {
        identity = facts.identity
        firmware = facts.firmware
        reader = application.transport.reader
        watch = application.watch
        watch.identify(facts.identity)
        self.thread = thread
        state = .open(application)
    }

    deinit {
        thread.stop()
        watch.stop()
    }

    /// The way on which the card is reached.
    public nonisolated var route: TokenRoute { .reader(reader) }

    /// Whether the card's reader has a PIN pad that is used: never.
    public nonisolated var hasPINPad: Bool { false }

    /// Whether the card speaks Yubico's extensions.
    nonisolated var isExtended: Bool { firmware != nil }

    /// Has work done on the card's thread, and waits no longer than its calls may take.
    nonisolated func timed<Value: Sendable>(
        _ work: @escaping @Sendable (isolated PIVToken) throws(TokenError) -> Value
    ) async throws(TokenError) -> Value {
        try await watch.wait { await self.result(of: work) }
    }

    private func result<Value: Sendable>(
        of work: @Sendable (isolated PIVToken) throws(TokenError) -> Value
    ) -> Result<Value, TokenError> {
        do throws(TokenError) {
            return .success(try work(self))
        } catch {
            return .failure(error)
        }
    }

    /// Sends commands in one transaction, and remembers when the card is gone.
    ///
    /// Unless they are part of a group that found the application selected, it is selected first.
    func onCard<Value>(
        selecting: Bool = true, _ body: (PIVApplication) throws(TokenError) -> Value
    ) throws(TokenError) -> Value {
        let application: PIVApplication
        switch state {
        case .open(let open): application = open
        case .removed(let error): throw error
        case .closed: throw TokenError(.closed, "\(identity) is closed")
        }
        do throws(TokenError) {
            try application.beginTransaction()
            defer { application.endTransaction() }
            if selecting || application.isDisturbed { try select(application) }
            return try body(application)
        } catch {
            guard [.removed, .noService, .wrongToken].contains(error.code) else { throw error }
            let removal = removal(error)
            letGo(.removed(removal))
            throw removal
        }
    }

    /// Selects the application, and refuses a card that is not the one that was opened.
    ///
    /// Some readers do not notice that a card was taken out and another put in. What follows may send
    /// a PIN, so the card is asked who it is each time.
    func select(_ application: PIVApplication) throws(TokenError) {
        let wasDisturbed = application.isDisturbed
        isLoggedIn = false
        try application.select()
        if wasDisturbed { isPINDoubtful = true }
        if !wasDisturbed, try application.hasSerialNumber(identity.serial) { return }
        let found = try application.facts()
        guard found.identity == identity else {
            throw TokenError(
                .wrongToken,
                "\(found.identity) is in the reader in the place of \(identity); no PIN went to it",
                hint: "insert the right card, and open it anew")
        }
    }

    /// Lets go of the card; further calls are refused.
    ///
    /// A card that was logged in to is reset, which takes the login away. Any other is left alone:
    /// another program may be at work with it.
    public nonisolated func close() async {
        do throws(TokenError) {
            try await timed { (token) throws(TokenError) in token.closeNow() }
        } catch {
            // The card hangs. Where it comes to itself after all, its login goes then.
            Task { await closeNow() }
        }
    }

    private func closeNow() {
        if case .open(let application) = state {
            // A card that will not be reset is gone, and its login with it.
            try? application.disconnect(reset: hasShownSecret)
        }
        letGo(.closed)
    }

    private func letGo(_ state: State) {
        self.state = state
        pin = nil
        managementKey = nil
        isLoggedIn = false
        signingKeys = [:]
    }

    private func removal(_ error: TokenError) -> TokenError {
        guard error.code == .removed else { return error }
        return TokenError(
            .removed,
            error.operation.isEmpty ? "\(identity): \(error.detail)" : "\(identity) is gone",
            operation: error.operation, status: error.status,
            statusName: error.statusName, hint: error.hint)
    }
}

extension PIVApplication {
    /// Lets go of the card, also of one that was given up; a reset takes its login away.
    func disconnect(reset: Bool) throws(TokenError) {
        try? watch.begin(.call)
        defer { try? watch.end() }
        try transport.disconnect(reset: reset)
    }
}
