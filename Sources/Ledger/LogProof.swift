// SPDX-License-Identifier: Apache-2.0
public import Documents
import SSHCrypto

/// Proof in a file that an entry is in the ledger of a checkpoint: a C2SP `tlog-proof`.
///
/// ```
/// c2sp.org/tlog-proof@v1
/// index 10
/// Zm9v…
///
/// conclave/ledger/5df6e0e2761359d30a8275058e299fcc0381534545f55cf43e41983f5d4c9456
/// 13
/// CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=
/// ```
///
/// The checkpoint stands there without signature lines: its signatures are files beside it.
public struct LogProof: Hashable, Sendable {
    private static let firstLine = "c2sp.org/tlog-proof@v1"
    private static let indexPrefix = "index "

    /// The way from the entry's leaf to the root.
    public let inclusion: InclusionProof
    /// The checkpoint whose root it leads to.
    public let checkpoint: Checkpoint

    /// Joins a proof and its checkpoint, or nil where they speak of different sizes.
    public init?(_ inclusion: InclusionProof, in checkpoint: Checkpoint) {
        guard inclusion.size == checkpoint.size else { return nil }
        self.inclusion = inclusion
        self.checkpoint = checkpoint
    }

    /// Reads the text of a proof, in its one canonical form.
    ///
    /// - Throws: `Violations` with every fault of the text.
    public init(parsing bytes: [UInt8]) throws(Violations) {
        let text = try ProofText(parsing: bytes, headingLines: 2)
        guard text.heading[0] == Self.firstLine else {
            throw Violations(
                Violation(
                    .proofForm, line: 1,
                    "the first line is \(quoted(text.heading[0])), not \(quoted(Self.firstLine))"))
        }
        let line = text.heading[1]
        guard line.hasPrefix(Self.indexPrefix),
            let index = parseDecimal(String(line.dropFirst(Self.indexPrefix.count)))
        else {
            throw Violations(
                Violation(
                    .proofForm, line: 2,
                    "\(quoted(line)) is not \(quoted(Self.indexPrefix)) and a decimal number"))
        }
        checkpoint = text.checkpoint
        inclusion = InclusionProof(
            index: index, size: text.checkpoint.size, hashes: text.hashes)
    }

    /// The text.
    public var text: String {
        ProofText.text(
            [Self.firstLine, Self.indexPrefix + String(inclusion.index)], inclusion.hashes,
            checkpoint)
    }

    /// Whether the proof leads from this entry to the root of the checkpoint.
    public func verify(_ entry: LedgerEntry) -> Bool {
        entry.index == inclusion.index
            && inclusion.verify(leaf: entry.leafHash, root: checkpoint.root)
    }
}
