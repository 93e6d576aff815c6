// SPDX-License-Identifier: Apache-2.0
import TestSupport
import Testing

@Suite("What keeps a batch from being signed")
struct QuorumTests {
    private let bench: Workbench

    init() throws {
        bench = try Workbench.founded()
        try bench.ask("alice")
        try bench.draft()
    }

    /// The attempt to sign batch 1, which must be refused and change nothing.
    private func refusedCeremony() throws -> String {
        let before = try bench.run("conclave ledger checkpoint --home ca").output
        let refused = try bench.refuse(3, "\(Workbench.sign) 1 --seal-with officers/quinn")
        #expect(try bench.run("conclave ledger checkpoint --home ca").output == before)
        #expect(try bench.files(in: "outbox") == [])
        return refused.refusal
    }

    @Test("a missing approval, and it says how many there are")
    func missingApproval() throws {
        let item = "item 1 (user certificate 1 of users@example.org for alice)"
        for count in 0..<2 {
            if count == 1 { try bench.approve(1, .olivia) }
            #expect(
                try refusedCeremony() == """
                    conclave: batch 1: \(item) has \(count) of 2 approvals for class "routine" (QUORUM-MISSING)
                      hint: ask another officer to approve the batch

                    """)
        }
        try bench.approve(1, .pierre)
        try bench.sign(1)
    }

    @Test("an approval by the officer whom an item is for, whatever name stands in the request")
    func ownRequest() throws {
        try bench.makeKey("people/olivia")
        try bench.run(
            "conclave request new --authority users@example.org --profile staff --principal olivia "
                + "--requester 'somebody else' --key people/olivia --output spool/olivia.req")
        try bench.draft()
        try bench.approve(2, .olivia, .pierre)
        let refused = try bench.refuse(3, "\(Workbench.sign) 2 --seal-with officers/quinn")
        #expect(
            refused.errors == """
                conclave: batch 2: item 1 (user certificate 2 of users@example.org for olivia) has 1 of 2 approvals for class "routine"; olivia does not count: principal "olivia" is the officer's own account (QUORUM-MISSING)
                  hint: ask another officer to approve the batch

                """)
        try bench.approve(2, .quinn)
        try bench.sign(2)
    }

    @Test("an approval by the officer who asks for another's account, or with an own key")
    func ownInterest() throws {
        try bench.makeKey("people/bob")
        for (number, requester, key) in [
            (2, "olivia <o@example.net>", "people/bob"), (3, "bob", "officers/olivia"),
        ] {
            try bench.run(
                "conclave request new --authority users@example.org --profile staff --principal bob "
                    + "--requester '\(requester)' --key \(key) --output spool/bob-\(number).req")
            try bench.draft()
            try bench.approve(number, .olivia, .pierre)
        }
        let item = "of users@example.org for bob) has 1 of 2 approvals for class \"routine\""
        #expect(
            try bench.refuse(3, "\(Workbench.sign) 2 --seal-with officers/quinn").errors == """
                conclave: batch 2: item 1 (user certificate 2 \(item); olivia does not count: the requester is the officer (QUORUM-MISSING)
                  hint: ask another officer to approve the batch

                """)
        #expect(
            try bench.refuse(3, "\(Workbench.sign) 3 --seal-with officers/quinn").errors == """
                conclave: batch 3: item 1 (user certificate 3 \(item); olivia does not count: the key to be certified is the officer's own (QUORUM-MISSING)
                  hint: ask another officer to approve the batch

                """)
    }

    @Test("a stranger's approval, and a witness's")
    func strangers() throws {
        try bench.makeKey("eve")
        let stranger = try bench.refuse(3, "conclave approve --home ca 1 --key eve")
        #expect(
            stranger.errors == """
                conclave: approval: key \(try bench.fingerprint("eve.pub")) belongs to no officer on the roster (APPROVAL-STRANGER)
                  hint: approve with a key that the roster lists for an officer

                """)
        let witness = try bench.refuse(3, "conclave approve --home ca 1 --key officers/wim")
        #expect(
            witness.errors == """
                conclave: approval: wim is a witness and has no vote (APPROVAL-STRANGER)
                  hint: approve with a key that the roster lists for an officer

                """)
        _ = try refusedCeremony()
    }

    @Test("an approval in another namespace, and one that is no signature")
    func wrongNamespace() throws {
        let other = try bench.refuse(
            3,
            """
            cp ca/batches/0001.batch manifest
            ssh-keygen -q -Y sign -f officers/olivia -n file manifest
            conclave approve --home ca 1 --signature manifest.sig
            """)
        #expect(
            other.errors == """
                conclave: approval: the signature was made for "file", not for "conclave-batch-v1" (APPROVAL-SIGNATURE)
                  hint: sign with: ssh-keygen -Y sign -n conclave-batch-v1

                """)
        let noise = try bench.refuse(3, "conclave approve --home ca 1 --signature policy.yaml")
        #expect(noise.errors.contains("approval: the signature cannot be read: "))
        #expect(noise.errors.contains("(APPROVAL-SIGNATURE)"))
        _ = try refusedCeremony()
    }

    @Test("an approval of another batch, and one of an altered manifest")
    func wrongText() throws {
        try bench.ask("bob")
        try bench.run("conclave intake --home ca --spool spool")
        try bench.run("conclave batch new --home ca --output second.batch")
        let key = try bench.fingerprint("officers/olivia.pub")
        try bench.run("sed 's/alice/mallory/' ca/batches/0001.batch >altered.batch")
        let other = """

            conclave: approval: it is an approval of batch 2 (APPROVAL-SIGNATURE)
              hint: name that batch: conclave approve … 2
            """
        for (name, more) in [("second", other), ("altered", "")] {
            let refused = try bench.refuse(
                3,
                """
                ssh-keygen -q -Y sign -f officers/olivia -n conclave-batch-v1 \(name).batch
                conclave approve --home ca 1 --signature \(name).batch.sig
                """)
            #expect(
                refused.errors == """
                    conclave: approval: the signature by \(key) does not hold over batch 1: signature does not verify (APPROVAL-SIGNATURE)
                      hint: it belongs to another text, or the text was altered\(more)

                    """)
        }
        _ = try refusedCeremony()
    }

    @Test("one rejection with a reason; its requests are free, its serials are burnt")
    func rejection() throws {
        try bench.approve(1, .olivia, .pierre)
        let empty = try bench.refuse(
            3, "conclave reject --home ca 1 --key officers/quinn --reason ''")
        #expect(empty.errors.contains("field \"reason\" has no value (DOC-VALUE)"))
        let stranger = try bench.refuse(
            3, "conclave reject --home ca 1 --key officers/wim --reason 'no'")
        #expect(stranger.errors.contains("(APPROVAL-STRANGER)"))
        let rejected = try bench.run(
            "conclave reject --home ca 1 --key officers/quinn --reason 'alice has left'")
        #expect(rejected.lines.first == "batch 1 is rejected by quinn: alice has left")
        #expect(
            try refusedCeremony() == """
                conclave: batch 1 was rejected by quinn: alice has left (BATCH-REJECTED)
                  hint: draft a new batch

                """)
        let late = try bench.refuse(3, "conclave approve --home ca 1 --key officers/quinn")
        #expect(late.errors == "conclave: batch 1 was rejected (BATCH-REJECTED)\n")
        try bench.refuse(3, "conclave reject --home ca 1 --key officers/olivia --reason 'too'")

        try bench.run("conclave batch new --home ca")
        try bench.approve(2, .olivia, .pierre)
        try bench.sign(2)
        #expect(
            try bench.directory.names(in: "outbox/conclave-0002/certificates/user")
                == ["000002-alice-cert.pub", "000002-alice-cert.tlog-proof"])
    }

    @Test("an unknown batch, and one that was carried out")
    func unknownBatch() throws {
        let unknown = try bench.refuse(3, "conclave approve --home ca 7 --key officers/olivia")
        #expect(
            unknown.errors == """
                conclave: batch "7": it is not one of this home's (BATCH-UNKNOWN)
                  hint: see: conclave batch list

                """)
        try bench.approve(1, .olivia, .pierre)
        try bench.sign(1)
        let late = try bench.refuse(3, "conclave approve --home ca 1 --key officers/quinn")
        #expect(
            late.errors
                == "conclave: batch 1 can no longer be approved: its ceremony has begun (BATCH-CLOSED)\n"
        )
        let never = try bench.refuse(
            3, "conclave reject --home ca 1 --key officers/quinn --reason 'late'")
        #expect(
            never.errors
                == "conclave: batch 1 can no longer be rejected: its ceremony has begun (BATCH-CLOSED)\n"
        )
    }

    @Test("a batch is named by its number or by the beginning of its ID")
    func names() throws {
        let id = try #require(
            try bench.run("conclave batch show --home ca 1").output
                .value(after: "batch        1, "))
        try bench.run("conclave approve --home ca \(id.prefix(8)) --key officers/olivia")
        try bench.refuse(3, "conclave approve --home ca \(id.prefix(7)) --key officers/pierre")
        try bench.run("conclave approve --home ca \(id) --key officers/pierre")
        try bench.run("\(Workbench.sign) \(id.prefix(16)) --seal-with officers/quinn")
    }
}
