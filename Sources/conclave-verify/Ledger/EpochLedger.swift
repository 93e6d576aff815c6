// SPDX-License-Identifier: Apache-2.0
import Documents
import Issuance
import SSHCrypto
import SSHFormats

/// What the entries tell of epochs: those that began, and the serials without a certificate that the
/// next one would give up.
///
/// Kept apart from the code that recorded it.
struct EpochLedger: Sendable {
    /// The entries with which epochs began, and the numbers of the batches that decided it.
    private(set) var begun: [(entry: UInt64, batch: UInt64)] = []
    /// The checkpoints that were given up, each once.
    private(set) var anchors: [NewEpochItem.Anchor] = []
    /// By authority the stretches of serials of its epoch without a certificate: last serial by first.
    private var stretches: [String: [UInt64: UInt64]] = [:]

    /// A batch has the serial.
    mutating func draft(_ serial: UInt64, _ authority: String) {
        let before = stretches[authority]?.first { $0.value == serial &- 1 }?.key
        stretches[authority, default: [:]][before ?? serial] = serial
    }

    /// The serial has its certificate, or was given up.
    mutating func settle(_ serial: UInt64, _ authority: String) {
        guard
            let (first, last) = stretches[authority]?.first(where: {
                $0.key <= serial && serial <= $0.value
            })
        else { return }
        stretches[authority]?[first] = serial > first ? serial - 1 : nil
        if serial < last { stretches[authority]?[serial + 1] = last }
    }

    /// The stretches of an authority's serials without a certificate, ascending.
    func unissued(_ authority: String) -> [(first: UInt64, last: UInt64)] {
        (stretches[authority] ?? [:]).sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    /// The serials that an authority gives up whose next would be `next`, as a manifest writes them.
    func givenUp(_ authority: String, next: UInt64) -> [String] {
        var found = unissued(authority)
        let end = next | SerialNumber.lastCounter
        if let last = found.last, last.last == next &- 1 {
            found[found.count - 1].last = end
        } else {
            found.append((next, end))
        }
        return found.map { "\(authority) \(Self.text($0))" }
    }

    /// An epoch began.
    mutating func begin(entry: UInt64, batch: BatchManifest) {
        begun.append((entry, batch.header.number))
        for anchor in batch.newEpochs.first?.anchors ?? [] where !anchors.contains(anchor) {
            anchors.append(anchor)
        }
        stretches = [:]
    }

    /// Writes which epochs began into the text of a state.
    func write(to text: inout DocumentWriter) {
        for (entry, batch) in begun { text.field("epoch", "\(entry) by \(batch)") }
        for anchor in anchors { text.field("given-up", "\(anchor.size) \(anchor.root.hex)") }
    }

    /// Writes an authority's serials without a certificate into the text of a state.
    func write(_ authority: String, to text: inout DocumentWriter) {
        for stretch in unissued(authority) { text.field("unissued", Self.text(stretch)) }
    }

    private static func text(_ stretch: (first: UInt64, last: UInt64)) -> String {
        stretch.first == stretch.last ? "\(stretch.first)" : "\(stretch.first)-\(stretch.last)"
    }
}
