// SPDX-License-Identifier: Apache-2.0
import Documents
import SSHCrypto
import SSHFormats
import TestSupport
import Testing

@testable import conclave_verify

@Suite("A certificate explained")
struct CertificateReportTests {
    private static let start: UInt64 = 1_795_000_000
    private static let end: UInt64 = 1_795_086_400

    private let keys: SampleKeys
    private let authority: PublicKey
    private let file: [UInt8]

    init() throws {
        keys = try SampleKeys()
        authority = try keys.make("ca", type: "ecdsa")
        _ = try keys.make("alice")
        let signed = try Subprocess.run(
            "/usr/bin/ssh-keygen",
            [
                "-q", "-s", keys.directory.file("ca"), "-I", "alice/staff/7", "-n", "alice,ops",
                "-z", "7", "-V", "20261118110640Z:20261119110640Z",
                "-O", "clear", "-O", "permit-pty", "-O", "source-address=10.0.0.0/8",
                keys.directory.file("alice.pub"),
            ])
        #expect(signed.status == .exited(0), "\(signed.errors)")
        file = try keys.directory.read("alice-cert.pub")
    }

    private func report(
        _ file: [UInt8]? = nil, at seconds: UInt64 = start + 60, trusting key: PublicKey? = nil
    ) throws -> CertificateReport {
        var authorities = AuthorityKeys()
        if let key { try authorities.add(Array("\(key.line) a comment\n".utf8), path: "ca.pub") }
        return CertificateReport(
            file: file ?? self.file, path: "alice-cert.pub", authorities: authorities,
            time: UnixTime(seconds: seconds))
    }

    @Test("every field is told in words, and the verdict comes last")
    func fields() throws {
        let report = try report(trusting: authority)
        let subject = try #require(report.certificate).fields.publicKey
        #expect(
            report.lines == [
                "alice-cert.pub",
                "  certificate       for a user",
                "  key               \(subject.fingerprint) (ed25519)",
                "  serial            7",
                "  key ID            \"alice/staff/7\"",
                "  principal         \"alice\"",
                "  principal         \"ops\"",
                "  valid from        \(UnixTime(seconds: Self.start).text)",
                "  valid until       \(UnixTime(seconds: Self.end).text)",
                "  at \(UnixTime(seconds: Self.start + 60).text) valid, for another 23h 59m",
                "  critical option   \"source-address=10.0.0.0/8\"",
                "  extension         permit-pty",
                "  signed by         \(authority.fingerprint) (ecdsa-p256)",
                "                    the CA key in ca.pub",
                "  signature         ecdsa-sha2-nistp256, holds",
                "  revocation        not looked at here; ask ssh-keygen -Q -f revoked_keys.krl",
                "  valid at \(UnixTime(seconds: Self.start + 60).text)",
            ])
    }

    @Test("without CA keys, whom to trust is left to the reader")
    func noAuthority() throws {
        let report = try report()
        #expect(report.isValid)
        #expect(
            report.verdict
                == "valid at \(UnixTime(seconds: Self.start + 60).text); whether to trust "
                + "\(authority.fingerprint) is for you to say, with --ca")
    }

    @Test("a CA key that was not given does not count")
    func otherAuthority() throws {
        let other = try keys.make("other")
        let report = try report(trusting: other)
        #expect(report.verdict == "NOT VALID")
        #expect(
            report.faults.map(\.description) == [
                "it is signed by \(authority.fingerprint), which is not one of the CA keys given "
                    + "(VERIFY-SIGNATURE)"
            ])
    }

    @Test("it is valid from its first second to the last before its end")
    func validity() throws {
        #expect(try report(at: Self.start).isValid)
        #expect(try report(at: Self.end - 1).isValid)
        let before = UnixTime(seconds: Self.start - 1).text
        #expect(
            try report(at: Self.start - 1).faults.map(\.description) == [
                "it is not valid before \(UnixTime(seconds: Self.start).text); the time is "
                    + "\(before) (VERIFY-VALIDITY)"
            ])
        #expect(
            try report(at: Self.end).faults.map(\.description) == [
                "it ended \(UnixTime(seconds: Self.end).text); the time is "
                    + "\(UnixTime(seconds: Self.end).text) (VERIFY-VALIDITY)"
            ])
        #expect(
            try report(at: Self.end).lines.contains {
                $0.hasSuffix("ended 0s ago")
            })
    }

    @Test("every flipped bit of the certificate is noticed")
    func flippedBytes() throws {
        let text = String(decoding: file, as: UTF8.self)
        let blob = try Certificate(line: text.trimmingLineEnd).blob
        for place in blob.indices {
            var altered = blob
            altered[place] ^= 0x01
            let line = "ssh-ed25519-cert-v01@openssh.com \(Base64.encode(altered))\n"
            #expect(try !report(Array(line.utf8)).isValid, "byte \(place)")
        }
    }

    @Test(
        "what is not one line with a certificate is refused",
        arguments: ["", "\n", "hello", "ssh-ed25519 AAAA\n", "a\nb\n"])
    func otherFiles(text: String) throws {
        let report = try report(Array(text.utf8))
        #expect(!report.isValid)
        #expect(report.certificate == nil)
        #expect(report.faults.map(\.rule) == [.certificate])
        #expect(report.lines.last == "  NOT VALID")
    }

    @Test("a weak subject key is named")
    func weakKey() throws {
        let made = try Subprocess.run(
            "/usr/bin/ssh-keygen",
            ["-q", "-t", "rsa", "-b", "1024", "-N", "", "-f", keys.directory.file("weak")])
        #expect(made.status == .exited(0))
        let signed = try Subprocess.run(
            "/usr/bin/ssh-keygen",
            [
                "-q", "-s", keys.directory.file("ca"), "-I", "weak", "-n", "weak", "-z", "1", "-V",
                "20261118110640Z:20261119110640Z", keys.directory.file("weak.pub"),
            ])
        #expect(signed.status == .exited(0), "\(signed.errors)")
        let faults = try report(try keys.directory.read("weak-cert.pub")).faults
        #expect(faults.map(\.rule) == [.subjectKey])
    }

    @Test("a span of time is told in its two largest units")
    func durations() {
        let cases: [(UInt64, String)] = [
            (0, "0s"), (59, "59s"), (60, "1m"), (3_661, "1h 1m"), (86_400, "1d"),
            (90_061, "1d 1h"), (86_460, "1d 1m"), (.max, "213503982334601d 7h"),
        ]
        for (seconds, text) in cases { #expect(CertificateReport.duration(seconds) == text) }
        #expect(CertificateReport.text(0) == "the beginning of time")
        #expect(CertificateReport.text(.max) == "never")
    }

    @Test("a program reads the same from JSON")
    func json() throws {
        let text = try report(at: Self.end, trusting: authority).json.text
        for part in [
            "\"valid\": false", "\"rule\": \"VERIFY-VALIDITY\"", "\"serial\": \"7\"",
            "\"signatureHolds\": true", "\"caFile\": \"ca.pub\"", "\"alice\",",
        ] { #expect(text.contains(part), "\(part)") }
    }

    @Test("a file of CA keys may have comments and empty lines, and nothing else")
    func authorityFiles() throws {
        var keys = AuthorityKeys()
        try keys.add(Array("# CA keys\n\n\(authority.line) users\n".utf8), path: "a")
        #expect(keys.file(of: authority) == "a")
        for text in ["", "# none\n"] {
            #expect(throws: Violations(Violation(.signature, "it holds no public key"))) {
                try keys.add(Array(text.utf8), path: "b")
            }
        }
        #expect(throws: Violations.self) { try keys.add(file, path: "c") }
    }
}
