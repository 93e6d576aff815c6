// SPDX-License-Identifier: Apache-2.0
import Ceremony
import Testing

@Suite("What sshd writes about certificates")
struct SSHDLogLineTests {
    private static let key = "SHA256:" + String(repeating: "k", count: 43)
    private static let ca = "SHA256:" + String(repeating: "c", count: 43)
    private static let tail = "ID alice/staff/1 (serial 1) CA ECDSA \(ca)"
    private static let head = "Accepted publickey for deploy from 10.0.0.7 port 50022 ssh2: "
    private static let whole = "\(head)ED25519-CERT \(key) \(tail)"

    private func read(_ text: String) -> SSHDLogLine.Reading {
        SSHDLogLine.read(Array(text.utf8)[...])
    }

    private func certificate(_ text: String) throws -> SSHDLogLine {
        struct Otherwise: Error { let reading: SSHDLogLine.Reading }
        let reading = read(text)
        guard case .certificate(let line) = reading else { throw Otherwise(reading: reading) }
        return line
    }

    @Test(
        "a login's line is read, of every kind of key and with every mark at its end",
        arguments: [
            "RSA-CERT", "ECDSA-CERT", "ED25519-CERT", "ECDSA-SK-CERT", "ED25519-SK-CERT",
            "ssh-ed25519-cert-v01@openssh.com",
        ])
    func logins(kind: String) throws {
        for end in ["", " [preauth]", " [postauth]", "\r", "  \t", " [preauth]\r"] {
            let line = try certificate("\(Self.head)\(kind) \(Self.key) \(Self.tail)\(end)")
            #expect(line.event == .accepted && !line.isHostbased)
            #expect(line.account == "deploy")
            #expect(line.source == "10.0.0.7 port 50022")
            #expect(line.subjectKey == Self.key)
            #expect(line.keyID == "alice/staff/1")
            #expect(line.serial == 1)
            #expect(line.authorityKey == Self.ca)
        }
    }

