// SPDX-License-Identifier: Apache-2.0
import PIVCardSupport
import TestSupport
import Testing

@Suite("A ceremony with a CA key in a PIV card")
struct CardCeremonyTests {
    private static let name = "token \"YubiKey PIV #12345678\" (serial \"12345678\")"
    private static let sign =
        "conclave sign --home ca 1 --module $MODULE --outbox outbox --seal-with officers/quinn "
        + "--pin-fd 3 3<pins"

    /// A home whose key for users is in slot 9c of a card, and that for hosts in a module's token.
    private func found(
        _ settings: PIVCardSettings = PIVCardSettings(), kind: String = "ecdsa-p384"
    ) throws -> CardTable {
        let table = try CardTable([settings])
        let bench = table.bench
        var plan = HomePlan()
        let digest = try bench.run(
            "openssl x509 -in $ROOT -noout -pubkey | openssl pkey -pubin -outform DER | sha256sum"
        ).output.prefix(64)
        plan.tokens =
            "{attestation: where-given, roots: [\(digest)], pin-policies: [], touch-policies: []}"
        try bench.directory.write("policy.yaml", plan.policy)
        try bench.makeToken("demo")
        try bench.makeAuthorityKey("ed25519", "hosts")
        try table.generate(
            "users", kind: kind, "--slot 9c --policy policy.yaml --root $ROOT")
        try bench.draftHomeOfKeys(plan)
        for officer in plan.officers {
            try bench.run("conclave init --home ca \(officer.key) >founded")
        }
        try bench.run(
            "mkdir ca/attestation; cp $ROOT ca/attestation/root.pem; cat card-pin pin >pins")
        return table
    }

    /// Requests, a batch of them, and its approvals.
    private func prepare(_ table: CardTable) throws {
        try table.bench.ask("alice")
        try table.bench.ask("bob")
        try table.bench.askForHost("web1")
        try table.bench.draft()
        try table.bench.approve(1, .olivia, .pierre)
    }

