// SPDX-License-Identifier: Apache-2.0
public import Ceremony
public import Documents
import Glibc
import Issuance
public import Ledger
public import LedgerStore
import SSHCrypto
import Spool

/// A home that is open: its ledger, and the state that the ledger replays to.
///
/// One process at a time may write; readers are not kept out.
public final class Home {
    /// The name of the ledger's file in the home.
    static let ledgerName = "ledger.sqlite"

    /// The home's directory.
    public let path: String
    /// The time and randomness of the machine.
    public let surroundings: Surroundings
    /// The ledger.
    public let store: LedgerStore
    /// What the ledger replays to.
    public private(set) var state: HomeState
    private let lock: HomeLock?
    /// Whether the state has taken entries that the ledger has not.
    private var isAhead = false

    /// Opens a home to change it, under its lock, after a look at the clock and at the last checkpoint
    /// that the home keeps: with a ledger that is older than that, serials would come back.
    ///
    /// - Parameters:
    ///   - path: The home's directory.
    ///   - program: The program's name and command, for whoever finds the home locked.
    ///   - surroundings: The time and randomness of the machine.
    ///   - confirmedDate: The date that a person confirmed, where the clock is far ahead.
    ///   - anchors: Where checkpoints of the home lie outside its disk: bundles, folders of them,
    ///     exports, memories of witnesses.
    ///   - isMended: Whether the home is opened to be given back what it lost: it may be behind.
    /// - Returns: The open home.
    /// - Throws: what lock, ledger and replay throw; `CLOCK-BEHIND` and `CLOCK-AHEAD`;
    ///   `RunnerError` where the ledger was rolled back: `ANCHOR-AHEAD`, `ANCHOR-FORK`.
    public static func open(
        _ path: String, program: String, surroundings: Surroundings, confirmedDate: String? = nil,
        anchors: [String] = [], isMended: Bool = false
    ) throws -> Home {
        try requireHome(path)
        let time = surroundings.now()
        let lock = try HomeLock(home: path, program: program, started: time.text)
        // Nobody else writes here now: what is temporary is a crash's.
        for directory in ["", "/batches", "/checkpoints"] {
            DurableFile.removeLeftovers(in: path + directory)
        }
        let home = try Home(path, mode: .readWrite, lock: lock, surroundings: surroundings)
        if !isMended {
            if let mark = lock.note.flatMap(LedgerMark.init(note:)),
                let fault = try mark.fault(of: home.store)
            {
                throw RunnerError.altered(subject: "the ledger", [fault])
            }
            if let last = try CheckpointFile.keptSizes(of: home).last,
                let fault = try CheckpointFile.fault(of: home, size: last)
            {
                throw RunnerError.damaged(fault)
            }
            try AnchorMemory(of: home).require(anchors)
        }
        if let exception = try home.state.checkClock(time, confirmedDate: confirmedDate) {
            try home.append([exception.draft], time: time)
        }
        return home
    }

    /// Opens a home to look at it.
    ///
    /// - Throws: what ledger and replay throw.
    public static func read(_ path: String, surroundings: Surroundings) throws -> Home {
        try requireHome(path)
        return try Home(path, mode: .readOnly, lock: nil, surroundings: surroundings)
    }

    private init(
        _ path: String, mode: LedgerStore.Mode, lock: HomeLock?, surroundings: Surroundings
    ) throws {
        self.path = path
        self.surroundings = surroundings
        self.lock = lock
        store = try LedgerStore(opening: path + "/" + Self.ledgerName, mode: mode)
        state = try Self.replay(store)
    }

    private static func requireHome(_ path: String) throws {
        guard unsafe access(path + "/" + ledgerName, F_OK) == 0 else {
            throw RunnerError.noHome(path)
        }
    }

    private static func replay(_ store: LedgerStore) throws -> HomeState {
        var state: HomeState?
        try store.forEach(from: 0) { entry in
            let contents = ContentReader(store)
            do {
                if state == nil {
                    state = try HomeState(entry, content: contents.read)
                } else {
                    try state?.apply(entry, content: contents.read)
                }
            } catch let violations as Violations {
                if let fault = contents.fault { throw fault }
                throw RunnerError.damaged(
                    "ledger entry \(entry.index) does not follow from those before it:\n\(violations)"
                )
            }
        }
        guard let state else { throw RunnerError.damaged("the ledger has no entries") }
        return state
    }

    /// Takes entries into the state, and appends them in one durable transaction.
    ///
    /// The state has them first: what does not follow from it never reaches the ledger.
    ///
    /// - Throws: `RunnerError` with what does not follow; what the ledger throws. Nothing was
    ///   recorded then, and the home must be opened again.
    @discardableResult
    public func append(_ drafts: [EntryDraft], time: UnixTime) throws -> [LedgerEntry] {
        guard !isAhead else {
            throw RunnerError.damaged("the home must be opened again after a failed record")
        }
        isAhead = true
        let contents = ContentReader(store)
        let entries: [LedgerEntry]
        do throws(LedgerStoreError) {
            entries = try store.append(drafts, time: time) { entry throws(Violations) in
                try state.apply(entry, content: contents.read)
            }
        } catch .refused(_, let violations) {
            if let fault = contents.fault { throw fault }
            throw RunnerError.refused(subject: "nothing was recorded", violations.all)
        }
        isAhead = false
        // Where it cannot be noted, an older note stays, or none.
        try? lock?.leave(note: LedgerMark(store).note)
        return entries
    }

    /// The bytes that an entry names.
    ///
    /// - Throws: `RunnerError` where the ledger does not keep them; what the ledger throws.
    func content(_ digest: SHA256Digest) throws -> [UInt8] {
        guard let bytes = try store.content(digest) else {
            throw RunnerError.damaged("the ledger names content \(digest.hex) and does not keep it")
        }
        return bytes
    }

    /// A time that is not before the last entry's, from the machine's clock.
    public func now() -> UnixTime { max(surroundings.now(), state.lastTime) }

    /// Closes the ledger and gives the lock back.
    ///
    /// - Throws: what the ledger throws; what was appended is durable all the same.
    public func close() throws {
        try store.close()
        try lock?.release()
    }

    /// The batch that a person names: by its number, or by the beginning of its ID.
    ///
    /// - Throws: `RunnerError` where there is none, or more than one.
    public func batch(named name: String) throws -> BatchState {
        if let number = parseDecimal(name), name.utf8.count < 16,
            let batch = state.batches.first(where: { $0.number == number })
        {
            return batch
        }
        let found = state.batches.filter {
            name.utf8.count >= 8 && $0.manifest.id.hex.hasPrefix(name)
        }
        guard found.count == 1, let batch = found.first else {
            throw RunnerError.refused(
                subject: "batch \"\(name)\"",
                [
                    Violation(
                        .batchUnknown,
                        found.isEmpty
                            ? "it is not one of this home's"
                            : "\(found.count) batches begin so",
                        hint: "see: conclave batch list")
                ])
        }
        return batch
    }
}
