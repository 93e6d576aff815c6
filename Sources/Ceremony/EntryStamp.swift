// SPDX-License-Identifier: Apache-2.0
import Documents
import Ledger

/// Where an entry stands in the ledger, and when it was made.
struct EntryStamp: Hashable, Sendable {
    /// The place in the ledger, counted from 0.
    let index: UInt64
    /// When the entry was made.
    let time: UnixTime
}

extension LedgerEntry {
    /// Where the entry stands, and when it was made.
    var stamp: EntryStamp { EntryStamp(index: index, time: time) }
}
