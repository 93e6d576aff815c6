// SPDX-License-Identifier: Apache-2.0
import Documents
import Ledger
import Testing

@Suite("The files of entries in a bundle")
struct EntryFileTests {
    private func texts(_ range: Range<UInt64>) throws -> [[UInt8]] {
        try range.map { index in
            var draft = EntryDraft(.exception)
            draft.field("rule", "CLOCK-AHEAD")
            draft.field("message", "conclave-entry: v1")
            return try draft.entry(index: index, time: UnixTime(seconds: 1_795_000_000)).bytes
        }
    }

    @Test(
        "a stretch of entries is cut at each multiple of 256, and nowhere else",
        arguments: [
            (0...0, ["00000000-00000000.txt"]), (0...12, ["00000000-00000012.txt"]),
            (0...255, ["00000000-00000255.txt"]),
            (0...256, ["00000000-00000255.txt", "00000256-00000256.txt"]),
            (
                200...1_000,
                [
                    "00000200-00000255.txt", "00000256-00000511.txt", "00000512-00000767.txt",
                    "00000768-00001000.txt",
                ]
            ),
            (99_999_999...100_000_000, ["99999999-99999999.txt", "100000000-100000000.txt"]),
            (UInt64.max - 1...UInt64.max, ["18446744073709551614-18446744073709551615.txt"]),
        ])
    func covering(entries: ClosedRange<UInt64>, names: [String]) {
        let files = EntryFile.covering(entries)
        #expect(files.map(\.name) == names)
        #expect(files.allSatisfy { EntryFile(path: $0.path) == $0 })
        #expect(
            files.reduce(0) { $0 + UInt64($1.count) } == entries.upperBound - entries.lowerBound + 1
        )
    }

    @Test("no file goes beyond its tile, and none ends before it begins")
    func bounds() {
        #expect(EntryFile(first: 0, last: 255)?.count == 256)
        #expect(EntryFile(first: 0, last: 256) == nil)
        #expect(EntryFile(first: 255, last: 256) == nil)
        #expect(EntryFile(first: 5, last: 4) == nil)
        #expect(EntryFile(first: 5, last: 5)?.count == 1)
    }

    @Test(
        "a path has one spelling",
        arguments: [
            "audit/entries/0-12.txt", "audit/entries/00000000-00000012", "00000000-00000012.txt",
            "audit/entries/000000000-00000012.txt", "audit/entries/00000000-+0000012.txt",
            "audit/entries/00000000.txt", "audit/entries/00000000-00000012-00000013.txt",
            "audit/entries/00000000-.txt", "audit/entries/00000012-00000000.txt",
            "audit/entries/00000000-99999999999999999999.txt", "",
        ])
    func paths(path: String) {
        #expect(EntryFile(path: path) == nil)
        #expect(EntryFile(path: "audit/entries/00000000-00000012.txt")?.last == 12)
    }

    @Test("the entries of a file are read again, though a message repeats their heading")
    func reading() throws {
        let texts = try texts(200..<256)
        let file = try #require(EntryFile.covering(200...255).first)
        let entries = try file.entries(in: Array(texts.joined()))
        #expect(entries.map(\.bytes) == texts)
        #expect(EntryFile.split([]).isEmpty)
    }

    @Test("a file that was cut, prolonged, reordered or altered is refused")
    func refusals() throws {
        let texts = try texts(3..<6)
        let file = try #require(EntryFile(first: 3, last: 5))
        func fault(_ texts: [[UInt8]]) -> String {
            do throws(Violations) {
                _ = try file.entries(in: Array(texts.joined()))
                return ""
            } catch {
                return error.all.map { "\($0.rule.name): \($0.message)" }.joined()
            }
        }
        #expect(fault(texts) == "")
        #expect(
            fault([texts[0], texts[1]])
                == "ENTRY-FILE: 00000003-00000005.txt holds 2 of 3 entries")
        #expect(
            fault(texts + [texts[2]])
                == "ENTRY-FILE: 00000003-00000005.txt holds 4 of 3 entries")
        #expect(
            fault([texts[0], texts[2], texts[1]])
                == "ENTRY-FILE: 00000003-00000005.txt holds entry 5 in the place of entry 4")
        #expect(fault([texts[0], Array(texts[1].dropLast()), texts[2]]).contains("ENTRY-FILE"))
        #expect(fault([texts[0], texts[1], Array(texts[2].dropLast())]) != "")
    }
}
