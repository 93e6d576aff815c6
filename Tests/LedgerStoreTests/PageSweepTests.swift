// SPDX-License-Identifier: Apache-2.0
import Documents
import Glibc
import Ledger
import LedgerStore
import SSHCrypto
import Testing

/// Bytes turned in each page of a ledger, and the file cut at every length that differs.
///
/// A byte in the unused part of a page, or one that SQLite does not use, is no damage: then everything
/// that the ledger holds is as it was.
@Suite("each page of a ledger damaged in turn")
struct PageSweepTests {
    private static let pageSize = 4_096
    private let ledger: LedgerFixture
    private let sound: [UInt8]
    private let whole: Holdings

    /// Everything that a ledger holds.
    private struct Holdings: Equatable {
        var texts: [[UInt8]] = []
        var contents: [SHA256Digest: [UInt8]] = [:]
        var root: SHA256Digest?

        init(_ path: String) throws {
            let store = try LedgerStore(opening: path, mode: .readOnly)
            try store.forEach(from: 0) { texts.append($0.bytes) }
            try store.forEachContent { contents[$0] = $1 }
            root = store.checkpointRoot()
            for index in 0..<store.size {
                guard try store.find(.serial(index)) == [index] else {
                    throw LedgerStoreError.noEntry(index: index, size: store.size)
                }
            }
            try store.close()
        }
    }

    init() throws {
        ledger = try LedgerFixture(entries: 30)
        sound = try read(ledger.path)
        whole = try Holdings(ledger.path)
    }

    /// What each entry of the fixture is found by.
    private static let inspect: LedgerStore.Inspection = { entry, _ in
        var inspection = EntryInspection()
        inspection.handles = LedgerFixture.draft(Int(entry.index)).handles
        inspection.contents = entry.blocks.flatMap(\.fields).filter { $0.name == "file" }
            .compactMap { SHA256Digest(hex: $0.value) }
        return inspection
    }

    @Test("what verification does not find has done no harm, and nobody writes what is wrong")
    func turnedBytes() throws {
        let pages = sound.count / Self.pageSize
        #expect(pages >= 8)
        var found = 0
        for page in 0..<pages {
            // The page's header and pointers, what they point at, and places in between.
            for place in [0, 3, 5, 8, 9, 12, 90, 1_900, 2_800, 3_500, 3_900, 4_040, 4_095] {
                var bytes = sound
                bytes[page * Self.pageSize + place] ^= place.isMultiple(of: 2) ? 0xFF : 0x01
                let isFound = try isFound(bytes)
                let isHarmless = isFound ? false : try Holdings(ledger.path) == whole
                #expect(isFound || isHarmless, "page \(page), byte \(place)")
                found += isFound ? 1 : 0
            }
        }
        #expect(found > pages * 6)
    }

    /// Whether verification finds the damage; what stands in the file is as it was afterwards.
    private func isFound(_ bytes: [UInt8]) throws -> Bool {
        try write(bytes, to: ledger.path)
        defer {
            for suffix in ["-wal", "-shm", "-journal"] { unlink(ledger.path + suffix) }
        }
        let isFound: Bool
        do {
            let verification = try LedgerStore.verify(path: ledger.path, inspect: Self.inspect)
            isFound = !verification.faults.isEmpty || verification.root != whole.root
        } catch {
            #expect(error.rule != nil, "\(error)")
            isFound = true
        }
        #expect(try read(ledger.path) == bytes)
        return isFound
    }

