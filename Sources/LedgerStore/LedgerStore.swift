// SPDX-License-Identifier: Apache-2.0
public import Documents
public import Ledger

/// A ledger in a SQLite file: appended to in durable transactions, never changed.
///
/// A store is one connection and belongs to one thread. Others may read the same file at the same
/// time; a second writer is told that the file is busy. A commit is on the disk when `append`
/// returns: the journal is a write-ahead log that is synced at each commit (`synchronous = EXTRA`,
/// set and read back). ``size`` and ``checkpointRoot()`` tell what this store last saw.
public final class LedgerStore {
    /// What a store is opened for.
    public enum Mode: Hashable, Sendable {
        /// For appending, and reading.
        case readWrite
        /// For reading alone; SQLite still keeps its lock and its log beside the file, unless nothing
        /// can be made there.
        case readOnly
    }

    /// What the last transaction left.
    struct State {
        var frontier = MerkleFrontier()
        var lastTime: UnixTime?
    }

    /// The name of the file.
    public let path: String
    /// What the store was opened for.
    public let mode: Mode

    var database: Database
    let packing = TextPacking()
    var state = State()
    var mustBeReopened = false
    /// The file as it was when it was taken to be still; nil where SQLite sees who writes.
    private let still: LedgerFile.Mark?

    /// Makes a ledger without entries, for this user alone, at a name that is free.
    ///
    /// - Throws: `LedgerStoreError`; nothing is left behind then.
    public static func create(path: String) throws(LedgerStoreError) {
        for suffix in LedgerFile.companions where try LedgerFile.size(of: path + suffix) != nil {
            if try LedgerFile.size(of: path) != nil { throw .exists(path: path) }
            throw .leftover(path: path + suffix)
        }
        try LedgerFile.createExclusively(path)
        do throws(LedgerStoreError) {
            var database = try Database(path: path)
            try makeDurable(database)
            try LedgerSchema.create(in: database)
            try database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            database.close()
            try LedgerFile.syncDirectory(of: path)
        } catch {
            LedgerFile.discard(path)
            throw error
        }
    }

    /// Opens a ledger that exists.
    ///
    /// Every file but a ledger of this version with all its triggers is refused, and one whose last
    /// entry or whose edge of the tree is damaged. The rest is not looked through, which is the work
    /// of ``verify(inspect:progress:)``.
    ///
    /// - Throws: `LedgerStoreError`.
    public convenience init(opening path: String, mode: Mode) throws(LedgerStoreError) {
        try self.init(connecting: path, mode: mode)
        try refresh()
    }

    /// Opens a ledger without a look at its entries; its size is 0 until it is refreshed.
    init(connecting path: String, mode: Mode) throws(LedgerStoreError) {
        guard let size = try LedgerFile.size(of: path) else { throw .missing(path: path) }
        let logSize = try LedgerFile.size(of: path + "-wal") ?? 0
        // SQLite would roll back whatever a journal says, before anything can be looked at.
        let journal = path + "-journal"
        if size > 0, let found = try LedgerFile.size(of: journal), found > 0 {
            throw .foreignJournal(path: journal)
        }
        // SQLite takes an empty file for a new database and throws its log away.
        if size == 0 {
            if logSize == 0 { throw .unfinished(path: path) }
            throw .truncated(path: path, found: 0, expected: logSize)
        }
        // SQLite gives the files beside the ledger its mode, and one that cannot be written would stay.
        if mode == .readWrite, !LedgerFile.isWritable(path) { throw .readOnlyFile(path: path) }
        self.path = path
        self.mode = mode
        let isStill = mode == .readOnly ? try LedgerFile.mustBeStill(path) : false
        still = isStill ? LedgerFile.Mark(of: path) : nil
        database = try Database(path: path, isStill: isStill)
        // A log that somebody left is written into the file by a writer who found everything in order,
        // and by nobody else.
        if logSize > 0 { database.setCheckpointOnClose(false) }
        try Self.checkFile(database)
        try database.execute("PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON")
        // A verification has many readers at once, none of which reads a page twice.
        try database.execute("PRAGMA cache_size = -\(mode == .readWrite ? 65_536 : 4_096)")
        try LedgerSchema.check(database)
        switch mode {
        case .readWrite:
            if database.isReadOnly { throw .readOnlyFile(path: path) }
            try Self.makeDurable(database)
        case .readOnly: try database.execute("PRAGMA query_only = ON")
        }
    }

    /// Ends the use of the file; the log is written into it, and removed by the last that closes.
    ///
    /// Closing once more does nothing; everything else fails afterwards.
    ///
    /// - Throws: `LedgerStoreError` where the log cannot be written back. What was appended is
    ///   durable nevertheless, in the log.
    public func close() throws(LedgerStoreError) {
        guard database.isOpen else { return }
        defer { database.close() }
        switch mode {
        // Another connection may keep the log in use; the checkpoint is then left to it.
        case .readWrite:
            database.setCheckpointOnClose(true)
            try database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        case .readOnly: tidy()
        }
    }

