// SPDX-License-Identifier: Apache-2.0
import Ceremony
import Documents
import HomeSupport
import Issuance
import SSHCrypto
import SSHFormats
import Testing

@Suite("Whole ceremonies in memory")
struct WholeCeremonyTests {
    @Test("a user and a host are certified, and the ledger replays to the same state")
    func twoCertificates() throws {
        var ledger = try MemoryLedger()
        let user = try SoftwareKey("alice")
        let host = try SoftwareKey("web1")
        try ledger.admit(.user(user), for: user)
        try ledger.admit(.host(host), for: host)
        let manifest = try ledger.draftPending()
        #expect(manifest.header.number == 1)
        #expect(manifest.header.ledgerSize == 3)
        #expect(manifest.header.expires == (try time("2026-11-29T10:00:00Z")))
        #expect(ledger.state.pendingRequests(at: try time("2026-11-22T10:00:00Z")).isEmpty)
        try ledger.approve(manifest, by: "pavel", "quinn")
        let opened = try ledger.gate(manifest, at: "2026-11-22T12:00:00Z")
        #expect(!opened.isResumed)
        #expect(
            opened.signatureKeys == [
                try SoftwareKey("users-ca").publicKey, try SoftwareKey("hosts-ca").publicKey,
            ])
        #expect(opened.orders.map(\.number) == [1, 2])
        #expect(opened.orders.map(\.isIntended) == [false, false])
        #expect(opened.orders.map(\.certificate.digest) == opened.orders.map(\.item.toBeSigned))
        try ledger.open(manifest)
        try ledger.carryOut(manifest)
        #expect(ledger.issued.map(\.fields.serial) == [1, 1])
        #expect(ledger.state.nextSerials == ["users@example.org": 2, "hosts@example.org": 2])
        let batch = try #require(ledger.state.batch(manifest.id))
        #expect(batch.phase(at: try time("2027-01-01T00:00:00Z")) == .closed)
        let replayed = try ledger.replay()
        #expect(replayed.digest == ledger.state.digest)
        #expect(replayed.root == ledger.state.root)
        #expect(replayed.size == UInt64(ledger.entries.count))
    }
}
