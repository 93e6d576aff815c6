// SPDX-License-Identifier: Apache-2.0
import Ceremony
import Documents
import HomeSupport
import Issuance
import Ledger
import SSHCrypto
import SSHFormats
import Testing

@Suite("Ceremonies in the replay")
struct CeremonyReplayTests {
    private var ledger: MemoryLedger
    private let manifest: BatchManifest
    private let items: [IssueItem]

    /// A user's and a host's certificate, approved by two officers.
    init() throws {
        let alice = try SoftwareKey("alice")
        let web1 = try SoftwareKey("web1")
        ledger = try MemoryLedger()
        try ledger.admit(.user(alice), for: alice)
        try ledger.admit(.host(web1), for: web1)
        manifest = try ledger.draftPending()
        items = manifest.items.compactMap { if case .issue(let item) = $0 { item } else { nil } }
        try ledger.approve(manifest, by: "pavel", "quinn")
    }

    private var opened: MemoryLedger {
        get throws {
            var ledger = ledger
            try ledger.open(manifest)
            return ledger
        }
    }

    /// What is told where the entry follows `ledger`.
    private func faults(
        _ ledger: MemoryLedger, _ draft: EntryDraft, at time: String = "2026-11-22T12:00:00Z"
    ) throws -> [String]? {
        var ledger = ledger
        return try violations { try ledger.append(draft, at: HomeSupport.time(time)) }
    }

    private func intent(
        _ number: UInt64, serial: UInt64? = nil, digest: SHA256Digest? = nil
    ) -> EntryDraft {
        IntentRecord(
            batch: manifest.id,
            items: [
                IntentRecord.Item(
                    number: number, serial: serial ?? 1,
                    toBeSigned: digest ?? items[number == 2 ? 1 : 0].toBeSigned)
            ]
        ).draft
    }

    // MARK: - The opening

