// SPDX-License-Identifier: Apache-2.0
import TestSupport
import Testing

@Suite("The commands on the format pages")
struct CheckCommandTests {
    @Test(
        "the commands that check the examples without Conclave succeed",
        // Those for the ledger's file need a ledger: LedgerFileTests runs them.
        arguments: Page.formats.filter {
            !["Docs/Formats/Conventions.md", "Docs/Formats/LedgerFile.md"].contains($0)
        })
    func commandsSucceed(path: String) throws {
        let script = try Page(path).blocks.filter(\.isCheck).map(\.text).joined(separator: "\n")
        #expect(!script.isEmpty, "\(path) has no commands")
        let outcome = try Self.run(script, examples: Page.examples())
        #expect(outcome.status == .exited(0), "\(path): \(outcome.output)\(outcome.errors)")
    }

    @Test("the commands name a signature that does not hold")
    func commandsNameFaults() throws {
        let script = try Page("Docs/Formats/Approval.md").blocks.filter(\.isCheck).map(\.text)
            .joined(separator: "\n")
        var examples = try Page.examples()
        examples["audit/batch.txt"]?.append(0x0A)
        let outcome = try Self.run(script, examples: examples)
        #expect(outcome.status != .exited(0))
        #expect("\(outcome.output)\(outcome.errors)".contains("Could not verify signature."))
    }

    private static func run(
        _ script: String, examples: [String: [UInt8]]
    ) throws -> Subprocess.Outcome {
        let directory = try TemporaryDirectory()
        for (name, bytes) in examples {
            let folders = name.split(separator: "/").dropLast().joined(separator: "/")
            if !folders.isEmpty {
                _ = try Subprocess.run("/bin/mkdir", ["-p", directory.file(folders)])
            }
            try directory.write(name, bytes)
        }
        return try Subprocess.run(
            "/bin/sh", ["-euc", "cd \"$0\"\n" + script, directory.path])
    }
}
