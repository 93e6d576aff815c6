// SPDX-License-Identifier: Apache-2.0
import Documents
import Ledger
import SSHCrypto

/// A row of the table `entry` as it stands there, be it sound or not.
struct EntryRow {
    let index: Int64
    let kind: String
    let time: String
    /// Nil where it is no digest.
    let leaf: SHA256Digest?
    let text: Result<[UInt8], TextPacking.Failure>

    /// Takes the row of a statement that selects idx, kind, time, leaf, text.
    init(_ statement: borrowing Statement, _ packing: TextPacking) {
        index = statement.integer(0)
        kind = statement.text(1)
        time = statement.text(2)
        leaf = statement.digest(3)
        do throws(TextPacking.Failure) {
            text = .success(
                try packing.unpack(statement, 4, atMost: LedgerEntry.limits.maximumBytes))
        } catch {
            text = .failure(error)
        }
    }

    /// Every way in which the row is not that of `entry`, whose text it holds, with this leaf.
    func faults(of entry: LedgerEntry, leaf computed: SHA256Digest) -> [LedgerFault] {
        let row = UInt64(clamping: index)
        var faults: [LedgerFault] = []
        if entry.index != row { faults.append(.wrongIndex(entry: row, text: entry.index)) }
        if entry.kind.rawValue != kind {
            faults.append(.wrongKind(entry: row, column: kind, text: entry.kind))
        }
        // A time has one text.
        if UnixTime(text: time) != entry.time {
            faults.append(.wrongTime(entry: row, column: time, text: entry.time))
        }
        if computed != leaf { faults.append(.wrongLeaf(entry: row)) }
        return faults
    }

    /// The entry, if the row and its text agree.
    func soundEntry() throws(LedgerStoreError) -> LedgerEntry {
        let row = UInt64(clamping: index)
        let text: [UInt8]
        do throws(TextPacking.Failure) {
            text = try self.text.get()
        } catch {
            throw .damagedEntry(index: row, reason: error.reason)
        }
        let entry: LedgerEntry
        do throws(Violations) {
            entry = try LedgerEntry(parsing: text)
        } catch {
            throw .damagedEntry(index: row, reason: LedgerFault.summary(error))
        }
        if let fault = faults(of: entry, leaf: entry.leafHash).first {
            throw .damagedEntry(index: row, reason: fault.reason)
        }
        return entry
    }
}
