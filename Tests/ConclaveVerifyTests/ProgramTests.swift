// SPDX-License-Identifier: Apache-2.0
import Glibc
import SSHCrypto
import TestSupport
import Testing

@testable import conclave_verify

@Suite("The program")
struct ProgramTests {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    /// The program, which is built beside the tests.
    static let program = Result {
        var buffer = [CChar](repeating: 0, count: 4_096)
        let length = try checked("readlink", readlink("/proc/self/exe", &buffer, buffer.count))
        let bytes = buffer.prefix(length).map { UInt8(bitPattern: $0) }
        let path = String(decoding: bytes, as: UTF8.self)
        return "/" + path.split(separator: "/").dropLast().joined(separator: "/")
            + "/conclave-verify"
    }

    private static func run(_ arguments: [String]) throws -> Subprocess.Outcome {
        try Subprocess.run(program.get(), arguments)
    }

    /// Writes a bundle into the directory, and answers its path.
    private func write(_ bundle: SampleBundle) throws -> String {
        try checked("mkdir", mkdir(directory.file("bundle"), 0o700))
        for (path, bytes) in bundle.files {
            var parent = directory.file("bundle")
            for part in path.split(separator: "/").dropLast() {
                parent += "/\(part)"
                mkdir(parent, 0o700)
            }
            try directory.write("bundle/\(path)", bytes)
        }
        return directory.file("bundle")
    }

    @Test("a sound bundle ends with 0, and the verdict is the last line")
    func soundBundle() throws {
        let bundle = try Samples.first.get()
        let path = try write(bundle)
        let outcome = try Self.run(["bundle", path, "--genesis", bundle.home.hex])
        #expect(outcome.status == .exited(0))
        #expect(outcome.errors == "")
        #expect(
            outcome.output.hasSuffix(
                "\n\nsound: bundle of batch 1, home \(bundle.home.hex), 2 certificates\n"))
    }

    @Test("a flipped byte ends with 2, and the file is named")
    func flippedByte() throws {
        var bundle = try Samples.first.get()
        let name = "certificates/user/000001-alice-cert.pub"
        bundle.files[name]?[200] ^= 1
        let path = try write(bundle)
        let outcome = try Self.run(["bundle", path])
        #expect(outcome.status == .exited(2))
        #expect(outcome.output.hasPrefix("FAIL  \(name): its SHA-256 is "))
        #expect(outcome.output.contains("\nNOT SOUND: "))
        let json = try Self.run(["bundle", path, "--json"])
        #expect(json.status == .exited(2))
        #expect(json.output.contains("\"file\": \"\(name)\""))
        #expect(json.output.contains("\"rule\": \"VERIFY-SUM\""))
        #expect(json.output.contains("\"sound\": false"))
    }

    @Test("an empty directory is no bundle, and nothing of it ends the program")
    func emptyBundle() throws {
        let outcome = try Self.run(["bundle", directory.path])
        #expect(outcome.status == .exited(2))
        #expect(outcome.output.contains("FAIL  COMPLETE: it is not there (VERIFY-LISTED)"))
    }

    @Test("what cannot be read ends with 1, and is said on standard error")
    func machineFaults() throws {
        let path = directory.file("nowhere")
        for arguments in [["bundle", path], ["certificate", path], ["batch", path]] {
            let outcome = try Self.run(arguments)
            #expect(outcome.status == .exited(1), "\(arguments)")
            #expect(outcome.output == "")
            #expect(
                outcome.errors
                    == "conclave-verify: open \"\(path)\": No such file or directory\n")
        }
    }

    @Test("a verdict that cannot be written is not taken for a good one")
    func fullDevice() throws {
        let bundle = try Samples.first.get()
        let path = try write(bundle)
        let outcome = try Subprocess.run(
            "/bin/sh",
            ["-c", "exec \"$0\" bundle \"$1\" >/dev/full", try Self.program.get(), path])
        #expect(outcome.status == .exited(1))
        #expect(
            outcome.errors
                == "conclave-verify: write \"standard output\": No space left on device\n")
    }

    @Test("a file of the wrong kind or size ends with 2, and is said on standard error")
    func refusedFiles() throws {
        let outcome = try Self.run(["certificate", directory.path])
        #expect(outcome.status == .exited(2))
        #expect(
            outcome.errors
                == "conclave-verify: \(directory.path): it holds no file whose name ends in "
                + "-cert.pub (VERIFY-CERTIFICATE)\n")
        try directory.write("ca.pub", "hello\n")
        let file = try directory.write("certificate", "x\n")
        let authority = try Self.run(["certificate", file, "--ca", directory.file("ca.pub")])
        #expect(authority.status == .exited(2))
        #expect(authority.errors.hasSuffix("(VERIFY-SIGNATURE)\n"))
    }

    @Test(
        "wrong usage ends with 64",
        arguments: [
            ["bundle"], ["bundle", "x", "--genesis", "abc"], ["certificate"], ["nothing"],
            ["certificate", "x", "--at", "tomorrow"], ["batch", "x", "--approval", "y"],
            ["batch", "x", "--roster", "y"], ["bundle", "x", "--force"],
        ])
    func usage(arguments: [String]) throws {
        #expect(try Self.run(arguments).status == .exited(64))
    }

    @Test("a certificate and a manifest are judged by their files")
    func otherCommands() throws {
        let path = try write(try Samples.first.get())
        let certificate = "\(path)/certificates/user/000001-alice-cert.pub"
        let valid = try Self.run([
            "certificate", certificate, "--ca", "\(path)/trust/user_ca_keys.pub", "--at",
            "2026-11-18T12:00:00Z",
        ])
        #expect(valid.status == .exited(0), "\(valid.output)")
        #expect(valid.output.hasSuffix("\n  valid at 2026-11-18T12:00:00Z\n"))
        let ended = try Self.run(["certificate", certificate, "--at", "2027-11-18T12:00:00Z"])
        #expect(ended.status == .exited(2))
        let batch = try Self.run([
            "batch", "\(path)/audit/batch.txt", "--approval", "\(path)/audit/approval-1.sig",
            "--approval", "\(path)/audit/approval-2.sig", "--roster", "\(path)/audit/roster.txt",
        ])
        #expect(batch.status == .exited(0), "\(batch.output)")
        #expect(batch.output.contains("\nok    every item has its quorum\n"))
    }
}
