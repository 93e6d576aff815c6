// SPDX-License-Identifier: Apache-2.0
public import Ceremony
public import Documents
import Glibc
public import Issuance
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
    /// Batches that were looked up.
    var outlines: [SHA256Digest: BatchOutline] = [:]
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
    ///     exports, memories of witnesses. There must be one of this home at each of these places.
    ///   - outbox: Where bundles of the home may lie, and may not.
    ///   - passing: Which anchors are passed over although the ledger does not fit them.
    ///   - isMended: Whether the home is opened to be given back what it lost: it may be behind.
    /// - Returns: The open home.
    /// - Throws: what lock, ledger and replay throw; `CLOCK-BEHIND` and `CLOCK-AHEAD`;
    ///   `RunnerError` where the ledger was rolled back: `ANCHOR-AHEAD`, `ANCHOR-FORK`;
    ///   `ANCHOR-PLACE` where no checkpoint of it is at a place.
    public static func open(
        _ path: String, program: String, surroundings: Surroundings, confirmedDate: String? = nil,
        anchors: [String] = [], outbox: String? = nil, passing: PassedAnchors = .none,
        isMended: Bool = false
    ) throws -> Home {
        try requireHome(path)
        let time = surroundings.now()
        let lock = try HomeLock(home: path, program: program, started: time.text)
        // Nobody else writes here now: what is temporary is a crash's.
        for directory in ["", "/anchors", "/batches", "/checkpoints"] {
            DurableFile.removeLeftovers(in: path + directory)
        }
        let home = try Home(path, mode: .readWrite, lock: lock, surroundings: surroundings)
        let memory = AnchorMemory(of: home)
        // Kept before anything is written, which may move the mark.
        let fault = try memory.keepOwn(
            lock.note.flatMap(LedgerMark.init(note:)), passing: passing)
        if !isMended {
            if let fault { throw fault }
            try memory.require(anchors, outbox: outbox, passing: passing)
        }
        // An entry more would part a ledger that is behind from its bundles: the next command looks.
        if !isMended,
            let exception = try home.state.checkClock(time, confirmedDate: confirmedDate)
        {
            try home.append([exception.draft], time: time)
        }
        return home
    }

    /// Opens a home to look at it.
    ///
    /// - Parameters:
    ///   - path: The home's directory.
    ///   - surroundings: The time and randomness of the machine.
    /// - Returns: The open home.
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
        // Listed first: a ceremony that goes on meanwhile signs a checkpoint of what it appended.
        let sizes = try CheckpointFile.keptSizes(in: path)
        store = try LedgerStore(opening: path + "/" + Self.ledgerName, mode: mode)
        state = try Self.replay(store, home: path, sizes: sizes)
    }

    /// Demands that there is a home at a path, and answers where its ledger is.
    ///
    /// - Throws: `RunnerError` where there is none; `FileError` where the system does not let it be seen.
    @discardableResult
    static func requireHome(_ path: String) throws -> String {
        let ledger = path + "/" + ledgerName
        guard unsafe access(ledger, F_OK) != 0 else { return ledger }
        // One that may not be looked into is there: nobody is to make another in its place.
        guard errno == ENOENT || errno == ENOTDIR else {
            throw FileError("access", ledger, number: errno)
        }
        throw RunnerError.noHome(path)
    }

    /// Replays the ledger from the last state that officers signed, or from the genesis.
    private static func replay(
        _ store: LedgerStore, home: String, sizes: [UInt64]
    ) throws -> HomeState {
        guard store.size > 0 else { throw RunnerError.damaged("the ledger has no entries") }
        var state = try founding(store)
        if let resumed = try SealedCheckpoint.state(
            of: home, sizes: sizes, store: store, founding: state,
            past: { StoredPast(store, before: $0).past })
        {
            state = resumed
        }
        let past = StoredPast(store, before: state.base).past
        let end = store.size
        try store.forEach(from: state.size) { entry in
            // What was appended since the store looked is the business of the next who opens.
            guard entry.index < end else { return }
            let contents = ContentReader(store)
            do throws(Violations) {
                try state.apply(entry, content: contents.read, past: past)
            } catch {
                throw unfit(entry, error, contents)
            }
        }
        guard state.root == store.checkpointRoot() else {
            throw RunnerError.damaged(
                "the ledger's tree has the root \(store.checkpointRoot().hex), its entries have "
                    + "\(state.root.hex)")
        }
        return state
    }

    static func founding(_ store: LedgerStore) throws -> HomeState {
        let entry = try store.entry(at: 0)
        let contents = ContentReader(store)
        do throws(Violations) {
            return try HomeState(entry, content: contents.read)
        } catch {
            throw unfit(entry, error, contents)
        }
    }

    private static func unfit(
        _ entry: LedgerEntry, _ violations: Violations, _ contents: ContentReader
    ) -> any Error {
        contents.fault ?? unfit(entry.index, violations)
    }

    /// That an entry does not follow from those before it.
    static func unfit(_ index: UInt64, _ violations: Violations) -> any Error {
        RunnerError.damaged(
            "ledger entry \(index) does not follow from those before it:\n\(violations)")
    }

    /// What the ledger has before the entries that the state replayed.
    var past: HomePast { StoredPast(store, before: state.base).past }

    /// Takes a request of the past into the state.
    func recall(_ request: HomeState.AdmittedEntry) { state.recall(request) }

    /// Takes a batch into the state that it found in the past, and the requests that it answers.
    ///
    /// - Throws: `RunnerError` where one of them is not what its entry says.
    public func recall(_ batch: BatchState) throws {
        state.recall(batch)
        try recall(
            batch.manifest.items.compactMap { item in
                if case .issue(let issue) = item { issue.request } else { nil }
            })
    }

    /// Takes a certificate of the past into the state.
    func recall(_ record: IssuedRecord) { state.recall(record) }

    private func recalling(
        _ body: (inout HomeState, HomePast) throws(Violations) -> Void
    ) throws {
        do throws(Violations) {
            try body(&state, past)
        } catch {
            throw RunnerError.damaged("a request of the ledger is not as it was:\n\(error)")
        }
    }

    /// Runs `body` with all that it reads out of one state of the ledger, for whoever reads very much.
    ///
    /// - Throws: What `body` throws; what the ledger throws.
    public func readingAtOnce<Result>(_ body: () throws -> Result) throws -> Result {
        try store.readingAtOnce(body)
    }

    /// Whether a request was admitted, at any time.
    ///
    /// - Throws: `RunnerError` where the ledger is not what it was.
    public func isAdmitted(_ request: CertificateRequest) throws -> Bool {
        if state.requests[request.id] != nil { return true }
        var found = false
        try recalling { _, past throws(Violations) in found = try past.isAdmitted(request) }
        return found
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
            throw RunnerError.unsound("the home must be opened again after a failed record")
        }
        isAhead = true
        outlines = [:]
        let contents = ContentReader(store)
        let past = past
        let entries: [LedgerEntry]
        do throws(LedgerStoreError) {
            entries = try store.append(drafts, time: time) { entry throws(Violations) in
                try state.apply(entry, content: contents.read, past: past)
            }
        } catch .refused(_, let violations) {
            if let fault = contents.fault { throw fault }
            throw RunnerError.refused(subject: "nothing was recorded", violations.all)
        }
        isAhead = false
        // Where it cannot be noted, an older note stays, or none.
        try? lock?.leave(note: LedgerMark(store, epoch: UInt64(state.epoch)).note)
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
}
