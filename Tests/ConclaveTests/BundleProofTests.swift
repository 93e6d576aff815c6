// SPDX-License-Identifier: Apache-2.0
import TestSupport
import Testing

@Suite("Proofs in a bundle, and for who has a single certificate")
struct BundleProofTests {
    private let bench: Workbench
    private static let certificate = "certificates/user/000001-alice-cert.pub"

    init() throws {
        bench = try Workbench.founded()
        try bench.ask("alice")
        try bench.holdCeremony(1)
        try bench.ask("bob")
        try bench.holdCeremony(2)
        try bench.run(
            """
            cp outbox/conclave-0001/\(Self.certificate) alice-cert.pub
            cp outbox/conclave-0001/certificates/user/000001-alice-cert.tlog-proof .
            mv 000001-alice-cert.tlog-proof alice-cert.tlog-proof
            cp outbox/conclave-0001/audit/checkpoint.txt checkpoint
            """)
    }

    @Test("a later bundle is proven to be of the ledger of the one before, grown")
    func previous() throws {
        let alone = try bench.run("conclave-verify bundle outbox/conclave-0002")
        #expect(alone.output.contains("not proven: that the "))
        for previous in ["outbox/conclave-0001", "checkpoint"] {
            let told = try bench.run(
                "conclave-verify bundle outbox/conclave-0002 --previous \(previous)")
            #expect(told.output.contains("ok    the ledger is that of \(previous), "))
            #expect(!told.output.contains("not proven: that the "))
        }
        try bench.run(
            "cmp outbox/conclave-0001/audit/checkpoint.txt outbox/conclave-0002/audit/previous.txt")
        let backwards = try bench.refuse(
            2, "conclave-verify bundle outbox/conclave-0001 --previous outbox/conclave-0002")
        #expect(backwards.output.contains("FAIL  outbox/conclave-0002: the checkpoint is of "))
        // Another history: one letter of the root that was kept.
        let forked = try bench.refuse(
            2,
            """
            letter=$(sed -n 3p checkpoint | cut -c1 | tr 'A-Za-z0-9+/' 'B-ZAb-za1-90/+')
            sed "3s|.|$letter|" checkpoint >forked
            conclave-verify bundle outbox/conclave-0002 --previous forked
            """)
        #expect(
            forked.output.contains(
                "FAIL  forked: the ledger of this bundle is not that one, grown"),
            "\(forked.all)")
        let nothing = try bench.refuse(
            1, "conclave-verify bundle outbox/conclave-0002 --previous nowhere")
        #expect(nothing.errors == "conclave-verify: open \"nowhere\": No such file or directory\n")
        let strange = try bench.refuse(
            2, "conclave-verify bundle outbox/conclave-0002 --previous outbox")
        #expect(
            strange.errors
                == "conclave-verify: outbox: it has no audit/checkpoint.txt (VERIFY-CHECKPOINT)\n")
    }

    @Test("one certificate, its proof and a checkpoint are enough")
    func single() throws {
        let genesis = try String(bench.text("checkpoint").dropFirst(16).prefix(64))
        let told = try bench.run(
            "conclave-verify proof alice-cert.pub --checkpoint checkpoint --genesis \(genesis)")
        #expect(told.output.contains("issued it, as item 1 of batch "))
        #expect(told.lines.last?.hasPrefix("proven: entry ") == true)
        let alone = try bench.run("conclave-verify proof alice-cert.pub")
        #expect(alone.output.contains("WARN  nothing vouches for the checkpoint in the proof"))
        #expect(alone.lines.last?.hasPrefix("proven as far as the proof goes: entry ") == true)
        let json = try bench.run("conclave-verify proof --json alice-cert.pub").output
        #expect(json.contains("\"proven\": true"), "\(json)")
        // To a newer checkpoint, too.
        try bench.run(
            """
            newer=outbox/conclave-0002/audit/checkpoint.txt
            conclave ledger prove --home ca --authority users@example.org --serial 1 >newer.tlog-proof
            conclave-verify proof alice-cert.pub --proof newer.tlog-proof --checkpoint $newer
            """)
    }

    @Test("another certificate, another checkpoint, another home, or no proof is refused")
    func refused() throws {
        func refusal(_ arguments: String) throws -> String {
            let refused = try bench.refuse(2, "conclave-verify proof \(arguments)")
            #expect(refused.lines.last == "NOT PROVEN: 1 fault")
            return refused.output
        }
        let other = "outbox/conclave-0002/certificates/user/000002-bob-cert.pub"
        #expect(
            try refusal("\(other) --proof alice-cert.tlog-proof").contains(
                "which did not issue this certificate (PROOF-HOLDS)"))
        #expect(
            try refusal("alice-cert.pub --checkpoint outbox/conclave-0002/audit/checkpoint.txt")
                .contains(" makes a proof for that checkpoint (PROOF-HOLDS)"))
        #expect(
            try refusal("alice-cert.pub --genesis \(String(repeating: "0", count: 64))")
                .contains("(VERIFY-HOME)"))
        #expect(try refusal("people/alice.pub --proof alice-cert.tlog-proof").contains("FAIL  "))
        #expect(try refusal("alice-cert.pub --proof checkpoint").contains("(PROOF-FORM)"))
        try bench.run("sed 2d alice-cert.tlog-proof >plain")
        #expect(
            try refusal("alice-cert.pub --proof plain").contains(
                "the proof does not carry its entry (PROOF-FORM)"))
        _ = try bench.refuse(1, "conclave-verify proof people/alice.pub")
        _ = try bench.refuse(64, "conclave-verify proof checkpoint")
    }
}
