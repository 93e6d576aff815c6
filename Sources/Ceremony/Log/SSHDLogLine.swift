// SPDX-License-Identifier: Apache-2.0

/// What a line of sshd's log says of a certificate.
///
/// sshd writes `Accepted publickey for NAME from ADDRESS port N ssh2: KIND-CERT FINGERPRINT ID KEYID
/// (serial N) CA KIND FINGERPRINT` for a login (auth.c, `auth_log`; auth2.c, `format_method_key`), and
/// with `LogLevel VERBOSE` before that `Accepted certificate ID "KEYID" (serial N) signed by …`. It
/// has checked the CA's signature before it names a certificate at all, so every such line, a failed
/// login's too, shows that the CA key signed a certificate with these words.
///
/// The key ID is the word of whoever made the certificate, and the name of the account, where the
/// login failed, of whoever wanted to log in. So the certificate begins at the first `ssh2:`, and
/// its serial and its CA key are read from the end of the line.
public struct SSHDLogLine: Hashable, Sendable {
    /// What came of the certificate.
    public enum Event: String, Sendable {
        /// The login was let in.
        case accepted = "Accepted"
        /// The certificate was proof enough, and more proofs are asked for.
        case partial = "Partial"
        /// The login was refused.
        case failed = "Failed"
        /// The client asked whether the certificate would do.
        case postponed = "Postponed"
        /// The certificate would do, and whether the client holds the key is still to be shown.
        case checked = "Checked"

        /// Whether sshd had nothing against the certificate.
        public var isConsent: Bool { self != .failed && self != .postponed }
    }

    /// How a line about keys ends up.
    public enum Reading: Hashable, Sendable {
        /// It names a certificate.
        case certificate(SSHDLogLine)
        /// It is about a login with a key that has no certificate.
        case plainKey(Event)
        /// It is about a certificate, and can't be read to its end.
        case unreadable(String)
        /// It is about something else.
        case other
    }

    /// What came of the certificate.
    public let event: Event
    /// Whether a host vouched for its user, with the host's certificate.
    public let isHostbased: Bool
    /// The account, as the line gives it; nil where the line is about the certificate alone.
    public let account: String?
    /// Where the login came from, as the line gives it: address and port.
    public let source: String?
    /// The fingerprint of the certified key; nil where the line doesn't tell.
    public let subjectKey: String?
    /// The certificate's key ID.
    public let keyID: String
    /// The certificate's serial.
    public let serial: UInt64
    /// The fingerprint of the CA key.
    public let authorityKey: String

    /// Reads what a program wrote after the header of a line.
    public static func read(_ message: ArraySlice<UInt8>) -> Reading {
        guard let first = message.first, "AFP".utf8.contains(first) else { return .other }
        var scanner = ByteScanner(trimmed(message))
        if scanner.skip("Accepted certificate ID \"") { return readCheck(scanner) }
        let event: Event
        if scanner.skip("Accepted ") {
            event = .accepted
        } else if scanner.skip("Failed ") {
            event = .failed
        } else if scanner.skip("Postponed ") {
            event = .postponed
        } else if scanner.skip("Partial ") {
            event = .partial
        } else {
            return .other
        }
        if scanner.skip("publickey for ") {
            return readLogin(scanner, event: event, isHostbased: false)
        }
        if scanner.skip("hostbased for ") {
            return readLogin(scanner, event: event, isHostbased: true)
        }
        return .other
    }

    /// The message without blanks and the mark of the process that wrote it, both at its end.
    private static func trimmed(_ message: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        func withoutBlanks(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
            var bytes = bytes
            while let last = bytes.last, last <= 0x20 { bytes.removeLast() }
            return bytes
        }
        let bytes = withoutBlanks(message)
        guard bytes.last == UInt8(ascii: "]") else { return bytes }
        for mark in ["[preauth]", "[postauth]"]
        where bytes.suffix(mark.utf8.count)
            .elementsEqual(mark.utf8)
        {
            return withoutBlanks(bytes.dropLast(mark.utf8.count))
        }
        return bytes
    }
}

// MARK: - A login

