// SPDX-License-Identifier: Apache-2.0
import Glibc
import SSHCrypto
import SSHFormats
import TestSupport
import Testing
import Workers

@testable import conclave_verify

@Suite("Many certificates, and those of others")
struct CertificateProgramTests {
    private static let time = "2026-11-18T12:00:00Z"

    private let keys: SampleKeys
    private let directory: TemporaryDirectory

    init() throws {
        keys = try SampleKeys()
        directory = keys.directory
        _ = try keys.make("ca")
        _ = try keys.make("alice")
    }

    private static func run(_ arguments: [String], input: [UInt8] = []) throws
        -> Subprocess.Outcome
    {
        try Subprocess.run(try ProgramTests.program.get(), arguments, input: input)
    }

    /// Has the CA certify alice's key, and answers the line of the certificate.
    private func certify(_ options: [String]) throws -> [UInt8] {
        let signed = try Subprocess.run(
            "/usr/bin/ssh-keygen",
            ["-q", "-s", directory.file("ca"), "-I", "alice", "-z", "7"]
                + ["-V", "20261118110640Z:20261119110640Z"] + options
                + [directory.file("alice.pub")])
        #expect(signed.status == .exited(0), "\(signed.errors)")
        return try directory.read("alice-cert.pub")
    }

    private func write(_ path: String, _ bytes: [UInt8]) throws {
        var parent = directory.path
        for part in path.split(separator: "/").dropLast() {
            parent += "/\(part)"
            mkdir(parent, 0o700)
        }
        try directory.write(path, bytes)
    }

