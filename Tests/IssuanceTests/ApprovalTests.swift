// SPDX-License-Identifier: Apache-2.0
import Documents
import HomeSupport
import Issuance
import SSHCrypto
import SSHFormats
import Testing

@Suite("Approvals")
struct ApprovalTests {
    private let manifest: BatchManifest
    private let roster: Roster

    init() throws {
        manifest = try SampleBatch.manifest(SampleBatch.revocation(.serials(3...3)))
        roster = try SampleTexts.makeRoster()
    }

    private func faults(_ armored: [UInt8]) throws -> [String]? {
        try violations { try Approval(armored: armored, manifest: manifest, roster: roster) }
    }

    @Test(
        "an officer approves with each of the own keys", arguments: ["olivia", "olivia-spare"])
    func ownKeys(name: String) throws {
        let key = try SoftwareKey(name)
        let armored = try key.seal(manifest.text, namespace: BatchManifest.namespace)
        let approval = try Approval(armored: armored, manifest: manifest, roster: roster)
        #expect(approval.officer == "Olivia Lind")
        #expect(approval.key == key.publicKey)
        #expect(approval.armored == armored)
    }

    @Test("an approval made by ssh-keygen counts, with keys of several kinds")
    func keygen() throws {
        let workshop = try KeygenWorkshop()
        for (name, type) in [("a", ["ed25519"]), ("b", ["ecdsa", "-b", "521"])] {
            let key = try workshop.makeKey(name, type)
            let roster = try SampleTexts.makeRoster(
                replacing: SoftwareKey("quinn").publicKey.line, with: key.line)
            let armored = try workshop.sign(
                manifest.text, with: name, namespace: BatchManifest.namespace)
            let approval = try Approval(armored: armored, manifest: manifest, roster: roster)
            #expect(approval.officer == "Quinn Okafor")
        }
    }

    @Test("a FIDO key approves where it was touched, and not otherwise")
    func touch() throws {
        let token = try SoftwareKey(securityKey: "quinn-token")
        let roster = try SampleTexts.makeRoster(
            replacing: SoftwareKey("quinn").publicKey.line, with: token.publicKey.line)
        let touched = try token.seal(manifest.text, namespace: BatchManifest.namespace)
        #expect(
            try Approval(armored: touched, manifest: manifest, roster: roster).officer
                == "Quinn Okafor")
        let untouched = try token.seal(
            manifest.text, namespace: BatchManifest.namespace, touched: false)
        #expect(
            try violations {
                try Approval(armored: untouched, manifest: manifest, roster: roster)
            } == [
                "the signature by \(token.publicKey.fingerprint) does not hold over batch 1: "
                    + "FIDO token signed without user presence (APPROVAL-SIGNATURE)"
            ])
    }

    @Test("an officer's key behind a certificate is no approval")
    func certificate() throws {
        let officer = try SoftwareKey("olivia")
        let armored = try officer.seal(
            manifest.text, namespace: BatchManifest.namespace,
            certifiedBy: try SoftwareKey("mallory"))
        #expect(
            try faults(armored) == [
                "the signature is made with a certificate for \(officer.publicKey.fingerprint), not "
                    + "with the key itself (APPROVAL-SIGNATURE)"
            ])
    }

    @Test("a witness has no vote")
    func witness() throws {
        let seal = try SoftwareKey("wim").seal(
            manifest.text, namespace: BatchManifest.namespace)
        #expect(
            try faults(seal) == ["Wim Peeters is a witness and has no vote (APPROVAL-STRANGER)"])
    }

    @Test("a stranger's key belongs to no officer")
    func stranger() throws {
        let key = try SoftwareKey("mallory")
        let seal = try key.seal(manifest.text, namespace: BatchManifest.namespace)
        #expect(
            try faults(seal) == [
                "key \(key.publicKey.fingerprint) belongs to no officer on the roster "
                    + "(APPROVAL-STRANGER)"
            ])
    }

    @Test("an approval of another batch, or of this one altered, does not hold")
    func otherBatch() throws {
        let key = try SoftwareKey("olivia")
        let other = BatchManifest(
            header: try SampleBatch.header(number: 2), items: manifest.items)
        for text in [other.text, manifest.text + [0x0A], Array(manifest.text.dropLast())] {
            #expect(
                try faults(key.seal(text, namespace: BatchManifest.namespace)) == [
                    "the signature by \(key.publicKey.fingerprint) does not hold over batch 1: "
                        + "signature does not verify (APPROVAL-SIGNATURE)"
                ])
        }
    }

    @Test(
        "a signature under another namespace is no approval",
        arguments: [
            Rejection.namespace, Genesis.namespace, CertificateRequest.namespace,
            "conclave-bundle-v1", "file", "conclave-batch-v1 ",
        ])
    func namespace(name: String) throws {
        let seal = try SoftwareKey("olivia").seal(manifest.text, namespace: name)
        #expect(
            try faults(seal) == [
                "the signature was made for \"\(name)\", not for \"conclave-batch-v1\" "
                    + "(APPROVAL-SIGNATURE)"
            ])
    }

    @Test("what is no signature is refused")
    func noSignature() throws {
        for bytes in [[], Array("x".utf8), manifest.text] {
            let faults = try faults(bytes)
            #expect(faults?.count == 1)
            #expect(faults?.first?.hasPrefix("the signature cannot be read: ") == true)
            #expect(faults?.first?.hasSuffix("(APPROVAL-SIGNATURE)") == true)
        }
    }
}

