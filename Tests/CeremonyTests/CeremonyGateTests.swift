// SPDX-License-Identifier: Apache-2.0
import Ceremony
import Documents
import HomeSupport
import Issuance
import SSHCrypto
import SSHFormats
import Testing

@Suite("The gate to a ceremony")
struct CeremonyGateTests {
    private var ledger: MemoryLedger
    private let alice: SoftwareKey
    private let manifest: BatchManifest

    init() throws {
        alice = try SoftwareKey("alice")
        ledger = try MemoryLedger()
        try ledger.admit(.user(alice), for: alice)
        manifest = try ledger.draftPending()
    }

    private func faults(
        _ ledger: MemoryLedger, at time: String = "2026-11-22T12:00:00Z"
    ) throws -> [String]? {
        try violations { try ledger.gate(manifest, at: time) }
    }

    @Test("the gate opens with a quorum, and says what is missing without one")
    func quorum() throws {
        var ledger = ledger
        func missing(_ count: Int) -> [String] {
            [
                "item 1 (user certificate 1 of users@example.org for alice) has \(count) of 2 "
                    + "approvals for class \"routine\" (QUORUM-MISSING)"
            ]
        }
        #expect(try faults(ledger) == missing(0))
        try ledger.approve(manifest, by: "pavel")
        #expect(try faults(ledger) == missing(1))
        try ledger.approve(manifest, by: "quinn")
        #expect(try faults(ledger) == nil)
    }

    @Test("asking for the right changes nothing")
    func pure() throws {
        var ledger = ledger
        try ledger.approve(manifest, by: "pavel", "quinn")
        let digest = ledger.state.digest
        _ = try ledger.gate(manifest, at: "2026-11-22T12:00:00Z")
        #expect(ledger.state.digest == digest)
        #expect(try ledger.gate(manifest, at: "2026-11-22T12:00:00Z").orders.count == 1)
    }

    @Test("a batch that is not one of this home's is unknown")
    func unknown() throws {
        let other = try SampleBatch.manifest(SampleBatch.list())
        #expect(
            try violations { try ledger.gate(other, at: "2026-11-22T12:00:00Z") }
                == ["batch \(other.id.hex) is not one of this home's (BATCH-UNKNOWN)"])
    }

    @Test("an approved batch can be opened until the second before it expires")
    func expired() throws {
        var ledger = ledger
        try ledger.approve(manifest, by: "pavel", "quinn")
        #expect(try faults(ledger, at: "2026-11-29T09:59:59Z") == nil)
        #expect(
            try faults(ledger, at: "2026-11-29T10:00:00Z") == [
                "batch 1 expired 2026-11-29T10:00:00Z; it is 2026-11-29T10:00:00Z (BATCH-EXPIRED)"
            ])
    }

    @Test("a rejected batch stays shut, and says by whom and why")
    func rejected() throws {
        var ledger = ledger
        try ledger.approve(manifest, by: "olivia", "pavel", "quinn")
        try ledger.reject(manifest, by: "quinn")
        #expect(
            try faults(ledger)
                == ["batch 1 was rejected by Quinn Okafor: not now (BATCH-REJECTED)"])
    }

    @Test("a batch that was carried out is not carried out again")
    func closed() throws {
        var ledger = ledger
        try ledger.complete(manifest)
        #expect(try faults(ledger) == ["batch 1 was carried out already (BATCH-CLOSED)"])
    }

    @Test("another ceremony is finished first")
    func otherCeremony() throws {
        var ledger = ledger
        let bob = try SoftwareKey("bob")
        try ledger.admit(
            .user(bob, principal: "bob", nonce: 9), for: bob, at: "2026-11-22T10:00:00Z")
        let second = try ledger.draftPending()
        try ledger.approve(manifest, by: "pavel", "quinn")
        try ledger.approve(second, by: "pavel", "quinn")
        try ledger.open(second)
        #expect(
            try faults(ledger) == ["the ceremony of batch 2 is not finished (CEREMONY-OPEN)"])
    }

    @Test("everything that keeps the gate shut is told at once")
    func allAtOnce() throws {
        var ledger = ledger
        let bob = try SoftwareKey("bob")
        try ledger.admit(
            .user(bob, principal: "bob", nonce: 9), for: bob, at: "2026-11-22T10:00:00Z")
        let second = try ledger.draftPending()
        try ledger.approve(second, by: "pavel", "quinn")
        try ledger.open(second)
        #expect(
            try faults(ledger)?.map { $0.drop { $0 != "(" }.suffix(20).drop { $0 != "(" } }
                == ["(CEREMONY-OPEN)", "(QUORUM-MISSING)"])
    }

    // MARK: - What was revoked meanwhile

    /// Revokes by a batch of its own that is carried out at once.
    private func revoking(_ target: RevokeItem.Target) throws -> MemoryLedger {
        var ledger = ledger
        try ledger.approve(manifest, by: "pavel", "quinn")
        let revocation = try ledger.draft(
            .init(revocations: [
                RevokeItem(
                    authority: "users@example.org", target: target, riskClass: "revocation",
                    reason: "lost")
            ]), at: "2026-11-22T11:00:00Z")
        try ledger.complete(revocation)
        return ledger
    }

    @Test("a key that was revoked since the drafting stops the batch")
    func revokedKey() throws {
        #expect(
            try faults(revoking(.key(alice.publicKey))) == [
                "item 1: key \(alice.publicKey.fingerprint) was revoked by batch 2 since the batch "
                    + "was drafted (BATCH-OVERTAKEN)"
            ])
    }

    @Test("a serial that was revoked before it was issued stops the batch")
    func revokedSerial() throws {
        #expect(
            try faults(revoking(.serials(1...1))) == [
                "item 1: serial 1 was revoked by batch 2 since the batch was drafted "
                    + "(BATCH-OVERTAKEN)"
            ])
    }

    @Test("what was revoked of another authority or another key stops nothing")
    func revokedOther() throws {
        #expect(try faults(revoking(.key(SoftwareKey("mallory").publicKey))) == nil)
    }

    @Test("a batch whose revocation list another has overtaken is drafted anew")
    func overtakenList() throws {
        var ledger = ledger
        func order(_ name: String) throws -> BatchDraft.Order {
            .init(revocations: [
                RevokeItem(
                    authority: "users@example.org", target: .key(try SoftwareKey(name).publicKey),
                    riskClass: "revocation", reason: "lost")
            ])
        }
        let first = try ledger.draft(order("x"))
        let second = try ledger.draft(order("y"))
        try ledger.approve(first, by: "quinn")
        try ledger.approve(second, by: "quinn")
        try ledger.open(first)
        try ledger.carryOut(first)
        #expect(ledger.state.revocations.version == 1)
        #expect(
            try violations { try ledger.gate(second, at: "2026-11-22T12:00:00Z") } == [
                "item 2: revocation list version 1 does not follow version 1 (BATCH-OVERTAKEN)"
            ])
        let third = try ledger.draft(order("y"), at: "2026-11-22T12:00:00Z")
        try ledger.complete(third)
        #expect(ledger.state.revocations.version == 2)
    }
}

