// SPDX-License-Identifier: Apache-2.0
import TestSupport
import Testing

@Suite("The ways to approve")
struct ApprovalTests {
    @Test("a key file, a key in an agent and plain ssh-keygen approve")
    func filesAndAgents() throws {
        let bench = try Workbench.founded(HomePlan(thresholds: "{routine: 2}"))
        try bench.ask("alice")
        try bench.draft()
        let file = try bench.run("conclave approve --home ca 1 --key officers/olivia")
        #expect(file.lines.contains("approved by olivia"))
        #expect(file.lines.contains("quorum       reached for 0 of 1 item"))

        let agent = try bench.startAgent()
        try bench.run("\(agent) ssh-add -q officers/pierre && rm officers/pierre")
        let lent = try bench.run("\(agent) conclave approve --home ca 1 --key officers/pierre.pub")
        #expect(lent.lines.contains("approved by pierre"))
        #expect(lent.lines.contains("quorum       reached for every item"))

        let plain = try bench.run(
            """
            cp ca/batches/0001.batch elsewhere.batch
            ssh-keygen -q -Y sign -f officers/quinn -n conclave-batch-v1 elsewhere.batch
            conclave approve --home ca 1 --signature elsewhere.batch.sig
            """)
        #expect(plain.lines.contains("approved by quinn"))
        try bench.sign(1)
    }

    @Test("a key with an end approves and seals before it, and nothing afterwards")
    func endingKey() throws {
        let end = try Subprocess.run("/bin/date", ["-u", "-d", "+2 days", "+%FT%TZ"])
        let until = String(try #require(end.output.split(separator: "\n").first))
        let quinn = Officer(name: "quinn", until: until)
        let bench = try Workbench.founded(HomePlan(officers: [.olivia, .pierre, quinn]))
        try bench.ask("alice")
        try bench.draft()
        try bench.approve(1, .olivia, quinn)
        try bench.sign(1)
        try bench.run(
            """
            conclave ledger export --home ca export --sign-with officers/quinn
            conclave-verify ledger export && conclave-verify bundle outbox/conclave-0001
            \(ExportedHome.python) export
            """)
        try bench.ask("bob")
        try bench.draft()
        try bench.approve(2, .olivia, .pierre)
        let later = "export LD_PRELOAD=$CLOCK CONCLAVE_CLOCK=\(3 * 86_400)"
        for line in [
            "conclave approve --home ca 2 \(quinn.key)",
            "conclave reject --home ca 2 \(quinn.key) --reason late",
            "\(Workbench.sign) 2 \(quinn.seal)",
            "conclave ledger export --home ca later --sign-with officers/quinn",
        ] {
            let refused = try bench.refuse(3, "\(later); \(line)")
            #expect(
                refused.errors.contains(" of quinn ended \(until); it is ")
                    && refused.errors.contains("(ROSTER-KEY-ENDED)\n  hint: "), "\(refused.errors)")
        }
        let radar = try bench.run("\(later); conclave radar --home ca")
        #expect(radar.output.contains("keys on the roster that end\n"), "\(radar.output)")
        try bench.run("\(later); \(Workbench.sign) 2 \(Officer.olivia.seal)")
    }

    @Test("FIDO keys of both kinds approve, found the home, and seal the bundle")
    func securityKeys() throws {
        let officers = [
            Officer(name: "olivia", kind: "-t ed25519-sk"),
            Officer(name: "pierre", kind: "-t ecdsa-sk"),
            Officer(name: "quinn", kind: "-t ed25519-sk"),
        ]
        let bench = try Workbench.founded(HomePlan(officers: officers))
        try bench.ask("alice")
        try bench.draft()
        for officer in officers.prefix(2) {
            let done = try bench.run("conclave approve --home ca 1 \(officer.key)")
            #expect(done.lines.contains("approved by \(officer.name)"))
        }
        try bench.run("\(Workbench.sign) 1 \(officers[2].seal)")
    }

    @Test("a FIDO signature that nobody touched the key for is refused")
    func untouchedSecurityKey() throws {
        let olivia = Officer(name: "olivia", kind: "-t ed25519-sk")
        let bench = try Workbench.founded(HomePlan(officers: [olivia, .pierre, .quinn]))
        try bench.ask("alice")
        try bench.draft()
        let refused = try bench.refuse(
            3, "CONCLAVE_TEST_SK_FLAGS=0x00 conclave approve --home ca 1 \(olivia.key)")
        let key = try bench.fingerprint("officers/olivia.pub")
        #expect(
            refused.errors.hasSuffix(
                """
                conclave: approval: the signature by \(key) does not hold over batch 1: FIDO token signed without user presence (APPROVAL-SIGNATURE)
                  hint: touch the key when it asks

                """))
    }

    @Test(
        "a key on a PKCS#11 token approves", arguments: ["ecdsa-p256", "rsa-3072", "ed25519"])
    func tokenKey(kind: String) throws {
        let bench = try Workbench()
        try bench.makeToken("demo")
        try bench.makeToken("olivia")
        try bench.run(
            "conclave token generate --module $MODULE --token pkcs11:token=olivia --kind \(kind) "
                + "--label olivia --output officers/olivia-token --pin-fd 3 3<pin")
        let olivia = Officer(name: "olivia", spares: ["olivia-token"])
        try bench.found(HomePlan(officers: [olivia, .pierre, .quinn]))
        try bench.ask("alice")
        try bench.draft()
        let approve =
            "conclave approve --home ca 1 --module $MODULE --token pkcs11:token=olivia "
            + "--token-key officers/olivia-token.pub --pin-fd 3"
        let wrong = try bench.refuse(1, "echo 0000 >wrong; \(approve) 3<wrong")
        #expect(wrong.errors.contains("the PIN is incorrect, fewer tries left than at first"))
        #expect(try bench.run("\(approve) 3<pin").lines.contains("approved by olivia"))
        try bench.approve(1, .pierre)
        try bench.sign(1)
        let report = try bench.text("outbox/conclave-0001/report.txt")
        #expect(
            report.contains("olivia, \(try bench.fingerprint("officers/olivia-token.pub"))"))
    }

    @Test("an officer's second key is no second officer")
    func secondKey() throws {
        let olivia = Officer(name: "olivia", spares: ["olivia-spare"])
        let bench = try Workbench()
        try bench.makeToken("demo")
        try bench.makeKey("officers/olivia-spare")
        try bench.found(HomePlan(officers: [olivia, .pierre, .quinn]))
        try bench.ask("alice")
        try bench.draft()
        try bench.approve(1, .olivia)
        let twice = try bench.refuse(
            3, "conclave approve --home ca 1 --key officers/olivia-spare")
        #expect(
            twice.errors == """
                conclave: approval: olivia has approved batch 1 already (APPROVAL-TWICE)
                  hint: persons are counted, not keys; another officer must approve

                """)
        try bench.refuse(3, "\(Workbench.sign) 1 --seal-with officers/quinn")
    }
}
