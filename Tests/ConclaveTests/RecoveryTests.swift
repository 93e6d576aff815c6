// SPDX-License-Identifier: Apache-2.0
import TestSupport
import Testing

@Suite("A home that was put back from a backup")
struct RecoveryTests {
    private let bench: Workbench

    /// A home with three ceremonies, its image after the first beside it, and the home is the image.
    init() throws {
        bench = try Workbench(unpacking: Self.archive.get())
    }

    private static let archive: Result<[UInt8], any Error> = Result {
        let bench = try Workbench.founded()
        for (number, name) in ["alice", "bob", "carol"].enumerated() {
            try bench.ask(name)
            try bench.run("mkdir -p asked && cp spool/\(name).req asked")
            try bench.holdCeremony(number + 1)
            if number == 0 { try bench.run("cp -a ca image") }
        }
        try bench.run("mv ca lost && cp -a image ca")
        return try bench.packed()
    }

    private static let hint =
        "  hint: take back what is missing: conclave recover --home ca BUNDLE…; what no bundle has, "
        + "a quorum gives up: conclave batch new-epoch\n"

    /// The sizes of the ledger after each ceremony.
    private func sizes() throws -> [String] {
        try (1...3).map { number in
            let lines = try bench.text("outbox/conclave-000\(number)/audit/checkpoint.txt")
            return try String(#require(lines.split(separator: "\n").dropFirst().first))
        }
    }

    private func state(of home: String) throws -> String {
        try bench.run(
            "conclave ledger show --home \(home) && conclave ledger checkpoint --home \(home)"
        ).output
    }

    @Test("a bundle that is ahead stops the command that is told of it, and every one after it")
    func ahead() throws {
        let sizes = try sizes()
        try bench.ask("dave")
        let refused = try bench.refuse(
            2, "conclave intake --home ca --spool spool --anchor outbox/conclave-0003")
        #expect(
            refused.errors == """
                conclave: home "ca": its ledger has \(sizes[0]) entries, and \
                "outbox/conclave-0003" is of \(sizes[2]): the home is older than what it has handed \
                out (ANCHOR-AHEAD)
                \(Self.hint)
                """)
        for line in [
            "conclave intake --home ca --spool spool", "conclave batch new --home ca",
            "conclave revoke --home ca --authority users@example.org --serial 1 --reason x",
            "\(Workbench.sign) 1 \(Officer.quinn.seal)",
        ] {
            let later = try bench.refuse(2, line)
            #expect(later.errors.contains("(ANCHOR-AHEAD)\n\(Self.hint)"), "\(later.errors)")
        }
        // What only reads is not kept from it.
        try bench.run("conclave ledger verify --home ca && conclave trace --home ca alice")
    }

    @Test("an outbox with later bundles, a witness's memory and an export are anchors, too")
    func places() throws {
        let sizes = try sizes()
        try bench.run(
            """
            conclave ledger export --home lost export --sign-with officers/quinn
            conclave ledger witness export --memory memory --genesis $(sed -n '1s/.*\\///p' export/checkpoint)
            cp -a ca other
            """)
        // A checkpoint that nobody signed stops the command, and is forgotten.
        let memory = try bench.refuse(2, "conclave batch new --home ca --anchor memory")
        #expect(
            memory.errors.contains(
                "\"memory\" is of \(sizes[2]): the home is older than what it has handed out; "
                    + "nobody of the roster signed it, so it is not kept (ANCHOR-AHEAD)\n"),
            "\(memory.errors)")
        try bench.refuse(4, "conclave batch new --home ca")
        try bench.refuse(2, "conclave batch new --home ca --anchor export")
        try bench.refuse(2, "conclave batch new --home ca")
        // A witness who signs has the signature beside the memory.
        try bench.run(
            "rm -r ca/anchors; conclave ledger witness export --memory memory --key officers/pierre "
                + "--output signature && cmp signature memory.sig")
        try bench.refuse(2, "conclave batch new --home ca --anchor memory")
        let kept = try bench.refuse(2, "conclave batch new --home ca")
        #expect(kept.errors.contains("(ANCHOR-AHEAD)"), "\(kept.errors)")

