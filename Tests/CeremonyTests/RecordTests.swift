// SPDX-License-Identifier: Apache-2.0
import Ceremony
import Documents
import HomeSupport
import Issuance
import Ledger
import SSHCrypto
import SSHFormats
import Testing

@Suite("Records of the ledger")
struct RecordTests {
    private let digest = SHA256Digest(hashing: [1])
    private let key: SoftwareKey
    private let manifest: BatchManifest

    init() throws {
        key = try SoftwareKey("alice")
        manifest = try SampleBatch.manifest(
            SampleBatch.certificate(.user(key), for: key), SampleBatch.list())
    }

    /// One record of each kind.
    private func records() throws -> [any HomeRecord] {
        let roster = try SampleTexts.makeRoster()
        let text = Rejection.Text(
            genesis: manifest.header.genesis, batch: manifest.id,
            created: try time("2026-11-22T11:00:00Z"), reason: "n\u{E4}")
        let rejection = try Rejection(
            text: text.bytes,
            armored: SoftwareKey("pavel").seal(text.bytes, namespace: Rejection.namespace),
            manifest: manifest, roster: roster)
        guard case .issue(let item)? = manifest.items.first else { return [] }
        return [
            GenesisRecord(genesis: [1], policy: [2], roster: [3], signatures: [[4], [5]]),
            RequestRecord(try RequestDraft.user(key).request(signedBy: key), name: "a b.req"),
            RefusalRecord(name: "x", file: digest, violations: ["one", "tw\u{F6}"]),
            RefusalRecord(name: "x", file: nil, violations: []),
            BatchRecord(manifest),
            ApprovalRecord(
                try SampleBatch.approval(of: manifest, by: "pavel"), batch: manifest.id),
            RejectionRecord(rejection),
            CeremonyOpenedRecord(
                batch: digest, tier: "T1", tool: "t",
                devices: [
                    .init(publicKey: key.publicKey, token: "a", module: "b", evidence: "c"),
                    .init(publicKey: key.publicKey, token: "d", module: "e", evidence: "f"),
                ]),
            IntentRecord(
                batch: digest,
                items: [
                    .init(number: 1, serial: 2, toBeSigned: digest),
                    .init(number: .max, serial: .max, toBeSigned: digest),
                ]),
            try MemoryLedger.issued(manifest, 1, item),
            RevocationListRecord(batch: digest, version: .max, list: [7]),
            CeremonyClosedRecord(
                batch: digest, certificates: 9,
                state: try MemoryLedger().state.deciding(at: time("2026-11-22T12:00:00Z"))),
            ExceptionRecord(rule: .clockAhead, message: "late \u{F6}"),
        ]
    }

    private func again(_ record: any HomeRecord, _ entry: LedgerEntry) throws -> any HomeRecord {
        try type(of: record).init(entry)
    }

    @Test("every record reads back from its entry as it was written")
    func roundTrip() throws {
        let moment = try time("2026-11-22T12:00:00Z")
        for record in try records() {
            let entry = try record.draft.entry(index: 5, time: moment)
            let second = try again(record, entry).draft.entry(index: 5, time: moment)
            #expect(second == entry, "\(type(of: record))")
        }
    }

    @Test("every content of a record is named in its entry")
    func contents() throws {
        for record in try records() {
            let entry = try record.draft.entry(index: 5, time: time("2026-11-22T12:00:00Z"))
            let text = String(decoding: entry.bytes, as: UTF8.self)
            for content in record.draft.contents {
                #expect(text.contains(content.digest.hex), "\(type(of: record))")
            }
        }
    }

    @Test("a record with a field too many, too few or twice is refused")
    func fields() throws {
        for record in try records() {
            let entry = try record.draft.entry(index: 5, time: time("2026-11-22T12:00:00Z"))
            var lines = String(decoding: entry.bytes, as: UTF8.self)
                .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
            func faults(_ lines: [String]) throws -> [String]? {
                try violations {
                    try again(
                        record,
                        LedgerEntry(parsing: Array(lines.joined(separator: "\n").utf8)))
                }
            }
            let place = 5
            let field = lines[place]
            lines.insert("unknown: x", at: place)
            #expect(
                try faults(lines)?.contains {
                    $0 == "line 6: field \"unknown\" is not known here (DOC-FIELD)"
                } == true, "\(type(of: record))")
            lines[place] = field
            #expect(
                try faults(lines)?.contains { $0.hasSuffix("(DOC-REPEATED)") } == true,
                "\(type(of: record))")
            lines.removeSubrange(place...place + 1)
            #expect(try faults(lines) != nil, "\(type(of: record))")
        }
    }

    @Test(
        "an intent's line is a number, a serial and a digest",
        arguments: ["1 2", "1 2 3", "1  2 x", "-1 2 x", "1 2 x y", "01 2 x"])
    func intentLine(text: String) throws {
        let line = text.replacing("x", with: digest.hex)
        var draft = EntryDraft(.intent)
        draft.field("batch", digest.hex)
        draft.field("sign", line)
        let entry = try draft.entry(index: 1, time: time("2026-11-22T12:00:00Z"))
        #expect(try violations { try IntentRecord(entry) }?.count == 1)
    }

    @Test("an entry with no fields of its maker is no record")
    func noFields() throws {
        let entry = try EntryDraft(.batch).entry(index: 3, time: time("2026-11-22T12:00:00Z"))
        #expect(
            try violations { try BatchRecord(entry) } == ["entry 3 has no fields (RECORD)"])
    }
}
