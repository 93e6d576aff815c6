// SPDX-License-Identifier: Apache-2.0
import Ledger
import SSHCrypto

/// The contents of a ledger as its entries ask for them: most stand in the row behind the one that was
/// asked for before, so that they are read as they lie, and only the others are looked up.
final class StoredContents {
    private let known: ContentRows
    private let following: Statement
    private let packing: TextPacking
    /// Whether `following` stands on a row.
    private var isOnRow = false
    private var read: [(row: Int64, lookUp: StoredHandle)] = []

    /// Makes ready to read from this ledger.
    init(_ store: LedgerStore) throws(LedgerStoreError) {
        known = try ContentRows(store.database, "id")
        following = try store.database.prepare(
            "SELECT id, sha256, bytes FROM content WHERE id >= ? ORDER BY id")
        packing = store.packing
    }

    /// The bytes of a content; nil where there are none that can be read and have this digest.
    func bytes(_ digest: SHA256Digest) -> [UInt8]? {
        // Why they cannot be read is told where all that was not read is looked through.
        do {
            guard try find(digest) else { return nil }
            let bytes = try packing.unpack(following, 2, atMost: Content.maximumBytes)
            guard SHA256Digest(hashing: bytes) == digest else { return nil }
            read.append((following.integer(0), StoredHandle(content: digest)))
            return bytes
        } catch {
            return nil
        }
    }

    /// Whether the ledger keeps bytes under this name.
    func has(_ digest: SHA256Digest) throws(LedgerStoreError) -> Bool { try find(digest) }

    /// The rows that were read since this was asked, and have the bytes that their names say, with what
    /// leads to them; one may be there twice.
    func takeRead() -> [(row: Int64, lookUp: StoredHandle)] {
        defer { read = [] }
        return read
    }

    /// Goes to the row of a content, and says whether there is one.
    private func find(_ digest: SHA256Digest) throws(LedgerStoreError) -> Bool {
        if isOnRow {
            if following.digest(1) == digest { return true }
            isOnRow = false
            isOnRow = try following.step()
            if isOnRow, following.digest(1) == digest { return true }
        }
        defer { known.statement.reset() }
        guard try known.find(digest) else { return false }
        isOnRow = false
        following.reset()
        try following.bind(1, known.statement.integer(0))
        isOnRow = try following.step()
        return isOnRow && following.digest(1) == digest
    }
}
