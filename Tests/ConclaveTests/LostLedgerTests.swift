// SPDX-License-Identifier: Apache-2.0
import TestSupport
import Testing

@Suite("A ledger that was put back alone, beside what the home noted of a newer one")
struct LostLedgerTests {
    private let bench: Workbench

    /// A home with two ceremonies and a request behind them; its ledger is the one after the first.
    init() throws {
        bench = try Workbench(unpacking: Self.archive.get())
    }

    private static let archive: Result<[UInt8], any Error> = Result {
        let bench = try Workbench.founded()
        for (number, name) in ["alice", "bob"].enumerated() {
            try bench.ask(name)
            try bench.holdCeremony(number + 1)
            if number == 0 { try bench.run("cp ca/ledger.sqlite older") }
        }
        try bench.run("cp -a ca ended")
        try bench.ask("carol")
        try bench.run("conclave intake --home ca --spool spool && rm spool/*")
        try bench.run("cp -a ca whole && rm -f ca/ledger.sqlite-* && cp older ca/ledger.sqlite")
        return try bench.packed()
    }

    private static let first = "281474976710657"
    private static let sign = Workbench.sign.replacing(
        "--outbox outbox", with: "--outbox new")
    private let seal = Officer.quinn.seal

    private func checkpoint(of home: String) throws -> [String] {
        try bench.run("conclave ledger checkpoint --home \(home)").lines
    }

    private func beginEpoch(_ number: Int, because reason: String = "ledger lost") throws
        -> [String]
    {
        let drafted = try bench.run(
            "conclave batch new-epoch --home ca --reason '\(reason)'")
        try bench.approve(number, .olivia, .pierre)
        let signed = try bench.run("conclave sign --home ca \(number) --outbox new \(seal)").lines
        #expect(signed.contains { $0.hasPrefix("epoch  ") }, "\(signed)")
        return drafted.errors.split(separator: "\n").map(String.init)
    }

    @Test("the ledger's own place is found again when the right one is put back")
    func putBack() throws {
        try bench.refuse(2, "conclave batch new --home ca")
        try bench.run("cp whole/ledger.sqlite ca/ledger.sqlite && conclave batch new --home ca")
        try bench.approve(3, .olivia, .pierre)
        try bench.sign(3)
        try bench.run("conclave ledger verify --home ca")
    }

