// SPDX-License-Identifier: Apache-2.0

/// What an entry of the ledger records.
public enum EntryKind: String, CaseIterable, Hashable, Sendable {
    /// The first entry of a home, signed by all officers that it lists.
    case genesis
    /// A version of the roster, adopted by quorum.
    case roster
    /// A version of the policy, adopted by quorum.
    case policy
    /// Another token with which an interrupted ceremony went on.
    case token
    /// A step in the life of a CA key.
    case key
    /// A request that was admitted.
    case request
    /// A request that was refused, with every rule that it broke.
    case refusal
    /// A batch that was drafted; its serials are spent from here on.
    case batch
    /// An officer's approval of a batch.
    case approval
    /// An officer's rejection of a batch, with the reason.
    case rejection
    /// What will be signed next, recorded before the token sees a byte of it.
    case intent
    /// Certificates that were signed and verified.
    case issued
    /// A key revocation list that was published.
    case krl
    /// Something out of the ordinary, put on record.
    case exception
    /// A ceremony that began.
    case ceremonyOpened = "ceremony-opened"
    /// A ceremony that ended, with the digest of the state that decides.
    case ceremonyClosed = "ceremony-closed"
    /// A new epoch of an authority's serial numbers.
    case epoch
}
