// SPDX-License-Identifier: Apache-2.0
import Documents
import Ledger
import SSHCrypto
import Workers

/// One look through a ledger, on all cores: pieces of it on other connections, what joins them here.
struct LedgerVerifier {
    private let store: LedgerStore
    private var faults: [LedgerFault] = []
    private var size: UInt64 = 0
    /// The tree as the texts give it, as long as none is missing.
    private var tree: MerkleFrontier? = MerkleFrontier()
    private var lastTime: UnixTime?
    /// Whether the last stretch could be read to its end.
    private var isReadThrough = true
    /// The handles that the entries of each stretch have, by its first entry, where the caller said.
    private var handles: [UInt64: HandleSum] = [:]
    private var contents = CheckedContents()
    private var signatures = 0
    private var certificates = 0
    private var sharingRequests: [UInt64] = []

    init(store: LedgerStore) {
        self.store = store
    }

    /// Looks through everything; the store is in a transaction.
    mutating func run(
        _ inspect: @escaping LedgerStore.Inspection, comparesHandles: Bool,
        _ follow: LedgerStore.Following?, _ progress: (UInt64) -> Void
    ) throws(LedgerStoreError) {
        let path = store.path
        let background = BackgroundWork<Result<Background, LedgerStoreError>> {
            Result { () throws(LedgerStoreError) in
                try Background(path: path, readsHandles: comparesHandles)
            }
        }
        let found = Result { () throws(LedgerStoreError) in
            try self.checkEntries(inspect, follow, progress)
        }
        let beside = try background.result().get()
        try found.get()
        sharingRequests = beside.sharingRequests
        let general =
            try beside.faults + (comparesHandles ? strayHandles() : [])
            + differentHandles(beside.handles, inspect)
            + contents.lookUpFaults(beside.lookUps, in: store)
        // What SQLite finds itself comes first, and is told once.
        var database: [LedgerFault] = []
        for fault in general + faults + contents.faults {
            if case .database = fault, !database.contains(fault) { database.append(fault) }
        }
        func isOther(_ fault: LedgerFault) -> Bool {
            if case .database = fault { false } else { true }
        }
        let named = contents.faults.sorted { "\($0)" < "\($1)" }
        faults = database + (faults + named).filter(isOther) + general.filter(isOther)
    }

    /// What was found.
    var result: LedgerVerification {
        LedgerVerification(
            size: size, root: tree?.root, signatures: signatures, certificates: certificates,
            sharingRequests: sharingRequests, faults: faults)
    }

    private mutating func checkEntries(
        _ inspect: @escaping LedgerStore.Inspection, _ follow: LedgerStore.Following?,
        _ progress: (UInt64) -> Void
    ) throws(LedgerStoreError) {
        let stretches: [EntryStretch]
        let last: UInt64
        do throws(LedgerStoreError) {
            stretches = try EntryStretch.all(in: store)
            last = UInt64(
                clamping: try store.database.integer("SELECT max(idx) FROM entry") ?? 0)
            try checkStrays()
        } catch .corrupt(_, let reason) {
            faults.append(.database(reason))
            tree = nil
            return
        }
        let path = store.path
        // What is to be followed takes memory while it waits.
        let follows = follow != nil
        let work = OrderedWork<Result<StretchFindings, LedgerStoreError>>(
            count: stretches.count, window: follows ? 1 : OrderedWork<Void>.window
        ) {
            let inspector = Result { () throws(LedgerStoreError) in
                try LedgerInspector(path: path, inspect: inspect, follows: follows)
            }
            return { number in
                Result { () throws(LedgerStoreError) in
                    try inspector.get().findings(in: stretches[number], upTo: last)
                }
            }
        }
        try work.run { (result) throws(LedgerStoreError) in
            let stretch = try result.get()
            contents.take(stretch.contents)
            try take(stretch)
            if let follow, tree != nil, faults.isEmpty { stretch.sequels.forEach(follow) }
            progress(size)
        }
        try contents.checkRest(of: store)
        do throws(LedgerStoreError) {
            try checkStrayNodes()
        } catch .corrupt(_, let reason) {
            faults.append(.database(reason))
        }
        if stretches.isEmpty { progress(size) }
    }

    /// The handles that lead to no entry: where none is missing, to one before the first or behind
    /// the last.
    private func strayHandles() throws(LedgerStoreError) -> [LedgerFault] {
        let condition = tree == nil ? "NOT IN (SELECT idx FROM entry)" : "NOT BETWEEN 0 AND ?1 - 1"
        var found: [LedgerFault] = []
        do throws(LedgerStoreError) {
            let rows = try store.database.prepare(
                "SELECT name, value, idx FROM handle WHERE idx \(condition)"
                    + " AND name > \(StoredHandle.contentName) ORDER BY idx, name, value")
            if tree != nil { try rows.bind(1, Int64(clamping: size)) }
            while try rows.step() {
                found.append(.strayHandle(StoredHandle(rows), index: rows.integer(2)))
            }
        } catch .corrupt(_, let reason) {
            found.append(.database(reason))
        }
        return found
    }
}

