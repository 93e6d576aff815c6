// SPDX-License-Identifier: Apache-2.0
import Documents
import Ledger
import SSHCrypto
import Testing

@Suite("an entry of the ledger")
struct LedgerEntryTests {
    private let example = """
        conclave-entry: v1
        index: 12
        time: 2026-11-22T15:30:00Z
        kind: batch

        manifest: 9b7c0d
        purpose: Müllers neuer Rechner

        item: 1
        item: 2

        """

    private func faults(_ text: String) -> [String] {
        do {
            _ = try LedgerEntry(parsing: Array(text.utf8))
            return []
        } catch {
            return error.all.map(\.description)
        }
    }

    @Test("an entry is read with its place, its time, its kind and its maker's blocks")
    func reading() throws {
        let entry = try LedgerEntry(parsing: Array(example.utf8))
        #expect(entry.index == 12)
        #expect(entry.time == UnixTime(text: "2026-11-22T15:30:00Z"))
        #expect(entry.kind == .batch)
        #expect(
            entry.blocks.map { $0.fields.map(\.name) } == [
                ["manifest", "purpose"], ["item", "item"],
            ])
        #expect(entry.blocks.first?.fields.last?.value == "Müllers neuer Rechner")
        #expect(entry.bytes == Array(example.utf8))
        #expect(entry.digest == SHA256Digest(hashing: Array(example.utf8)))
        #expect(entry.leafHash == SHA256Digest(hashing: [0] + Array(example.utf8)))
    }

    @Test("an entry that is read and drafted again has the same bytes")
    func roundTrip() throws {
        let entry = try LedgerEntry(parsing: Array(example.utf8))
        var draft = EntryDraft(entry.kind)
        for block in entry.blocks {
            draft.block()
            for field in block.fields { draft.field(field.name, field.value) }
        }
        #expect(try draft.entry(index: entry.index, time: entry.time) == entry)
    }

    @Test("every kind is read by its name", arguments: EntryKind.allCases)
    func kinds(kind: EntryKind) throws {
        let entry = try EntryDraft(kind).entry(index: 0, time: UnixTime(seconds: 0))
        #expect(entry.kind == kind)
        #expect(entry.blocks.isEmpty)
        #expect(
            String(decoding: entry.bytes, as: UTF8.self) == """
                conclave-entry: v1
                index: 0
                time: 1970-01-01T00:00:00Z
                kind: \(kind.rawValue)

                """)
    }

    @Test("the names of the kinds are these")
    func kindNames() {
        #expect(
            EntryKind.allCases.map(\.rawValue) == [
                "genesis", "roster", "policy", "token", "key", "request", "refusal", "batch",
                "approval", "rejection", "intent", "issued", "krl", "exception",
                "ceremony-opened", "ceremony-closed", "epoch",
            ])
    }

    @Test("every prefix of an entry is refused, unless it ends with a line below the header")
    func prefixes() {
        let bytes = Array(example.utf8)
        var accepted: [String] = []
        for length in 0..<bytes.count
        where (try? LedgerEntry(parsing: Array(bytes[..<length]))) != nil {
            accepted.append(String(decoding: bytes[..<length], as: UTF8.self))
        }
        #expect(
            accepted.map { $0.split(separator: "\n").last } == [
                "kind: batch", "manifest: 9b7c0d", "purpose: Müllers neuer Rechner", "item: 1",
            ])
        #expect(accepted.allSatisfy { $0.hasSuffix("\n") && !$0.hasSuffix("\n\n") })
    }

    @Test(
        "a header that is not index, time and kind is refused with every fault",
        arguments: [
            (
                "time: 2026-11-22T15:30:00Z\nindex: 12\nkind: batch\n",
                [
                    "line 1: the first fields are time, index, kind, not index, time, kind (ENTRY-HEADER)"
                ]
            ),
            (
                "index: 012\ntime: 2026-11-22 15:30\nkind: Batch\n",
                [
                    "line 2: index \"012\" is not a decimal number below 2^64 (DOC-VALUE)",
                    "line 3: time \"2026-11-22 15:30\" is not a time like 2026-11-22T15:30:00Z"
                        + " (DOC-VALUE)",
                    "line 4: kind \"Batch\" is not a kind of entry (DOC-VALUE)",
                ]
            ),
            (
                "index: 18446744073709551616\ntime: 2026-11-22T15:30:00Z\nkind: batch\n",
                [
                    "line 2: index \"18446744073709551616\" is not a decimal number below 2^64"
                        + " (DOC-VALUE)"
                ]
            ),
            (
                "index: 1\nindex: 1\ntime: 2026-11-22T15:30:00Z\n",
                [
                    "line 1: field \"kind\" is missing (DOC-MISSING)",
                    "line 3: field \"index\" is given again; it stands in line 2 already"
                        + " (DOC-REPEATED)",
                ]
            ),
            (
                "index: 1\ntime: 2026-11-22T15:30:00Z\nkind: key\nlabel: x\n",
                ["line 5: field \"label\" is not known here (DOC-FIELD)"]
            ),
            (
                "\nindex: 1\ntime: 2026-11-22T15:30:00Z\nkind: key\n",
                [
                    "line 1: field \"index\" is missing (DOC-MISSING)",
                    "line 1: field \"time\" is missing (DOC-MISSING)",
                    "line 1: field \"kind\" is missing (DOC-MISSING)",
                ]
            ),
        ])
    func headers(fields: String, expected: [String]) {
        #expect(faults("conclave-entry: v1\n" + fields) == expected)
    }

    @Test("the largest index is read")
    func largestIndex() throws {
        let entry = try EntryDraft(.token).entry(index: .max, time: .latest)
        #expect(entry.index == .max)
        #expect(entry.time == .latest)
    }

    @Test(
        "people's words may be UTF-8, and nothing else",
        arguments: ["requester", "purpose", "officer", "witness", "operator", "reason", "message"])
    func words(name: String) throws {
        var draft = EntryDraft(.exception)
        draft.field(name, "Jörg – 株式会社")
        let entry = try draft.entry(index: 3, time: UnixTime(seconds: 9))
        #expect(entry.blocks.first?.fields.first?.value == "Jörg – 株式会社")

        var other = EntryDraft(.exception)
        other.field(name + "-id", "Jörg")
        #expect(throws: Violations.self) { try other.entry(index: 3, time: UnixTime(seconds: 9)) }
    }

    @Test("an entry of the greatest size is read, and one byte more is refused")
    func size() throws {
        let limit = LedgerEntry.limits.maximumBytes
        #expect(limit == 4_194_304)
        let head = "conclave-entry: v1\nindex: 1\ntime: 2026-11-22T15:30:00Z\nkind: issued\n\n"
        let line = "x: " + String(repeating: "y", count: 60_000) + "\n"
        var text = head
        while text.utf8.count + 2 * line.utf8.count < limit { text += line }
        let rest = limit - text.utf8.count - 4
        let half = "x: " + String(repeating: "y", count: rest / 2 - 4) + "\n"
        text += half
        text += "x: " + String(repeating: "y", count: limit - text.utf8.count - 4) + "\n"
        #expect(text.utf8.count == limit)
        #expect(faults(text) == [])
        #expect(
            faults(String(text.dropLast()) + "y\n") == [
                "4194305 bytes exceed the limit of 4194304 (DOC-SIZE)"
            ])
    }
}
