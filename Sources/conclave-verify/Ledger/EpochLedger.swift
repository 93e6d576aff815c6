// SPDX-License-Identifier: Apache-2.0
import Documents
import Issuance
import Ledger
import SSHCrypto
import SSHFormats

/// What the entries tell of epochs: those that began, and the serials without a certificate that the
/// next one would give up.
///
/// Kept apart from the code that recorded it.
struct EpochLedger: Sendable {
    /// The entries with which epochs began, and the numbers of the batches that decided it.
    var begun: [(entry: UInt64, batch: UInt64)] = []
    /// The checkpoints that were given up, each once.
    var anchors: [NewEpochItem.Anchor] = []
    /// By authority the serials of its epoch without a certificate.
    var unissued: [String: EntrySet] = [:]

    /// A batch has the serial.
    mutating func draft(_ serial: UInt64, _ authority: String) {
        unissued[authority, default: EntrySet()].insert(serial)
    }

    /// The serial has its certificate, or was given up.
    mutating func settle(_ serial: UInt64, _ authority: String) {
        unissued[authority]?.remove(serial)
    }

    /// The serials that an authority gives up whose next would be `next`, where an epoch begins, as a
    /// manifest writes them.
    func givenUp(_ authority: String, next: UInt64, before epoch: UInt64) -> [String] {
        var found = unissued[authority]?.ranges ?? []
        let end = epoch << 48 &- 1
        // The bound of the epoch was checked by who asks; what was not is no reason to stop.
        guard next <= end else { return [] }
        if let last = found.last, last.upperBound == next &- 1 {
            found[found.count - 1] = last.lowerBound...end
        } else {
            found.append(next...end)
        }
        return found.map { "\(authority) \(EntrySet.text(of: $0))" }
    }

    /// An epoch began.
    mutating func begin(entry: UInt64, batch: BatchManifest) {
        begun.append((entry, batch.header.number))
        for anchor in batch.newEpochs.first?.anchors ?? [] where !anchors.contains(anchor) {
            anchors.append(anchor)
        }
        unissued = [:]
    }

    /// Writes which epochs began into the text of a state.
    func write(to text: inout DocumentWriter) {
        for (entry, batch) in begun { text.field("epoch", "\(entry) by \(batch)") }
        for anchor in anchors { text.field("given-up", "\(anchor.size) \(anchor.root.hex)") }
    }

    /// Writes an authority's serials without a certificate into the text of a state.
    func write(_ authority: String, to text: inout DocumentWriter) {
        for range in unissued[authority]?.ranges ?? [] {
            text.field("unissued", EntrySet.text(of: range))
        }
    }
}
