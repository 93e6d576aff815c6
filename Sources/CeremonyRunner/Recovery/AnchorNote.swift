// SPDX-License-Identifier: Apache-2.0
import Documents
import Issuance
import Ledger

/// A checkpoint as a token or a home keeps it for an anchor: with the epoch in which its serials were.
///
/// The epoch tells which certificates the entries behind it may have: where it is an earlier one than the
/// home's, all that the home does not know are revoked.
///
/// Format: `Docs/Formats/Checkpoint.md`.
struct AnchorNote: Hashable {
    private static let epochName = "epoch "

    /// The checkpoint.
    let checkpoint: Checkpoint
    /// The epoch of serials at its end, which is how many have begun; nil where nothing tells.
    let epoch: UInt64?

    /// Notes a checkpoint.
    init(_ checkpoint: Checkpoint, epoch: UInt64?) {
        self.checkpoint = checkpoint
        self.epoch = epoch
    }

    /// Reads the three lines of a checkpoint, and the epoch where a fourth tells it.
    ///
    /// - Throws: `Violations` where it is no such text.
    init(parsing bytes: [UInt8]) throws(Violations) {
        let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
        guard lines.count == 5, lines[4].isEmpty, lines[3].starts(with: Self.epochName.utf8) else {
            self.init(try Checkpoint(parsing: bytes), epoch: nil)
            return
        }
        let text = String(decoding: lines[3].dropFirst(Self.epochName.utf8.count), as: UTF8.self)
        guard let epoch = parseDecimal(text), epoch <= UInt64(SerialNumber.lastEpoch) else {
            throw Violations(
                Violation(
                    .checkpointForm, line: 4,
                    "epoch \(quoted(text)) is not a number up to \(SerialNumber.lastEpoch)"))
        }
        let checkpoint = try Checkpoint(parsing: Array(bytes.dropLast(lines[3].count + 1)))
        self.init(checkpoint, epoch: epoch)
    }

    /// The lines, each ended by LF.
    var bytes: [UInt8] {
        checkpoint.bytes + Array(epoch.map { "\(Self.epochName)\($0)\n" }?.utf8 ?? "".utf8)
    }

    /// The checkpoint as a batch gives it up.
    var anchor: NewEpochItem.Anchor {
        NewEpochItem.Anchor(size: checkpoint.size, root: checkpoint.root)
    }
}
