// SPDX-License-Identifier: Apache-2.0
public import Ledger
public import SSHCrypto

/// What looking through a whole ledger has shown.
public struct LedgerVerification: Hashable, Sendable {
    /// The number of entries that were looked at.
    public let size: UInt64
    /// The root of the tree as the texts give it; nil where texts are missing.
    public let root: SHA256Digest?
    /// The number of signatures that the caller verified.
    public let signatures: Int
    /// The number of certificates that the caller found.
    public let certificates: Int
    /// The entries that share the handle of a request with one before them, as far as the handles were
    /// compared: the same request, or one whose ID begins with the same 64 bits.
    public let sharingRequests: [UInt64]
    /// Everything that is wrong, empty for a sound ledger.
    public let faults: [LedgerFault]
}

extension LedgerStore {
    /// What a caller looks for in each entry, given a way to the contents that the ledger keeps; called
    /// on several threads at once.
    public typealias Inspection =
        @Sendable (LedgerEntry, _ content: (SHA256Digest) -> [UInt8]?) -> EntryInspection

    /// What a caller does with the sequels that its inspection left, in the order of the ledger.
    ///
    /// It is called on one thread; nil stands for an entry that left none. Nothing more is handed on
    /// behind a fault.
    public typealias Following = ((any Sendable)?) -> Void

    /// Looks through a ledger that may be too damaged to be opened.
    ///
    /// - Parameters:
    ///   - path: The name of the file.
    ///   - inspect: What the caller finds in an entry; called on several threads at once.
    ///   - comparesHandles: Whether the handles are compared where `inspect` says what they are.
    ///   - follow: What the caller does with the sequels of the entries.
    ///   - progress: Is told from time to time how many entries have been looked at.
    /// - Returns: The number of entries, the root that their texts give, and all faults.
    /// - Throws: `LedgerStoreError` where looking is not possible at all.
    public static func verify(
        path: String, inspect: @escaping Inspection = { _, _ in EntryInspection() },
        comparesHandles: Bool = true, follow: Following? = nil,
        progress: (UInt64) -> Void = { _ in }
    ) throws(LedgerStoreError) -> LedgerVerification {
        let store = try LedgerStore(connecting: path, mode: .readOnly)
        let verification = try store.verify(
            inspect: inspect, comparesHandles: comparesHandles, follow: follow, progress: progress)
        try store.close()
        return verification
    }

    /// Looks through the whole ledger, on all cores, and reports everything that is wrong with it.
    ///
    /// Leaves, nodes and the root are computed anew from the texts of the entries. That the root is
    /// the right one, a checkpoint says that was signed and kept elsewhere: whoever can write the
    /// file can write a consistent one. So many entries and contents are in memory as cores work on,
    /// however large the ledger is.
    ///
    /// - Parameters:
    ///   - inspect: What the caller finds in an entry; called on several threads at once.
    ///   - comparesHandles: Whether the handles are compared where `inspect` says what they are.
    ///   - follow: What the caller does with the sequels of the entries.
    ///   - progress: Is told from time to time how many entries have been looked at.
    /// - Returns: The number of entries, the root that their texts give, and all faults.
    /// - Throws: `LedgerStoreError` where looking is not possible at all.
    public func verify(
        inspect: @escaping Inspection = { _, _ in EntryInspection() },
        comparesHandles: Bool = true, follow: Following? = nil,
        progress: (UInt64) -> Void = { _ in }
    ) throws(LedgerStoreError) -> LedgerVerification {
        try reading { () throws(LedgerStoreError) in
            var verifier = LedgerVerifier(store: self)
            try verifier.run(inspect, comparesHandles: comparesHandles, follow, progress)
            return verifier.result
        }
    }
}