extension SSHDLogLine {
    private static func readLogin(
        _ scanner: ByteScanner, event: Event, isHostbased: Bool
    ) -> Reading {
        let rest = scanner.rest
        guard let mark = rest.firstPlace(of: " ssh2: ") else { return .other }
        var certificate = ByteScanner(rest[mark.upperBound...])
        guard let kind = certificate.word() else { return .unreadable("it ends too soon") }
        guard isCertificate(kind) else { return .plainKey(event) }
        var subject: ArraySlice<UInt8>?
        if !certificate.skip("ID ") {
            subject = certificate.word()
            guard subject != nil, certificate.skip("ID ") else {
                return .unreadable("it names no key ID")
            }
        }
        var named = certificate.rest
        if isHostbased {
            // Names of the client's own choice follow; they must not pass for the certificate's end.
            guard let first = named.firstPlace(of: ", client user \""),
                first == named.lastPlace(of: ", client user \"")
            else { return .unreadable("where the certificate ends can't be told") }
            named = named[..<first.lowerBound]
        }
        guard let serial = named.lastPlace(of: " (serial ") else {
            return .unreadable("it names no serial")
        }
        guard let tail = Tail(named[serial.upperBound...]) else {
            return .unreadable("it doesn't end with the CA key's SHA-256 fingerprint")
        }
        guard subject.map(isFingerprint) ?? true else {
            return .unreadable("the key's fingerprint is not SHA-256")
        }
        let (account, source) = origin(rest[..<mark.lowerBound])
        return .certificate(
            SSHDLogLine(
                event: event, isHostbased: isHostbased, account: account, source: source,
                subjectKey: subject?.text, keyID: named[..<serial.lowerBound].text,
                serial: tail.serial, authorityKey: tail.authorityKey))
    }

    /// `NAME from ADDRESS port N`.
    private static func origin(_ bytes: ArraySlice<UInt8>) -> (String, String?) {
        guard let from = bytes.lastPlace(of: " from ") else { return (bytes.text, nil) }
        var name = ByteScanner(bytes[..<from.lowerBound])
        _ = name.skip("invalid user ")
        return (name.rest.text, bytes[from.upperBound...].text)
    }

    /// `ED25519-CERT`, and `ssh-ed25519-cert-v01@openssh.com` as some builds write it.
    private static func isCertificate(_ kind: ArraySlice<UInt8>) -> Bool {
        kind.firstPlace(of: "-CERT") != nil || kind.firstPlace(of: "-cert") != nil
    }

    /// Whether bytes are `SHA256:` and the Base64 of 32 bytes, without padding.
    private static func isFingerprint(_ bytes: ArraySlice<UInt8>) -> Bool {
        var scanner = ByteScanner(bytes)
        return scanner.skip("SHA256:") && scanner.rest.count == 43
            && scanner.rest.allSatisfy {
                (0x30...0x39).contains($0) || (0x41...0x5A).contains($0)
                    || (0x61...0x7A).contains($0) || $0 == 0x2B || $0 == 0x2F
            }
    }

    /// What follows ` (serial `: `N) CA KIND FINGERPRINT`, and nothing else.
    private struct Tail {
        let serial: UInt64
        let authorityKey: String

        init?(_ bytes: ArraySlice<UInt8>) {
            var scanner = ByteScanner(bytes)
            guard let serial = scanner.word(before: UInt8(ascii: ")")).flatMap({ decimal($0) }),
                scanner.skip(" CA "), scanner.word() != nil, isFingerprint(scanner.rest)
            else { return nil }
            self.serial = serial
            authorityKey = scanner.rest.text
        }
    }
}

// MARK: - A certificate on its own

extension SSHDLogLine {
    /// `KEYID" (serial N) signed by KIND CA FINGERPRINT via FILE`, or `signed by CA KIND FINGERPRINT
    /// found at PLACE` (auth2-pubkey.c, `user_cert_trusted_ca`; auth2-pubkeyfile.c,
    /// `auth_check_authkey_line`).
    private static func readCheck(_ scanner: ByteScanner) -> Reading {
        let rest = scanner.rest
        guard let serial = rest.lastPlace(of: "\" (serial ") else {
            // A host's certificate is told so, without its serial; the login's own line has it.
            return .other
        }
        var tail = ByteScanner(rest[serial.upperBound...])
        guard let number = tail.word(before: UInt8(ascii: ")")).flatMap({ decimal($0) }),
            tail.skip(" signed by "), let first = tail.word(), let second = tail.word(),
            first.elementsEqual("CA".utf8) != second.elementsEqual("CA".utf8),
            let key = tail.word(), isFingerprint(key)
        else { return .unreadable("it doesn't name serial and CA key as sshd does") }
        return .certificate(
            SSHDLogLine(
                event: .checked, isHostbased: false, account: nil, source: nil, subjectKey: nil,
                keyID: rest[..<serial.lowerBound].text, serial: number, authorityKey: key.text))
    }
}