    deinit {
        if mode == .readOnly { tidy() }
    }

    /// Lets the last reader remove a log that a writer has emptied.
    private func tidy() {
        let logSize = try? LedgerFile.size(of: path + "-wal")
        if logSize == 0 { database.setCheckpointOnClose(true) }
    }

    /// Looks at what other connections have appended.
    ///
    /// - Throws: `LedgerStoreError`.
    public func refresh() throws(LedgerStoreError) {
        state = try reading { () throws(LedgerStoreError) in try currentState() }
    }

    /// The number of entries.
    public var size: UInt64 { state.frontier.size }

    /// The edge of the tree over all entries, to try what further ones would make of it.
    public var frontier: MerkleFrontier { state.frontier }

    /// The time of the last entry, or nil where there is none.
    public var lastTime: UnixTime? { state.lastTime }

    /// Runs `body` on one state of the file, whatever other connections do meanwhile.
    func reading<Result>(
        _ body: () throws(LedgerStoreError) -> Result
    ) throws(LedgerStoreError) -> Result {
        try database.execute("BEGIN")
        defer { database.rollBack() }
        do throws(LedgerStoreError) {
            let result = try body()
            try requireStill()
            return result
        } catch {
            try requireStill()
            throw error
        }
    }

    /// Demands that nobody wrote a file that was taken to be still.
    func requireStill() throws(LedgerStoreError) {
        guard let still, LedgerFile.Mark(of: path) != still else { return }
        throw .notStill(path: path)
    }

    /// The state as the file has it, within a transaction.
    func currentState() throws(LedgerStoreError) -> State {
        let last = try database.integer("SELECT max(idx) FROM entry")
        guard let last else { return State() }
        guard last >= 0 else {
            throw .corrupt(path: path, reason: "the last entry has the index \(last)")
        }
        let index = UInt64(last)
        let frontier = try MerkleFrontier(size: index + 1) {
            node throws(LedgerStoreError) in try hash(of: node)
        }
        return State(frontier: frontier, lastTime: try entry(at: index).time)
    }
}

// MARK: - Opening

extension LedgerStore {
    /// Sets the journal and its syncs, and reads back whether SQLite complies.
    private static func makeDurable(_ database: borrowing Database) throws(LedgerStoreError) {
        // The setting itself answers "wal" even where the file could not be written.
        try database.execute("PRAGMA journal_mode = WAL")
        let journal = try database.text("PRAGMA journal_mode")
        guard journal == "wal" else {
            throw .notDurable(
                path: database.path, setting: "journal_mode", found: journal ?? "nothing",
                needed: "wal")
        }
        // Digests come in no order, so that each page of what they are looked up by is written again
        // and again: once for several commits, in 16 MiB of log, in place of once for each.
        try database.execute("PRAGMA wal_autocheckpoint = 4096")
        // Else the pages from which look-ups move on would be written once more, with zeros. Nothing in
        // a ledger is secret.
        try database.execute("PRAGMA secure_delete = OFF")
        try database.execute("PRAGMA synchronous = EXTRA")
        let level = try database.integer("PRAGMA synchronous")
        guard level == 3 else {
            throw .notDurable(
                path: database.path, setting: "synchronous",
                found: level.map { String($0) } ?? "nothing", needed: "3 (EXTRA)")
        }
    }

    /// Demands the beginning of a SQLite file, and as many bytes as that announces.
    private static func checkFile(_ database: borrowing Database) throws(LedgerStoreError) {
        let path = database.path
        let header = try database.fileHeader(100)
        // The log is looked for between the header and the size: a checkpoint that runs meanwhile
        // either still has its log or has given the file all its pages.
        let logSize = try LedgerFile.size(of: path + "-wal") ?? 0
        let size = try LedgerFile.size(of: path) ?? 0
        let magic = Array("SQLite format 3\0".utf8)
        guard header.starts(with: magic.prefix(Int(clamping: size))) else {
            throw .foreign(path: path, reason: "it is not a SQLite database")
        }
        guard size >= header.count else {
            throw .truncated(path: path, found: size, expected: Int64(header.count))
        }
        // https://sqlite.org/fileformat2.html#the_database_header: page size, change counter,
        // number of pages, and the counter for which that number holds.
        let number = { (range: Range<Int>) in
            header[range].reduce(Int64(0)) { $0 << 8 | Int64($1) }
        }
        let pageSize = number(16..<18) == 1 ? 65_536 : number(16..<18)
        let expected = pageSize * number(28..<32)
        if logSize == 0, number(24..<28) == number(92..<96), size < expected {
            throw .truncated(path: path, found: size, expected: expected)
        }
    }
}

/// A store belongs to the one thread that uses it.
@available(*, unavailable)
extension LedgerStore: Sendable {}
