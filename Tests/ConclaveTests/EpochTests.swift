// SPDX-License-Identifier: Apache-2.0
import TestSupport
import Testing

@Suite("A new epoch of serials, after a restore")
struct EpochTests {
    private let bench: Workbench

    /// A home with two ceremonies, put back as it was after the first; a third batch was drafted since.
    init() throws {
        bench = try Workbench.founded()
        try bench.ask("alice")
        try bench.holdCeremony(1)
        try bench.run("cp -a ca image")
        try bench.ask("bob")
        try bench.holdCeremony(2)
        try bench.run("rm -rf ca && mv image ca && mv outbox lost && mkdir outbox")
    }

    private static let first = "281474976710657"
    private let seal = Officer.quinn.seal

    @Test("what was lost is given up and revoked, and the serials go on in the next epoch")
    func wholeStory() throws {
        // The bundle that is lost stops every command that writes, and is remembered.
        try bench.refuse(2, "conclave batch new --home ca --anchor lost/conclave-0002")
        try bench.ask("carol")
        try bench.refuse(2, "conclave intake --home ca --spool spool")

        let drafted = try bench.run("conclave batch new-epoch --home ca --reason 'disk lost'").lines
        let size = try bench.text("lost/conclave-0002/audit/checkpoint.txt")
            .split(separator: "\n")[1]
        #expect(
            drafted.contains(
                "  1. [elevated] begin epoch 1 of users@example.org, giving up users@example.org "
                    + "2-281474976710655, and the checkpoint of \(size) entries"), "\(drafted)")
        // Nothing else is written before a quorum has decided.
        try bench.refuse(2, "conclave intake --home ca --spool spool")
        try bench.approve(2, .olivia)
        let short = try bench.refuse(3, "conclave sign --home ca 2 --outbox outbox \(seal)")
        #expect(short.errors.contains("(QUORUM-MISSING)"), "\(short.errors)")
        try bench.approve(2, .pierre)
        let shown = try bench.run("conclave batch show --home ca 2").lines
        #expect(shown.contains("  next       serial \(Self.first)"), "\(shown)")
        let signed = try bench.run("conclave sign --home ca 2 --outbox outbox \(seal)").lines
        #expect(
            signed.contains("epoch       1 of users@example.org, next serial \(Self.first)"),
            "\(signed)")

        // The home goes on: with serials of the new epoch.
        try bench.holdCeremony(3)
        let certificate = "outbox/conclave-0003/certificates/user/\(Self.first)-carol-cert.pub"
        #expect(try bench.certificate(certificate)["Serial"] == Self.first)
        for bundle in ["conclave-0002", "conclave-0003"] {
            let lines = try bench.run("conclave-verify bundle outbox/\(bundle)").lines
            #expect(lines.last?.hasPrefix("sound") == true, "\(lines)")
        }
        try bench.run("conclave ledger verify --home ca")

        // OpenSSH revokes what was lost, and nothing else.
        let list = "outbox/conclave-0003/trust/revoked_keys.krl"
        let bob = "lost/conclave-0002/certificates/user/000002-bob-cert.pub"
        let alice = "lost/conclave-0001/certificates/user/000001-alice-cert.pub"
        try bench.run("ssh-keygen -Q -f \(list) \(alice) \(certificate)")
        let revoked = try bench.refuse(1, "ssh-keygen -Q -f \(list) \(bob)")
        #expect(revoked.output.contains("REVOKED"), "\(revoked.output)")
        #expect(try Int(bench.run("stat -c %s \(list)").lines[0]).map { $0 < 512 } == true)

        // Trace and both verifiers tell of it.
        let trace = try bench.run("conclave trace --home ca \(Self.first)").lines
        #expect(trace.contains("  serial       epoch 1, counter 1"), "\(trace)")
        let json = try bench.run("conclave trace --json --home ca \(Self.first)").output
        #expect(json.contains("\"epoch\":1,\"counter\":\"1\""), "\(json)")
        try bench.checkExport(
            bundles: ["conclave-0002", "conclave-0003"], holding: "kind: epoch")
        for field in ["epoch: 1", "next-serial: \(Self.first)", "authority: hosts@example.org"] {
            try bench.refuseExport("sed -i '/^kind: epoch/,/^kind:/s/^\(field)$/&1/'")
        }
        // What was given up stays so, wherever it is seen.
        try bench.run(
            "conclave revoke --home ca --authority users@example.org --serial 1 "
                + "--reason x --anchor lost/conclave-0002")
    }

    @Test(
        "batches that were under way are drafted anew, and a ceremony that is open is ended first")
    func underWay() throws {
        try bench.ask("dave")
        try bench.draft()
        try bench.approve(2, .olivia, .pierre)
        try bench.run("conclave batch new-epoch --home ca --reason 'disk lost'")
        try bench.approve(3, .olivia, .pierre)
        try bench.run("conclave sign --home ca 3 --outbox outbox \(seal)")
        let late = try bench.refuse(3, "\(Workbench.sign) 2 \(seal)")
        #expect(
            late.errors == """
                conclave: batch 2 was drafted before batch 3 began a new epoch of serials \
                (BATCH-GOVERNING)
                  hint: draft a new batch; its requests are free again

                """)
        let listed = try bench.run("conclave batch list --home ca").lines
        #expect(listed[1].contains("  superseded, 1 item"), "\(listed)")
        let past = try bench.run(
            "conclave batch show --home ca 2; conclave batch show --home ca 3"
        ).lines.filter { $0.hasPrefix("phase ") }
        #expect(past == ["phase        superseded", "phase        closed"], "\(past)")
        let again = try bench.run("conclave batch new --home ca").lines
        #expect(
            again.contains { $0.contains("user certificate \(Self.first) of users@example.org") },
            "\(again)")
    }

    @Test("a home that lost the epoch takes it back from the bundle, and goes on in it")
    func recovered() throws {
        try bench.run(
            """
            cp -a ca image
            conclave batch new-epoch --home ca --reason 'disk lost' --anchor lost/conclave-0002
            """)
        try bench.approve(2, .olivia, .pierre)
        try bench.run("conclave sign --home ca 2 --outbox outbox \(seal)")
        try bench.run("mv ca whole && mv image ca && conclave recover --home ca outbox")
        #expect(
            try bench.run("conclave ledger checkpoint --home ca").output
                == bench.run("conclave ledger checkpoint --home whole").output)
        try bench.run(
            "conclave ledger verify --home ca && diff -r whole/checkpoints ca/checkpoints")
        try bench.ask("carol")
        try bench.holdCeremony(3)
        let certificate = "outbox/conclave-0003/certificates/user/\(Self.first)-carol-cert.pub"
        #expect(try bench.certificate(certificate)["Serial"] == Self.first)
    }

    @Test("an anchor that only the draft was shown stops everything else, too")
    func shownToTheDraft() throws {
        try bench.run(
            "conclave batch new-epoch --home ca --reason 'disk lost' --anchor lost/conclave-0002")
        let other = try bench.refuse(2, "conclave batch new --home ca")
        #expect(other.errors.contains("(ANCHOR-AHEAD)"), "\(other.errors)")
    }

    @Test("a ceremony that is open in the backup is abandoned first, and the epoch begun then")
    func openCeremony() throws {
        let bench = try Workbench.founded()
        try bench.ask("alice")
        try bench.draft()
        try bench.approve(1, .olivia, .pierre)
        _ = try bench.attempt(
            "CONCLAVE_FAULT=fdatasync:4:kill LD_PRELOAD=$FAULTS \(Workbench.sign) 1 \(seal)")
        #expect(
            try bench.run("conclave batch list --home ca").lines[0].contains("  open, 1 item"))
        try bench.run("cp -a ca image")
        try bench.sign(1)
        try bench.run("rm -rf ca && mv image ca && mv outbox lost && mkdir outbox")
        try bench.refuse(2, "conclave batch new --home ca --anchor lost")
        try bench.refuse(2, "\(Workbench.sign) 1 \(seal)")
        let open = try bench.refuse(3, "conclave batch new-epoch --home ca --reason 'disk lost'")
        #expect(open.errors.contains("(CEREMONY-OPEN)"), "\(open.errors)")

        let drafted = try bench.run("conclave batch abandon --home ca 1 --reason 'disk lost'")
        #expect(drafted.errors.contains("(ANCHOR-AHEAD)"), "\(drafted.errors)")
        try bench.approve(2, .olivia, .pierre)
        try bench.run("conclave sign --home ca 2 --outbox outbox \(seal)")
        try bench.run("conclave batch new-epoch --home ca --reason 'disk lost'")
        try bench.approve(3, .olivia, .pierre)
        try bench.run("conclave sign --home ca 3 --outbox outbox \(seal)")
        try bench.ask("bob")
        try bench.draft()
    }

    @Test("a checkpoint that the ledger holds is not given up")
    func heldAnchor() throws {
        let refused = try bench.refuse(
            3,
            "conclave batch new-epoch --home ca --reason x --anchor lost/conclave-0001")
        #expect(
            refused.errors == """
                conclave: "lost/conclave-0001": no checkpoint of this home is there whose entries the \
                ledger lacks, and that was not given up before (EPOCH-ANCHOR)
                  hint: nothing of it is lost: leave --anchor out

                """)
    }
}
