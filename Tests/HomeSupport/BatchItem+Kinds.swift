// SPDX-License-Identifier: Apache-2.0
import Issuance

extension BatchItem {
    /// The item, where it issues certificates.
    public var issuing: IssueItem? {
        guard case .issue(let item) = self else { return nil }
        return item
    }

    /// The item, where it abandons a ceremony.
    public var abandoning: AbandonItem? {
        guard case .abandon(let item) = self else { return nil }
        return item
    }

    /// The item, where it begins an epoch.
    public var beginning: NewEpochItem? {
        guard case .newEpoch(let item) = self else { return nil }
        return item
    }

    /// The item, where it revokes.
    public var revoking: RevokeItem? {
        guard case .revoke(let item) = self else { return nil }
        return item
    }

    /// The item, where it publishes a revocation list.
    public var listing: RevocationListItem? {
        guard case .revocationList(let item) = self else { return nil }
        return item
    }
}