@Suite("Rejections")
struct RejectionTests {
    private let manifest: BatchManifest
    private let roster: Roster
    private let text: Rejection.Text

    init() throws {
        manifest = try SampleBatch.manifest(SampleBatch.revocation(.serials(3...3)))
        roster = try SampleTexts.makeRoster()
        text = Rejection.Text(
            genesis: manifest.header.genesis, batch: manifest.id,
            created: try time("2026-11-22T11:00:00Z"), reason: "bob \u{E4}nderte die Stelle")
    }

    private func rejection(
        _ bytes: [UInt8], by name: String = "pavel", namespace: String = Rejection.namespace
    ) throws -> Rejection {
        try Rejection(
            text: bytes, armored: SoftwareKey(name).seal(bytes, namespace: namespace),
            manifest: manifest, roster: roster)
    }

    @Test("an officer's rejection states home, batch, time and reason")
    func sound() throws {
        let rejection = try rejection(text.bytes)
        #expect(rejection.officer == "Pavel Nov\u{E1}k")
        #expect(rejection.text == text)
        #expect(rejection.bytes == text.bytes)
        #expect(
            text.bytes
                == Array(
                    """
                    conclave-rejection: v1
                    genesis: \(manifest.header.genesis.hex)
                    batch: \(manifest.id.hex)
                    created: 2026-11-22T11:00:00Z
                    reason: bob \u{E4}nderte die Stelle

                    """.utf8))
    }

    @Test("a rejection with its fields in another order keeps the bytes that were signed")
    func anyOrder() throws {
        let bytes = Array(
            """
            conclave-rejection: v1
            reason: no
            created: 2026-11-22T11:00:00Z
            batch: \(manifest.id.hex)
            genesis: \(manifest.header.genesis.hex)

            """.utf8)
        let rejection = try rejection(bytes)
        #expect(rejection.bytes == bytes)
        #expect(rejection.text.bytes != bytes)
        #expect(rejection.text.reason == "no")
    }

    @Test("a rejection of another batch or of another home is refused, both at once")
    func otherBatch() throws {
        let other = Rejection.Text(
            genesis: manifest.id, batch: manifest.header.genesis, created: text.created,
            reason: "x")
        #expect(
            try violations { try rejection(other.bytes) } == [
                "the rejection names home \(manifest.id.hex), not "
                    + "\(manifest.header.genesis.hex) (REJECTION-TEXT)",
                "the rejection names batch \(manifest.header.genesis.hex), not "
                    + "\(manifest.id.hex) (REJECTION-TEXT)",
            ])
    }

    @Test("a rejection by a witness or a stranger is refused", arguments: ["wim", "mallory"])
    func strangers(name: String) throws {
        #expect(
            try violations { try rejection(text.bytes, by: name) } == [
                "key \(try SoftwareKey(name).publicKey.fingerprint) belongs to no officer on the "
                    + "roster (APPROVAL-STRANGER)"
            ])
    }

    @Test("an approval's purpose is no rejection's")
    func namespace() throws {
        #expect(
            try violations { try rejection(text.bytes, namespace: BatchManifest.namespace) } == [
                "the signature was made for \"conclave-batch-v1\", not for "
                    + "\"conclave-rejection-v1\" (APPROVAL-SIGNATURE)"
            ])
    }

    @Test("the signature is over this text")
    func altered() throws {
        let seal = try SoftwareKey("pavel").seal(text.bytes, namespace: Rejection.namespace)
        let other = Rejection.Text(
            genesis: text.genesis, batch: text.batch, created: text.created, reason: "other")
        #expect(
            try violations {
                try Rejection(
                    text: other.bytes, armored: seal, manifest: manifest, roster: roster)
            } == [
                "the signature by \(try SoftwareKey("pavel").publicKey.fingerprint) does not hold "
                    + "over the rejection: signature does not verify (APPROVAL-SIGNATURE)"
            ])
    }

    @Test("a rejection has a reason, one part and nothing else")
    func form() throws {
        let whole = String(decoding: text.bytes, as: UTF8.self)
        func faults(_ text: String) throws -> [String]? {
            try violations { try Rejection.Text(parsing: Array(text.utf8)) }
        }
        let lines = whole.split(separator: "\n").dropLast().joined(separator: "\n") + "\n"
        #expect(try faults(lines) == ["line 1: field \"reason\" is missing (DOC-MISSING)"])
        #expect(
            try faults(lines + "reason: \n")
                == ["line 5: field \"reason\" has no value (DOC-VALUE)"])
        #expect(try faults(whole + "\nx: y\n") == ["a rejection has one part (REJECTION-TEXT)"])
        #expect(
            try faults(whole + "x: y\n")
                == ["line 6: field \"x\" is not known here (DOC-FIELD)"])
    }
}