    @Test("a ceremony opens with a quorum, and not with an approval less")
    func openedWithoutQuorum() throws {
        let short = ledger.state.batch(manifest.id)?.approvals.last?.entry
        let state = try ledger.replay { $0.index == short ? nil : $0 }
        let opening = ledger.opening(of: manifest).draft
        var next = state
        #expect(
            try violations {
                try next.apply(
                    opening.entry(index: state.size, time: time("2026-11-22T12:00:00Z"))
                ) { ledger.contents[$0] }
            } == [
                "items 1-2 have 1 of 2 approvals for class \"routine\" (QUORUM-MISSING)"
            ])
        #expect(try faults(ledger, opening) == nil)
    }

    @Test("an officer who is touched does not open a ceremony for himself")
    func ownCertificate() throws {
        var ledger = try MemoryLedger()
        let key = try SoftwareKey("laptop")
        try ledger.admit(.user(key, principal: "olivia"), for: key)
        let manifest = try ledger.draftPending()
        try ledger.approve(manifest, by: "olivia", "pavel")
        #expect(try faults(ledger, ledger.opening(of: manifest).draft)?.count == 1)
        try ledger.approve(manifest, by: "quinn")
        #expect(try faults(ledger, ledger.opening(of: manifest).draft) == nil)
    }

    @Test("a ceremony opens until the second before its batch expires")
    func openedLate() throws {
        let opening = ledger.opening(of: manifest).draft
        #expect(try faults(ledger, opening, at: "2026-11-29T09:59:59Z") == nil)
        #expect(
            try faults(ledger, opening, at: "2026-11-29T10:00:00Z")
                == ["entry 6: the batch cannot be opened: it is expired (RECORD)"])
    }

    @Test("a ceremony opens once, and not after a rejection")
    func openedTwice() throws {
        let opening = ledger.opening(of: manifest).draft
        #expect(
            try faults(opened, opening)
                == ["entry 7: the batch cannot be opened: it is open (RECORD)"])
        var rejected = ledger
        try rejected.reject(manifest, by: "olivia")
        #expect(
            try faults(rejected, opening)
                == ["entry 7: the batch cannot be opened: it is rejected (RECORD)"])
        var closed = try opened
        try closed.carryOut(manifest)
        #expect(
            try faults(closed, opening)
                == ["entry 12: the batch cannot be opened: it is closed (RECORD)"])
    }

    @Test("one ceremony is under way at a time")
    func otherCeremony() throws {
        var ledger = ledger
        let bob = try SoftwareKey("bob")
        try ledger.admit(
            .user(bob, principal: "bob", nonce: 9), for: bob, at: "2026-11-22T11:00:00Z")
        let second = try ledger.draftPending(at: "2026-11-22T11:00:00Z")
        try ledger.approve(second, by: "pavel", "quinn")
        try ledger.open(manifest)
        #expect(
            try faults(ledger, ledger.opening(of: second).draft)
                == ["the ceremony of batch 1 is not finished (CEREMONY-OPEN)"])
        try ledger.carryOut(manifest)
        #expect(try faults(ledger, ledger.opening(of: second).draft) == nil)
    }

    @Test("the tokens of a ceremony are those of the batch's CA keys")
    func devices() throws {
        let opening = ledger.opening(of: manifest)
        let told = ["entry 6: the tokens are not those of the batch's CA keys (RECORD)"]
        func record(_ devices: [CeremonyOpenedRecord.Device]) -> EntryDraft {
            CeremonyOpenedRecord(batch: manifest.id, tier: "T1", tool: "t", devices: devices).draft
        }
        let stranger = CeremonyOpenedRecord.Device(
            publicKey: try SoftwareKey("mallory").publicKey, token: "pkcs11:", module: "/m",
            evidence: "x")
        #expect(try faults(ledger, record([])) == told)
        #expect(try faults(ledger, record(Array(opening.devices.prefix(1)))) == told)
        #expect(try faults(ledger, record(opening.devices + [stranger])) == told)
        #expect(try faults(ledger, record(opening.devices.reversed())) == nil)
    }

    @Test("an opening names a batch that is there")
    func unknownBatch() throws {
        let record = CeremonyOpenedRecord(
            batch: SHA256Digest(hashing: []), tier: "T1", tool: "t", devices: [])
        #expect(
            try faults(ledger, record.draft)
                == ["entry 6: it names a batch that is not there (RECORD)"])
    }

    // MARK: - Intents

    @Test("an intent names items of the batch, by number, serial and digest")
    func intents() throws {
        let ledger = try opened
        #expect(try faults(ledger, intent(1)) == nil)
        #expect(try faults(ledger, intent(2)) == nil)
        #expect(
            try faults(ledger, intent(1, serial: 2))
                == ["entry 7: intent 1 is not an item of the batch (RECORD)"])
        #expect(
            try faults(ledger, intent(1, digest: items[1].toBeSigned))
                == ["entry 7: intent 1 is not an item of the batch (RECORD)"])
        for number: UInt64 in [0, 3, .max, UInt64(Int.max)] {
            #expect(
                try faults(ledger, intent(number))
                    == ["entry 7: intent \(number) is not an item of the batch (RECORD)"])
        }
    }

    @Test("an intent is recorded within a ceremony")
    func intentOutside() throws {
        #expect(
            try faults(ledger, intent(1)) == ["entry 6: intent outside a ceremony (RECORD)"])
        var closed = try opened
        try closed.carryOut(manifest)
        #expect(
            try faults(closed, intent(1)) == ["entry 12: intent outside a ceremony (RECORD)"])
    }

    // MARK: - Certificates

    private func issued(
        _ number: UInt64, _ item: IssueItem, authority: String? = nil, request: SHA256Digest? = nil,
        change: (inout CertificateFields) -> Void = { _ in }
    ) throws -> EntryDraft {
        var fields = item.fields
        change(&fields)
        let bytes = try fields.toBeSigned()
        return IssuedRecord(
            batch: manifest.id, number: number, authority: authority ?? item.authority,
            request: request ?? item.request,
            certificate: try Certificate(
                toBeSigned: bytes, signature: SoftwareKey("users-ca").sign(bytes))
        ).draft
    }

    @Test("a certificate follows an intent, within a ceremony, once")
    func certificates() throws {
        var ledger = try opened
        #expect(
            try faults(ledger, issued(1, items[0]))
                == ["entry 7: certificate without an intent (RECORD)"])
        try ledger.append(intent(1), at: time("2026-11-22T12:00:00Z"))
        #expect(
            try faults(ledger, issued(2, items[1]))
                == ["entry 8: certificate without an intent (RECORD)"])
        try ledger.append(issued(1, items[0]), at: time("2026-11-22T12:00:00Z"))
        #expect(
            try faults(ledger, issued(1, items[0]))
                == ["entry 9: item 1 was issued before (RECORD)"])
        #expect(
            try faults(self.ledger, issued(1, items[0]))
                == ["entry 6: certificate outside a ceremony (RECORD)"])
        #expect(ledger.issued.map(\.entry) == [8])
        #expect(ledger.state.batch(manifest.id)?.remaining.map(\.number) == [2])
    }

    @Test("a certificate is its item of the batch in every field")
    func otherCertificate() throws {
        var ledger = try opened
        try ledger.append(intent(1), at: time("2026-11-22T12:00:00Z"))
        let told = ["entry 8: the certificate is not item 1 of the batch (RECORD)"]
        #expect(try faults(ledger, issued(1, items[1])) == told)
        #expect(try faults(ledger, issued(1, items[0], authority: "hosts@example.org")) == told)
        #expect(try faults(ledger, issued(1, items[0], request: items[1].request)) == told)
        for change: (inout CertificateFields) -> Void in [
            { $0.validBefore += 1 }, { $0.validAfter -= 1 }, { $0.validPrincipals = ["root"] },
            { $0.keyID += "0" }, { $0.serial += 1 }, { $0.nonce[0] ^= 1 },
            { $0.extensions = [] }, { $0.criticalOptions = [.verifyRequired] },
        ] {
            #expect(try faults(ledger, issued(1, items[0], change: change)) == told)
        }
        #expect(try faults(ledger, issued(1, items[0])) == nil)
    }

    // MARK: - The end

    @Test("a ceremony ends once all of its certificates are issued")
    func closedEarly() throws {
        let told = [
            "entry 7: the ceremony ended before all of its certificates were issued (RECORD)"
        ]
        let ledger = try opened
        for count: UInt64 in [0, 2] {
            let record = CeremonyClosedRecord(
                batch: manifest.id, certificates: count,
                state: ledger.state.deciding(at: ledger.state.lastTime))
            #expect(try faults(ledger, record.draft) == told)
        }
    }

    @Test("the end states the number of certificates and the digest of the state")
    func closing() throws {
        var ledger = try opened
        let moment = try time("2026-11-22T12:00:00Z")
        for (number, item) in items.enumerated() {
            try ledger.append(intent(UInt64(number) + 1), at: moment)
            try ledger.append(issued(UInt64(number) + 1, item), at: moment)
        }
        let good = try ledger.closing(of: manifest)
        func closed(_ count: UInt64, _ state: SHA256Digest) throws -> [String]? {
            var draft = EntryDraft(.ceremonyClosed)
            draft.field("batch", manifest.id.hex)
            draft.field("certificates", String(count))
            draft.field("state", state.hex)
            draft.contents = good.draft.contents + [Content([1])]
            return try faults(ledger, draft)
        }
        #expect(try closed(2, good.state) == nil)
        for count: UInt64 in [1, 3] {
            #expect(
                try closed(count, good.state) == [
                    "entry 11: the ceremony ended before all of its certificates were issued "
                        + "(RECORD)"
                ])
        }
        let other = SHA256Digest(hashing: [1])
        #expect(
            try closed(2, other) == [
                "entry 11 recorded state \(other.hex), the replay gives \(good.state.hex) "
                    + "(STATE-DIGEST)"
            ])
        try ledger.append(good.draft, at: moment)
        #expect(try faults(ledger, good.draft) == ["entry 12: no ceremony is open (RECORD)"])
    }

    @Test("an interrupted ceremony knows what it intended and what is left")
    func interrupted() throws {
        var ledger = try opened
        let moment = try time("2026-11-22T12:00:00Z")
        try ledger.append(intent(1), at: moment)
        try ledger.append(issued(1, items[0]), at: moment)
        try ledger.append(intent(2), at: moment)
        let late = try ledger.gate(manifest, at: "2027-06-01T00:00:00Z")
        #expect(late.isResumed)
        #expect(late.orders.map(\.number) == [2])
        #expect(late.orders.map(\.isIntended) == [true])
        #expect(late.orders.map(\.certificate.bytes) == [try items[1].fields.toBeSigned()])
        #expect(
            ledger.state.batch(manifest.id)?.phase(at: try time("2027-06-01T00:00:00Z")) == .open)
    }

    @Test("no entry of a whole ceremony can be left out, put in twice or exchanged")
    func everyEntry() throws {
        var ledger = try opened
        try ledger.carryOut(manifest)
        let entries = ledger.entries
        for place in 1..<entries.count {
            var shifted: UInt64 = 0
            func renumbered(_ entry: LedgerEntry, _ index: UInt64) throws -> LedgerEntry {
                let text = String(decoding: entry.bytes, as: UTF8.self)
                return try LedgerEntry(
                    parsing: Array(
                        text.replacing("\nindex: \(entry.index)\n", with: "\nindex: \(index)\n")
                            .utf8))
            }
            // The last entry may be missing: that is an interrupted ceremony.
            if place < entries.count - 1 {
                #expect(throws: (any Error).self, "left out \(place)") {
                    try ledger.replay { entry in
                        if entry.index == UInt64(place) { return nil }
                        return try renumbered(
                            entry, entry.index - (entry.index > UInt64(place) ? 1 : 0))
                    }
                }
            }
            shifted = UInt64(place) + 1
            var state = try ledger.replay { $0.index < shifted ? $0 : nil }
            let again = try renumbered(entries[place], shifted)
            guard again.kind != .intent else { continue }
            #expect(throws: (any Error).self, "twice \(place)") {
                try state.apply(again) { ledger.contents[$0] }
            }
        }
    }
}
