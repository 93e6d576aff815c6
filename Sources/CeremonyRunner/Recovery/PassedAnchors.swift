// SPDX-License-Identifier: Apache-2.0
import Ceremony
import Issuance
import Ledger

/// Which anchors a command passes over although the ledger does not fit them.
///
/// Those that a quorum gave up with an epoch, every command passes over.
public enum PassedAnchors: Sendable {
    /// None.
    case none
    /// All: the command drafts what gives them up, or what ends a ceremony that they stop.
    case all
    /// Those that the batch of this name gives up, and all where it abandons a ceremony: it is approved,
    /// rejected or carried out.
    case givenUp(batch: String)

    /// Whether an anchor is passed over.
    func contains(_ checkpoint: Checkpoint, home: Home) throws -> Bool {
        let anchor = NewEpochItem.Anchor(size: checkpoint.size, root: checkpoint.root)
        switch self {
        case .none: return false
        case .all: return true
        case .givenUp(let name):
            let manifest = try home.batch(named: name).manifest
            return manifest.abandonment != nil
                || manifest.newEpochs.first?.anchors.contains(anchor) ?? false
        }
    }
}
