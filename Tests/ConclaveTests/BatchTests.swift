// SPDX-License-Identifier: Apache-2.0
import TestSupport
import Testing

@Suite("Batches on paper")
struct BatchTests {
    private let bench: Workbench

    init() throws {
        bench = try Workbench.founded()
    }

    @Test("a manifest is shown, rebuilt and compared on a machine without the home")
    func withoutHome() throws {
        try bench.ask("alice")
        try bench.askForHost("web1")
        try bench.run("conclave intake --home ca --spool spool")
        let drafted = try bench.run("conclave batch new --home ca --output handed-out.batch")
        #expect(drafted.lines.contains("written:     handed-out.batch"))
        let inHome = try bench.run("conclave batch show --home ca 1").lines
        let shown = try bench.run("mv ca elsewhere; conclave batch show handed-out.batch").lines
        #expect(shown.last == "rebuilt      2 certificates from this text alone; every digest fits")
        #expect(inHome.starts(with: shown))
        #expect(
            shown.contains(
                "item 1       [routine] user certificate 1 of users@example.org for alice"))
        #expect(shown.contains("  requester  alice@example.org"))
        #expect(
            shown.contains("  key        \(try bench.fingerprint("people/alice.pub")) (ed25519)"))
        #expect(shown.contains("  CA key     \(try bench.fingerprint("hosts.pub"))"))
        try bench.run("conclave-verify batch handed-out.batch")
    }

    @Test("a manifest in which any one value was altered does not rebuild")
    func altered() throws {
        try bench.ask("alice")
        try bench.run("conclave intake --home ca --spool spool")
        try bench.run("conclave batch new --home ca --output sound.batch")
        for (old, new) in [
            ("principal: alice", "principal: root"), ("serial: 1", "serial: 2"),
            ("nonce: ", "nonce: 00"), ("key-id: alice", "key-id: Alice"),
            ("extension: permit-pty", "extension: permit-port-forwarding"),
            ("valid-before: 2", "valid-before: 3"), ("type: user", "type: host"),
            ("tbs-sha256: ", "tbs-sha256: 0"), ("created: 2", "created:  2"),
            ("kind: issue", "kind: other"),
        ] {
            let line = "sed 's/^\(old)/\(new)/' sound.batch >altered.batch"
            let refused = try bench.refuse(3, "\(line); conclave batch show altered.batch")
            #expect(refused.errors.hasPrefix("conclave: "), "\(old)")
            try bench.run(
                "! cmp -s sound.batch altered.batch; ! conclave-verify batch altered.batch")
        }
        let principal = try bench.refuse(
            3, "sed 's/alice$/root/' sound.batch >altered.batch; conclave batch show altered.batch")
        #expect(
            principal.errors.replacing(#/[0-9a-f]{64}/#, with: "DIGEST") == """
                conclave: serial 1: the bytes rebuilt have SHA-256 DIGEST, the manifest says DIGEST (BATCH-TBS)

                """)
    }

    @Test("nothing that waits is nothing to do, and a batch takes what waits but once")
    func nothingToDo() throws {
        let nothing = "no admitted request waits; take some in with: conclave intake\n"
        #expect(try bench.refuse(4, "conclave batch new --home ca").output == nothing)
        try bench.ask("alice")
        try bench.draft()
        #expect(try bench.refuse(4, "conclave batch new --home ca").output == nothing)
        #expect(
            try bench.run("conclave batch list --home ca --json").output.withoutTimes.replacing(
                #/[0-9a-f]{64}/#, with: "DIGEST") == """
                    {"number":1,"id":"DIGEST","phase":"gathering","items":1,"issued":0,"approvals":[],"expires":"TIME"}

                    """)
        try bench.approve(1, .olivia, .pierre)
        try bench.sign(1)
        #expect(
            try bench.run("conclave batch list --home ca --json").output.contains(
                "\"phase\":\"closed\",\"items\":1,\"issued\":1,\"approvals\":[\"olivia\",\"pierre\"]"
            ))
    }

    @Test("the manifest in the home is a copy: what counts is in the ledger")
    func manifestIsCopy() throws {
        try bench.ask("alice")
        try bench.draft()
        try bench.run("sed -i s/alice/mallory/ ca/batches/0001.batch")
        try bench.approve(1, .olivia, .pierre)
        try bench.sign(1)
        #expect(
            try bench.certificate("outbox/conclave-0001/certificates/user/*-cert.pub")
                .list("Principals") == ["alice"])
        try bench.run("conclave-verify bundle outbox/conclave-0001")
    }

    @Test("two batches are carried out in either order")
    func twoBatches() throws {
        try bench.ask("alice")
        try bench.draft()
        try bench.ask("bob")
        try bench.draft()
        for number in [2, 1] {
            try bench.approve(number, .olivia, .pierre)
            try bench.sign(number)
        }
        #expect(
            try bench.files(in: "outbox").filter { $0.hasSuffix("-cert.pub") } == [
                "conclave-0001/certificates/user/000001-alice-cert.pub",
                "conclave-0002/certificates/user/000002-bob-cert.pub",
            ])
        try bench.run("conclave ledger verify --home ca")
        for number in 1...2 { try bench.run("conclave-verify bundle outbox/conclave-000\(number)") }
    }

    @Test("a ceremony that is under way keeps others from beginning, and is finished first")
    func oneCeremonyAtATime() throws {
        for (number, name) in [(1, "alice"), (2, "bob")] {
            try bench.ask(name)
            try bench.draft()
            try bench.approve(number, .olivia, .pierre)
        }
        // The token goes away after the ceremony has opened.
        _ = try bench.attempt(
            "LD_PRELOAD=$FAULTS CONCLAVE_FAULT=fdatasync:3:kill \(Workbench.sign) 1 --seal-with officers/quinn"
        )
        let list = try bench.run("conclave batch list --home ca").lines
        try #require(list[0].contains("  open, "), "\(list)")
        let refused = try bench.refuse(3, "\(Workbench.sign) 2 --seal-with officers/quinn")
        #expect(
            refused.errors == """
                conclave: batch 2: the ceremony of batch 1 is not finished (CEREMONY-OPEN)
                  hint: finish it first: conclave sign 1; or, where its token is lost, abandon it: \
                conclave batch abandon 1

                """)
        let resumed = try bench.sign(1)
        #expect(resumed.lines.contains { $0.hasPrefix("resumed     ") })
        try bench.sign(2)
    }
}
