// SPDX-License-Identifier: Apache-2.0
public import Documents
import SSHCrypto
import SSHFormats

/// Proof in a file that an entry is in the ledger of a checkpoint: a C2SP `tlog-proof`.
///
/// ```
/// c2sp.org/tlog-proof@v1
/// extra Y29u…
/// index 10
/// Zm9v…
///
/// conclave/ledger/5df6e0e2761359d30a8275058e299fcc0381534545f55cf43e41983f5d4c9456
/// 13
/// CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=
/// ```
///
/// The checkpoint stands there without signature lines: its signatures are files beside it. The line
/// `extra` is the text of the entry, for whoever has no other file that holds it; its leaf vouches for it.
public struct LogProof: Hashable, Sendable {
    private static let firstLine = "c2sp.org/tlog-proof@v1"
    private static let extraPrefix = "extra "
    private static let indexPrefix = "index "
    /// The most bytes of a proof that carries its entry.
    public static let maximumBytes =
        ProofText.maximumBytes + (LedgerEntry.limits.maximumBytes + 2) / 3 * 4

    /// The way from the entry's leaf to the root.
    public let inclusion: InclusionProof
    /// The checkpoint whose root it leads to.
    public let checkpoint: Checkpoint
    /// The text that the proof carries as that of its entry; nil where it carries none.
    public let carried: [UInt8]?

    /// Joins a proof and its checkpoint, and the entry where the proof is to carry it; nil where they
    /// speak of different sizes or places.
    public init?(
        _ inclusion: InclusionProof, in checkpoint: Checkpoint, carrying entry: LedgerEntry? = nil
    ) {
        guard inclusion.size == checkpoint.size else { return nil }
        if let entry, entry.index != inclusion.index { return nil }
        self.inclusion = inclusion
        self.checkpoint = checkpoint
        carried = entry?.bytes
    }

    /// Reads the text of a proof, in its one canonical form.
    ///
    /// - Throws: `Violations` with every fault of the text.
    public init(parsing bytes: [UInt8]) throws(Violations) {
        let second = bytes.split(separator: 0x0A, maxSplits: 2, omittingEmptySubsequences: false)
            .dropFirst().first
        let carries = second?.starts(with: Self.extraPrefix.utf8) ?? false
        let text = try ProofText(
            parsing: bytes, headingLines: carries ? 3 : 2,
            limit: carries ? Self.maximumBytes : ProofText.maximumBytes)
        guard text.heading[0] == Self.firstLine else {
            throw Violations(
                Violation(
                    .proofForm, line: 1,
                    "the first line is \(quoted(text.heading[0])), not \(quoted(Self.firstLine))"))
        }
        carried = try carries ? Self.carried(text.heading[1]) : nil
        let line = text.heading[carries ? 2 : 1]
        guard line.hasPrefix(Self.indexPrefix),
            let index = parseDecimal(String(line.dropFirst(Self.indexPrefix.count)))
        else {
            throw Violations(
                Violation(
                    .proofForm, line: carries ? 3 : 2,
                    "\(quoted(line)) is not \(quoted(Self.indexPrefix)) and a decimal number"))
        }
        checkpoint = text.checkpoint
        inclusion = InclusionProof(
            index: index, size: text.checkpoint.size, hashes: text.hashes)
    }

    private static func carried(_ line: String) throws(Violations) -> [UInt8] {
        guard let bytes = Base64.decode(String(line.dropFirst(extraPrefix.count))),
            !bytes.isEmpty, bytes.count <= LedgerEntry.limits.maximumBytes
        else {
            throw Violations(
                Violation(
                    .proofForm, line: 2,
                    "\(quoted(line)) is not \(quoted(extraPrefix)) and an entry in padded Base64"))
        }
        return bytes
    }

    /// The text.
    public var text: String {
        let extra = carried.map { [Self.extraPrefix + Base64.encode($0)] } ?? []
        let heading = [Self.firstLine] + extra + [Self.indexPrefix + String(inclusion.index)]
        return ProofText.text(heading, inclusion.hashes, checkpoint)
    }

    /// Whether the proof leads from this entry to the root of the checkpoint, and carries no other.
    public func verify(_ entry: LedgerEntry) -> Bool {
        entry.index == inclusion.index && (carried == nil || carried == entry.bytes)
            && inclusion.verify(leaf: entry.leafHash, root: checkpoint.root)
    }

    /// The entry that the proof carries, which is in the ledger of the checkpoint.
    ///
    /// - Throws: `Violations` where it carries none or one that cannot be read, or does not hold.
    public func provenEntry() throws(Violations) -> LedgerEntry {
        guard let carried else {
            throw Violations(
                Violation(
                    .proofForm, "the proof does not carry its entry",
                    hint: "conclave ledger prove makes one that does"))
        }
        let entry = try LedgerEntry(parsing: carried)
        guard verify(entry) else {
            throw Violations(
                Violation(
                    .proofHolds,
                    "the proof does not lead from entry \(entry.index) to the root of the "
                        + "checkpoint"))
        }
        return entry
    }
}
