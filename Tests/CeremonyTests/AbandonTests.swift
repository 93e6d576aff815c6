// SPDX-License-Identifier: Apache-2.0
import Ceremony
import Documents
import HomeSupport
import Issuance
import Ledger
import SSHCrypto
import SSHFormats
import Testing

@Suite("Abandoned ceremonies")
struct AbandonTests {
    private var ledger: MemoryLedger
    private let manifest: BatchManifest

    /// Alice, Bob and web1 in one batch: Alice's certificate is recorded, Bob's intended, web1's not.
    init() throws {
        ledger = try MemoryLedger(keys: [
            "users-ca users@example.org", "hosts-ca hosts@example.org",
            "users-ca-2 users@example.org",
        ])
        for (name, nonce) in [("alice", UInt8(1)), ("bob", 2)] {
            let key = try SoftwareKey(name)
            try ledger.admit(.user(key, principal: name, nonce: nonce), for: key)
        }
        let web1 = try SoftwareKey("web1")
        try ledger.admit(.host(web1), for: web1)
        manifest = try ledger.draftPending()
        try ledger.approve(manifest, by: "pavel", "quinn")
        try ledger.open(manifest)
        try ledger.sign(1, of: manifest)
        let (number, bob) = try #require(ledger.state.batch(manifest.id)?.remaining.first)
        try ledger.append(
            MemoryLedger.intent(manifest, number, bob).draft, at: time(Self.noon))
    }

    private static let noon = "2026-11-22T12:00:00Z"

    /// The abandonment, approved by two.
    private func decided() throws -> (ledger: MemoryLedger, decision: BatchManifest) {
        var ledger = ledger
        let decision = try ledger.abandon(manifest)
        try ledger.approve(decision, by: "pavel", "quinn", at: Self.noon)
        return (ledger, decision)
    }

    /// The abandonment, carried out.
    private func abandoned() throws -> (ledger: MemoryLedger, decision: BatchManifest) {
        var (ledger, decision) = try decided()
        try ledger.open(decision)
        try ledger.carryOut(decision)
        return (ledger, decision)
    }

    private func faults(_ ledger: MemoryLedger, _ draft: EntryDraft) throws -> [String]? {
        var ledger = ledger
        return try violations { try ledger.append(draft, at: time(Self.noon)) }
    }

    private func issue(_ number: UInt64) throws -> EntryDraft {
        let item = try #require(manifest.items[Int(number) - 1].issuing)
        return try MemoryLedger.issued(manifest, number, item).draft
    }

    // MARK: - The draft

    @Test("it names what is left, revokes that, and is of the strictest class")
    func draft() throws {
        let (_, decision) = try decided()
        let item = try #require(decision.abandonment)
        #expect(item.number == 1 && item.manifest == manifest.id && item.issued == 1)
        #expect(item.abandoned.map(\.text) == ["users@example.org 2", "hosts@example.org 1"])
        #expect(item.riskClass == "routine")
        #expect(
            decision.items.compactMap(\.revoking).map {
                "\($0.authority) \($0.target.text), \($0.riskClass): \($0.reason)"
            } == [
                "users@example.org serial 2, revocation: batch 1 was abandoned: the token is dead",
                "hosts@example.org serial 1, revocation: batch 1 was abandoned: the token is dead",
            ])
        let list = try RevocationList(
            parsing: try #require(decision.items.last?.listing).bytes)
        #expect(list.version == 1)
        // Both keys of the users' authority: whichever may have signed.
        #expect(list.authorities.count == 3)
    }

