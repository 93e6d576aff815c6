// SPDX-License-Identifier: Apache-2.0
import Ceremony
import Issuance

/// Which anchors a command passes over although the ledger does not fit them.
///
/// Those that a quorum gave up with an epoch, every command passes over.
public enum PassedAnchors: Sendable {
    /// None.
    case none
    /// All: the command drafts what gives them up, or what ends a ceremony that they stop.
    case all
    /// Those that the batch of this name gives up, or that are of an epoch which it does not reach, and
    /// all where it abandons a ceremony: it is approved, rejected or carried out.
    case givenUp(batch: String)

    /// Whether an anchor is passed over.
    func contains(_ note: AnchorNote, home: Home) throws -> Bool {
        switch self {
        case .none: return false
        case .all: return true
        case .givenUp(let name):
            let manifest = try home.batch(named: name).manifest
            if manifest.abandonment != nil { return true }
            guard let item = manifest.newEpochs.first else { return false }
            // One of a later epoch stays: this batch is but the first of those that give it up.
            let isLater = note.epoch.map { $0 >= UInt64(item.epoch) } ?? false
            return isLater || item.anchors.contains(note.anchor)
        }
    }
}
