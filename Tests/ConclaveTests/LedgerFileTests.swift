// SPDX-License-Identifier: Apache-2.0
import TestSupport
import Testing

@Suite("The ledger's file without Conclave")
struct LedgerFileTests {
    @Test("the commands of the format page read what was recorded, and its digests are right")
    func byHand() throws {
        let bench = try Workbench.founded()
        try bench.ask("alice")
        try bench.run("conclave intake --home ca --spool spool")
        let commands = try bench.run(
            "sed -n '/^```sh$/,/^```$/p' $SOURCES/Docs/Formats/LedgerFile.md | grep -v '^```'"
        ).output
        #expect(commands.contains("zstd "))
        let lines = try bench.run("mkdir hand; cd hand; ln -s ../ca ca; set -e\n\(commands)").lines
        let shown = try bench.run("conclave ledger show --home ca 1").lines
        #expect(shown.count > 5)
        let dictionary = try #require(lines.first)
        try bench.run("grep -q '`\(dictionary.prefix(64))`' $SOURCES/Docs/Formats/LedgerFile.md")
        let rest = Array(lines.dropFirst())
        #expect(Array(rest.prefix(shown.count)) == shown)
        let digests = Array(rest.dropFirst(shown.count))
        #expect(digests.count == 3)
        #expect(
            digests.first?.lowercased() == digests.dropFirst().first.map { String($0.prefix(64)) })
        let policy = try bench.run("sed -n 's/^policy: //p' hand/genesis").lines
        #expect(digests.last == "\(policy[0])  policy")
    }
}
