// SPDX-License-Identifier: Apache-2.0
import Documents
import Ledger
import LedgerStore
import SSHCrypto
import Testing

@Suite("appending to a ledger")
struct AppendTests {
    private let start = LedgerFixture.start

    @Test("entries get the next indices, the given time, and are read back as they were made")
    func append() throws {
        let ledger = try LedgerFixture()
        let store = try ledger.open()
        let first = try store.append([0, 1, 2].map(LedgerFixture.draft), time: start)
        let later = UnixTime(seconds: start.seconds + 1)
        let second = try store.append([LedgerFixture.draft(3)], time: later)
        #expect((first + second).map(\.index) == [0, 1, 2, 3])
        #expect((first + second).map(\.kind) == [.genesis, .request, .request, .request])
        #expect(store.size == 4)
        #expect(store.lastTime == later)
        for entry in first + second { #expect(try store.entry(at: entry.index) == entry) }
        try store.close()

        let again = try ledger.open(.readOnly)
        #expect(again.size == 4)
        #expect(again.lastTime == later)
        #expect(again.checkpointRoot() == store.checkpointRoot())
        for entry in first + second { #expect(try again.entry(at: entry.index) == entry) }
        try again.close()
        #expect(ledger.directory.names == ["ledger.db"])
    }

    @Test("no drafts are no transaction")
    func nothing() throws {
        let ledger = try LedgerFixture(entries: 1)
        let store = try ledger.open()
        let before = try read(ledger.path)
        #expect(try store.append([], time: UnixTime(seconds: 0)) == [])
        try store.close()
        #expect(try read(ledger.path) == before)
    }

    @Test("the same second is late enough, and a second earlier is refused")
    func time() throws {
        let ledger = try LedgerFixture(entries: 3)
        let store = try ledger.open()
        try store.append([LedgerFixture.draft(3)], time: start)
        let earlier = UnixTime(seconds: start.seconds - 1)
        do {
            _ = try store.append([LedgerFixture.draft(4)], time: earlier)
            Issue.record("an entry went back in time")
        } catch {
            #expect(
                error.description
                    == "entry 4 is refused: time 2026-11-22T11:59:59Z is before"
                    + " 2026-11-22T12:00:00Z, the time of the last entry (LEDGER-TIME)")
        }
        #expect(store.size == 4)
    }

    @Test("one bad draft stops all, with every fault and the place it would have had")
    func badDraft() throws {
        let ledger = try LedgerFixture(entries: 2)
        let store = try ledger.open()
        let root = store.checkpointRoot()
        var bad = LedgerFixture.draft(4)
        bad.field("note", "two\nlines")
        bad.field("Note", "upper case")
        do {
            let drafts = [LedgerFixture.draft(2), LedgerFixture.draft(3), bad]
            _ = try store.append(drafts, time: UnixTime(seconds: start.seconds - 60))
            Issue.record("a bad draft was appended")
        } catch {
            #expect(
                error
                    == .refused(
                        index: 2,
                        Violations([
                            Violation(
                                .ledgerTime,
                                "time 2026-11-22T11:59:00Z is before 2026-11-22T12:00:00Z,"
                                    + " the time of the last entry")
                        ])))
        }
        do {
            let drafts = [LedgerFixture.draft(2), LedgerFixture.draft(3), bad]
            _ = try store.append(drafts, time: start)
            Issue.record("a bad draft was appended")
        } catch {
            #expect(
                error.description
                    == "entry 4 is refused: line 8: field \"note\" cannot hold \"two\\u{A}lines\""
                    + " (DOC-VALUE); line 9: \"Note\" is not the name of a field (DOC-LINE)")
        }
        #expect(store.size == 2)
        #expect(store.checkpointRoot() == root)
        #expect(try store.find(.serial(2)) == [])
        #expect(try store.content(Content(Array("content 2".utf8)).digest) == nil)
        try store.append(2)
        try store.close()
        #expect(try ledger.faults() == [])
    }

    @Test("a content is kept once, under its digest, however many entries name it")
    func contents() throws {
        let ledger = try LedgerFixture()
        let store = try ledger.open()
        let shared = Content(Array("shared".utf8))
        let empty = Content([])
        for number in 0..<3 {
            var draft = EntryDraft(.request)
            draft.field("evidence", "oidc \(shared.digest.hex) token.json")
            draft.field("file", empty.digest.hex)
            draft.contents = [shared, empty, shared]
            draft.handles = [.serial(UInt64(number))]
            try store.append([draft], time: start)
        }
        #expect(try store.content(shared.digest) == shared.bytes)
        #expect(try store.content(empty.digest) == [])
        #expect(try store.content(Content([1]).digest) == nil)
        try store.close()
        #expect(try RawDatabase(ledger.path).rows("SELECT count(*) FROM content") == [["2"]])
        #expect(try ledger.faults() == [])
    }

    @Test("contents that are said to be new are not looked for, and told where they were not")
    func newContents() throws {
        let ledger = try LedgerFixture()
        let store = try ledger.open()
        var drafts = (0..<2).map { _ in LedgerFixture.draft(1) }
        drafts[0].hasNewContents = true
        try store.append(drafts, time: start)
        #expect(try RawDatabase(ledger.path).rows("SELECT count(*) FROM content") == [["1"]])
        #expect(try ledger.faults() == [])
        drafts[1].hasNewContents = true
        try store.append(drafts.suffix(1), time: start)
        try store.close()
        let digest = Content(Array("content 1".utf8)).digest
        #expect(try ledger.faults() == ["content \(digest.hex): it is there twice"])
    }

    @Test("a content that the entry does not name is refused")
    func unnamedContent() throws {
        let ledger = try LedgerFixture()
        let store = try ledger.open()
        let content = Content(Array("abc".utf8))
        for value in [nil, "x\(content.digest.hex)", String(content.digest.hex.dropLast())] {
            var draft = EntryDraft(.request)
            if let value { draft.field("file", value) }
            draft.contents = [content]
            do {
                _ = try store.append([draft], time: start)
                Issue.record("a content without a name was appended")
            } catch {
                #expect(
                    error.description == "entry 0 is refused: content \(content.digest.hex)"
                        + " is not named in the entry (CONTENT-NAMED)")
            }
        }
    }

    @Test("a content of 16 MiB is kept, and one byte more is refused")
    func contentSize() throws {
        let ledger = try LedgerFixture()
        let store = try ledger.open()
        let largest = Content([UInt8](repeating: 0x5A, count: Content.maximumBytes))
        var draft = EntryDraft(.batch)
        draft.field("manifest", largest.digest.hex)
        draft.contents = [largest]
        try store.append([draft], time: start)
        #expect(try store.content(largest.digest) == largest.bytes)

        let larger = Content(largest.bytes + [0])
        draft = EntryDraft(.batch)
        draft.field("manifest", larger.digest.hex)
        draft.contents = [larger]
        do {
            _ = try store.append([draft], time: start)
            Issue.record("too large a content was appended")
        } catch {
            #expect(
                error.description == "entry 1 is refused: content \(larger.digest.hex) has"
                    + " 16777217 bytes, more than the limit of 16777216 (CONTENT-SIZE)")
        }
        try store.close()
        #expect(try ledger.faults() == [])
    }

    @Test("a store that was opened for reading appends nothing")
    func readOnly() throws {
        let ledger = try LedgerFixture(entries: 1)
        let store = try ledger.open(.readOnly)
        #expect(throws: LedgerStoreError.openedForReading(path: ledger.path)) {
            try store.append([], time: start)
        }
        #expect(store.size == 1)
    }

    @Test("a store that was closed does nothing more, and may be closed again")
    func closed() throws {
        let ledger = try LedgerFixture(entries: 1)
        let store = try ledger.open()
        try store.close()
        try store.close()
        #expect(throws: LedgerStoreError.closed(path: ledger.path)) { try store.append(1) }
        #expect(throws: LedgerStoreError.closed(path: ledger.path)) { try store.entry(at: 0) }
        #expect(throws: LedgerStoreError.closed(path: ledger.path)) { try store.verify() }
        #expect(throws: LedgerStoreError.closed(path: ledger.path)) { try store.refresh() }
    }
}
