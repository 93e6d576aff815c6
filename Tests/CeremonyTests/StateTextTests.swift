// SPDX-License-Identifier: Apache-2.0
import Ceremony
import Documents
import HomeSupport
import Issuance
import Ledger
import SSHCrypto
import SSHFormats
import Testing

@Suite("The text of a state")
struct StateTextTests {
    private static let noon = "2026-11-22T12:00:00Z"

    /// A home with all that a state can tell: a batch carried out, one with an approval, two that
    /// nobody can carry out any more, a revocation, and requests that wait.
    private static func ledger() throws -> MemoryLedger {
        var ledger = try MemoryLedger()
        let (one, two) = (try SoftwareKey("alice"), try SoftwareKey("bob"))
        let host = try SoftwareKey("web1")
        let alice = try ledger.admit(.user(one), for: one)
        try ledger.admit(.host(host), for: host)
        let bob = try ledger.admit(.user(two, principal: "bob", nonce: 3), for: two)
        let first = try ledger.draft(.init(requests: [alice]))
        try ledger.complete(first, at: "2026-11-22T10:00:00Z")
        let rejected = try ledger.draft(.init(requests: [bob]))
        try ledger.reject(rejected, by: "quinn", at: "2026-11-22T10:00:00Z")
        let waiting = try ledger.draft(.init(requests: [bob]), at: "2026-11-22T11:00:00Z")
        try ledger.approve(waiting, by: "pavel")
        let revoking = try ledger.draft(
            .init(revocations: [
                RevokeItem(
                    authority: "users@example.org", target: .serials(1...1),
                    riskClass: "revocation", reason: "laptop lost")
            ]), at: noon)
        try ledger.complete(revoking)
        return ledger
    }

    @Test("it tells what decides, what waits and what is under way, and reads back")
    func whole() throws {
        let ledger = try Self.ledger()
        let last = try #require(ledger.entries.last)
        let record = try CeremonyClosedRecord(last)
        let bytes = try #require(ledger.contents[record.state])
        let text = String(decoding: bytes, as: UTF8.self)
        let state = ledger.state
        let users = try SoftwareKey("users-ca").publicKey.line
        let hosts = try SoftwareKey("hosts-ca").publicKey.line
        let list = SHA256Digest(hashing: state.revocations.list).hex
        #expect(
            text == """
                conclave-state: v1
                genesis: \(state.id.hex)
                governing-head: \(ledger.entries[0].digest.hex)
                policy: \(state.policy.digest.hex)
                roster: \(state.roster.digest.hex)
                batches: 4
                krl-version: 1
                krl: \(list)
                revoked: 4 users@example.org serial 1
                waiting: 2-3

                authority: users@example.org
                next-serial: 4
                unissued: 2-3
                ca-key: \(users)

                authority: hosts@example.org
                next-serial: 1
                ca-key: \(hosts)

                batch-entry: 13
                approval-entry: 14

                """)
        #expect(try StateText(text: bytes).bytes == bytes)
    }

    @Test("a batch is under way until it expires, and no longer at that very second")
    func expiry() throws {
        let ledger = try Self.ledger()
        let batch = try #require(ledger.state.batches.first { $0.number == 3 })
        let end = batch.manifest.header.expires
        let before = UnixTime(seconds: end.seconds - 1)
        #expect(ledger.state.deciding(at: before).underWay.map(\.entry) == [13])
        #expect(ledger.state.deciding(at: end).underWay.isEmpty)
        #expect(ledger.state.deciding(at: before, ended: [3]).underWay.isEmpty)
    }

    @Test("an end whose text the ledger does not keep does not replay")
    func kept() throws {
        let ledger = try Self.ledger()
        let record = try CeremonyClosedRecord(try #require(ledger.entries.last))
        var contents = ledger.contents
        contents[record.state] = nil
        let told = "the state \(record.state.hex) is not in the ledger (RECORD)"
        #expect(
            try violations { _ = try ledger.replay(contents: contents) } == [told])
    }

    @Test(
        "another text is refused, with what is wrong",
        arguments: [
            ("waiting: 2-3", "waiting: 3-2", #"line 10: waiting "3-2" is not N or N-M"#),
            (
                "waiting: 2-3", "waiting: 2\nwaiting: 3",
                "line 11: waiting 3 does not stand behind the one before"
            ),
            (
                "revoked: 4 users@example.org serial 1", "revoked: users@example.org serial 1",
                #"line 9: revoked "users@example.org serial 1" is not a batch, an authority "#
                    + "and a target"
            ),
            ("batches: 4", "batches: x", #"line 6: batches "x" is not a decimal number"#),
            ("next-serial: 4\n", "", #"line 12: field "next-serial" is missing"#),
            ("batch-entry: 13\n", "", #"line 21: field "batch-entry" is missing"#),
            (
                "batches: 4\nkrl-version: 1", "krl-version: 1\nbatches: 4",
                #"line 6: "krl-version: 1" stands where "batches: 4" belongs"#
            ),
        ])
    func refused(_ found: String, _ replaced: String, _ message: String) throws {
        let ledger = try Self.ledger()
        let record = try CeremonyClosedRecord(try #require(ledger.entries.last))
        let text = String(decoding: ledger.contents[record.state] ?? [], as: UTF8.self)
        let changed = SampleTexts.replace(found, with: replaced, in: text)
        #expect(changed != text)
        let told = try violations { _ = try StateText(text: Array(changed.utf8)) }
        #expect(told?.first?.hasPrefix(message) == true, "\(told ?? [])")
    }
}
