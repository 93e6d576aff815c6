// SPDX-License-Identifier: Apache-2.0
import Documents

extension BatchManifest {
    /// The items that begin a new epoch of serials, one for each authority; none where the batch does
    /// something else.
    public var newEpochs: [NewEpochItem] {
        items.compactMap { if case .newEpoch(let item) = $0 { item } else { nil } }
    }

    /// What begins an epoch comes first, once for each authority, says the same of all of them, and does
    /// nothing else but revoke.
    static func epochFault(_ items: [BatchItem]) -> String? {
        let epochs = items.compactMap { item -> NewEpochItem? in
            if case .newEpoch(let item) = item { item } else { nil }
        }
        guard let first = epochs.first else { return nil }
        let isFirst = items.prefix(epochs.count).allSatisfy {
            if case .newEpoch = $0 { true } else { false }
        }
        guard isFirst else { return "the items that begin an epoch do not come first" }
        for item in items.dropFirst(epochs.count) {
            switch item {
            case .issue: return "the manifest begins an epoch and issues certificates"
            case .abandon: return "the manifest begins an epoch and abandons a ceremony"
            case .newEpoch, .revoke, .revocationList: continue
            }
        }
        guard Set(epochs.map(\.authority)).count == epochs.count else {
            return "the manifest begins two epochs of one authority"
        }
        let isSame = epochs.allSatisfy {
            $0.riskClass == first.riskClass && $0.anchors == first.anchors
                && $0.reason.utf8.elementsEqual(first.reason.utf8)
        }
        guard isSame else {
            return "the items that begin an epoch differ in class, anchors or reason"
        }
        guard Set(first.anchors).count == first.anchors.count else {
            return "the manifest gives up a checkpoint twice"
        }
        return nil
    }
}
