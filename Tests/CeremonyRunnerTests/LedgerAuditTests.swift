// SPDX-License-Identifier: Apache-2.0
import Ceremony
import CeremonyRunner
import Documents
import HomeSupport
import Issuance
import Ledger
import LedgerStore
import SSHCrypto
import SSHFormats
import TestSupport
import Testing

@Suite("What an audit finds in a ledger that is sound in itself")
struct LedgerAuditTests {
    private static let noon = "2026-11-22T12:00:00Z"

    /// A ledger with two ceremonies that ended, and a host that is renewed.
    private static func ledger() throws -> MemoryLedger {
        var ledger = try MemoryLedger()
        let keys = try ["alice", "web1"].map { try SoftwareKey($0) }
        let alice = try ledger.admit(.user(keys[0]), for: keys[0])
        let web = try ledger.admit(
            RequestDraft.host(keys[1]).adding("renewable-until", "2027-11-22T00:00:00Z"),
            for: keys[1])
        try ledger.complete(ledger.draft(.init(requests: [alice, web])), at: noon)
        try ledger.complete(ledger.draft(.init(renewals: [web]), at: noon), at: noon)
        return ledger
    }

    /// Writes the entries into a home's ledger, and after them what no state would have taken; then
    /// looks through it.
    private static func audit(
        _ entries: some Collection<LedgerEntry>, of ledger: MemoryLedger,
        adding drafts: EntryDraft..., at moment: UnixTime? = nil
    ) throws -> LedgerAudit {
        let directory = try TemporaryDirectory()
        let path = directory.file("ledger.sqlite")
        try LedgerStore.create(path: path)
        let store = try LedgerStore(opening: path, mode: .readWrite)
        for entry in entries {
            let digests = entry.blocks.flatMap(\.fields).compactMap { SHA256Digest(hex: $0.value) }
            let contents = digests.compactMap { ledger.contents[$0] }.map { Content($0) }
            var draft = try EntryDraft(restoring: entry, contents: contents)
            draft.handles = try ExaminedEntry(entry) { ledger.contents[$0] }.handles
            try store.append([draft], time: entry.time)
        }
        try store.append(drafts, time: moment ?? time(noon))
        try store.close()
        return try LedgerAudit(path: directory.file("."))
    }

    private static func places(_ kind: EntryKind, in ledger: MemoryLedger) -> [Int] {
        ledger.entries.indices.filter { ledger.entries[$0].kind == kind }
    }

    private static func told(_ entry: Int, _ what: String) -> [String] {
        ["ledger entry \(entry) does not follow from those before it:\n\(what)"]
    }

    @Test("a sound ledger has no faults, and its certificates are counted")
    func sound() throws {
        let ledger = try Self.ledger()
        let audit = try Self.audit(ledger.entries, of: ledger)
        #expect(audit.faults == [])
        #expect(audit.certificates == 3)
        #expect(audit.checkpoint?.root == ledger.state.root)
    }

    @Test("a request that was admitted twice is found, however long ago it was for the first time")
    func twice() throws {
        let ledger = try Self.ledger()
        let first = try #require(ledger.state.requestOrder.first)
        let record = RequestRecord(
            try #require(ledger.state.requests[first]).request, name: "again.req")
        var draft = record.draft
        draft.hasNewContents = false
        for end in [3] + Self.places(.ceremonyClosed, in: ledger).map({ $0 + 1 }) {
            let audit = try Self.audit(
                ledger.entries.prefix(end), of: ledger, adding: draft)
            #expect(
                audit.faults
                    == Self.told(end, "entry \(end): the request is there already (RECORD)"))
        }
    }

    @Test("a request whose signature is wrong is found")
    func signature() throws {
        let ledger = try Self.ledger()
        let key = try SoftwareKey("mallory")
        let text = RequestDraft.user(key, nonce: 8).text
        let other = try RequestDraft.user(key, nonce: 7).request(signedBy: key)
        let file = Content(text + other.armoredSignature)
        var draft = EntryDraft(.request)
        draft.field("request", SHA256Digest(hashing: text).hex)
        draft.field("file", file.digest.hex)
        draft.field("name", "x.req")
        draft.contents = [file]
        draft.handles = [.request(SHA256Digest(hashing: text))]
        let end = ledger.entries.count
        for end in [1, end] {
            let audit = try Self.audit(ledger.entries.prefix(end), of: ledger, adding: draft)
            #expect(
                audit.faults == [
                    "entry \(end): the signature does not hold over this text "
                        + "(REQUEST-POSSESSION)"
                ])
        }
    }

    @Test("a state that is not what decides is found at the end of each ceremony")
    func digest() throws {
        let ledger = try Self.ledger()
        for end in Self.places(.ceremonyClosed, in: ledger) {
            let record = try CeremonyClosedRecord(ledger.entries[end])
            let other = Content([1])
            var draft = EntryDraft(.ceremonyClosed)
            draft.field("batch", record.batch.hex)
            draft.field("certificates", String(record.certificates))
            draft.field("state", other.digest.hex)
            draft.contents = [other]
            draft.handles = record.draft.handles
            let audit = try Self.audit(ledger.entries.prefix(end), of: ledger, adding: draft)
            #expect(
                audit.faults
                    == Self.told(
                        end,
                        "entry \(end) recorded state \(other.digest.hex), the replay gives "
                            + "\(record.state.hex) (STATE-DIGEST)"))
        }
    }

    @Test("a serial that is not the next is found in each batch")
    func serial() throws {
        let ledger = try Self.ledger()
        for end in Self.places(.batch, in: ledger) {
            let digest = try BatchRecord(ledger.entries[end]).batch
            let manifest = try BatchManifest(text: ledger.contents[digest] ?? [])
            guard case .issue(let item)? = manifest.items.first else { continue }
            let forged = try ManifestForge.forge(
                manifest, ("serial", String(item.fields.serial + 1)))
            let audit = try Self.audit(
                ledger.entries.prefix(end), of: ledger, adding: BatchRecord(forged).draft,
                at: ledger.entries[end].time)
            #expect(
                audit.faults
                    == Self.told(
                        end,
                        "entry \(end): serial \(item.fields.serial + 1) of "
                            + "\"\(item.authority)\" is not the next (RECORD)"))
        }
    }
}