        let outbox = try bench.refuse(
            2,
            "\(Workbench.sign.replacing("--home ca", with: "--home other")) 1 \(Officer.quinn.seal)"
        )
        #expect(
            outbox.errors.contains("\"outbox/conclave-0002\" is of \(sizes[1])")
                && outbox.errors.contains("\"outbox/conclave-0003\" is of \(sizes[2])"),
            "\(outbox.errors)")
    }

    @Test("a folder without a bundle passes neither for an anchor nor for what gives entries back")
    func nothingThere() throws {
        try bench.run("mkdir empty")
        for place in ["empty", "outbox/conclave-0003/audit"] {
            let anchor = try bench.refuse(3, "conclave batch new --home ca --anchor \(place)")
            #expect(anchor.errors.contains("(ANCHOR-PLACE)\n"), "\(anchor.errors)")
            let recover = try bench.refuse(3, "conclave recover --home ca \(place)")
            #expect(
                recover.errors.contains("\"\(place)\": there is no whole bundle in this folder "),
                "\(recover.errors)")
        }
    }

    @Test("bundles give back what is missing, in any order, and the home goes on with new serials")
    func recovered() throws {
        try bench.refuse(2, "conclave batch new --home ca --anchor outbox")
        let done = try bench.run(
            "conclave recover --home ca outbox/conclave-0003 outbox/conclave-0002")
        #expect(
            done.lines.prefix(2) == [
                "from        outbox/conclave-0002", "from        outbox/conclave-0003",
            ])
        #expect(try state(of: "ca") == state(of: "lost"))
        try bench.run("conclave ledger verify --home ca")
        let again = try bench.refuse(4, "conclave recover --home ca outbox")
        #expect(again.lines.contains("recovered   0 records"))
        let repeated = try bench.refuse(3, "conclave intake --home ca --spool asked")
        #expect(repeated.output.matches(of: #/was admitted before \(REQUEST-REPLAY\)/#).count == 3)
        #expect(repeated.lines.last == "0 admitted, 3 refused")
        try bench.run("conclave ledger verify --home ca")

        try bench.ask("dave")
        try bench.holdCeremony(4)
        try bench.run("conclave-verify bundle outbox/conclave-0004")
        let certificate = try bench.run(
            "ssh-keygen -L -f outbox/conclave-0004/certificates/user/*dave-cert.pub")
        #expect(certificate.output.contains("Serial: 4\n"), "\(certificate.output)")
    }

    @Test("a bundle before is asked for, and nothing is taken until it is there")
    func gap() throws {
        let sizes = try sizes().compactMap { Int($0) }
        let before = try state(of: "ca")
        let refused = try bench.refuse(3, "conclave recover --home ca outbox/conclave-0003")
        #expect(
            refused.errors == """
                conclave: bundle "outbox/conclave-0003": entries \(sizes[0]) to \(sizes[1] - 1) are \
                missing before it (RECOVERY-GAP)
                  hint: name the bundle that has them as well; bundles are numbered

                """)
        #expect(try state(of: "ca") == before)
        // Nor does anything else go on until it is.
        let later = try bench.refuse(2, "conclave batch new --home ca")
        #expect(later.errors.contains("(ANCHOR-AHEAD)"), "\(later.errors)")
        try bench.run("conclave recover --home ca outbox")
        try bench.refuse(4, "conclave batch new --home ca")
    }

    @Test(
        "a bundle that was altered, is not sealed, not whole, or of another home, gives nothing",
        arguments: [
            (
                "for f in b/audit/entries/*; do sed -i 's/^index: /index:/' $f; done",
                " is not what SHA256SUMS says (RECOVERY-BUNDLE)"
            ),
            ("rm b/SHA256SUMS.sig", "signed by 0 of 1 persons of the roster (RECOVERY-BUNDLE)"),
            ("echo >>b/SHA256SUMS", "does not hold over SHA256SUMS"),
            ("rm b/COMPLETE", "it has no COMPLETE, so it is no whole bundle (RECOVERY-BUNDLE)"),
            (
                "rm b/SHA256SUMS.sig; ssh-keygen -q -t ed25519 -N '' -f k; "
                    + "ssh-keygen -q -Y sign -n conclave-bundle-v1 -f k b/SHA256SUMS",
                "signed by 0 of 1 persons of the roster (RECOVERY-BUNDLE)"
            ),
        ])
    func altered(change: String, refusal: String) throws {
        let before = try state(of: "ca")
        try bench.run("cp -a outbox/conclave-0002 b && \(change)")
        let refused = try bench.refuse(3, "conclave recover --home ca b")
        #expect(refused.errors.contains(refusal), "\(refused.errors)")
        #expect(try state(of: "ca") == before)
    }

    @Test("a backup from long ago is recovered, and the clock looked at by the next command")
    func longAgo() throws {
        let later = "export LD_PRELOAD=$CLOCK CONCLAVE_CLOCK=\(100 * 86_400)"
        try bench.run("\(later); conclave recover --home ca outbox")
        #expect(try state(of: "ca") == state(of: "lost"))
        let clock = try bench.refuse(3, "\(later); conclave batch new --home ca")
        #expect(clock.errors.contains("(CLOCK-AHEAD)"), "\(clock.errors)")
    }

    @Test("a home that went on by itself is not mixed with the bundles of what it was")
    func fork() throws {
        try bench.run("mkdir elsewhere")
        try bench.ask("erin")
        try bench.draft()
        try bench.approve(2, .olivia, .pierre)
        let before = try state(of: "ca")
        let refused = try bench.refuse(2, "conclave recover --home ca outbox")
        #expect(refused.errors.contains("(ANCHOR-FORK)\n  hint: stop: "), "\(refused.errors)")
        #expect(try state(of: "ca") == before)
    }

    @Test("a home of which nothing is left is made again of all its bundles, by its identity")
    func nothingLeft() throws {
        let genesis = String(
            try bench.run("conclave ledger checkpoint --home lost").lines[0].dropFirst(16))
        let recover = "conclave recover --home ca --genesis \(genesis)"
        let there = try bench.refuse(1, "mv ca/ledger.sqlite image2; \(recover) outbox")
        #expect(
            there.errors == """
                conclave: there is something at "ca", and no ledger in it
                  hint: put it aside, and keep it: mv ca ca.damaged; then conclave recover --home ca \
                --genesis HEX BUNDLE…

                """)
        let unnamed = try bench.refuse(1, "rm -r ca; conclave recover --home ca outbox")
        #expect(unnamed.errors.contains("  hint: where nothing is left of it, name it by"))
        for other in [
            "\(recover) outbox/conclave-0002 outbox/conclave-0003",
            "conclave recover --home ca --genesis \(String(repeating: "0", count: 64)) outbox",
        ] {
            let refused = try bench.refuse(3, other)
            #expect(
                refused.errors.contains("no bundle here has the first entry of home ")
                    && refused.errors.contains("(RECOVERY-GAP)\n"), "\(refused.errors)")
        }
        // Not whole yet, it is a home that knows that it is behind.
        let gap = try bench.refuse(3, "\(recover) outbox/conclave-0001 outbox/conclave-0003")
        #expect(gap.errors.contains("(RECOVERY-GAP)"), "\(gap.errors)")
        let behind = try bench.refuse(2, "conclave intake --home ca --spool spool")
        #expect(behind.errors.contains("(ANCHOR-AHEAD)"), "\(behind.errors)")
        let other = try bench.refuse(
            2, "conclave recover --home ca --genesis \(String(repeating: "0", count: 64)) outbox")
        #expect(other.errors.contains("(RECOVERY-BUNDLE)"), "\(other.errors)")
        try bench.run("\(recover) outbox && [ ! -e ca.recovery ]")
        #expect(try state(of: "ca") == state(of: "lost"))
        try bench.run("conclave ledger verify --home ca")
        try bench.ask("dave")
        try bench.holdCeremony(4)
    }

    @Test("killed while it makes a home again, it leaves none, or one that knows that it is behind")
    func interruptedRefounding() throws {
        let genesis = String(
            try bench.run("conclave ledger checkpoint --home lost").lines[0].dropFirst(16))
        let recover = "conclave recover --home ca --genesis \(genesis) outbox"
        for point in ["rename:1", "fdatasync:2", "fsync:3", "fsync:6", "fdatasync:6"] {
            try bench.run("rm -rf ca")
            try bench.run(
                "(LD_PRELOAD=$FAULTS CONCLAVE_FAULT=\(point):kill \(recover) >/dev/null 2>&1) || true"
            )
            let between = try bench.attempt("conclave intake --home ca --spool spool")
            #expect([.exited(1), .exited(2)].contains(between.status), "\(point): \(between)")
            let again = try bench.attempt(recover)
            #expect(again.status == .exited(0), "\(point): \(again.errors)")
            #expect(try state(of: "ca") == state(of: "lost"))
        }
    }

    @Test("a recovery that is killed goes on with what is missing")
    func interrupted() throws {
        for call in [1, 4, 8, 13] {
            try bench.run("rm -rf ca && cp -a image ca")
            try bench.run(
                """
                (LD_PRELOAD=$FAULTS CONCLAVE_FAULT=fdatasync:\(call):kill \\
                    conclave recover --home ca outbox >/dev/null 2>&1) || true
                """)
            let again = try bench.attempt("conclave recover --home ca outbox")
            #expect(again.status == .exited(0) || again.status == .exited(4), "\(again.errors)")
            #expect(try state(of: "ca") == state(of: "lost"))
            try bench.run("conclave ledger verify --home ca")
        }
    }
}