    @Test(
        "ends in certificates and a bundle that hold, with the attestation in ledger and report",
        arguments: [("5.4.3", "ecdsa-p384"), ("5.7.1", "ed25519"), ("5.4.3", "rsa-2048")])
    func ceremony(firmware: String, kind: String) throws {
        let table = try found(PIVCardSettings(firmware: firmware), kind: kind)
        let bench = table.bench
        try prepare(table)
        let signed = try bench.run(Self.sign)
        #expect(signed.lines.contains("token       \(Self.name)"), "\(signed.output)")
        #expect(signed.output.contains("signed      3 certificates, each verified and recorded"))
        #expect(
            signed.lines.contains(
                "anchor      \(Self.name) was given no checkpoint: \(Self.name) wants its management key "
                    + "for this, and none was given"), "\(signed.output)")
        let identity = try #require(
            try bench.text("founded").value(after: "identity:    "))
        try bench.run("conclave-verify bundle outbox/conclave-0001 --genesis \(identity)")
        try bench.run("conclave ledger verify --home ca")
        let user = try bench.certificate(
            "outbox/conclave-0001/certificates/user/000001-alice-cert.pub")
        let authority = try bench.fingerprint("users.pub")
        #expect(user["Signing CA"]?.contains(authority) == true, "\(user)")
        let stated = "slot=9c firmware=\(firmware) serial=12345678"
        #expect(
            try bench.run("grep -rl '\(stated)' outbox/conclave-0001").output.contains("report"))
        #expect(
            try bench.run("conclave token list --home ca").output.contains(
                "CA key of users@example.org"))
        let doctor = try bench.attempt(
            "conclave token doctor --token piv: --home ca --without-pin")
        #expect(
            doctor.lines.contains(
                "ok    home: it holds the CA key of users@example.org (\(authority))"))
    }

    @Test("a card that was given the management key keeps the checkpoint, and stops an older home")
    func anchor() throws {
        let table = try found()
        let bench = table.bench
        try prepare(table)
        try bench.run("cp -a ca image; echo 00 >wrong")
        let wrong = try bench.refuse(1, "\(Self.sign) --management-key-fd 4 4<wrong")
        #expect(wrong.errors.contains("(TOKEN-PIN-UNAVAILABLE)"), "\(wrong.errors)")
        let signed = try bench.run("\(Self.sign) --management-key-fd 4 4<management-key")
        let checkpoint = try bench.run("conclave ledger checkpoint --home ca").output
        let size = checkpoint.split(separator: "\n")[1]
        #expect(
            signed.lines.contains(
                "anchor      \(Self.name) keeps the checkpoint of \(size) entries"),
            "\(signed.output)")
        // Read with the maker's own tool, and without a secret.
        try bench.run(
            "yubico-piv-tool -r Yubi -a read-object --id 0x5fca00 --format binary -o object")
        let identity = try #require(try bench.text("founded").value(after: "identity:    "))
        #expect(try bench.text("object") == "conclave \(identity)\n\(checkpoint)epoch 0\n")
        #expect(!signed.all.contains(CardTable.managementKey))
        let files = try bench.run(
            "grep -rliF -e \"$(cat management-key)\" . | grep -v '^./management-key$' || :")
        #expect(files.output == "")

        try bench.run("rm -rf ca && cp -a image ca; mkdir elsewhere")
        let refused = try bench.refuse(
            2, Self.sign.replacing("--outbox outbox", with: "--outbox elsewhere"))
        #expect(
            refused.errors.contains(
                "and \(Self.name) is of \(size): the home is older than what it has handed out"),
            "\(refused.errors)")
        #expect(refused.errors.contains("(ANCHOR-AHEAD)"))
        #expect(try bench.files(in: "elsewhere") == [])
    }

    @Test("a card that is taken out stops it, and the same command goes on with it")
    func removal() throws {
        let table = try found()
        try prepare(table)
        try table.card.fault("vanish-before ins 87 nth 2")
        let stopped = try table.bench.refuse(1, Self.sign)
        #expect(stopped.errors.contains("(TOKEN-REMOVED)"), "\(stopped.errors)")
        // The service looks for cards now and then: it must have missed this one.
        try table.bench.run(
            """
            for _ in $(seq 200); do
                conclave token doctor --token piv: | grep -q 'CCID 00 00": empty' && exit
                sleep 0.05
            done
            exit 1
            """)
        try table.card.insert()
        try table.readers.awaitSeen(table.card)
        let signed = try table.bench.run(Self.sign)
        #expect(signed.output.contains("resumed     "))
        try table.bench.run("conclave-verify bundle outbox/conclave-0001")
    }

    @Test("another card is named and gets no PIN; the right one without the key neither")
    func otherCard() throws {
        let table = try found()
        try prepare(table)
        try table.card.send("serial 87654321")
        let other = try table.refuseWithoutTry(Self.sign)
        #expect(other.errors.contains("serial \"87654321\""), "\(other.errors)")
        #expect(other.errors.contains("no PIN went to it"), "\(other.errors)")
        #expect(other.errors.contains("(TOKEN-WRONG)"), "\(other.errors)")
        try table.card.send("serial 12345678")
        // A key is made over the one of the authority, by other means.
        try table.bench.run("yubico-piv-tool -r Yubi -a generate -s 9c -A ECCP256 >/dev/null")
        let emptied = try table.refuseWithoutTry(Self.sign)
        #expect(
            emptied.errors.hasPrefix(
                "conclave: \(Self.name) holds none of the keys that are wanted ("),
            "\(emptied.errors)")
        #expect(emptied.errors.contains("(TOKEN-WRONG)\n  hint: insert the right token; no PIN"))
        #expect(try table.bench.files(in: "outbox") == [])
    }

    @Test(
        "an attestation that leads to no pinned root opens no ceremony, and the root brought does")
    func unproven() throws {
        let table = try found()
        try prepare(table)
        try table.bench.run("mv ca/attestation/root.pem root.kept")
        let refused = try table.bench.refuse(3, Self.sign)
        #expect(
            refused.errors.contains("the attestation leads to no root that is pinned"),
            "\(refused.errors)")
        #expect(refused.errors.contains("(TOKEN-ATTESTATION)"), "\(refused.errors)")
        try table.bench.run("echo hello >ca/attestation/note.txt")
        let strange = try table.bench.refuse(3, Self.sign)
        #expect(
            strange.errors.contains(
                "note.txt: the file holds no certificate (TOKEN-ATTESTATION)"),
            "\(strange.errors)")
        #expect(try table.bench.files(in: "outbox") == [])
        try table.bench.run("mv root.kept ca/attestation/root.pem; rm ca/attestation/note.txt")
        let signed = try table.bench.run(Self.sign)
        #expect(signed.output.contains("signed      3 certificates, each verified and recorded"))
    }

    @Test("a card that signs wrongly makes no certificate")
    func wrongSignature() throws {
        let table = try found()
        try prepare(table)
        try table.card.quirk("signature", "wrong")
        let wrong = try table.bench.refuse(1, Self.sign)
        #expect(wrong.errors.contains("(TOKEN-SIGNATURE-WRONG)"), "\(wrong.errors)")
        #expect(try table.bench.files(in: "outbox") == [])
        try table.card.quirk("signature", "honest")
        try table.bench.run(Self.sign)
        try table.bench.run("conclave-verify bundle outbox/conclave-0001")
    }

    @Test("an officer whose key is in a card signs genesis, approval and rejection with it")
    func officer() throws {
        let table = try CardTable()
        let bench = table.bench
        try bench.makeToken("demo")
        try bench.makeAuthorityKey("ecdsa-p256", "users")
        try bench.makeAuthorityKey("ed25519", "hosts")
        try table.generate("olivia-card", "--slot 9a")
        try bench.run("mv olivia-card.pub officers/olivia-card.pub")
        var plan = HomePlan()
        plan.officers = [Officer(name: "olivia", spares: ["olivia-card"]), .pierre, .quinn]
        try bench.draftHomeOfKeys(plan)
        let card =
            "--token piv:serial=12345678 --token-key officers/olivia-card.pub --pin-fd 3 3<card-pin"
        #expect(
            try bench.run("conclave init --home ca \(card)").lines.contains("signed by olivia"))
        for officer in [Officer.pierre, .quinn] {
            try bench.run("conclave init --home ca \(officer.key)")
        }
        try bench.ask("alice")
        try bench.draft()
        let approved = try bench.run("conclave approve --home ca 1 \(card)")
        #expect(approved.lines.contains("approved by olivia"))
        let rejected = try bench.run("conclave reject --home ca 1 --reason 'bob has left' \(card)")
        #expect(rejected.lines.contains("batch 1 is rejected by olivia: bob has left"))
    }
}