    @Test("only a ceremony that is under way, and has something left to sign, is abandoned")
    func target() throws {
        func told(
            _ ledger: MemoryLedger, _ batch: BatchManifest, at time: String = Self.noon
        ) throws -> [String]? {
            var ledger = ledger
            return try violations { try ledger.abandon(batch, at: time) }
        }
        #expect(try told(ledger, manifest) == nil)
        let (after, decision) = try abandoned()
        #expect(
            try told(after, manifest) == ["batch 1 was abandoned already (ABANDON-TARGET)"])
        #expect(
            try told(after, decision) == ["batch 2 was carried out already (ABANDON-TARGET)"])
        var done = ledger
        try done.sign(2, of: manifest)
        #expect(
            try told(done, manifest) == ["every certificate of batch 1 is signed (ABANDON-TARGET)"])
        var other = ledger
        let carol = try SoftwareKey("carol")
        try other.admit(.user(carol, nonce: 9), for: carol, at: Self.noon)
        let gathering = try other.draftPending(at: Self.noon)
        #expect(
            try told(other, gathering)
                == ["the ceremony of batch 2 has not begun (ABANDON-TARGET)"])
        #expect(
            try told(other, gathering, at: "2026-11-29T12:00:00Z") == [
                "the ceremony of batch 2 never began: the batch expired (ABANDON-TARGET)"
            ])
        var rejected = other
        try rejected.reject(gathering, by: "olivia", at: Self.noon)
        #expect(
            try told(rejected, gathering) == [
                "the ceremony of batch 2 never began: the batch was rejected (ABANDON-TARGET)"
            ])
    }

    // MARK: - The gate

    @Test("it takes the quorum of its classes, and no CA key")
    func gate() throws {
        var short = ledger
        let first = try short.abandon(manifest)
        try short.approve(first, by: "pavel", at: Self.noon)
        #expect(
            try violations { try short.gate(first, at: Self.noon) } == [
                "item 1 (abandon batch 1 after 1 certificates, without users@example.org 2, "
                    + "hosts@example.org 1) has 1 of 2 approvals for class \"routine\" "
                    + "(QUORUM-MISSING)"
            ])
        let (ledger, decision) = try decided()
        let gate = try ledger.gate(decision, at: Self.noon)
        #expect(gate.signatureKeys.isEmpty && gate.orders.isEmpty)
    }

    @Test("it is overtaken when the ceremony goes on")
    func overtaken() throws {
        var (ledger, decision) = try decided()
        try ledger.append(issue(2), at: time(Self.noon))
        let told = [
            "item 1: batch 1 has 2 certificates now, 1 when it was to be abandoned "
                + "(BATCH-OVERTAKEN)"
        ]
        #expect(try violations { try ledger.gate(decision, at: Self.noon) } == told)
        #expect(try faults(ledger, ledger.opening(of: decision).draft) == told)
        try ledger.carryOut(manifest)
        #expect(
            try violations { try ledger.gate(decision, at: Self.noon) } == [
                "item 1: batch 1 was carried out already (ABANDON-TARGET)"
            ])
    }

    @Test("another ceremony still has to wait")
    func otherCeremony() throws {
        var (ledger, decision) = try decided()
        let carol = try SoftwareKey("carol")
        try ledger.admit(.user(carol, nonce: 9), for: carol, at: Self.noon)
        let other = try ledger.draftPending(at: Self.noon)
        try ledger.approve(other, by: "pavel", "quinn", at: Self.noon)
        #expect(
            try violations { try ledger.gate(other, at: Self.noon) }
                == ["the ceremony of batch 1 is not finished (CEREMONY-OPEN)"])
        try ledger.open(decision)
        #expect(
            try violations { try ledger.gate(other, at: Self.noon) }
                == ["the ceremony of batch 1 is not finished (CEREMONY-OPEN)"])
        try ledger.carryOut(decision)
        #expect(try ledger.gate(other, at: Self.noon).orders.count == 1)
    }

    @Test(
        "a manifest that says another class, reason or less is not carried out",
        arguments: [
            ("class: routine", "class: revocation", "is not the strictest of batch 1"),
            (
                "abandoned: the token is dead", "abandoned: x",
                "is not what is given up, for this reason"
            ),
        ])
    func forged(old: String, new: String, told: String) throws {
        var ledger = ledger
        let (_, decision) = try decided()
        let text = SampleTexts.replace(
            old, with: new, in: String(decoding: decision.text, as: UTF8.self))
        let forged = try BatchManifest(text: Array(text.utf8))
        try ledger.append(BatchRecord(forged).draft, at: time(Self.noon))
        try ledger.approve(forged, by: "pavel", "quinn", at: Self.noon)
        let found = try violations { try ledger.gate(forged, at: Self.noon) }
        #expect(found?.contains { $0.contains(told) && $0.hasSuffix("(BATCH-DERIVED)") } == true)
    }

    @Test("a draft that does not revoke all that it gives up never reaches the ledger")
    func lessRevoked() throws {
        let (_, decision) = try decided()
        let items = decision.items.filter { $0.revoking?.authority != "hosts@example.org" }
        let forged = BatchManifest(header: decision.header, items: items)
        #expect(
            try faults(ledger, BatchRecord(forged).draft) == [
                "entry 11: item 1: the batch does not revoke the serials that it gives up, and them "
                    + "alone (RECORD)"
            ])
    }

    // MARK: - The end

    @Test("the ceremony ends in part, and what is left waits for another batch")
    func end() throws {
        let (ledger, decision) = try abandoned()
        let state = ledger.state
        let now = try time(Self.noon)
        let batch = try #require(state.batch(manifest.id))
        #expect(batch.phase(at: now) == .abandoned)
        #expect(batch.issued.count == 1)
        #expect(state.batch(decision.id)?.phase(at: now) == .closed)
        #expect(batch.closed?.record.certificates == 1)
        #expect(
            batch.closed?.record.abandonment?.serials.map(\.text)
                == ["users@example.org 2", "hosts@example.org 1"])
        #expect(batch.listInForce == state.revocations.list)
        #expect(
            state.pendingRequests(at: now).map(\.request.principals)
                == [["bob"], ["web1.example.org"]])
        #expect(state.abandonments.map { [$0.batch, $0.by] } == [[1, 2]])
        #expect(state.nextSerials["users@example.org"] == 3)
        #expect(try ledger.replay().digest == state.digest)
    }

    @Test("the key at which it stopped is passed over until it signs again")
    func setAside() throws {
        var (ledger, _) = try abandoned()
        let first = try SoftwareKey("users-ca").publicKey
        let spare = try SoftwareKey("users-ca-2").publicKey
        #expect(ledger.state.setAside == [first])
        #expect(ledger.state.signatureKey(of: "users@example.org") == spare)
        // It never came to the hosts' key; and an authority's only key is always taken.
        #expect(
            ledger.state.signatureKey(of: "hosts@example.org")
                == (try SoftwareKey("hosts-ca").publicKey))
        let digest = ledger.state.digest
        let bob = ledger.state.pendingRequests(at: try time(Self.noon))[0].request
        let next = try ledger.draft(
            .init(requests: [bob], signatureKeys: ["users@example.org": first]), at: Self.noon)
        #expect(next.items[0].issuing?.fields.signatureKey == first)
        #expect(next.items[0].issuing?.fields.serial == 3)
        try ledger.complete(next)
        #expect(ledger.state.setAside.isEmpty)
        #expect(ledger.state.signatureKey(of: "users@example.org") == first)
        #expect(ledger.state.digest != digest)
    }

    @Test("what is left is signed by the spare key under serials of its own")
    func drafted() throws {
        var (ledger, _) = try abandoned()
        let next = try ledger.draftPending(at: Self.noon)
        let fields = next.items.compactMap(\.issuing).map(\.fields)
        #expect(fields.map(\.serial) == [3, 2])
        #expect(fields[0].signatureKey == (try SoftwareKey("users-ca-2").publicKey))
        try ledger.complete(next)
        #expect(ledger.state.pendingRequests(at: try time(Self.noon)).isEmpty)
    }

    @Test("nothing of it is ever signed any more")
    func neverAgain() throws {
        var (ledger, decision) = try decided()
        let bob = try #require(manifest.items[1].issuing)
        try ledger.open(decision)
        // The decision has begun, and may be interrupted itself.
        for draft in [
            try issue(2), MemoryLedger.intent(manifest, 2, bob).draft,
            TokenRecord(ledger.opening(of: manifest)).draft,
        ] {
            #expect(
                try faults(ledger, draft) == ["entry 15: the ceremony is being abandoned (RECORD)"])
        }
        #expect(
            try violations { try ledger.gate(manifest, at: Self.noon) }
                == ["batch 1 is being abandoned by batch 2 (BATCH-ABANDONED)"])
        #expect(try ledger.gate(decision, at: Self.noon).isResumed)
        try ledger.carryOut(decision)
        #expect(
            try faults(ledger, issue(2))
                == ["entry 18: certificate outside a ceremony (RECORD)"])
        #expect(
            try violations { try ledger.gate(manifest, at: Self.noon) } == [
                "batch 1 was abandoned by batch 2 (\"the token is dead\"); users@example.org 2, "
                    + "hosts@example.org 1 can never be signed (BATCH-ABANDONED)"
            ])
    }

    @Test("its end comes with the decision's, after the list and before the decision's own")
    func order() throws {
        var (ledger, decision) = try decided()
        let batch = try #require(ledger.state.batch(decision.id))
        let records = ledger.state.closingRecords(of: batch, at: try time(Self.noon))
        #expect(records.count == 2)
        let none = "no batch that abandons the ceremony is being carried out (RECORD)"
        #expect(try faults(ledger, records[0].draft) == ["entry 14: \(none)"])
        try ledger.open(decision)
        #expect(try faults(ledger, records[0].draft) == ["entry 15: \(none)"])
        let list = try #require(batch.revocationList)
        try ledger.append(
            RevocationListRecord(batch: decision.id, version: 1, list: list.bytes).draft,
            at: time(Self.noon))
        let now = ledger.state.closingRecords(of: batch, at: try time(Self.noon))
        #expect(
            try faults(ledger, now[1].draft)
                == ["entry 16: the ceremony that it abandons has not ended (RECORD)"])
        let whole = CeremonyClosedRecord(
            batch: manifest.id, certificates: 1,
            state: ledger.state.deciding(at: try time(Self.noon)))
        #expect(
            try faults(ledger, whole.draft) == [
                "entry 16: the ceremony is being abandoned (RECORD)"
            ])
        let less = CeremonyClosedRecord(
            batch: manifest.id, certificates: 1,
            abandonment: .init(
                by: decision.id, serials: [.init(authority: "users@example.org", serials: 2...2)]),
            state: ledger.state.deciding(at: try time(Self.noon)))
        #expect(try faults(ledger, less.draft) == ["entry 16: \(none)"])
        let other = CeremonyClosedRecord(
            batch: manifest.id, certificates: 1, abandonment: now[0].abandonment,
            state: ledger.state.deciding(at: try time(Self.noon)))
        #expect(try faults(ledger, other.draft)?.first?.hasSuffix("(STATE-DIGEST)") == true)
        try ledger.append(now[0].draft, at: time(Self.noon))
        try ledger.append(now[1].draft, at: time(Self.noon))
        #expect(ledger.state.abandonments.count == 1)
    }
}
