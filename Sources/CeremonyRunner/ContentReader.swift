// SPDX-License-Identifier: Apache-2.0
import Ceremony
import Documents
import Glibc
import Issuance
import Ledger
import LedgerStore
import SSHCrypto
import Spool

/// Hands contents to the replay, and keeps the store's own fault for later.
final class ContentReader {
    private let store: LedgerStore
    private(set) var fault: LedgerStoreError?

    init(_ store: LedgerStore) {
        self.store = store
    }

    func read(_ digest: SHA256Digest) -> [UInt8]? {
        do throws(LedgerStoreError) {
            return try store.content(digest)
        } catch {
            fault = error
            return nil
        }
    }
}
