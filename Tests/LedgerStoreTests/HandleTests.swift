// SPDX-License-Identifier: Apache-2.0
import Documents
import Ledger
import LedgerStore
import SSHCrypto
import Testing

@Suite("finding entries by handles")
struct HandleTests {
    @Test("a handle leads to the entries that have it, in order")
    func handles() throws {
        let ledger = try LedgerFixture(entries: 6)
        let store = try ledger.open(.readOnly)
        #expect(try store.find(.serial(4)) == [4])
        #expect(try store.find(.keyID("odd")) == [1, 3, 5])
        #expect(try store.find(.keyID("ODD")) == [])
        #expect(try store.find(.fingerprint("odd")) == [])
        #expect(try store.find(.hostEnd(4)) == [])
    }

    @Test("a handle leads no reader to what was appended after it looked")
    func laterEntries() throws {
        let ledger = try LedgerFixture(entries: 2)
        let reader = try ledger.open(.readOnly)
        let writer = try ledger.open()
        try writer.append(2)
        try writer.append(3)
        #expect(try writer.find(.keyID("odd")) == [1, 3])
        #expect(try reader.find(.keyID("odd")) == [1])
        #expect(try reader.count(.keyID("odd"), atMost: 9) == 1)
        var numbers: [UInt64] = []
        try reader.forEach(.serial, in: 0...9) { number, _ in
            numbers.append(number)
            return true
        }
        #expect(numbers == [0, 1])
        try writer.close()
        try reader.close()
    }

    @Test("a handle given twice by one entry leads to it once")
    func repeatedHandle() throws {
        let ledger = try LedgerFixture()
        let store = try ledger.open()
        let handles = [LedgerHandle.keyID("host 12"), .keyID("host 12")]
        var draft = EntryDraft(.issued)
        draft.handles = handles
        try store.append([draft, draft], time: LedgerFixture.start)
        #expect(try store.find(.keyID("host 12")) == [0, 1])
        try store.close()
        let faults = try LedgerStore.verify(path: ledger.path) { _, _ in
            var inspection = EntryInspection()
            inspection.handles = handles
            return inspection
        }.faults
        #expect(faults == [])
    }

