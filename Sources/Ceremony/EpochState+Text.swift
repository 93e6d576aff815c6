// SPDX-License-Identifier: Apache-2.0
import Documents
import Issuance

/// The fields of a state's text that tell of epochs.
extension EpochState {
    /// Writes which epochs began, and what was given up with them.
    func write(to writer: inout DocumentWriter) {
        for beginning in begun {
            writer.field("epoch", "\(beginning.entry) by \(beginning.batch)")
        }
        for anchor in anchors { writer.field("given-up", anchor.text) }
    }

    /// Writes the serials of an authority that are unissued.
    func write(unissuedOf authority: String, to writer: inout DocumentWriter) {
        for range in unissued[authority] ?? [] {
            writer.field(
                "unissued",
                range.lowerBound == range.upperBound
                    ? "\(range.lowerBound)" : "\(range.lowerBound)-\(range.upperBound)")
        }
    }

    /// Reads which epochs began, and what was given up with them.
    mutating func read(_ reader: inout BlockReader) {
        let begun = reader.repeated("epoch").compactMap { field in
            reader.value(field, expected: "N by M", Self.beginning)
        }
        let anchors = reader.repeated("given-up").compactMap { field in
            reader.value(field, expected: "a size and a root of 64 lower-case hex digits") {
                NewEpochItem.Anchor(text: $0)
            }
        }
        self = EpochState(begun: begun, anchors: anchors, unissued: unissued)
    }

    /// Reads the serials of an authority that are unissued.
    mutating func read(unissuedOf authority: String?, _ reader: inout BlockReader) {
        var ranges: [ClosedRange<UInt64>] = []
        for field in reader.repeated("unissued") {
            let range = reader.value(field, expected: "N or N-M, behind those before") { text in
                AuthoritySerials(text: "a \(text)")?.serials
            }
            guard let range else { continue }
            if let last = ranges.last,
                range.lowerBound <= last.upperBound || range.lowerBound - last.upperBound == 1
            {
                reader.report(
                    Violation(
                        .recordText, line: field.line,
                        "unissued \(field.value) does not stand behind the one before"))
                continue
            }
            ranges.append(range)
        }
        guard let authority, !ranges.isEmpty else { return }
        var all = unissued
        all[authority] = ranges
        self = EpochState(begun: begun, anchors: anchors, unissued: all)
    }

    private static func beginning(_ text: String) -> Beginning? {
        let parts = text.split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[1] == "by", let entry = parseDecimal(String(parts[0])),
            let batch = parseDecimal(String(parts[2]))
        else { return nil }
        return Beginning(entry: entry, batch: batch)
    }
}
