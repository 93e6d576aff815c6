// SPDX-License-Identifier: Apache-2.0
public import Ledger
public import SSHCrypto

/// What looking through a whole ledger has shown.
public struct LedgerVerification: Hashable, Sendable {
    /// The number of entries that were looked at.
    public let size: UInt64
    /// The root of the tree as the texts give it; nil where texts are missing.
    public let root: SHA256Digest?
    /// Everything that is wrong, empty for a sound ledger.
    public let faults: [LedgerFault]
}

extension LedgerStore {
    /// Looks through a ledger that may be too damaged to be opened.
    ///
    /// - Parameters:
    ///   - path: The name of the file.
    ///   - requiredContents: The contents that an entry cannot do without.
    ///   - progress: Is told from time to time how many entries have been looked at.
    /// - Returns: The number of entries, the root that their texts give, and all faults.
    /// - Throws: `LedgerStoreError` where looking is not possible at all.
    public static func verify(
        path: String, requiredContents: (LedgerEntry) -> [SHA256Digest] = { _ in [] },
        progress: (UInt64) -> Void = { _ in }
    ) throws(LedgerStoreError) -> LedgerVerification {
        let store = try LedgerStore(connecting: path, mode: .readOnly)
        let verification = try store.verify(requiredContents: requiredContents, progress: progress)
        try store.close()
        return verification
    }

    /// Looks through the whole ledger and reports everything that is wrong with it.
    ///
    /// Leaves, nodes and the root are computed anew from the texts of the entries. That the root is
    /// the right one, a checkpoint says that was signed and kept elsewhere: whoever can write the
    /// file can write a consistent one.
    ///
    /// - Parameters:
    ///   - requiredContents: The contents that an entry cannot do without.
    ///   - progress: Is told from time to time how many entries have been looked at.
    /// - Returns: The number of entries, the root that their texts give, and all faults.
    /// - Throws: `LedgerStoreError` where looking is not possible at all.
    public func verify(
        requiredContents: (LedgerEntry) -> [SHA256Digest] = { _ in [] },
        progress: (UInt64) -> Void = { _ in }
    ) throws(LedgerStoreError) -> LedgerVerification {
        try reading { () throws(LedgerStoreError) in
            var verifier = LedgerVerifier(store: self)
            try verifier.run { (verifier) throws(LedgerStoreError) in
                try verifier.checkDatabase()
            }
            try verifier.run { (verifier) throws(LedgerStoreError) in
                try verifier.checkEntries(requiredContents, progress)
            }
            try verifier.run { (verifier) throws(LedgerStoreError) in
                try verifier.checkStrayNodes()
            }
            try verifier.run { (verifier) throws(LedgerStoreError) in
                try verifier.checkContents()
            }
            try verifier.run { (verifier) throws(LedgerStoreError) in
                try verifier.checkHandles()
            }
            return verifier.result
        }
    }
}
