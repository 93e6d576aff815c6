// SPDX-License-Identifier: Apache-2.0
public import Ledger
public import SSHCrypto

/// What whoever keeps a ledger finds in one entry of it, beside what the store looks at itself.
public struct EntryInspection: Sendable {
    /// The contents that the entry cannot do without.
    public var contents: [SHA256Digest] = []
    /// What the entry is found by; nil where that is not known.
    public var handles: [LedgerHandle]?
    /// What is wrong with what the entry records.
    public var faults: [String] = []
    /// What is left to be followed in the order of the ledger; nil where that cannot be done.
    public var sequel: (any Sendable)?
    /// The number of signatures that were verified for the entry.
    public var signatures = 0
    /// The number of certificates that the entry records.
    public var certificates = 0

    /// Begins with nothing found.
    public init() {}
}