@Suite("The clock")
struct ClockTests {
    private let state: HomeState

    /// The last entry is of 2026-11-22T08:00:00Z; the clock may be 90 days ahead of it.
    init() throws {
        state = try MemoryLedger().state
    }

    @Test("the clock may stand at the last entry and not a second before")
    func behind() throws {
        #expect(try state.checkClock(time("2026-11-22T08:00:00Z")) == nil)
        #expect(
            try violations { try state.checkClock(time("2026-11-22T07:59:59Z")) } == [
                "the clock says 2026-11-22T07:59:59Z, before the last ledger entry, "
                    + "2026-11-22T08:00:00Z (CLOCK-BEHIND)"
            ])
        #expect(
            try violations {
                try state.checkClock(time("2026-11-22T07:59:59Z"), confirmedDate: "2026-11-22")
            }?.count == 1)
    }

    @Test("the clock may be 90 days ahead and not a second more")
    func ahead() throws {
        #expect(try state.checkClock(time("2027-02-20T08:00:00Z")) == nil)
        #expect(
            try violations { try state.checkClock(time("2027-02-20T08:00:01Z")) } == [
                "the clock says 2027-02-20T08:00:01Z, more than 90d after the last ledger entry, "
                    + "2026-11-22T08:00:00Z (CLOCK-AHEAD)"
            ])
    }

    @Test("a clock far ahead goes on where its date is confirmed, and that is recorded")
    func confirmed() throws {
        let late = try time("2029-01-31T23:59:59Z")
        for wrong in ["2029-01-30", "2029-02-01", "29-01-31", "2029-01-31T23:59:59Z", "", "yes"] {
            #expect(
                try violations { try state.checkClock(late, confirmedDate: wrong) }?.count == 1)
        }
        let exception = try state.checkClock(late, confirmedDate: "2029-01-31")
        #expect(exception?.rule == .clockAhead)
        #expect(
            exception?.message
                == "the clock says 2029-01-31T23:59:59Z, more than 90d after the last ledger entry, "
                + "2026-11-22T08:00:00Z; 2029-01-31 was confirmed by hand")
        #expect(
            try state.checkClock(time("2026-11-23T00:00:00Z"), confirmedDate: "2026-11-23") == nil)
    }

    @Test("a recorded exception moves the last time, and nothing else")
    func recorded() throws {
        var ledger = try MemoryLedger()
        let digest = ledger.state.digest
        let late = try time("2029-01-31T23:59:59Z")
        let exception = try #require(
            try ledger.state.checkClock(late, confirmedDate: "2029-01-31"))
        try ledger.append(exception.draft, at: late)
        #expect(ledger.state.lastTime == late)
        #expect(ledger.state.digest == digest)
        #expect(try ledger.state.checkClock(late) == nil)
    }
}
