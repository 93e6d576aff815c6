// SPDX-License-Identifier: Apache-2.0
import TestSupport
import Testing

@Suite("The command line")
struct UsageTests {
    private static let commands = [
        "", "init", "authority", "authority show", "token", "token list", "token show",
        "token generate", "token attest",
        "token bench", "token doctor", "request",
        "request new", "request show", "request check", "intake", "batch", "batch new",
        "batch show", "batch list", "batch abandon", "approve", "reject", "revoke", "sign", "krl",
        "krl show",
        "krl make", "krl query", "krl diff",
        "trace", "ledger", "ledger show", "ledger verify", "ledger checkpoint",
    ]

    @Test("every command has a help page, and what does something an example in it")
    func help() throws {
        let bench = try Workbench()
        for command in Self.commands {
            let help = try bench.run("conclave \(command) --help")
            #expect(help.errors == "")
            #expect(help.output.hasPrefix("OVERVIEW: "), "\(command)")
            #expect(help.output.contains("\nUSAGE: conclave"), "\(command)")
            let isGroup = ["authority", "token", "request", "batch", "krl", "ledger"].contains(
                command)
            if !isGroup { #expect(help.output.contains("conclave \(command)"), "\(command)") }
            if !isGroup, !command.isEmpty {
                // Above the usage: in the discussion.
                let discussion = help.output.prefix { _ in true }.components(before: "\nUSAGE:")
                #expect(discussion.contains("conclave \(command)"), "\(command) has no example")
            }
        }
    }

    @Test("wrong usage is exit status 64, with the usage, and changes nothing")
    func wrongUsage() throws {
        let bench = try Workbench()
        for line in [
            "nonsense", "sign", "sign --home ca", "approve --home ca 1",
            "approve --home ca 1 --key a --signature b", "approve --home ca 1 --module m",
            "reject --home ca 1 --reason x", "batch abandon --home ca 1",
            "batch new --home ca --rotate",
            "batch new --home ca --within 30d", "batch new --home ca --rotate --within 30x",
            "init --home ca", "init --home ca --policy p --key k", "intake --home ca",
            "token generate --module m --kind dsa --label x --output y", "trace --home ca",
            "ledger show --home ca x", "sign --home ca 1 --module m --outbox o --pin 1234",
        ] {
            let refused = try bench.refuse(64, "conclave \(line)")
            #expect(refused.errors.hasPrefix("conclave: "), "\(line)")
            #expect(!refused.errors.contains("Error:"), "\(line)")
            #expect(refused.errors.contains("Usage: conclave"), "\(line)")
            #expect(refused.output == "", "\(line)")
        }
    }

    @Test("the version is told")
    func version() throws {
        let bench = try Workbench()
        #expect(try bench.run("conclave --version").output == "conclave 0.1.0\n")
    }

    @Test("output into a pipe that closes early ends no ceremony")
    func closedPipe() throws {
        let bench = try Workbench.founded()
        try bench.ask("alice")
        try bench.draft()
        try bench.approve(1, .olivia, .pierre)
        try bench.run("{ \(Workbench.sign) 1 --seal-with officers/quinn; } | true")
        let closed = try bench.run(
            "for n in $(seq 100); do [ -e outbox/conclave-0001/COMPLETE ] && break; sleep 0.05; done; "
                + "cat outbox/conclave-0001/COMPLETE")
        #expect(!closed.output.isEmpty)
    }

    @Test("the offline program opens no socket that could reach a network")
    func noNetwork() throws {
        let bench = try Workbench.founded()
        try bench.ask("alice")
        try bench.draft()
        try bench.approve(1, .olivia, .pierre)
        // In a namespace without any interface, loopback included, all goes on as before.
        let alone = "unshare --user --map-root-user --net"
        if try bench.attempt("\(alone) true").status == .exited(0) {
            try bench.run("\(alone) \(Workbench.sign) 1 --seal-with officers/quinn")
        } else {
            try bench.sign(1)
        }
    }
}

extension StringProtocol {
    /// What stands before `part`, or everything.
    fileprivate func components(before part: String) -> String {
        String(firstRange(of: part).map { self[..<$0.lowerBound] } ?? self[...])
    }
}
