// SPDX-License-Identifier: Apache-2.0
import Documents
import Ledger
import LedgerStore
import SSHCrypto

/// A new ledger in a directory of its own.
struct LedgerFixture {
    /// Midday of the day on which the tests' first entries are made.
    static let start = UnixTime(seconds: 1_795_348_800)

    let directory: TemporaryDirectory
    var path: String { directory.file("ledger.db") }

    init() throws {
        directory = try TemporaryDirectory()
        try LedgerStore.create(path: path)
    }

    init(entries: Int) throws {
        try self.init()
        let store = try open()
        try store.append((0..<entries).map(Self.draft), time: Self.start)
        try store.close()
    }

    func open(_ mode: LedgerStore.Mode = .readWrite) throws -> LedgerStore {
        try LedgerStore(opening: path, mode: mode)
    }

    /// The faults that a look through the whole ledger names.
    func faults() throws -> [String] {
        try LedgerStore.verify(path: path).faults.map(\.description)
    }

    /// A draft unlike those of all other numbers, with a content and two handles.
    static func draft(_ number: Int) -> EntryDraft {
        let content = Content(Array("content \(number)".utf8))
        var draft = EntryDraft(number == 0 ? .genesis : .request)
        draft.field("number", "\(number)")
        draft.field("file", content.digest.hex)
        draft.contents = [content]
        draft.handles = [.serial(UInt64(number)), .keyID(number % 2 == 0 ? "even" : "odd")]
        return draft
    }
}

extension LedgerStore {
    /// Appends one entry at the fixture's time.
    @discardableResult
    func append(_ number: Int) throws -> LedgerEntry? {
        try append([LedgerFixture.draft(number)], time: LedgerFixture.start).first
    }
}
