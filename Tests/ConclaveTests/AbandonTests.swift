// SPDX-License-Identifier: Apache-2.0
import TestSupport
import Testing

@Suite("A token that dies in a ceremony")
struct AbandonTests {
    private let bench: Workbench
    private let finished: Int

    /// A ceremony of 70 certificates, killed after the first 64; the token is gone then.
    init() throws {
        bench = try Workbench.foundedWithSpare()
        try bench.askMany(70)
        try bench.draft()
        try bench.approve(1, .olivia, .pierre)
        finished = try bench.interrupt(1)
        try #require(finished == 64)
        try bench.takeAway("demo")
    }

    private let seal = Officer.quinn.seal

    /// The quorum decides to abandon batch 1 by batch 2.
    private func decide() throws {
        try bench.run("conclave batch abandon --home ca 1 --reason 'the token is dead'")
        try bench.approve(2, .olivia, .pierre)
    }

    /// The abandonment is carried out, without a token.
    @discardableResult
    private func abandon() throws -> Finished {
        try bench.run("conclave sign --home ca 2 --outbox outbox \(seal)")
    }

    private func verified(_ bundle: String) throws -> [String] {
        try bench.run("conclave-verify bundle outbox/\(bundle)").lines
    }

    @Test("what was finished is handed out, the rest is revoked and signed anew by the spare key")
    func wholeStory() throws {
        try decide()
        let signed = try abandon()
        #expect(
            signed.lines.filter { $0.hasPrefix("bundle") } == [
                "bundle      outbox/conclave-0001", "bundle      outbox/conclave-0002",
            ])
        #expect(signed.lines.contains("abandoned   batch 1, with 64 certificates issued"))

