// SPDX-License-Identifier: Apache-2.0
import Ceremony
import Documents
import HomeSupport
import Issuance
import Ledger
import SSHCrypto
import SSHFormats
import Testing

@Suite("Drafting a batch")
struct BatchDraftTests {
    private let alice: SoftwareKey
    private let web1: SoftwareKey
    private var ledger: MemoryLedger
    private let user: CertificateRequest
    private let host: CertificateRequest

    init() throws {
        alice = try SoftwareKey("alice")
        web1 = try SoftwareKey("web1")
        ledger = try MemoryLedger()
        user = try ledger.admit(.user(alice), for: alice)
        host = try ledger.admit(.host(web1), for: web1)
    }

    private func told(_ draft: BatchDraft) -> [[String]] {
        draft.leftOut.map { $0.violations.map { "\($0)" } }
    }

    private func issued(_ manifest: BatchManifest) -> [IssueItem] {
        manifest.items.compactMap { if case .issue(let item) = $0 { item } else { nil } }
    }

    @Test("a draft fixes serials, nonces, times and keys")
    func fields() throws {
        let draft = try ledger.drafted(.init(requests: [user, host]))
        #expect(draft.leftOut.isEmpty)
        let items = issued(draft.manifest)
        #expect(items.map(\.fields.serial) == [1, 1])
        #expect(items.map(\.fields.nonce) == [1, 2].map { [UInt8](repeating: $0, count: 32) })
        #expect(
            items.map(\.fields.signatureKey) == [
                try SoftwareKey("users-ca").publicKey, try SoftwareKey("hosts-ca").publicKey,
            ])
        let header = draft.manifest.header
        #expect(header.genesis == ledger.state.id)
        #expect(header.number == 1)
        #expect(header.ledgerSize == 3)
        #expect(header.ledgerRoot == ledger.state.root)
        #expect(header.governingHead == ledger.entries[0].digest)
        #expect(header.roster == ledger.state.roster.digest)
        #expect(header.policy == ledger.state.policy.digest)
        #expect(header.created == (try time("2026-11-22T10:00:00Z")))
        #expect(header.expires == (try time("2026-11-29T10:00:00Z")))
        #expect(header.tool == "conclave test")
    }

    @Test("the same order on the same state drafts the same bytes")
    func deterministic() throws {
        let order = BatchDraft.Order(requests: [user, host])
        #expect(try ledger.drafted(order).manifest.text == ledger.drafted(order).manifest.text)
    }

    @Test("what the policy no longer admits is left out with its reasons, and takes no serial")
    func leftOut() throws {
        var ledger = ledger
        let bad = try ledger.admit(.user(alice, principal: "root", nonce: 8), for: alice)
        let bob = try SoftwareKey("bob")
        let good = try ledger.admit(.user(bob, principal: "bob", nonce: 9), for: bob)
        let draft = try ledger.drafted(.init(requests: [bad, good]))
        #expect(draft.leftOut.map(\.request) == [bad])
        #expect(
            told(draft) == [
                [
                    "principal \"root\" is not allowed by profile \"staff\": alice, bob, olivia "
                        + "(POLICY-PRINCIPAL)"
                ]
            ])
        #expect(issued(draft.manifest).map(\.fields.serial) == [1])
    }

    @Test("a batch of nothing is refused")
    func empty() throws {
        #expect(
            try violations { try ledger.drafted(.init()) }
                == ["there is nothing to put into a batch (BATCH-EMPTY)"])
    }

    @Test("a batch in which nothing can go tells why")
    func allLeftOut() throws {
        var ledger = ledger
        let bad = try ledger.admit(.user(alice, principal: "root", nonce: 8), for: alice)
        #expect(
            try violations { try ledger.drafted(.init(requests: [bad])) } == [
                "there is nothing to put into a batch (BATCH-EMPTY)",
                "principal \"root\" is not allowed by profile \"staff\": alice, bob, olivia "
                    + "(POLICY-PRINCIPAL)",
            ])
    }

    @Test("a request is answered once, in one batch")
    func once() throws {
        let draft = try ledger.drafted(.init(requests: [user, user]))
        #expect(issued(draft.manifest).count == 1)
        #expect(told(draft) == [["request \(user.id.hex) is answered once (REQUEST-REPLAY)"]])
        var ledger = ledger
        try ledger.draft(.init(requests: [user]))
        #expect(
            try told(ledger.drafted(.init(requests: [user, host])))
                == [["request \(user.id.hex) is in batch 1 already (REQUEST-REPLAY)"]])
        #expect(
            try told(
                ledger.drafted(.init(requests: [user, host]), at: "2026-11-29T10:00:00Z")) == [])
    }

    @Test("a request that was never admitted is not answered")
    func notAdmitted() throws {
        let other = try RequestDraft.user(alice, nonce: 8).request(signedBy: alice)
        #expect(
            try told(ledger.drafted(.init(requests: [other, user])))
                == [["request \(other.id.hex) was not admitted (RECORD)"]])
    }

    @Test("the requests of a rejected batch are free, and those of a batch carried out are not")
    func pending() throws {
        var rejected = ledger
        try rejected.reject(rejected.draft(.init(requests: [user])), by: "olivia")
        let now = try time("2026-11-22T12:00:00Z")
        #expect(rejected.state.pendingRequests(at: now).map(\.request) == [user, host])
        var closed = ledger
        try closed.complete(closed.draft(.init(requests: [user])))
        #expect(closed.state.pendingRequests(at: now).map(\.request) == [host])
        let years = try time("2036-11-22T12:00:00Z")
        #expect(closed.state.pendingRequests(at: years).map(\.request) == [host])
    }

    @Test("a tree that is not that of the entries stops the drafting")
    func otherRoot() throws {
        let root = SHA256Digest(hashing: [1])
        #expect(
            try violations {
                try BatchDraft(
                    .init(requests: [user]), state: ledger.state,
                    circumstances: .init(
                        time: time("2026-11-22T10:00:00Z"), ledgerRoot: root, tool: "t"),
                    nonce: { [UInt8](repeating: 1, count: 32) })
            } == [
                "the ledger's tree has the root \(root.hex), its entries have "
                    + "\(ledger.state.root.hex) (RECORD)"
            ])
    }

    @Test("a nonce that is not random bytes enough leaves the request out")
    func shortNonce() throws {
        #expect(
            try violations {
                try BatchDraft(
                    .init(requests: [user]), state: ledger.state,
                    circumstances: .init(
                        time: time("2026-11-22T10:00:00Z"), ledgerRoot: ledger.state.root,
                        tool: "t"), nonce: { [UInt8](repeating: 1, count: 16) })
            }?.last == "nonce has 16 bytes, not 32 (BATCH-LINT)")
    }

    // MARK: - Revocations

    private func revoke(
        _ target: RevokeItem.Target, authority: String = "users@example.org",
        reason: String = "laptop lost"
    ) -> BatchDraft.Order {
        .init(revocations: [
            RevokeItem(
                authority: authority, target: target, riskClass: "revocation", reason: reason)
        ])
    }

    @Test("serials up to the last that was given can be revoked")
    func serials() throws {
        var ledger = ledger
        #expect(
            try violations { try ledger.drafted(revoke(.serials(1...1))) } == [
                "serial 1 of users@example.org was never given; the next is 1 (REVOCATION-TARGET)"
            ])
        try ledger.draft(.init(requests: [user]))
        #expect(try violations { try ledger.drafted(revoke(.serials(1...1))) } == nil)
        for range: ClosedRange<UInt64> in [2...2, 1...2, 1...UInt64.max] {
            #expect(
                try violations { try ledger.drafted(revoke(.serials(range))) } == [
                    "serial \(range.upperBound) of users@example.org was never given; the next is "
                        + "2 (REVOCATION-TARGET)"
                ])
        }
    }

    @Test("a key ID can be revoked that a certificate of the authority has")
    func keyIDs() throws {
        var ledger = ledger
        try ledger.draft(.init(requests: [user]))
        let told = [
            "no certificate of users@example.org has the key ID \"Alice_Adams/staff/1\" "
                + "(REVOCATION-TARGET)"
        ]
        let target = RevokeItem.Target.keyID("Alice_Adams/staff/1")
        #expect(try violations { try ledger.drafted(revoke(target)) } == told)
        try ledger.complete(#require(ledger.state.batch(number: 1)).manifest)
        #expect(
            try violations { try ledger.drafted(revoke(target), at: "2026-11-22T12:00:00Z") } == nil
        )
        #expect(
            try violations {
                try ledger.drafted(
                    revoke(target, authority: "hosts@example.org"), at: "2026-11-22T12:00:00Z")
            }?.count == 1)
    }

    @Test("any key can be revoked but a CA's")
    func keys() throws {
        #expect(
            try violations {
                try ledger.drafted(revoke(.key(SoftwareKey("mallory").publicKey)))
            } == nil)
        let authority = try SoftwareKey("hosts-ca").publicKey
        #expect(
            try violations { try ledger.drafted(revoke(.key(authority))) } == [
                "key \(authority.fingerprint) is a CA key; retiring one takes more than a "
                    + "revocation (REVOCATION-TARGET)"
            ])
    }

    @Test("every revocation that cannot be is told, and nothing is drafted")
    func badRevocations() throws {
        let order = BatchDraft.Order(
            requests: [user],
            revocations: ["users@example.org", "guests@example.org"].map {
                RevokeItem(
                    authority: $0, target: .serials(9...9), riskClass: "revocation", reason: "x")
            })
        #expect(
            try violations { try ledger.drafted(order) } == [
                "serial 9 of users@example.org was never given; the next is 1 (REVOCATION-TARGET)",
                "authority \"guests@example.org\" is not one of this home's (POLICY-AUTHORITY)",
            ])
    }

    @Test(
        "a reason that the manifest could not hold is refused before anything is recorded",
        arguments: ["", " ", " x", "x ", "a\nb", "a\u{7}b", "a\u{202E}b", "a\u{A0}b"])
    func badReason(reason: String) throws {
        let target = RevokeItem.Target.key(try SoftwareKey("mallory").publicKey)
        #expect(
            try violations { try ledger.drafted(revoke(target, reason: reason)) } != nil)
    }

    @Test("a reason may be in any script")
    func goodReason() throws {
        let target = RevokeItem.Target.key(try SoftwareKey("mallory").publicKey)
        let manifest = try ledger.drafted(
            revoke(target, reason: "\u{738B}: \u{FC}bel \\ \"x\"")
        ).manifest
        let item = try #require(manifest.items.first?.revoking)
        #expect(item.reason == "\u{738B}: \u{FC}bel \\ \"x\"")
    }

    @Test("a batch that revokes carries the list of all that is revoked, and no other batch does")
    func list() throws {
        #expect(try ledger.drafted(.init(requests: [user])).manifest.items.count == 1)
        let mallory = try SoftwareKey("mallory").publicKey
        let manifest = try ledger.drafted(revoke(.key(mallory))).manifest
        let item = try #require(manifest.items.last?.listing)
        #expect(manifest.items.count == 2)
        #expect(item.version == 1)
        #expect(item.riskClass == "revocation")
        let list = try RevocationList(parsing: item.bytes)
        #expect(list.keys == [mallory])
        #expect(list.generated == manifest.header.created.seconds)
    }
}
