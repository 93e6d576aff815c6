// SPDX-License-Identifier: Apache-2.0
import Documents
import Issuance
import Ledger
import SSHCrypto

/// The tree: that the bundle's entries, behind those before them, have the root of its checkpoint.
extension BundleCheck {
    private static let checkpointPath = "audit/checkpoint.txt"
    private static let previousPath = "audit/previous.txt"
    private static let growthPath = "audit/growth.txt"

    /// The edge of the tree before the bundle's first entry, out of the proof that the tree grew from
    /// there; nil where there is none that holds.
    mutating func readBase(of first: UInt64?) -> MerkleFrontier? {
        guard let first, first > 0 else {
            for path in [Self.previousPath, Self.growthPath] where files.files[path] != nil {
                examined.insert(path)
                findings.fail(path, .checkpoint, "the bundle begins with the ledger's first entry")
            }
            return first == nil ? nil : MerkleFrontier()
        }
        let previous = read(Self.previousPath) { bytes throws(Violations) in
            try Checkpoint(parsing: bytes)
        }
        let growth = read(Self.growthPath) { bytes throws(Violations) in
            try GrowthProof(parsing: bytes)
        }
        guard let previous, let growth else { return nil }
        self.previous = previous
        guard previous.size == first else {
            findings.fail(
                Self.previousPath, .checkpoint,
                "it is of \(previous.size) entries, and the bundle's begin with number \(first)")
            return nil
        }
        do throws(Violations) {
            try growth.verify(from: previous)
        } catch {
            findings.fail(Self.growthPath, error)
            return nil
        }
        if growth.checkpoint.bytes != files.files[Self.checkpointPath]?.bytes {
            findings.fail(
                Self.growthPath, .proofHolds, "it does not lead to \(Self.checkpointPath)")
            return nil
        }
        return growth.consistency.frontier(
            oldRoot: previous.root, newRoot: growth.checkpoint.root)
    }

    /// Checks the checkpoint, and the tree that it states.
    mutating func checkCheckpoint(
        _ trail: AuditTrail, founding: Founding?, manifest: BatchManifest?
    ) -> Checkpoint? {
        let checkpoint = read(Self.checkpointPath) { bytes throws(Violations) in
            try Checkpoint(parsing: bytes)
        }
        checkDraftedLedger(trail, manifest)
        guard let checkpoint else { return nil }
        let before = findings.faults.count
        if let founding, checkpoint.genesis != founding.genesis.id {
            findings.fail(
                Self.checkpointPath, .checkpoint,
                "it is of home \(checkpoint.genesis.hex), not of \(founding.genesis.id.hex)")
        }
        guard let size = trail.size else { return checkpoint }
        if checkpoint.size != size {
            findings.fail(
                Self.checkpointPath, .checkpoint,
                "it is of \(checkpoint.size) entries, and the bundle's end with number \(size)")
        }
        guard findings.faults.count == before else { return checkpoint }
        guard let root = trail.root(size: size), let first = trail.first else {
            skip(
                "the checkpoint's root", for: "the entries or what stands before them are not sound"
            )
            return checkpoint
        }
        guard root == checkpoint.root else {
            findings.fail(
                Self.checkpointPath, .checkpoint,
                "its root is \(checkpoint.root.base64), that of the entries \(root.base64)")
            return checkpoint
        }
        findings.ok(
            first == 0
                ? "the checkpoint's root is that of all \(size) entries of the ledger: "
                    + checkpoint.root.base64
                : "the checkpoint's root is that of the \(size - first) entries here behind the "
                    + "\(first) of \(Self.previousPath): \(checkpoint.root.base64)")
        return checkpoint
    }

    /// The manifest names the ledger that it was drafted on.
    private mutating func checkDraftedLedger(_ trail: AuditTrail, _ manifest: BatchManifest?) {
        guard let header = manifest?.header else { return }
        if let root = trail.root(size: header.ledgerSize), root != header.ledgerRoot {
            findings.fail(
                Self.manifestPath, .manifest,
                "it was drafted on a ledger of \(header.ledgerSize) entries with root "
                    + "\(header.ledgerRoot.hex); that of the entries is \(root.hex)")
        }
        checkGoverning(trail, manifest)
    }
}