    @Test("what the strict reader refuses is explained, with rule, reason and hint")
    func explained() throws {
        let line = try certify(["-n", "a,root", "-O", "extension:x=y"])
        let path = try directory.write("bad-cert.pub", line)
        let outcome = try Self.run(["certificate", path, "--at", Self.time])
        #expect(outcome.status == .exited(2))
        let text = outcome.output
        for part in [
            "  principal         \"a\"\n", "  principal         \"root\"\n",
            "  extension         \"x=y\"\n", "  signature         ssh-ed25519, holds\n",
            "  FAIL  it cannot be read: extension at byte ",
            "\"x\" is not known (VERIFY-CERTIFICATE)\n",
            "\"x\" is not known (CERT-EXTENSION-UNKNOWN)\n          A server skips what it does not "
                + "know: what was meant does not happen\n          hint: Is it misspelt?",
            "  warning extension at byte ", "\n  NOT VALID\n",
        ] { #expect(text.contains(part), "\(part): \(text)") }
    }

    @Test("nothing that a certificate holds can steer the terminal")
    func escapes() throws {
        let line = try certify([
            "-n", "al\u{1B}[2Jice", "-I", "x\nValid: forever", "-O", "extension:a\u{7}b@c=\u{1B}c",
        ])
        try directory.write("evil-cert.pub", line)
        for options in [[], ["--hex"], ["--json"], ["--quiet"]] {
            let outcome = try Self.run(
                ["certificate", directory.file("evil-cert.pub"), "--at", Self.time] + options)
            #expect(outcome.status == .exited(2))
            let steering = outcome.outputBytes.filter { ($0 < 0x20 && $0 != 0x0A) || $0 >= 0x7F }
            #expect(steering == [], "\(options)")
            #expect(!outcome.output.contains("\nValid: forever"), "\(options)")
        }
    }

    @Test("each byte is shown with its meaning, and together they are the certificate")
    func hex() throws {
        let line = try certify(["-n", "alice"])
        let path = try directory.write("good-cert.pub", line)
        let outcome = try Self.run(["certificate", path, "--hex", "--at", Self.time])
        #expect(outcome.status == .exited(0), "\(outcome.output)")
        let rows = outcome.output.split(separator: "\n").map(String.init)
            .filter { $0.hasPrefix("  000") }
        #expect(
            rows.first
                == "  000000  00 00 00 20                                      ...               length "
                + "of certificate type: 32 bytes")
        #expect(
            rows.dropFirst().first
                == "  000004  73 73 68 2d 65 64 32 35 35 31 39 2d 63 65 72 74  ssh-ed25519-cert  "
                + "certificate type: \"ssh-ed25519-cert-v01@openssh.com\"")
        #expect(rows.contains { $0.hasSuffix("valid after: 2026-11-18T11:06:40Z, 1795000000") })
        #expect(rows.contains { $0.hasSuffix("alice               principal: \"alice\"") })
        let digits = rows.map { row in
            row.dropFirst(10).prefix(47).filter { $0 != " " }
        }.joined()
        let text = String(decoding: line, as: UTF8.self).trimmingLineEnd
        let blob = try Certificate(line: text).blob
        #expect(digits == blob.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined())
    }

    @Test("JSON has every field with its bytes, and every finding")
    func json() throws {
        let line = try certify(["-n", "alice", "-V", "always:forever"])
        try directory.write("a-cert.pub", line)
        let outcome = try Self.run(["certificate", directory.file("a-cert.pub"), "--json"])
        #expect(outcome.status == .exited(0))
        let text = outcome.output
        #expect(text.hasPrefix("[\n  {\n    \"file\": "))
        #expect(text.hasSuffix("\n  }\n]\n"))
        for part in [
            "\"rule\": \"CERT-VALIDITY-FOREVER\"", "\"severity\": \"warning\"",
            "\"field\": \"valid before\"", "\"signature\": \"holds\"", "\"strict\": true",
            "\"name\": \"nonce\"", "\"part\": \"length\"", "\"hex\": \"00000020\"",
            "\"hint\": \"Issue certificates for days or weeks\"",
        ] { #expect(text.contains(part), "\(part)") }
    }

    @Test("a file of many lines is judged line by line, and so is standard input")
    func lines() throws {
        let good = try certify(["-n", "alice"])
        let bad = try certify(["-n", "alice", "-O", "extension:x"])
        let text = Array("# a list\n\n".utf8) + good + bad + Array("what?\n".utf8) + good.dropLast()
        let path = try directory.write("many", text)
        let outcome = try Self.run(["certificate", path, "--quiet", "--at", Self.time])
        #expect(outcome.status == .exited(2))
        #expect(
            outcome.output == """
                \(path):4: NOT VALID: VERIFY-CERTIFICATE, CERT-EXTENSION-UNKNOWN, \
                CERT-EXTENSION-DOMAIN
                \(path):5: NOT VALID: VERIFY-CERTIFICATE, CERT-FILE-FORM
                4 certificates in 1 file: 2 valid, 2 not
                  FAIL    VERIFY-CERTIFICATE: 2
                  error   CERT-EXTENSION-UNKNOWN: 1
                  error   CERT-FILE-FORM: 1
                  warning CERT-EXTENSION-DOMAIN: 1

                """)
        let piped = try Self.run(["certificate", "-", "--at", Self.time], input: text)
        #expect(piped.status == .exited(2))
        #expect(piped.output.hasPrefix("-:3\n  certificate       for a user\n"))
        #expect(piped.output.contains("\n\n4 certificates in 1 file: 2 valid, 2 not\n"))
    }

    @Test(
        "a directory is judged with those in it, in the order of paths, and links are not followed")
    func directories() throws {
        let good = try certify(["-n", "alice"])
        let bad = try certify(["-n", "alice", "-O", "extension:x@y"])
        for index in 0..<100 { try write("d/many/\(100 + index)-cert.pub", good) }
        try write("d/many-cert.pub", good)
        try write("d/z-cert.pub", bad)
        try write("d/a/b/c-cert.pub", good)
        try write("d/ignored.pub", bad)
        #expect(symlink(directory.file("alice-cert.pub"), directory.file("d/l-cert.pub")) == 0)
        let outcome = try Self.run(["certificate", directory.file("d"), "--at", Self.time])
        #expect(outcome.status == .exited(2))
        #expect(outcome.errors == "conclave-verify: \(directory.file("d")): 1 link not followed\n")
        var expected = ["a/b/c-cert.pub: valid", "many-cert.pub: valid"]
        expected += (0..<100).map { "many/\(100 + $0)-cert.pub: valid" }
        expected += ["z-cert.pub: NOT VALID: VERIFY-CERTIFICATE, CERT-EXTENSION-UNKNOWN"]
        let lines = outcome.output.split(separator: "\n").map(String.init)
        #expect(
            lines == expected.map { "\(directory.file("d"))/\($0)" } + [
                "103 certificates in 103 files: 102 valid, 1 not",
                "  FAIL    VERIFY-CERTIFICATE: 1", "  error   CERT-EXTENSION-UNKNOWN: 1",
            ])
        let json = try Self.run([
            "certificate", directory.file("d"), "--json", "--at", Self.time,
        ])
        #expect(
            json.output.split(separator: "\n").filter { $0 == "    \"valid\": true," }.count == 102)
        #expect(json.output.hasPrefix("[\n  {\n"))
        #expect(json.output.hasSuffix("\n  }\n]\n"))
    }

    @Test(
        "a file of a directory that cannot be read is named, the others are judged, and it ends with 1"
    )
    func unreadable() throws {
        let good = try certify(["-n", "alice"])
        try write("d/a-cert.pub", good)
        mkdir(directory.file("d/b-cert.pub"), 0o700)
        try write("d/c-cert.pub", good + good)
        try write("d/e-cert.pub", [])
        #expect(mkfifo(directory.file("d/f-cert.pub"), 0o600) == 0)
        let outcome = try Self.run(["certificate", directory.file("d"), "--at", Self.time])
        #expect(outcome.status == .exited(2))
        #expect(
            outcome.output.split(separator: "\n").prefix(5).map {
                $0.dropFirst(directory.path.count)
            }
                == [
                    "/d/a-cert.pub: valid", "/d/c-cert.pub:1: valid", "/d/c-cert.pub:2: valid",
                    "/d/e-cert.pub: NOT VALID: VERIFY-CERTIFICATE",
                    "/d/f-cert.pub: NOT VALID: VERIFY-FILE",
                ])
    }

    @Test("the rules are listed, for people and for programs")
    func rules() throws {
        let text = try Self.run(["certificate", "--rules"])
        #expect(text.status == .exited(0))
        #expect(
            text.output.contains("\nCERT-PRINCIPAL-COMMA  error, strict\n  holds    No principal"))
        let json = try Self.run(["certificate", "--rules", "--json"])
        #expect(json.output.contains("\"rule\": \"CERT-PRINCIPAL-COMMA\""))
    }

    @Test(
        "a file's form is judged as OpenSSH judges it",
        arguments: [
            ("\r", "", true), (" \t", "", true), ("", "", true), ("", "\r", true),
            ("x ", "", false),
        ])
    func forms(opening: String, ending: String, isTaken: Bool) throws {
        let line = String(decoding: try certify(["-n", "alice"]), as: UTF8.self).trimmingLineEnd
        let path = try directory.write(
            "form-cert.pub", opening == "\r" ? "\r\n\(line)\n" : "\(opening)\(line)\(ending)\n")
        let judged = try Self.run(["certificate", path, "--at", Self.time])
        #expect(judged.status == .exited(isTaken ? 0 : 2), "\(judged.output)")
        let judge = try Subprocess.run("/usr/bin/ssh-keygen", ["-L", "-f", path])
        #expect((judge.status == .exited(0)) == isTaken, "\(judge.output)\(judge.errors)")
    }

    @Test("the order of results is the order of the work, and an error ends it")
    func orderedWork() throws {
        struct Stop: Error {}
        for threads in [1, 2, 5] {
            let work = OrderedWork<Int>(count: 1_000, threads: threads) {
                var own = 0
                return { number in
                    own += 1
                    return number * 2 + (own > 0 ? 0 : 1)
                }
            }
            var found: [Int] = []
            work.run { found.append($0) }
            #expect(found == (0..<1_000).map { $0 * 2 })
            var count = 0
            #expect(throws: Stop.self) {
                try work.run { _ in
                    count += 1
                    if count == 3 { throw Stop() }
                }
            }
        }
        var none = 0
        OrderedWork<Int>(count: 0) { { $0 } }.run { none += $0 + 1 }
        #expect(none == 0)
    }
}
