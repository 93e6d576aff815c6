// SPDX-License-Identifier: Apache-2.0
import Glibc
import SSHCrypto
import SSHFormats
import TestSupport
import Testing

@testable import conclave_verify

@Suite("conclave-verify signature")
struct SignatureProgramTests {
    private let message = Array("the text of the year\n".utf8)
    private let workshop: SignerWorkshop
    private let key: PublicKey
    private let signature: String
    private let file: String
    private let list: String

    init() throws {
        workshop = try SignerWorkshop()
        key = try workshop.makeKey("key", kind: "ed25519-sk")
        signature = try workshop.sign(message, with: "key", as: "message")
        file = workshop.directory.file("message")
        list = try workshop.directory.write(
            "list", "alice octopus \(key.line)\nalice \(key.line)\n")
    }

    private func run(
        _ arguments: [String], input: [UInt8] = [], zone: String = "UTC"
    ) throws -> Subprocess.Outcome {
        try Subprocess.run(
            ProgramFolder.path + "conclave-verify", ["signature"] + arguments,
            environment: ["TZ": zone, "PATH": "/usr/bin:/bin"], input: input)
    }

    private var usual: [String] { ["-f", list, "-I", "alice", "-n", "file", "-s", signature] }

    @Test("a good signature is told with all that it says, and each faulty line is told too")
    func good() throws {
        let outcome = try run(["verify"] + usual + ["--at", "2026-11-22T15:30:00Z", file])
        #expect(outcome.status == .exited(0))
        #expect(
            outcome.output == """
                Good "file" signature for alice with ED25519-SK key \(key.fingerprint)
                  allowed by    line 2 of \(list): "alice"
                  judged for    2026-11-22T15:30:00Z
                  made by       sk-ssh-ed25519@openssh.com over sha512
                  FIDO token    touched, user not verified, counter 1
                  revocation    not looked at; give what is revoked with --revoked

                """)
        #expect(
            outcome.errors == """
                conclave-verify: \(list): line 1: options at byte 6: "octopus" is not known \
                (SIGNATURE-LINE)

                """)
    }

    @Test("the first line is the one of ssh-keygen, whatever the letters and joints of options")
    func dropIn() throws {
        let theirs = try workshop.keygen(
            ["-Y", "verify"] + usual + ["-Overify-time=20260201"], input: message)
        for arguments in [
            ["-vvv", "-Y", "verify"] + usual + ["-Overify-time=20260201"],
            ["-Yverify", "-f\(list)", "-Ialice", "-nfile", "-s\(signature)"],
            usual + ["-O", "VERIFY-TIME=20260201Z"], ["verify"] + usual + ["-"],
            usual + ["--", file],
        ] {
            let ours = try run(arguments, input: message)
            #expect(ours.status == .exited(0), "\(arguments): \(ours.errors)")
            #expect(
                ours.output.split(separator: "\n").first
                    == theirs.output.split(separator: "\n").first)
        }
        let printed = try run(["-q", "-Y", "verify"] + usual + ["-Oprint-pubkey"], input: message)
        #expect(printed.output == key.line + "\n")
        let quiet = try run(["-q"] + usual, input: message)
        #expect(quiet.output == "")
        #expect(quiet.status == .exited(0))
    }

    @Test("what is refused is told on standard error with its rule, and ends with 2")
    func refused() throws {
        func refusal(_ arguments: [String]) throws -> String {
            let outcome = try run(["verify"] + arguments, input: message)
            #expect(outcome.status == .exited(2))
            #expect(outcome.output == "Could not verify signature.\n")
            return outcome.errors.split(separator: "\n").filter { !$0.contains("octopus") }
                .joined(separator: "\n")
        }
        let shown = "conclave-verify: \(signature): "
        let others = ["-f", list, "-s", signature]
        #expect(
            try refusal(others + ["-I", "bob", "-n", "file"])
                == shown
                + "no line allows key \(key.fingerprint) to sign as \"bob\" (SIGNATURE-SIGNER)")
        #expect(
            try refusal(others + ["-I", "alice", "-n", "git"])
                == shown + "signature is for namespace \"file\", not \"git\" (SIGNATURE-NAMESPACE)")
        #expect(
            try refusal(usual + ["--require-verification"])
                == shown + "FIDO token signed without user verification (SIGNATURE-VERIFICATION)")
        #expect(
            try refusal(usual + ["-r", workshop.directory.file("key.pub")])
                == shown + "signer is revoked: key listed (SIGNATURE-REVOKED)")
        #expect(
            try refusal(usual + [list])
                == shown + "signature does not verify (SIGNATURE-HOLDS)")
        let empty = try workshop.directory.write("empty", "")
        #expect(
            try refusal(usual + ["-r", empty])
                == "conclave-verify: \(empty): what is revoked cannot be read: revoked keys at byte "
                + "0: it is no revocation list and holds no key (SIGNATURE-REVOCATIONS)")
        #expect(
            try refusal(["-f", list, "-I", "alice", "-n", "file", "-s", list]).hasSuffix(
                "it does not begin with the line BEGIN SSH SIGNATURE (SIGNATURE-FORM)"))
        let dated = try workshop.directory.write(
            "dated", "alice valid-before=\"20260101Z\" \(key.line)\n")
        #expect(
            try refusal([
                "-f", dated, "-I", "alice", "-n", "file", "-s", signature, "--at", "20260201Z",
            ])
                == "conclave-verify: \(dated): line 1: key was last valid at 20260101000000Z, the "
                + "time is 20260201000000Z (SIGNATURE-SIGNER)")
        let strict = try run(["verify", "--strict"] + usual, input: message)
        #expect(strict.status == .exited(2))
        #expect(strict.errors.contains("\"octopus\" is not known (SIGNATURE-LINE)"))
    }

    @Test("a touch is demanded, unless it is waived")
    func touch() throws {
        let untouched = try workshop.sign(
            message, with: "key", as: "untouched",
            environment: ["CONCLAVE_TEST_SK_FLAGS": "0x00"])
        let arguments = ["-f", list, "-I", "alice", "-n", "file", "-s", untouched, file]
        let refused = try run(arguments)
        #expect(refused.status == .exited(2))
        #expect(
            refused.errors.contains(
                "FIDO token signed without user presence (SIGNATURE-TOUCH)"))
        let waived = try run(arguments + ["--allow-untouched"])
        #expect(waived.status == .exited(0))
        #expect(
            waived.output.contains("\n  FIDO token    NOT touched, user not verified, counter 1\n"))
    }

    @Test("a report for a program holds the same")
    func json() throws {
        let outcome = try run(
            usual + ["--json", "--at", "20260201Z", "-r", list, file], input: message)
        #expect(outcome.status == .exited(2))
        #expect(
            outcome.output.hasPrefix(
                "{\n  \"good\": false,\n  \"file\": \"\(signature)\",\n  \"faults\": [\n"))
        #expect(outcome.output.contains("\"rule\": \"SIGNATURE-REVOCATIONS\""))
        let good = try run(usual + ["--json", "--at", "20260201Z", file])
        #expect(good.status == .exited(0))
        for part in [
            "\"good\": true", "\"identity\": \"alice\"", "\"time\": \"2026-02-01T00:00:00Z\"",
            "\"allowedByLine\": 2", "\"userPresent\": true", "\"userVerified\": false",
            "\"counter\": 1", "\"fingerprint\": \"\(key.fingerprint)\"", "\"faults\": []",
            "\"line\": 1",
        ] {
            #expect(good.output.contains(part), "\(part)")
        }
        let bad = try run(usual + ["--json", "--at", "20260201Z", list])
        #expect(bad.status == .exited(2))
        #expect(bad.output.contains("\"good\": false"))
        #expect(bad.output.contains("\"rule\": \"SIGNATURE-HOLDS\""))
        #expect(!bad.output.contains("fingerprint"))
    }

    @Test("names are found, lists are matched, and a signature is checked without any")
    func otherQuestions() throws {
        let found = try run(["-Y", "find-principals", "-f", list, "-s", signature])
        #expect(found.output == "alice\n")
        #expect(found.status == .exited(0))
        let empty = try workshop.directory.write("none", "")
        let none = try run(["find-principals", "-f", empty, "-s", signature])
        #expect(none.status == .exited(2))
        #expect(none.output == "")
        #expect(
            none.errors == """
                conclave-verify: \(empty): no line holds key \(key.fingerprint) (SIGNATURE-SIGNER)
                No principal matched.

                """)
        let other = try workshop.directory.write("other", "a*,!ab \(key.line)\n")
        let matched = try run(["match-principals", "-f", other, "-I", "ac"])
        #expect(matched.output == "a*,!ab\n")
        let unmatched = try run(["match-principals", "-f", list, "-I", "alice"])
        #expect(unmatched.status == .exited(2))
        #expect(unmatched.errors.hasSuffix("No principal matched.\n"))
        let checked = try run(["check-novalidate", "-n", "file", "-s", signature], input: message)
        #expect(checked.status == .exited(0))
        #expect(
            checked.output == """
                Good "file" signature with ED25519-SK key \(key.fingerprint)
                  made by       sk-ssh-ed25519@openssh.com over sha512
                  FIDO token    touched, user not verified, counter 1
                  signer        not looked at: it may be anybody

                """)
        let unchecked = try run(["check-novalidate", "-n", "git", "-s", signature])
        #expect(unchecked.status == .exited(2))
        #expect(unchecked.output == "Could not verify signature.\n")
    }

    @Test("a time without Z is this machine's, as ssh-keygen reads it, summer time or not")
    func zones() throws {
        let zone = "CET-1CEST,M3.5.0,M10.5.0/3"
        for (bound, time) in [
            ("20260201120000", "20260201110000Z"), ("20260201120000", "20260201110001Z"),
            ("20260701120000", "20260701100000Z"), ("20260701120000", "20260701100001Z"),
            ("20260701120000", "20260701110000Z"), ("20260701120000", "20260701110001Z"),
            ("20260701120000", "20260701120000"), ("20260701120000", "20260701120001"),
        ] {
            let list = try workshop.directory.write(
                "zoned", "alice valid-before=\"\(bound)\" \(key.line)\n")
            let arguments = [
                "-Y", "verify", "-f", list, "-I", "alice", "-n", "file", "-s", signature,
                "-Overify-time=\(time)",
            ]
            let theirs = try workshop.keygen(arguments, input: message, zone: zone)
            let ours = try run(arguments, input: message, zone: zone)
            #expect(
                (theirs.status == .exited(0)) == (ours.status == .exited(0)), "\(bound) \(time)")
            if ours.status == .exited(0) {
                #expect(
                    ours.output.contains(
                        "\n  note          line 1 has a time without Z, read in this machine's zone\n"
                    ))
            }
        }
    }

    @Test("a certificate that is listed itself is told from one that its authority answers for")
    func certificates() throws {
        let authority = try workshop.makeKey("ca", kind: "ed25519")
        let certificate = try workshop.certify("key", by: "ca")
        let signature = try workshop.sign(message, with: "key-cert.pub", as: "certified")
        let lists = [
            "alice cert-authority \(authority.line)\n", "alice \(certificate.line())\n",
        ]
        for text in lists {
            let list = try workshop.directory.write("list", text)
            let outcome = try run([
                "-f", list, "-I", "alice", "-n", "file", "-s", signature, "--at", "20260201Z", file,
            ])
            #expect(
                outcome.output.contains(
                    """
                      certificate   key ID "key of alice", serial 7
                      principal     "alice"
                      principal     "carol"
                      valid from    2026-01-01T00:00:00Z
                      valid until   2026-06-01T00:00:00Z
                      signed by     \(authority.fingerprint) (ed25519)

                    """))
            #expect(
                outcome.output.contains(
                    "  note          it is listed itself: its own time and limits are not asked\n")
                    == (text == lists[1]))
        }
    }

    @Test("a message of any length is hashed in pieces, from a file and from a pipe")
    func longMessages() throws {
        let long = [UInt8](repeating: 0x61, count: 3_000_001)
        let signature = try workshop.sign(long, with: "key", as: "long")
        let file = workshop.directory.file("long")
        let arguments = ["-f", list, "-I", "alice", "-n", "file", "-s", signature]
        #expect(try run(arguments + [file]).status == .exited(0))
        let command = "(head -c 1000000 \"$1\"; sleep 0.1; tail -c +1000001 \"$1\") | \"$0\" "
        let piped = try Subprocess.run(
            "/bin/sh",
            [
                "-c", command + "signature -f \"$2\" -I alice -n file -s \"$3\"",
                ProgramFolder.path + "conclave-verify", file, list, signature,
            ])
        #expect(piped.status == .exited(0), "\(piped.errors)")
    }

    @Test("what cannot be read ends with 1, wrong usage with 64, and nothing raw is written")
    func faults() throws {
        let nowhere = workshop.directory.file("nowhere")
        let missing = try run(["-f", list, "-I", "a", "-n", "file", "-s", nowhere])
        #expect(missing.status == .exited(1))
        #expect(
            missing.errors == "conclave-verify: open \"\(nowhere)\": No such file or directory\n")
        #expect(try run(usual + [workshop.directory.path]).status == .exited(2))
        #expect(try run(["verify", "-f", list]).status == .exited(64))
        #expect(try run(usual + ["-Ohashalg=sha1"]).status == .exited(64))
        #expect(try run(usual + ["-Overify-time=20260230"]).status == .exited(64))
        #expect(
            try run(usual + ["--at", "20260201Z", "-Overify-time=20260202Z"]).status == .exited(64))
        #expect(try run(["-Y", "sign"] + usual).status == .exited(64))
        let hostile = try workshop.directory.write("hostile", "*,\u{9B}31m \(key.line)\n")
        let outcome = try run([
            "-f", hostile, "-I", "\u{1B}[2J\u{9B}", "-n", "file", "-s", signature, file,
        ])
        #expect(outcome.status == .exited(0))
        #expect(outcome.output.hasPrefix("Good \"file\" signature for \\u{1B}[2J\\u{9B} with"))
        for scalar in (outcome.output + outcome.errors).unicodeScalars {
            #expect(scalar == "\n" || (0x20...0x7E).contains(scalar.value))
        }
    }
}

@Suite("The arguments of ssh-keygen -Y")
struct KeygenArgumentsTests {
    @Test(
        "they become ours, and all others stay as they are",
        arguments: [
            ([], []), (["bundle", "-Yx", "-v"], ["bundle", "-Yx", "-v"]),
            (["signature"], ["signature"]),
            (["signature", "-vvv", "-Y", "verify"], ["signature", "verify"]),
            (
                ["signature", "-n", "-v", "-Yverify", "-Overify-time=1"],
                ["signature", "verify", "-n", "-v", "-O", "verify-time=1"]
            ),
            (["signature", "-q", "--", "-Ix"], ["signature", "-q", "--", "-Ix"]),
            (["signature", "-s"], ["signature", "-s"]),
            (["signature", "-Y"], ["signature", "-Y"]),
            (["signature", "-Ysign"], ["signature", "-Y", "sign"]),
            (["signature", "-vx", "-"], ["signature", "-vx", "-"]),
            (["signature", "-I", "-Y", "-f", "a"], ["signature", "-I", "-Y", "-f", "a"]),
        ])
    func translated(arguments: [String], expected: [String]) {
        #expect(KeygenArguments.translated(arguments) == expected)
    }
}
