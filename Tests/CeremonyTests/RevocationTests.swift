// SPDX-License-Identifier: Apache-2.0
import Ceremony
import Documents
import HomeSupport
import Issuance
import Ledger
import SSHCrypto
import SSHFormats
import Testing

@Suite("Revocations and their lists")
struct RevocationTests {
    private let alice: SoftwareKey
    private var ledger: MemoryLedger

    /// Alice has certificate 1, web1 has certificate 1 of its own authority.
    init() throws {
        alice = try SoftwareKey("alice")
        let web1 = try SoftwareKey("web1")
        ledger = try MemoryLedger(keys: [
            "users-ca users@example.org", "hosts-ca hosts@example.org",
            "users-ca-2 users@example.org",
        ])
        try ledger.admit(.user(alice), for: alice)
        try ledger.admit(.host(web1), for: web1)
        try ledger.complete(ledger.draftPending())
    }

    private static let noon = "2026-11-22T12:00:00Z"

    private func order(
        _ targets: RevokeItem.Target..., authority: String = "users@example.org"
    ) -> BatchDraft.Order {
        .init(
            revocations: targets.map {
                RevokeItem(
                    authority: authority, target: $0, riskClass: "revocation", reason: "lost")
            })
    }

    @Test("a home begins with an empty list, version 0")
    func beginning() throws {
        let list = try RevocationList(parsing: ledger.state.revocations.list)
        #expect(list.isEmpty)
        #expect(list.version == 0)
        #expect(ledger.state.revocations.version == 0)
    }

    @Test("what is revoked counts once the ceremony has ended, and not before")
    func effect() throws {
        var ledger = ledger
        let fields = try #require(ledger.issued.first).fields
        func reason(_ ledger: MemoryLedger) -> String? {
            ledger.state.revocations.reason(authority: "users@example.org", fields: fields)
                .map { "\($0.target.text) \($0.batch)" }
        }
        let manifest = try ledger.draft(order(.serials(1...1)), at: Self.noon)
        try ledger.approve(manifest, by: "quinn", at: Self.noon)
        try ledger.open(manifest)
        #expect(reason(ledger) == nil)
        try ledger.carryOut(manifest)
        #expect(reason(ledger) == "serial 1 2")
        #expect(ledger.state.revocations.version == 1)
        let list = try RevocationList(parsing: ledger.state.revocations.list)
        #expect(list.version == 1)
    }

    @Test("serials and key IDs are an authority's, a key is revoked for all")
    func scope() throws {
        let fields = try #require(ledger.issued.first).fields
        func revoked(_ target: RevokeItem.Target, _ authority: String) throws -> Bool {
            var ledger = ledger
            try ledger.complete(
                ledger.draft(order(target, authority: authority), at: Self.noon), at: Self.noon)
            return ledger.state.revocations.reason(
                authority: "users@example.org", fields: fields) != nil
        }
        #expect(try revoked(.serials(1...1), "users@example.org"))
        #expect(try !revoked(.serials(1...1), "hosts@example.org"))
        #expect(try revoked(.keyID("Alice_Adams/staff/1"), "users@example.org"))
        #expect(try !revoked(.keyID("web1.example.org/1"), "hosts@example.org"))
        #expect(try revoked(.key(alice.publicKey), "users@example.org"))
        #expect(try revoked(.key(alice.publicKey), "hosts@example.org"))
    }