    @Test(
        "what came of a login is told",
        arguments: [
            ("Accepted", SSHDLogLine.Event.accepted), ("Failed", .failed),
            ("Postponed", .postponed),
            ("Partial", .partial),
        ])
    func events(word: String, event: SSHDLogLine.Event) throws {
        #expect(try certificate(word + Self.whole.dropFirst(8)).event == event)
        #expect(
            read("\(word) publickey for a from ::1 port 2 ssh2: ED25519 \(Self.key)")
                == .plainKey(event))
    }

    @Test("the form without the key's fingerprint is read, as OpenSSH wrote it before 7.7")
    func oldForm() throws {
        let line = try certificate("\(Self.head)ED25519-CERT \(Self.tail)")
        #expect(line.subjectKey == nil)
        #expect(line.keyID == "alice/staff/1")
    }

    @Test("a certificate that sshd looked at is read, from either of its files")
    func checks() throws {
        for rest in [
            "signed by ECDSA CA \(Self.ca) via /etc/ssh/a b.pub",
            "signed by CA ECDSA \(Self.ca) found at /root/.ssh/authorized_keys:3",
        ] {
            let line = try certificate(
                "Accepted certificate ID \"a \"b\" (serial 2\" (serial 7) \(rest)")
            #expect(line.event == .checked)
            #expect(line.keyID == "a \"b\" (serial 2")
            #expect(line.serial == 7)
            #expect(line.authorityKey == Self.ca)
            #expect(line.account == nil && line.subjectKey == nil)
        }
        #expect(
            read("Accepted certificate ID \"web1\" signed by ECDSA CA \(Self.ca) from a@b")
                == .other)
    }

    @Test("a host that vouches for its user cannot write over the certificate's end")
    func hostbased() throws {
        let line =
            "Accepted hostbased for deploy from 10.0.0.7 port 5 ssh2: ED25519-CERT \(Self.key) "
            + Self.tail
        let client = ", client user \"a (serial 9) CA ECDSA \(Self.key)\", client host \"web1\""
        let read = try certificate(line + client)
        #expect(read.isHostbased && read.serial == 1 && read.authorityKey == Self.ca)
        let fault = SSHDLogLine.Reading.unreadable("where the certificate ends can't be told")
        #expect(self.read(line + client + client) == fault)
        #expect(self.read(line) == fault)
    }

    @Test("neither an account's name nor a key ID passes for another certificate")
    func injected() throws {
        let other = "ED25519-CERT \(Self.ca) ID bob (serial 5) CA ECDSA \(Self.key)"
        // A certificate with such a key ID was made outside any ceremony: its own end counts.
        let forged = try certificate(
            "\(Self.head)ED25519-CERT \(Self.key) ID x ssh2: \(other) (serial 1) CA ECDSA \(Self.ca)"
        )
        #expect(forged.subjectKey == Self.key)
        #expect(forged.serial == 1 && forged.authorityKey == Self.ca)
        #expect(forged.keyID == "x ssh2: \(other)")
        let named = try certificate(
            "Failed publickey for invalid user x from 1.2.3.4 port 5 ssh2: \(other) from ::1 port 2 "
                + "ssh2: ED25519-CERT \(Self.key) \(Self.tail)")
        #expect(named.serial == 1 && named.authorityKey == Self.ca)
        #expect(named.keyID.hasPrefix("bob "))
        #expect(
            try certificate(Self.whole.replacing("deploy", with: "a from b")).account == "a from b")
        #expect(
            try certificate(
                "Failed publickey for invalid user eve from ::1 port 5 ssh2: ED25519-CERT "
                    + "\(Self.key) \(Self.tail)"
            ).account == "eve")
    }

    @Test(
        "a line about a certificate that cannot be read says why",
        arguments: [
            ("ED25519-CERT", "it ends too soon"), ("ED25519-CERT x", "it names no key ID"),
            ("ED25519-CERT \(key) ID alice", "it names no serial"),
            (
                "ED25519-CERT \(key) ID alice (serial 1) CA ECDSA SHA256:abc",
                "it doesn't end with the CA key's SHA-256 fingerprint"
            ),
            (
                "ED25519-CERT \(key) ID alice (serial 18446744073709551616) CA ECDSA \(ca)",
                "it doesn't end with the CA key's SHA-256 fingerprint"
            ),
            (
                "ED25519-CERT \(key) \(tail), x",
                "it doesn't end with the CA key's SHA-256 fingerprint"
            ),
            ("ED25519-CERT MD5:00:11 \(tail)", "the key's fingerprint is not SHA-256"),
        ])
    func unreadable(end: String, reason: String) {
        #expect(read(Self.head + end) == .unreadable(reason))
    }

    @Test(
        "other lines are passed over",
        arguments: [
            "", "A", "Accepted", "Accepted password for root from ::1 port 2 ssh2",
            "Accepted publickey for root", "Connection closed by 10.0.0.7 port 50022 [preauth]",
            "Refusing certificate ID \"x\" serial 0 (not valid): Certificate invalid: expired",
            "xAccepted publickey for root from ::1 port 2 ssh2: ED25519-CERT",
        ])
    func others(text: String) {
        #expect(read(text) == .other)
    }

    @Test("the greatest serial is read")
    func greatestSerial() throws {
        let text = Self.whole.replacing("serial 1)", with: "serial 18446744073709551615)")
        #expect(try certificate(text).serial == .max)
    }

    @Test("no line traps, however it is cut or filled")
    func hostile() {
        for text in [
            Self.whole, "Accepted certificate ID \"a\" (serial 7) signed by CA ECDSA \(Self.ca) x",
        ] {
            let bytes = Array(text.utf8)
            for end in 0...bytes.count {
                _ = SSHDLogLine.read(bytes[..<end])
                _ = SSHDLogLine.read(bytes[end...])
                for byte: UInt8 in [0x00, 0x0A, 0x20, 0x28, 0x5D, 0xFF] where end < bytes.count {
                    var changed = bytes
                    changed[end] = byte
                    _ = SSHDLogLine.read(changed[...])
                }
            }
        }
    }
}
