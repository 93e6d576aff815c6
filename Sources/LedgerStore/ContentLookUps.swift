// SPDX-License-Identifier: Apache-2.0
import Ledger
import SSHCrypto

/// What leads to the contents of a ledger, as its tables have it.
struct ContentLookUps: Sendable {
    /// All of it.
    private(set) var sum = HandleSum()
    /// What leads to more than one row, once each.
    private(set) var shared: [StoredHandle] = []

    /// Reads what is stored.
    init(stored store: LedgerStore) throws(LedgerStoreError) {
        let rows = try store.database.prepare(
            """
            SELECT name, value, idx FROM handle
            WHERE name = \(StoredHandle.contentName) ORDER BY value, idx
            """)
        var last: StoredHandle?
        while try rows.step() {
            let handle = StoredHandle(rows)
            sum.add(handle, index: UInt64(clamping: rows.integer(2)))
            if handle == last, shared.last != handle { shared.append(handle) }
            last = handle
        }
    }
}

extension LedgerStore {
    /// The contents among those to which one of these leads that are stored more than once.
    func repeatedContents(
        _ handles: [StoredHandle]
    ) throws(LedgerStoreError) -> [LedgerFault] {
        let rows = try database.prepare(
            """
            SELECT sha256 FROM content WHERE id IN
                (SELECT idx FROM handle WHERE name = \(StoredHandle.contentName) AND value = ?)
            GROUP BY sha256 HAVING count(*) > 1
            """)
        var faults: [LedgerFault] = []
        for handle in handles {
            try rows.bind(1, handle.value)
            while try rows.step() {
                if let digest = SHA256Digest(bytes: rows.bytes(0)) {
                    faults.append(.repeatedContent(digest))
                }
            }
        }
        return faults
    }

    /// What leads to a content that does not have the digest, and the contents to which nothing leads.
    func lookUpFaults() throws(LedgerStoreError) -> [LedgerFault] {
        var faults: [LedgerFault] = []
        let stored = try database.prepare(
            """
            SELECT h.name, h.value, h.idx, c.sha256 FROM handle h LEFT JOIN content c ON c.id = h.idx
            WHERE h.name = \(StoredHandle.contentName) ORDER BY h.value, h.idx
            """)
        while try stored.step() {
            let handle = StoredHandle(stored)
            if SHA256Digest(bytes: stored.bytes(3)).map({ StoredHandle(content: $0) }) != handle {
                faults.append(.strayLookUp(handle, content: stored.integer(2)))
            }
        }
        let leading = try database.prepare(
            """
            SELECT 1 FROM handle WHERE name = \(StoredHandle.contentName) AND value = ? AND idx = ?
            """)
        let contents = try database.prepare("SELECT id, sha256 FROM content ORDER BY id")
        while try contents.step() {
            guard let digest = SHA256Digest(bytes: contents.bytes(1)) else { continue }
            try leading.bind(1, StoredHandle(content: digest).value)
            try leading.bind(2, contents.integer(0))
            if try !leading.step() { faults.append(.unfoundContent(digest)) }
            leading.reset()
        }
        return faults
    }
}
