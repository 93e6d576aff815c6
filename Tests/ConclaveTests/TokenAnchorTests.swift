// SPDX-License-Identifier: Apache-2.0
import TestSupport
import Testing

@Suite("The checkpoint that the token keeps")
struct TokenAnchorTests {
    private let bench: Workbench
    private let token: String

    /// A home whose second batch is approved, and its image; nobody has a bundle of what follows.
    init() throws {
        bench = try Workbench.founded()
        let uri = try bench.text("users.token").value(after: "serial=") ?? ""
        token = "token \"demo\" (serial \"\(uri.prefix { $0 != ";" })\")"
        try bench.ask("alice")
        try bench.holdCeremony(1)
        try bench.ask("bob")
        try bench.draft()
        try bench.approve(2, .olivia, .pierre)
        try bench.run("cp -a ca image; mkdir elsewhere")
    }

    private static let elsewhere = Workbench.sign.replacing(
        "--outbox outbox", with: "--outbox elsewhere")

    private func size(of home: String) throws -> String {
        try bench.run("conclave ledger checkpoint --home \(home)").lines[1]
    }

    private func identity() throws -> String {
        String(try bench.run("conclave ledger checkpoint --home ca").lines[0].dropFirst(16))
    }

    private func putBack() throws { try bench.run("rm -rf ca && cp -a image ca") }

    @Test("is the last one, one object that a login shows, named by the home")
    func object() throws {
        let signed = try bench.sign(2)
        let size = try size(of: "ca")
        #expect(
            signed.lines.contains("anchor      \(token) keeps the checkpoint of \(size) entries"),
            "\(signed.output)")
        let genesis = try identity()
        let shown = try bench.run(
            """
            pkcs11-tool --module $MODULE --token-label demo --login --pin "$(cat pin)" -O --type data
            pkcs11-tool --module $MODULE --token-label demo -O --type data >public
            pkcs11-tool --module $MODULE --token-label demo --login --pin "$(cat pin)" \\
                --read-object --type data --application-label conclave --label \(genesis) -o kept
            """)
        #expect(shown.lines.filter { $0.hasPrefix("Data object") }.count == 1, "\(shown.output)")
        #expect(shown.output.contains("'\(genesis)'") && shown.output.contains("'conclave'"))
        #expect(try bench.text("public") == "")
        #expect(
            try bench.text("kept")
                == bench.run("conclave ledger checkpoint --home ca").output + "epoch 0\n")
    }

    @Test("stops a home that was put back where no bundle is at hand, and is remembered")
    func ahead() throws {
        try bench.sign(2)
        let size = try size(of: "ca")
        try putBack()
        let before = try self.size(of: "ca")
        let refused = try bench.refuse(2, "\(Self.elsewhere) 2 \(Officer.quinn.seal)")
        #expect(
            refused.errors == """
                conclave: home "ca": its ledger has \(before) entries, and \(token) is of \
                \(size): the home is older than what it has handed out (ANCHOR-AHEAD)
                  hint: take back what is missing: conclave recover --home ca BUNDLE…; what no bundle \
                has, a quorum gives up: conclave batch new-epoch

                """)
        #expect(try self.size(of: "ca") == before)
        #expect(try bench.files(in: "elsewhere") == [])
        let later = try bench.refuse(2, "conclave batch new --home ca")
        #expect(later.errors.contains("(ANCHOR-AHEAD)"), "\(later.errors)")

        try bench.run("conclave recover --home ca outbox")
        #expect(try self.size(of: "ca") == size)
        let written = try bench.run("\(Self.elsewhere) 2 \(Officer.quinn.seal)")
        #expect(written.lines.contains("the ceremony ended before; its bundle is written now"))
        try bench.ask("carol")
        try bench.holdCeremony(3)
    }

    @Test("stops a home that went on by itself from an image")
    func fork() throws {
        try bench.sign(2)
        try putBack()
        try bench.askMany(12)
        try bench.run("conclave intake --home ca --spool spool")
        let refused = try bench.refuse(2, "\(Self.elsewhere) 2 \(Officer.quinn.seal)")
        #expect(refused.errors.contains("(ANCHOR-FORK)"), "\(refused.errors)")
        #expect(try bench.files(in: "elsewhere") == [])
    }

    @Test("is told of where it is something else, and put in its place")
    func something() throws {
        let genesis = try identity()
        let tool = "pkcs11-tool --module $MODULE --token-label demo --login --pin \"$(cat pin)\""
        let name = "--type data --application-label conclave --label \(genesis)"
        try bench.run(
            """
            \(tool) --delete-object \(name)
            echo hello >hello; \(tool) --private --write-object hello \(name)
            """)
        let signed = try bench.sign(2)
        #expect(signed.errors == "what \(token) keeps of this home is no checkpoint of it\n")
        try bench.run("\(tool) --read-object \(name) -o kept")
        #expect(
            try bench.text("kept")
                == bench.run("conclave ledger checkpoint --home ca").output + "epoch 0\n")
    }
}