// MARK: - What goes on beside

extension LedgerVerifier {
    /// What is found over a connection of its own.
    struct Background: Sendable {
        /// What SQLite finds wrong with the file.
        private(set) var faults: [LedgerFault] = []
        /// The stored handles of each stretch, by its first entry; nil where they cannot be read.
        private(set) var handles: [UInt64: HandleSum]?
        /// What leads to contents; nil where it cannot be read.
        private(set) var lookUps: ContentLookUps?
        /// The entries that share the handle of a request with one before them.
        private(set) var sharingRequests: [UInt64] = []

        init(path: String, readsHandles: Bool) throws(LedgerStoreError) {
            let store = try LedgerStore(connecting: path, mode: .readOnly)
            do throws(LedgerStoreError) {
                // So many pages at hand, that the check reads the file's indices once.
                try store.database.execute("PRAGMA cache_size = -16384")
                let rows = try store.database.prepare("PRAGMA integrity_check")
                while try rows.step() {
                    let finding = rows.text(0)
                    if finding != "ok" { faults.append(.database(finding)) }
                }
                lookUps = try ContentLookUps(stored: store)
                if readsHandles {
                    handles = try HandleSum.stored(in: store, sharingRequests: &sharingRequests)
                }
            } catch .corrupt(_, let reason) {
                faults.append(.database(reason))
            }
        }
    }

    /// How many stretches are told handle by handle; each costs a look through all handles.
    private static var namedStretches: Int { 8 }

    /// Where the stored handles are not those that the caller said the entries have.
    private func differentHandles(
        _ stored: [UInt64: HandleSum]?, _ inspect: LedgerStore.Inspection
    ) throws(LedgerStoreError) -> [LedgerFault] {
        // Where entries themselves are not as they should be, neither are their handles.
        guard let stored, tree != nil, faults.isEmpty else { return [] }
        var found: [LedgerFault] = []
        let different = handles.filter { stored[$0.key] ?? HandleSum() != $0.value }.keys.sorted()
        for (number, first) in different.enumerated() {
            let stretch = EntryStretch(first: first)
            found +=
                number < Self.namedStretches
                ? try store.handleFaults(in: stretch, inspect)
                : [.wrongHandles(first: first, last: min(stretch.last, size - 1))]
        }
        return found
    }
}

// MARK: - What joins the pieces

extension LedgerVerifier {
    private mutating func take(_ stretch: StretchFindings) throws(LedgerStoreError) {
        if let entries = stretch.entries {
            if entries.lowerBound > size, isReadThrough {
                faults.append(.missing(first: size, last: entries.lowerBound - 1))
                tree = nil
            }
            size = entries.upperBound + 1
        }
        if let lastTime, let (first, _) = stretch.times, first.time < lastTime {
            faults.append(
                .timeBeforeLast(entry: first.index, time: first.time, last: lastTime))
        }
        lastTime = stretch.times?.last.time ?? lastTime
        if let sum = stretch.handles, let entries = stretch.entries {
            handles[entries.lowerBound & ~(EntryStretch.width - 1)] = sum
        }
        faults += stretch.faults
        signatures += stretch.signatures
        certificates += stretch.certificates
        isReadThrough = !stretch.isUnreadable
        if stretch.isBroken { tree = nil }
        try join(stretch)
    }

    /// Appends the subtrees of a stretch, and compares the stored nodes above them.
    private mutating func join(_ stretch: StretchFindings) throws(LedgerStoreError) {
        for hash in stretch.subtrees {
            let completed = tree?.append(hash, level: stretch.isComplete ? EntryStretch.level : 0)
            for node in (completed ?? nil) ?? [] where node.node.level > EntryStretch.level {
                guard let stored = try store.storedHash(of: node.node) else {
                    faults.append(.missingNode(node.node))
                    continue
                }
                if stored != node.hash { faults.append(.wrongNode(node.node)) }
            }
        }
    }

    private mutating func checkStrays() throws(LedgerStoreError) {
        let rows = try store.database.prepare("SELECT idx FROM entry WHERE idx < 0 ORDER BY idx")
        while try rows.step() { faults.append(.strayRow(rows.integer(0))) }
    }

    private mutating func checkStrayNodes() throws(LedgerStoreError) {
        let rows = try store.database.prepare(
            """
            SELECT level, position FROM node WHERE level = ?1 AND position < 0
            UNION ALL
            SELECT level, position FROM node WHERE level = ?1 AND position >= ?2
            ORDER BY position
            """)
        for level in 1...63 {
            try rows.bind(1, Int64(level))
            try rows.bind(2, Int64(clamping: size >> UInt64(level)))
            while try rows.step() {
                faults.append(.strayNode(level: rows.integer(0), position: rows.integer(1)))
            }
        }
        let others = try store.database.prepare(
            "SELECT level, position FROM node WHERE level < 1 OR level > 63")
        while try others.step() {
            faults.append(.strayNode(level: others.integer(0), position: others.integer(1)))
        }
    }
}