    @Test("a list names the serials and key IDs under every CA key of their authority")
    func everyAuthorityKey() throws {
        let manifest = try ledger.drafted(
            order(.serials(1...1), .keyID("Alice_Adams/staff/1")), at: Self.noon
        ).manifest
        let item = try #require(manifest.items.last?.listing)
        let list = try RevocationList(parsing: item.bytes)
        #expect(
            Set(list.authorities.compactMap(\.key)) == [
                try SoftwareKey("users-ca").publicKey, try SoftwareKey("users-ca-2").publicKey,
            ])
        #expect(list.authorities.allSatisfy { $0.serials.contains(1) && !$0.serials.contains(2) })
        #expect(list.authorities.allSatisfy { $0.keyIDs == ["Alice_Adams/staff/1"] })
    }

    @Test("each list holds what the ones before held, under the next version")
    func growing() throws {
        var ledger = ledger
        let bob = try SoftwareKey("bob").publicKey
        try ledger.complete(ledger.draft(order(.serials(1...1)), at: Self.noon), at: Self.noon)
        try ledger.complete(ledger.draft(order(.key(bob)), at: Self.noon), at: Self.noon)
        let list = try RevocationList(parsing: ledger.state.revocations.list)
        #expect(list.version == 2)
        #expect(list.keys == [bob])
        #expect(list.authorities.count == 2)
        #expect(ledger.state.revocations.items.map(\.batch) == [2, 3])
    }

    @Test("a revoked key is certified no more")
    func certifiedNoMore() throws {
        var ledger = ledger
        try ledger.complete(
            ledger.draft(order(.key(alice.publicKey)), at: Self.noon), at: Self.noon)
        let request = try ledger.admit(.user(alice, nonce: 5), for: alice, at: Self.noon)
        #expect(
            try violations { try ledger.drafted(.init(requests: [request]), at: Self.noon) }?.last
                == "key \(alice.publicKey.fingerprint) was revoked (KEY-REVOKED)")
    }

    // MARK: - The list in the replay

    private func listFaults(
        _ ledger: MemoryLedger, version: UInt64, _ bytes: [UInt8], of manifest: BatchManifest
    ) throws -> [String]? {
        var ledger = ledger
        return try violations {
            try ledger.append(
                RevocationListRecord(batch: manifest.id, version: version, list: bytes).draft,
                at: time(Self.noon))
        }
    }

    @Test("a list is released within its ceremony, once, as it was approved")
    func released() throws {
        var ledger = ledger
        let manifest = try ledger.draft(order(.serials(1...1)), at: Self.noon)
        let item = try #require(manifest.items.last?.listing)
        #expect(
            try listFaults(ledger, version: 1, item.bytes, of: manifest)
                == ["entry 13: revocation list outside a ceremony (RECORD)"])
        try ledger.approve(manifest, by: "quinn", at: Self.noon)
        try ledger.open(manifest)
        #expect(
            try listFaults(ledger, version: 1, item.bytes + [0], of: manifest)
                == ["entry 15: the revocation list is not the approved one (RECORD)"])
        for version: UInt64 in [0, 2, .max] {
            #expect(
                try listFaults(ledger, version: version, item.bytes, of: manifest) == [
                    "entry 15: revocation list version \(version) does not follow version 0 "
                        + "(RECORD)"
                ])
        }
        try ledger.append(
            RevocationListRecord(batch: manifest.id, version: 1, list: item.bytes).draft,
            at: time(Self.noon))
        #expect(
            try listFaults(ledger, version: 1, item.bytes, of: manifest) == [
                "entry 16: revocation list version 1 does not follow version 1 (RECORD)"
            ])
        let other = try #require(ledger.state.batch(number: 1)).manifest
        #expect(
            try listFaults(ledger, version: 2, item.bytes, of: other)
                == ["entry 16: revocation list outside a ceremony (RECORD)"])
    }

    @Test("a ceremony does not end before its list is released")
    func unreleased() throws {
        var ledger = ledger
        let manifest = try ledger.draft(order(.serials(1...1)), at: Self.noon)
        try ledger.approve(manifest, by: "quinn", at: Self.noon)
        try ledger.open(manifest)
        #expect(
            try violations {
                try ledger.append(ledger.closing(of: manifest).draft, at: time(Self.noon))
            } == ["entry 15: the ceremony ended before its revocation list was released (RECORD)"])
    }

    @Test("the list that an entry names is kept")
    func missingList() throws {
        var ledger = ledger
        let manifest = try ledger.draft(order(.serials(1...1)), at: Self.noon)
        try ledger.approve(manifest, by: "quinn", at: Self.noon)
        try ledger.open(manifest)
        let item = try #require(manifest.items.last?.listing)
        #expect(
            try violations {
                try ledger.append(
                    RevocationListRecord(batch: manifest.id, version: 1, list: item.bytes).draft,
                    at: time(Self.noon), without: item.digest)
            } == ["the revocation list \(item.digest.hex) is not in the ledger (RECORD)"])
    }
}

@Suite("The state's digest")
struct StateDigestTests {
    @Test("requests that wait, serials, batches, revocations and lists are in the digest")
    func parts() throws {
        var ledger = try MemoryLedger()
        let alice = try SoftwareKey("alice")
        var digests = [ledger.state.digest]
        try ledger.admit(.user(alice), for: alice)
        digests.append(ledger.state.digest)
        let manifest = try ledger.draftPending()
        digests.append(ledger.state.digest)
        try ledger.complete(manifest)
        digests.append(ledger.state.digest)
        let noon = "2026-11-22T12:00:00Z"
        let revocation = try ledger.draft(
            .init(revocations: [
                RevokeItem(
                    authority: "users@example.org", target: .serials(1...1),
                    riskClass: "revocation", reason: "x")
            ]), at: noon)
        digests.append(ledger.state.digest)
        try ledger.complete(revocation, at: noon)
        digests.append(ledger.state.digest)
        #expect(Set(digests).count == 6)
    }

    @Test("homes with another policy, roster or CA key have other digests")
    func homes() throws {
        let digests = try [
            MemoryLedger(),
            MemoryLedger(
                policy: SampleTexts.replace("90d", with: "91d", in: SampleTexts.policy)),
            MemoryLedger(
                roster: SampleTexts.replace("Wim", with: "Wilma", in: SampleTexts.roster())),
            MemoryLedger(keys: ["users-ca-2 users@example.org", "hosts-ca hosts@example.org"]),
        ].map(\.state.digest)
        #expect(Set(digests).count == digests.count)
    }

    @Test("the digest that a ceremony will end with is told before it ends")
    func closing() throws {
        var ledger = try MemoryLedger()
        let alice = try SoftwareKey("alice")
        try ledger.admit(.user(alice), for: alice)
        let manifest = try ledger.draftPending()
        try ledger.approve(manifest, by: "pavel", "quinn")
        try ledger.open(manifest)
        try ledger.sign(1, of: manifest)
        let open = try #require(ledger.state.batch(manifest.id))
        let told = ledger.state.closingRecords(of: open, at: ledger.state.lastTime)
        try ledger.carryOut(manifest)
        let batch = try #require(ledger.state.batch(manifest.id))
        #expect(batch.closed?.record.state == ledger.state.digest)
        #expect(told.map(\.state) == [ledger.state.digest])
    }
}
