// SPDX-License-Identifier: Apache-2.0
import Configuration
import Documents
import Issuance
import Ledger
import SSHCrypto
import SSHFormats
import TestSupport
import Testing
import Token
import TokenEvidence

@Suite("The examples of the format pages")
struct FormatExampleTests {
    @Test("the text on the page of conventions keeps to them")
    func conventions() throws {
        let block = try #require(try Page("Docs/Formats/Conventions.md").blocks.first)
        let document = try Document(parsing: block.bytes, kind: "example")
        #expect(document.blocks.count == 3)
        #expect(document.sections.allSatisfy { $0.fields.map(\.name) == ["item", "digest"] })
    }

    @Test(
        "a request on its page is signed by the key that it asks for",
        arguments: [("alice.req", CertificateKind.user), ("web1.req", .host)])
    func request(name: String, kind: CertificateKind) throws {
        let request = try CertificateRequest(file: Page.example(name))
        #expect(request.kind == kind)
        #expect((request.renewableUntil != nil) == (kind == .host))
    }

    @Test("a request on its page no longer holds after one word is changed")
    func requestAltered() throws {
        let text = String(decoding: try Page.example("alice.req"), as: UTF8.self)
        let altered = text.replacing("principal: alice", with: "principal: bob")
        #expect(altered != text)
        let violations = try #require(throws: Violations.self) {
            _ = try CertificateRequest(file: Array(altered.utf8))
        }
        #expect(violations.all.map(\.rule) == [.requestPossession])
    }

    @Test("the policy in YAML compiles to the text above it")
    func policy() throws {
        let text = try Page.example("audit/policy.txt")
        _ = try Policy(text: text)
        let compiled = try PolicyFile.compile(Page.example("policy.yaml"), name: "policy.yaml")
        #expect(compiled.text == text)
    }

    @Test("the roster in YAML compiles to the text above it")
    func roster() throws {
        let text = try Page.example("audit/roster.txt")
        _ = try Roster(text: text)
        let compiled = try RosterFile.compile(Page.example("roster.yaml"), name: "roster.yaml")
        #expect(compiled.text == text)
    }

    @Test("the page of the policy states the ceilings that are compiled in")
    func ceilings() throws {
        let text = try Page("Docs/Formats/Policy.md").text
        for line in [
            "gathered; at most \(Policy.Ceiling.batchLifetime.text) |",
            "refused at intake; at most \(Policy.Ceiling.requestAge.text) |",
            "at most \(Policy.Ceiling.userValidity.text) for users,"
                + " \(Policy.Ceiling.hostValidity.text) for hosts |",
            "begins to be valid; at most \(Policy.Ceiling.backdate.text) |",
            "| \(Policy.Ceiling.minimumRSABits) to 16384 |",
        ] {
            #expect(text.contains(line), "\(line)")
        }
    }

    @Test("the genesis fits policy and roster, and is signed by every officer")
    func genesis() throws {
        let genesis = try Genesis(text: Page.example("audit/genesis.txt"))
        let roster = try Roster(text: Page.example("audit/roster.txt"))
        try genesis.check(policy: Policy(text: Page.example("audit/policy.txt")), roster: roster)
        let signatures = try (1...3).map { try Page.example("audit/genesis-\($0).sig") }
        #expect(try genesis.missingOfficers(signatures: signatures, roster: roster) == [])
    }

    @Test("the CA key on its page names its key, its token, its module and ten claims")
    func tokenKey() throws {
        let document = try Document(parsing: Page.example("users.token"), kind: "token-key")
        var reader = BlockReader(document.header)
        let keyField = reader.required("public-key")
        let tokenField = reader.required("token")
        let key = try PublicKey(line: #require(keyField).value)
        let token = try TokenURI(text: #require(tokenField).value).text
        _ = reader.required("module")
        #expect(reader.repeated("claim").count == ModuleClaims().attributes.count)
        _ = reader.optional("firmware")
        #expect(reader.finish() == [])
        let genesis = try Genesis(text: Page.example("audit/genesis.txt"))
        #expect(genesis.keys.contains { $0.publicKey == key && $0.token == token })
    }

    @Test("from the batch on its page every byte to be signed can be rebuilt")
    func batch() throws {
        let manifest = try BatchManifest(text: Page.example("audit/batch.txt"))
        var rebuilt = 0
        for case .issue(let item) in manifest.items {
            #expect(try item.rebuild().digest == item.toBeSigned)
            rebuilt += 1
        }
        #expect(rebuilt == 2)
    }

    @Test("the batch that revokes carries a list that revokes it, and is approved")
    func revocation() throws {
        let manifest = try BatchManifest(text: Page.example("second/audit/batch.txt"))
        var lists: [RevocationList] = []
        for case .revocationList(let item) in manifest.items {
            lists.append(try RevocationList(parsing: item.bytes))
            #expect(lists.last?.version == item.version)
        }
        #expect(lists.count == 1)
        #expect(lists.first?.authorities.first?.serials.contains(1) == true)
        let roster = try Roster(text: Page.example("audit/roster.txt"))
        let approval = try Approval(
            armored: Page.example("second/audit/approval-1.sig"), manifest: manifest,
            roster: roster)
        let decision = QuorumDecision(
            manifest: manifest, approvals: [approval], roster: roster)
        #expect(decision.isReached)
    }

    @Test("the approvals on their page reach the quorum of the batch on its page")
    func approvals() throws {
        let manifest = try BatchManifest(text: Page.example("audit/batch.txt"))
        let roster = try Roster(text: Page.example("audit/roster.txt"))
        let approvals = try (1...2).map {
            try Approval(
                armored: Page.example("audit/approval-\($0).sig"), manifest: manifest,
                roster: roster)
        }
        let decision = QuorumDecision(manifest: manifest, approvals: approvals, roster: roster)
        #expect(decision.isReached)
        let one = QuorumDecision(
            manifest: manifest, approvals: Array(approvals.prefix(1)), roster: roster)
        #expect(!one.isReached)
    }

    @Test("the rejection on its page is signed by an officer and names the batch")
    func rejection() throws {
        let manifest = try BatchManifest(text: Page.example("audit/batch.txt"))
        let rejection = try Rejection(
            text: Page.example("rejection.txt"), armored: Page.example("rejection.txt.sig"),
            manifest: manifest, roster: Roster(text: Page.example("audit/roster.txt")))
        #expect(rejection.text.genesis == manifest.header.genesis)
    }

    @Test("the sums of the bundle name the texts on the other pages")
    func bundle() throws {
        let sums = String(decoding: try Page.example("SHA256SUMS"), as: UTF8.self)
            .split(separator: "\n")
        var compared = 0
        var examples = try Page.examples()
        // The pages show entry by entry what stands in one file here.
        let entries = examples.filter { $0.key.hasPrefix("entries/") }.sorted { $0.key < $1.key }
        let file = try #require(EntryFile(first: 0, last: UInt64(entries.count) - 1))
        examples[file.path] = entries.flatMap(\.value)
        for line in sums {
            guard let bytes = examples[String(line.dropFirst(66))] else { continue }
            #expect(line.prefix(64) == SHA256Digest(hashing: bytes).hex, "\(line)")
            compared += 1
        }
        #expect(sums.contains { $0.hasSuffix(file.path) })
        #expect(compared > 10)
        let signature = try SSHSIG(armored: Page.example("SHA256SUMS.sig"))
        try signature.verify(
            message: Page.example("SHA256SUMS"), namespace: "conclave-bundle-v1")
        let roster = try Roster(text: Page.example("audit/roster.txt"))
        #expect(roster.person(holding: signature.publicKey) != nil)
    }
}