    @Test("a handle that leads nowhere is named, as far as a row tells")
    func strayHandle() throws {
        let ledger = try LedgerFixture(entries: 2)
        try RawDatabase(ledger.path).execute(
            """
            INSERT INTO handle_0 VALUES
                (8, 12, 7), (3, 0x00c0ffeeffffffff, 7), (1, 0xfff0000000000001, 2), (99, -1, -5)
            """)
        #expect(
            try ledger.faults() == [
                "handle 99 -1: it leads to entry -5, which is not there",
                "handle request fff0000000000001...: it leads to entry 2, which is not there",
                "handle batch 00c0ffeeffffffff...: it leads to entry 7, which is not there",
                "handle serial 12: it leads to entry 7, which is not there",
            ])
        #expect(try ledger.open(.readOnly).find(.serial(12)) == [])
    }

    // MARK: Digests

    /// Appends a request for each of the digests that these digits and zeros make.
    private func ledger(of digests: [String]) throws -> LedgerFixture {
        let ledger = try LedgerFixture()
        let store = try ledger.open()
        try store.append(
            try digests.map { digits in
                var draft = EntryDraft(.request)
                let zeros = String(repeating: "0", count: 64 - digits.utf8.count)
                draft.handles = [.request(try #require(SHA256Digest(hex: digits + zeros)))]
                return draft
            }, time: LedgerFixture.start)
        try store.close()
        return ledger
    }

    @Test("digests are found by their beginning, on both sides of the middle")
    func beginnings() throws {
        let digests = [
            "7fffffff", "80000000", "8000000000000001", "ffffffffffffffff", "00000000", "7f",
            "7fffffff00000001",
        ]
        let store = try ledger(of: digests).open(.readOnly)
        let expected: [(String, [UInt64])] = [
            ("7fffffff", [0, 6]), ("7", [5, 0, 6]), ("7fffffff00000001", [6]), ("8", [1, 2]),
            ("80000000", [1, 2]), ("8000000000000000", [1]), ("f", [3]), ("0", [4]),
            ("ffffffffffffffff", [3]), ("1", []), ("", []), ("7F", []), ("7g", []), ("-", []),
        ]
        for (digits, found) in expected {
            #expect(try store.find(.request, beginning: digits) == found, "\(digits)")
            #expect(try store.find(.batch, beginning: digits) == [], "\(digits)")
        }
        // 16 digits count; the caller compares the rest.
        #expect(try store.find(.request, beginning: "7fffffff00000001ff") == [6])
        #expect(try store.find(.serial, beginning: "0") == [])
    }

    @Test("digests and texts that share 64 bits are found together, to be compared by the caller")
    func collisions() throws {
        let shared = "0123456789abcdef"
        let store = try ledger(of: [shared + "01", shared + "02"]).open(.readOnly)
        let first = try #require(
            SHA256Digest(hex: shared + "01" + String(repeating: "0", count: 46)))
        #expect(try store.find(.request(first)) == [0, 1])
        let text = SHA256Digest(hashing: Array("alice".utf8))
        #expect(LedgerHandle.keyID("alice").value == LedgerHandle.request(text).value)
    }

    // MARK: Numbers

    private func ledger(expiring numbers: [UInt64]) throws -> LedgerFixture {
        let ledger = try LedgerFixture()
        let store = try ledger.open()
        try store.append(
            numbers.map { number in
                var draft = EntryDraft(.issued)
                draft.handles = [.hostEnd(number)]
                return draft
            }, time: LedgerFixture.start)
        try store.close()
        return ledger
    }

    private func found(
        _ store: LedgerStore, in range: ClosedRange<UInt64>, limit: Int = .max
    ) throws -> [[UInt64]] {
        var found: [[UInt64]] = []
        try store.forEach(.hostEnd, in: range) { number, index in
            found.append([number, index])
            return found.count < limit
        }
        return found
    }

    @Test("numbers are handed over by range, in order, both ends with them")
    func ranges() throws {
        let store = try ledger(expiring: [300, 100, 200, 100]).open(.readOnly)
        #expect(try found(store, in: 0...(.max)) == [[100, 1], [100, 3], [200, 2], [300, 0]])
        #expect(try found(store, in: 100...200) == [[100, 1], [100, 3], [200, 2]])
        #expect(try found(store, in: 101...199) == [])
        #expect(try found(store, in: 200...300) == [[200, 2], [300, 0]])
        #expect(try found(store, in: 301...(.max)) == [])
        #expect(try found(store, in: 0...(.max), limit: 2) == [[100, 1], [100, 3]])
        try store.forEach(.request, in: 0...(.max)) { _, _ in
            Issue.record("a digest is no number")
            return true
        }
    }

    @Test("numbers above 63 bits are found with the largest of 63 bits")
    func largeNumbers() throws {
        let largest = UInt64(Int64.max)
        let store = try ledger(expiring: [.max, largest - 1, largest, largest + 1]).open(.readOnly)
        #expect(try store.find(.hostEnd(.max)) == [0, 2, 3])
        #expect(try store.find(.hostEnd(largest - 1)) == [1])
        let all = [[largest - 1, 1], [largest, 0], [largest, 2], [largest, 3]]
        #expect(try found(store, in: 0...(.max)) == all)
        #expect(try found(store, in: largest + 5...(.max)) == Array(all.dropFirst()))
    }

    @Test("what is found may be read while more is found, and an error ends the finding")
    func reading() throws {
        struct Stop: Error, Equatable {}
        let store = try ledger(expiring: [3, 2, 1]).open()
        var seen: [UInt64] = []
        #expect(throws: Stop()) {
            try store.forEach(.hostEnd, in: 0...9) { number, index in
                seen.append(try store.entry(at: index).index)
                if number == 2 { throw Stop() }
                return true
            }
        }
        #expect(seen == [2, 1])
        try store.append(3)
    }

    @Test("each name has a number of its own, and the numbers are those of the format")
    func names() {
        let names = LedgerHandle.Name.allCases
        #expect(names.map(\.rawValue) == Array(1...17))
        #expect(
            names.map(\.text) == [
                "request", "admission", "batch", "approvals", "ceremony", "intent",
                "batch-number", "serial", "host-end", "user-end", "key-id", "fingerprint",
                "principal", "refusal",
                "approver", "ca-key", "list-version",
            ])
    }
}
