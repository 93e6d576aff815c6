// SPDX-License-Identifier: Apache-2.0
public import Documents
import SSHCrypto

/// Proof in a file that the ledger of a checkpoint is an older one that grew.
///
/// The form is that in which C2SP `tlog-witness` has a log ask a witness for its signature.
///
/// ```
/// old 7
/// Zm9v…
///
/// conclave/ledger/5df6e0e2761359d30a8275058e299fcc0381534545f55cf43e41983f5d4c9456
/// 13
/// CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=
/// ```
public struct GrowthProof: Hashable, Sendable {
    private static let oldPrefix = "old "

    /// The way from the old root to the new.
    public let consistency: ConsistencyProof
    /// The new checkpoint.
    public let checkpoint: Checkpoint

    /// Joins a proof and the newer checkpoint, or nil where they speak of different sizes.
    public init?(_ consistency: ConsistencyProof, to checkpoint: Checkpoint) {
        guard consistency.newSize == checkpoint.size else { return nil }
        self.consistency = consistency
        self.checkpoint = checkpoint
    }

    /// Reads the text of a proof, in its one canonical form.
    ///
    /// - Throws: `Violations` with every fault of the text.
    public init(parsing bytes: [UInt8]) throws(Violations) {
        let text = try ProofText(parsing: bytes, headingLines: 1)
        let line = text.heading[0]
        guard line.hasPrefix(Self.oldPrefix),
            let old = parseDecimal(String(line.dropFirst(Self.oldPrefix.count)))
        else {
            throw Violations(
                Violation(
                    .proofForm, line: 1,
                    "\(quoted(line)) is not \(quoted(Self.oldPrefix)) and a decimal number"))
        }
        checkpoint = text.checkpoint
        consistency = ConsistencyProof(
            oldSize: old, newSize: text.checkpoint.size, hashes: text.hashes)
    }

    /// The text.
    public var text: String {
        ProofText.text(
            [Self.oldPrefix + String(consistency.oldSize)], consistency.hashes, checkpoint)
    }

    /// Demands that the ledger of the new checkpoint is that of `old`, grown.
    ///
    /// - Throws: `Violations` naming what is in the way: another ledger, fewer entries, another
    ///   history, or a proof that does not hold.
    public func verify(from old: Checkpoint) throws(Violations) {
        try checkpoint.requireGrowth(from: old)
        guard consistency.oldSize == old.size else {
            throw Violations(
                Violation(
                    .proofHolds,
                    "the proof is from \(consistency.oldSize) entries on, the older checkpoint is "
                        + "of \(old.size)"))
        }
        guard consistency.verify(oldRoot: old.root, newRoot: checkpoint.root) else {
            throw Violations(
                Violation(
                    .proofHolds,
                    "the ledger of \(checkpoint.size) entries is not the one of \(old.size) entries "
                        + "that was seen before: its history was changed, or the proof was",
                    hint: "keep both checkpoints with their signatures: they are the evidence"))
        }
    }
}

extension Checkpoint {
    /// Demands what can be seen of two checkpoints without a proof: one ledger, not fewer entries,
    /// and of as many the same root.
    ///
    /// - Throws: `Violations` naming what is in the way.
    public func requireGrowth(from old: Checkpoint) throws(Violations) {
        guard genesis == old.genesis else {
            throw Violations(
                Violation(
                    .checkpointOrigin,
                    "the checkpoint is of ledger \(genesis.hex), the older one of \(old.genesis.hex)"
                ))
        }
        guard size >= old.size else {
            throw Violations(
                Violation(
                    .proofHolds,
                    "the checkpoint is of \(size) entries, and one of \(old.size) was seen before: "
                        + "the last were removed, or it is an older one",
                    hint: "ask for the newest; keep both: they are the evidence"))
        }
        guard size > old.size || root == old.root else {
            throw Violations(
                Violation(
                    .proofHolds,
                    "there are two ledgers of \(size) entries, with root \(root.base64) and with "
                        + "root \(old.root.base64), which was seen before: the ledger was forked",
                    hint: "keep both checkpoints with their signatures: they are the evidence"))
        }
    }
}
