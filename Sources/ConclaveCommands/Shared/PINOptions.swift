// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Glibc
import PKCS11Token
import SSHCrypto
import SSHFormats
import Token
import TokenEvidence

/// Where the PIN comes from.
struct PINOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Read the PIN from this descriptor's first line; otherwise from the terminal.",
            valueName: "number"))
    var pinFD: Int32?

    @Flag(help: "Try the PIN although one more wrong try would lock the token.")
    var lastTry = false

    /// Looks at the descriptor before any file is opened: a later one of ours could get its number.
    mutating func validate() throws {
        if let pinFD { try Descriptor.keepToOurselves(pinFD, option: "--pin-fd") }
    }

    /// Asks for the PIN and logs in, once; a token that is not the right one gets no PIN.
    ///
    /// What would be refused anyway is refused before anybody types: a PIN that is locked, and a
    /// last try that was not allowed.
    ///
    /// - Parameters:
    ///   - token: The token, open.
    ///   - keys: The keys that must be on it, as far as it shows any without a login.
    /// - Throws: `TokenError` where the token does not let us in, or is another one.
    func login(to token: any Token, for keys: [PublicKey] = []) async throws(TokenError) {
        let identity = await token.identity
        try await require(keys, on: token, identity)
        let evidence = try await token.evidence()
        try refuseHopelessTry(evidence, identity)
        let pin = try await pin(for: token, identity, evidence)
        if let pin { try await PINRules.of(token).check(pin, for: identity) }
        try await token.login(pin, allowLastTry: lastTry)
    }

    /// The PIN from descriptor or terminal, or nil where the token has a pad of its own.
    private func pin(
        for token: any Token, _ identity: TokenIdentity, _ evidence: DeviceEvidence
    ) async throws(TokenError) -> PIN? {
        if await token.hasPINPad {
            Screen.note("type the PIN of \(identity) on its own pad")
            return nil
        }
        if let pinFD { return try PIN.read(fromDescriptor: pinFD) }
        let tries = evidence.pinTries.map { ", \($0)" } ?? evidence.pinRemark.map { ", \($0)" }
        return try PIN.readFromTerminal(prompt: "PIN for \(identity)\(tries ?? ""): ")
    }

    private func refuseHopelessTry(
        _ evidence: DeviceEvidence, _ identity: TokenIdentity
    ) throws(TokenError) {
        guard let tries = evidence.pinTries, tries.left <= 1 else { return }
        if tries.left <= 0 {
            throw TokenError(
                .pinLocked, "the PIN of \(identity) is locked", triesLeft: "no try left",
                hint: "its PUK or security officer opens it again; no PIN was asked for")
        }
        // Of a token that has but one try at all, each is the last.
        guard lastTry || tries.total == 1 else {
            throw TokenError(
                .lastTry, "the PIN of \(identity) was not tried", triesLeft: "one try left",
                hint: "one more wrong PIN locks the token; give --last-try only if sure")
        }
    }

    /// Refuses a token that shows keys, and none of those that are wanted.
    ///
    /// A module may hide some public keys until the login, so a token behind one is judged by them
    /// only where its serial number tells nothing: OpenSC gives many cards one of zeros.
    private func require(
        _ keys: [PublicKey], on token: any Token, _ identity: TokenIdentity
    ) async throws(TokenError) {
        let isKnown = token is PKCS11Token && identity.serial.contains { $0 != "0" && $0 != " " }
        guard !keys.isEmpty, !isKnown else { return }
        let shown = try await VisibleKeys.of(token)
        guard !shown.isEmpty, !shown.contains(where: keys.contains) else { return }
        throw TokenError(
            .wrongToken,
            "\(identity) holds none of the keys that are wanted ("
                + keys.map(\.fingerprint).joined(separator: ", ") + "); it shows "
                + shown.map(\.fingerprint).joined(separator: ", "),
            hint: "insert the right token; no PIN went to this one")
    }
}

/// The keys that a token shows before anyone has logged in.
enum VisibleKeys {
    /// The public keys; none where the token shows nothing.
    static func of(_ token: any Token) async throws(TokenError) -> [PublicKey] {
        if let token = token as? PKCS11Token { return try await token.publicKeys().map(\.key) }
        do throws(TokenError) {
            return try await token.keys().map(\.publicKey)
        } catch  where error.code == .notLoggedIn {
            return []
        }
    }
}

/// A descriptor that was handed to this program and holds a secret.
enum Descriptor {
    /// No program that is started afterwards gets it: a file can be read once more by whoever has
    /// it open.
    static func keepToOurselves(_ descriptor: Int32, option: String) throws {
        let flags = fcntl(descriptor, F_GETFD)
        guard flags >= 0, fcntl(descriptor, F_SETFD, flags | FD_CLOEXEC) == 0 else {
            throw ValidationError("\(option) \(descriptor) is not an open descriptor")
        }
    }
}