    @Test("bundles give back what they have; that something came after them is not forgotten")
    func recovered() throws {
        let whole = try checkpoint(of: "whole")
        let ended = try checkpoint(of: "ended")
        let partly = try bench.refuse(2, "conclave recover --home ca outbox")
        #expect(
            partly.errors.hasPrefix(
                "conclave: home \"ca\": its ledger has \(ended[1]) entries, and \"ca/anchors/"),
            "\(partly.errors)")
        #expect(try checkpoint(of: "ca") == ended)
        let later = try bench.refuse(2, "conclave intake --home ca --spool spool")
        #expect(
            later.errors.contains("is of \(whole[1]): ")
                && later.errors.contains("(ANCHOR-AHEAD)\n  hint: take back what is missing: "),
            "\(later.errors)")
        // What no bundle has, a quorum gives up; then the home goes on.
        try bench.run("mkdir new")
        #expect(try beginEpoch(3) == [])
        try bench.ask("dave")
        try bench.holdCeremony(4)
        try bench.run("conclave ledger verify --home ca")
    }

    @Test("a quorum gives up what is lost, and the home grows beyond it with another history")
    func givenUp() throws {
        let lost = try Int(checkpoint(of: "whole")[1]) ?? 0
        try bench.run("mkdir new")
        // The draft needs no command before it that was refused.
        #expect(try beginEpoch(2) == [])
        var grown = 0
        for (number, name) in [(3, "dave"), (4, "erin"), (5, "frank")] {
            try bench.ask(name)
            try bench.draft()
            try bench.approve(number, .olivia, .pierre)
            try bench.run(
                "\(Self.sign) \(number) \(seal)"
            )
            grown = try Int(checkpoint(of: "ca")[1]) ?? 0
        }
        #expect(grown > lost)
        try bench.run("conclave ledger verify --home ca")
        let certificate = "new/conclave-0003/certificates/user/\(Self.first)-dave-cert.pub"
        #expect(try bench.certificate(certificate)["Serial"] == Self.first)
        let bob = "outbox/conclave-0002/certificates/user/000002-bob-cert.pub"
        try bench.refuse(1, "ssh-keygen -Q -f new/conclave-0005/trust/revoked_keys.krl \(bob)")
    }

    @Test("a note that somebody made up stops the home, and a quorum overrides it")
    func forgedNote() throws {
        try bench.run("rm -rf ca && cp -a ended ca && mkdir new")
        let words = "999999 \(String(repeating: "ab", count: 32)) 0"
        try bench.run(
            """
            check=$(printf '%s' '\(words)' | sha256sum | cut -c1-16)
            sed -i "s/^ledger .*/ledger \(words) $check/" ca/lock
            """)
        let refused = try bench.refuse(2, "conclave intake --home ca --spool spool")
        #expect(refused.errors.contains("and had 999999 when it was last written"))
        #expect(try beginEpoch(3) == [])
        try bench.refuse(4, "conclave intake --home ca --spool spool")
        // One that was cut off, or changed by half, is none.
        try bench.run("sed -i 's/^ledger ./ledger 9/' ca/lock")
        try bench.refuse(4, "conclave intake --home ca --spool spool")
    }

    @Test("of epochs that are lost the anchors tell: one begins behind them, and gives up all")
    func lostEpochs() throws {
        try bench.run("rm -rf ca && cp -a ended ca && mkdir new && cp -a ca image")
        _ = try beginEpoch(3)
        try bench.ask("dave")
        try bench.draft()
        try bench.approve(4, .olivia, .pierre)
        try bench.run("\(Self.sign) 4 \(seal)")
        _ = try beginEpoch(5)
        try bench.run("rm -rf ca && mv image ca && mv new lost && mkdir new")
        let refused = try bench.refuse(2, "conclave batch new --home ca --anchor lost")
        for epoch in 1...2 {
            #expect(
                refused.errors.contains(
                    "conclave batch new-epoch; its serials had come to epoch \(epoch)\n"),
                "\(refused.errors)")
        }
        // For another reason: in the same second it would be the same history.
        #expect(
            try beginEpoch(3, because: "disk lost") == [
                "the serials that are lost had come to epoch 2: this batch begins epoch 3"
            ])
        try bench.ask("erin")
        try bench.draft()
        let shown = try bench.run("conclave batch show --home ca 4").output
        #expect(shown.contains("user certificate 844424930131969 of "), "\(shown)")
        // All are given up now, whoever shows them, and what they issued is revoked.
        try bench.refuse(4, "conclave intake --home ca --spool spool --anchor lost")
        let dave = "lost/conclave-0004/certificates/user/\(Self.first)-dave-cert.pub"
        let list = "new/conclave-0003/trust/revoked_keys.krl"
        let revoked = try bench.refuse(1, "ssh-keygen -Q -f \(list) \(dave)")
        #expect(revoked.output.contains("REVOKED"), "\(revoked.output)")
        try bench.approve(4, .olivia, .pierre)
        try bench.run("\(Self.sign) 4 \(seal) && conclave ledger verify --home ca")
        try bench.run(
            """
            for bundle in new/*; do
                conclave-verify bundle $bundle --genesis $(sed -n '1s,.*/,,p' $bundle/audit/checkpoint.txt)
            done
            rm -rf outbox && mv new outbox
            """)
        try bench.checkExport(
            bundles: ["conclave-0003", "conclave-0004"], holding: "next-serial: 844424930131969")
        try bench.refuseExport("sed -i '/^kind: epoch/,/^kind:/s/^epoch: 3$/epoch: 1/'")
    }

    @Test("a token that comes back with a checkpoint of an epoch that ended does not stop the next")
    func lateToken() throws {
        // The token has seen the second ceremony, and is not asked when the epoch begins.
        try bench.run("mkdir new")
        _ = try beginEpoch(2)
        try bench.ask("frank")
        try bench.draft()
        try bench.approve(3, .olivia, .pierre)
        let signed = try bench.run(
            "\(Self.sign) 3 \(seal)")
        let size = try bench.text("outbox/conclave-0002/audit/checkpoint.txt")
            .split(separator: "\n")[1]
        #expect(
            signed.errors.contains(
                "keeps a checkpoint of \(size) entries that are lost: they were given up with their "
                    + "epoch, and it is replaced\n"), "\(signed.errors)")
        try bench.ask("grace")
        try bench.draft()
        try bench.approve(4, .olivia, .pierre)
        let next = try bench.run(
            "\(Self.sign) 4 \(seal)")
        #expect(next.errors == "", "\(next.errors)")
    }
}
