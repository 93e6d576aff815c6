// SPDX-License-Identifier: Apache-2.0
import Ceremony
import Issuance

/// Which anchors a command passes over although the ledger does not fit them.
///
/// Those that a quorum gave up with an epoch, every command passes over.
public enum PassedAnchors: Sendable {
    /// None.
    case none
    /// All: the command drafts what gives them up.
    case all
    /// Those that the batch of this name gives up: it is approved, rejected or carried out.
    case givenUp(batch: String)

    /// Whether an anchor is passed over.
    func contains(_ anchor: NewEpochItem.Anchor, home: Home) throws -> Bool {
        switch self {
        case .none: false
        case .all: true
        case .givenUp(let name):
            try home.batch(named: name).manifest.newEpochs.first?.anchors.contains(anchor) ?? false
        }
    }
}