    @Test("a damaged last entry or edge of the tree stops a writer before it writes")
    func writers() throws {
        var refused = 0
        for page in 1..<sound.count / Self.pageSize {
            var bytes = sound
            for offset in page * Self.pageSize..<(page + 1) * Self.pageSize {
                bytes[offset] ^= 0x33
            }
            try write(bytes, to: ledger.path)
            do {
                let store = try LedgerStore(opening: ledger.path, mode: .readWrite)
                try store.append(30)
                try store.close()
                // What it did not need to read was damaged: its own work is sound, and the damage is
                // there to be found.
                let reader = try LedgerStore(opening: ledger.path, mode: .readOnly)
                #expect(try reader.entry(at: 30).index == 30)
            } catch {
                refused += 1
                #expect(try read(ledger.path) == bytes, "page \(page): \(error)")
            }
            let verification = try? LedgerStore.verify(path: ledger.path, inspect: Self.inspect)
            #expect(verification?.faults.isEmpty != true, "page \(page)")
            for suffix in ["-wal", "-shm"] { unlink(ledger.path + suffix) }
        }
        #expect(refused >= 4)
    }

    @Test(
        "a file that is cut anywhere is refused as cut, by readers and writers, and left as it is")
    func truncated() throws {
        for length in stride(from: Self.pageSize / 2, to: sound.count, by: Self.pageSize / 2) {
            let bytes = Array(sound[..<length])
            try write(bytes, to: ledger.path)
            let error = LedgerStoreError.truncated(
                path: ledger.path, found: Int64(length), expected: Int64(sound.count))
            for mode in [LedgerStore.Mode.readOnly, .readWrite] {
                #expect(throws: error) { try LedgerStore(opening: ledger.path, mode: mode) }
            }
            #expect(throws: error) { try LedgerStore.verify(path: ledger.path) }
            #expect(error.rule?.name == "LEDGER-WHOLE")
            #expect(try read(ledger.path) == bytes)
        }
        #expect(ledger.directory.names == ["ledger.db"])
    }

    @Test(
        "what was swapped, altered or taken away with SQLite's own tools is named",
        arguments: [
            (
                "entry",
                "UPDATE entry SET idx = idx + 100 WHERE idx IN (3, 4);"
                    + "UPDATE entry SET idx = 4 WHERE idx = 103; UPDATE entry SET idx = 3 WHERE idx = 104",
                "entry 3: its text says index 4"
            ),
            (
                "content",
                "UPDATE content SET bytes = (SELECT bytes FROM content WHERE rowid = 2)"
                    + " WHERE rowid = 1", ": its bytes have another digest"
            ),
            ("content", "DELETE FROM content WHERE rowid = 5", "is missing"),
            (
                "content",
                "INSERT INTO content SELECT max(id) + 1, sha256, bytes FROM content;"
                    + "INSERT INTO handle_0 SELECT 0, value, (SELECT max(id) FROM content)"
                    + " FROM handle WHERE name = 0 AND idx = 30",
                "content \(Content(Array("content 29".utf8)).digest.hex): it is there twice"
            ),
            (
                "handle_0", "DELETE FROM handle_0 WHERE name = 0 AND idx = 8",
                "content \(Content(Array("content 7".utf8)).digest.hex): it cannot be found by its digest"
            ),
            (
                "handle_0", "INSERT INTO handle_0 VALUES (0, 0x00c0ffee00000000, 31)",
                "look-up of content 00c0ffee00000000...: it leads to row 31, which does not hold it"
            ),
            (
                "handle_0",
                "UPDATE handle_0 SET idx = 9 WHERE name = 0 AND idx = 8",
                ": it leads to row 9, which does not hold it"
            ),
            (
                "handle_3", "DELETE FROM handle_3 WHERE name = 8 AND value = 7",
                "handle serial 7: it does not lead to entry 7"
            ),
            (
                "handle_3", "UPDATE handle_3 SET idx = 8 WHERE name = 8 AND value = 7",
                "handle serial 7: it leads to entry 8, which does not have it"
            ),
            (
                "handle_0", "INSERT INTO handle_0 VALUES (8, 99, 2)",
                "handle serial 99: it leads to entry 2, which does not have it"
            ),
        ])
    func tools(table: String, sql: String, expected: String) throws {
        try RawDatabase.tamper(ledger.path, table, sql)
        let faults = try LedgerStore.verify(path: ledger.path, inspect: Self.inspect).faults
        #expect(faults.contains { "\($0)".contains(expected) }, "\(faults)")
    }
}
