// SPDX-License-Identifier: Apache-2.0
import CPKCS11
import Glibc
public import Token

/// A PKCS#11 module: the library through which a maker's tokens are reached.
///
/// It is named by an absolute path, so that no search path decides what code runs. A file is loaded
/// once in a process, however many values stand for it, and is never unloaded.
public struct PKCS11Module: Sendable {
    /// The module's path, as given first.
    public var path: String { loaded.path }
    let loaded: LoadedModule

    /// Loads the module at an absolute path, unless it is loaded.
    ///
    /// No process may fork once a module is loaded: some modules share their connection to the
    /// device with the child. Programs are started with `posix_spawn`.
    ///
    /// - Parameters:
    ///   - path: The module's absolute path.
    ///   - initialization: What the module is told when it starts, for the few that want it: the
    ///     text stands in the reserved word of `C_Initialize`, as NSS has it.
    /// - Throws: ``TokenError`` where the path is relative, there is no such file, it is no
    ///   PKCS#11 module, or it is loaded with another initialization.
    public init(path: String, initialization: String? = nil) throws(TokenError) {
        loaded = try LoadedModule.load(path, initialization: initialization)
    }

    /// What the module says of itself.
    ///
    /// - Throws: ``TokenError`` where the module cannot be asked.
    public func information() throws(TokenError) -> PKCS11ModuleInformation {
        try loaded.use { cryptoki throws(TokenError) in
            PKCS11ModuleInformation(try cryptoki.information())
        }
    }

    /// All slots, in the module's order, with the tokens in them.
    ///
    /// - Throws: ``TokenError`` where the module cannot be asked; a slot whose token cannot be
    ///   asked says so itself.
    public func slots() throws(TokenError) -> [PKCS11Slot] {
        try loaded.use { cryptoki throws(TokenError) in try Self.slots(cryptoki) }
    }

    /// The tokens that are there and set up.
    ///
    /// - Throws: ``TokenError`` where the module cannot be asked.
    public func tokens() throws(TokenError) -> [PKCS11TokenInformation] {
        try slots().compactMap(\.token).filter { $0.flags.contains(.initialized) }
    }

    /// Opens the one token that a URI describes.
    ///
    /// Attributes of a key in the URI are not looked at. When the last open token of a module is
    /// closed, the module is finalised, and with the next one it starts afresh.
    ///
    /// - Parameters:
    ///   - uri: What the token is.
    ///   - limits: How long each call may take; where one takes longer, its caller is answered
    ///     with ``TokenError/Code/timedOut`` and the token is given up.
    ///   - observer: Who is told while a call takes long.
    /// - Returns: The token; a login is needed for what is private on it.
    /// - Throws: ``TokenError`` where no token matches, or more than one, or it is open already.
    public func open(
        _ uri: TokenURI, limits: TimeLimits = .standard, observer: (any TokenObserver)? = nil
    ) async throws(TokenError) -> PKCS11Token {
        let (line, identity) = try await TokenLine.open(self, uri, limits, observer)
        return PKCS11Token(self, line, identity, limits, observer)
    }

    /// Finds the token and opens its sessions.
    func connect(_ uri: TokenURI, _ watch: CallWatch?) throws(TokenError) -> Connection {
        if let other = uri.modulePath,
            try LoadedModule.load(other, initialization: loaded.initialization) !== loaded
        {
            throw TokenError(
                .noToken,
                "\(uri.text.quotedForDisplay) is of another module than \(path.quotedForDisplay)")
        }
        try loaded.retain(watch)
        do throws(TokenError) {
            let cryptoki = loaded.cryptoki.watched(by: watch)
            var slots = try Self.slots(cryptoki)
            if Self.matches(uri, slots).isEmpty, try loaded.restart(watch) {
                // A module may not have seen a token while another process wrote to it.
                slots = try Self.slots(cryptoki)
            }
            let found = try Self.choose(uri, slots)
            guard loaded.reserve(found.slot) else {
                throw TokenError(
                    .tokenInUse, "\(found.token.identity) is open already in this program")
            }
            do throws(TokenError) {
                return try Connection(loaded, found.slot, found.token, watch)
            } catch {
                loaded.surrender(found.slot)
                throw error
            }
        } catch {
            loaded.release(watch)
            throw error
        }
    }

    private static func slots(_ cryptoki: Cryptoki) throws(TokenError) -> [PKCS11Slot] {
        var slots: [PKCS11Slot] = []
        for id in try cryptoki.slots() {
            slots.append(try PKCS11Slot(id, of: cryptoki))
        }
        return slots
    }

    private typealias Match = (slot: CK_SLOT_ID, token: PKCS11TokenInformation)

    private static func matches(_ uri: TokenURI, _ slots: [PKCS11Slot]) -> [Match] {
        slots.compactMap { slot in
            guard let token = slot.token, token.flags.contains(.initialized),
                uri.matches(token.identity)
            else { return nil }
            return (slot.id, token)
        }
    }

    private static func choose(
        _ uri: TokenURI, _ slots: [PKCS11Slot]
    ) throws(TokenError) -> Match {
        let matches = matches(uri, slots)
        guard let match = matches.first else {
            throw TokenError(
                .noToken, "no token matches \(uri.text.quotedForDisplay); \(inventory(slots))")
        }
        guard matches.count == 1 else {
            let names = matches.map { $0.token.identity.description }
            throw TokenError(
                .ambiguousToken,
                "\(matches.count) tokens match \(uri.text.quotedForDisplay): "
                    + names.joined(separator: ", "),
                hint: "name the token by its serial number: "
                    + "pkcs11:token=…;serial=…")
        }
        return match
    }

    private static func inventory(_ slots: [PKCS11Slot]) -> String {
        let lines = slots.compactMap { slot -> String? in
            if let fault = slot.fault { return "slot \(slot.name.quotedForDisplay): \(fault)" }
            guard let token = slot.token else { return nil }
            return token.flags.contains(.initialized)
                ? token.identity.description : "a token that is not set up"
        }
        return lines.isEmpty
            ? "none of \(slots.count) slots has a token"
            : "there is: " + lines.joined(separator: ", ")
    }
}