        // The finished part.
        let issued = try bench.files(in: "outbox/conclave-0001").filter {
            $0.hasPrefix("certificates/user/") && $0.hasSuffix(".pub")
        }
        #expect(issued.count == 64)
        #expect(issued.last == "certificates/user/000064-alice-cert.pub")
        for file in ["conclave-0001", "conclave-0002"] {
            let lines = try verified(file)
            #expect(lines.last?.hasPrefix("sound") == true, "\(lines)")
        }
        #expect(
            try verified("conclave-0001").contains(
                "ok    batch 1 was ended by the quorum of batch 2, olivia and pierre: "
                    + "64 certificates issued, users@example.org 65-70 given up and revoked"))
        #expect(
            try verified("conclave-0002").contains(
                "ok    the ceremony of batch 1 ended as the manifest says, with 64 certificates"))

        // The rest: revoked under both keys, whichever may have signed.
        let listed = try bench.run(
            "ssh-keygen -Q -l -f outbox/conclave-0001/trust/revoked_keys.krl"
        ).lines
        for key in ["users.pub", "users-spare.pub"] {
            let fingerprint = try bench.fingerprint(key)
            let place = listed.firstIndex {
                $0.hasPrefix("# CA key ") && $0.hasSuffix(" \(fingerprint)")
            }
            #expect(place.map { listed[$0 + 1] } == "serial: 65-70", "\(listed)")
        }
        try bench.run(
            "cmp outbox/conclave-0001/trust/revoked_keys.krl outbox/conclave-0002/trust/revoked_keys.krl"
        )

        // And drafted anew, without a word about keys.
        let drafted = try bench.run("conclave batch new --home ca").lines
        let spare = try bench.fingerprint("users-spare.pub")
        let first = try bench.fingerprint("users.pub")
        #expect(drafted.contains { $0.contains("signs with \(spare), pkcs11:token=spare") })
        #expect(
            drafted.contains(
                "             \(first) is set aside: its last ceremony was abandoned"), "\(drafted)"
        )
        #expect(drafted.contains("batch 3 is frozen: 6 items"))
        try bench.approve(3, .olivia, .pierre)
        try bench.sign(3)
        for serial in 71...76 {
            let listing = try bench.certificate(
                "outbox/conclave-0003/certificates/user/0000\(serial)-alice-cert.pub")
            #expect(listing["Serial"] == String(serial))
            #expect(listing["Signing CA"]?.split(separator: " ")[1] == Substring(spare))
            #expect(listing.list("Principals") == ["alice"])
        }
        #expect(try verified("conclave-0003").last?.hasPrefix("sound") == true)
        let audit = try bench.run("conclave ledger verify --home ca").output
        #expect(audit.contains("70 certificates, 3 checkpoints"), "\(audit)")
    }

    @Test("both verifiers find the export of its ledger sound, and see how its end was altered")
    func exported() throws {
        try decide()
        try abandon()
        try bench.checkExport(
            bundles: ["conclave-0001", "conclave-0002"],
            holding: "abandoned: users@example.org 65-70")
        // Both bundles begin with the same entry; the second goes on to its own end.
        let told = try bench.run(
            "conclave-verify bundle outbox/conclave-0002 --previous outbox/conclave-0001"
        ).output
        #expect(told.contains("ok    the ledger is that of outbox/conclave-0001, "))
        for (field, other) in [
            ("abandoned: users@example.org 65-70", "abandoned: users@example.org 65-69"),
            ("certificates: 64", "certificates: 63"), ("abandoned-by: ", "abandoned-by: 0"),
        ] {
            try bench.refuseExport("sed -i 's/^\(field)/\(other)/'")
        }
    }

    @Test("a token that comes back never signs what was given up")
    func comesBack() throws {
        try decide()
        try abandon()
        try bench.putBack("demo")
        let refused = try bench.refuse(3, "\(Workbench.sign) 1 \(seal)")
        #expect(
            refused.errors == """
                conclave: batch 1 was abandoned by batch 2 ("the token is dead"); users@example.org \
                65-70 can never be signed (BATCH-ABANDONED)
                  hint: its unfinished requests are free for another batch

                """)
        let again = try bench.refuse(3, "conclave batch abandon --home ca 1 --reason again")
        #expect(
            again.errors
                == "conclave: batch 1 was abandoned already (ABANDON-TARGET)\n")
        let decided = try bench.refuse(
            3, "conclave sign --home ca 2 --outbox outbox \(seal)")
        #expect(
            decided.errors.hasPrefix("conclave: batch 2 was carried out already (BATCH-CLOSED)"))

        // Once it signs again, the key is no longer set aside.
        try bench.run("conclave batch new --home ca --limit 3 --key users.pub")
        try bench.approve(3, .olivia, .pierre)
        try bench.sign(3)
        let drafted = try bench.run("conclave batch new --home ca").output
        #expect(drafted.contains("signs with \(try bench.fingerprint("users.pub"))"), "\(drafted)")
    }

    @Test("a ceremony that could go on after all is not abandoned")
    func goesOn() throws {
        try decide()
        let twice = try bench.refuse(3, "conclave batch abandon --home ca 1 --reason again")
        #expect(
            twice.errors == """
                conclave: batch 1: batch 2 is there to abandon batch 1 already (ABANDON-TARGET)
                  hint: approve it: conclave approve 2; or reject it first

                """)
        try bench.putBack("demo")
        try bench.sign(1)
        let refused = try bench.refuse(3, "conclave sign --home ca 2 --outbox outbox \(seal)")
        #expect(
            refused.errors.contains("item 1: batch 1 was carried out already (ABANDON-TARGET)"),
            "\(refused.errors)")
        #expect(try bench.issued(1) == 70)
        try bench.run("conclave-verify bundle outbox/conclave-0001")
    }

    @Test("the decision takes the quorum of the batch that it ends, and so does no other ceremony")
    func quorum() throws {
        try bench.run("conclave batch abandon --home ca 1 --reason 'the token is dead'")
        try bench.approve(2, .olivia)
        let short = try bench.refuse(3, "conclave sign --home ca 2 --outbox outbox \(seal)")
        #expect(
            short.errors == """
                conclave: batch 2: item 1 (abandon batch 1 after 64 certificates, without \
                users@example.org 65-70) has 1 of 2 approvals for class "routine" (QUORUM-MISSING)
                  hint: ask another officer to approve the batch
                conclave: batch 2: items 2-3 have 1 of 2 approvals for class "elevated" \
                (QUORUM-MISSING)
                  hint: ask another officer to approve the batch

                """)
        try bench.ask("bob")
        try bench.draft()
        try bench.approve(3, .olivia, .pierre)
        let other = try bench.refuse(3, "\(Workbench.sign) 3 \(seal)")
        #expect(
            other.errors == """
                conclave: batch 3: the ceremony of batch 1 is not finished (CEREMONY-OPEN)
                  hint: finish it first: conclave sign 1; or, where its token is lost, abandon it: \
                conclave batch abandon 1

                """)
    }

    @Test("trace tells of what was issued before, and of what never was")
    func trace() throws {
        try decide()
        try abandon()
        try bench.run("conclave batch new --home ca")
        let before = try bench.run("conclave trace --home ca 3").lines
        #expect(
            before.contains {
                $0.hasPrefix("  ceremony     opened ") && $0.contains(", abandoned ")
            })
        let never = try bench.run("conclave trace --home ca 'users@example.org 66'").lines
        #expect(never.first == "user certificate 66 of users@example.org, never issued")
        for line in [
            "    decided by batch 2: \"the token is dead\"", "  drafted anew in batch 3",
            "  revoked      yes, by batch 2: serials 65-70",
            "    signature  the token was told to sign it; what it made was never recorded",
        ] { #expect(never.contains(line), "\(never)") }
        // A signature that nobody saw, and with which somebody tried to log in.
        let key = try bench.fingerprint("users.pub")
        let logged =
            "error: Authentication key ED25519-CERT ID alice/staff/66 (serial 66) CA ECDSA \(key)"
        #expect(try bench.run("conclave trace --home ca '\(logged)'").lines == never)
        try bench.refuse(
            3, "conclave trace --home ca '\(logged.replacing("serial 66", with: "serial 64"))'")
        let listed = try bench.run("conclave batch list --home ca").lines
        #expect(listed[0].contains("  abandoned, 70 items"), "\(listed)")
        #expect(listed[1].contains("  closed, 3 items"), "\(listed)")
    }
}
