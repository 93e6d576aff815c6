// SPDX-License-Identifier: Apache-2.0
import Ceremony
import Documents
import Issuance
import Ledger
import LedgerStore
import SSHCrypto

/// Answers what a state asks of the entries before its base, from the store.
///
/// A look-up table says where to look; what stands there is compared with what was asked for, and with
/// the tree whose root officers signed.
struct StoredPast {
    private let store: LedgerStore
    private let base: UInt64
    private let proves: Bool

    /// The past before this entry.
    ///
    /// - Parameters:
    ///   - store: The ledger.
    ///   - base: The entry.
    ///   - proves: Whether each entry that is found is proven to be in the tree; who computes the
    ///     whole tree anew need not.
    init(_ store: LedgerStore, before base: UInt64, proves: Bool = true) {
        self.store = store
        self.base = base
        self.proves = proves
    }

    /// The past as a state asks for it.
    var past: HomePast {
        HomePast(
            admission: { (id) throws(Violations) in try entry(by: .request(id), admitting: id) },
            // Of a request that is at hand it is known when it was made: what was made at about the
            // same time stands together, and nothing far away is read.
            isAdmitted: { (request) throws(Violations) in
                try entry(by: .admission(request.created, request.id), admitting: request.id) != nil
            },
            request: { (index) throws(Violations) in try request(at: index) })
    }

    private func entry(
        by handle: LedgerHandle, admitting id: SHA256Digest
    ) throws(Violations) -> UInt64? {
        let found = try Self.stored { () throws(LedgerStoreError) in try store.find(handle) }
        for index in found where index < base {
            let entry = try entry(at: index)
            if entry.kind == .request, try RequestRecord(entry).request == id { return index }
        }
        return nil
    }

    private func request(at index: UInt64) throws(Violations) -> HomeState.AdmittedEntry {
        let entry = try entry(at: index)
        guard entry.kind == .request else {
            throw Violations(Violation(.recordText, "entry \(index) admits no request"))
        }
        let record = try RequestRecord(entry)
        let bytes = try Self.stored { () throws(LedgerStoreError) in
            try store.content(record.file)
        }
        guard let bytes else {
            throw Violations(
                Violation(.recordText, "the request \(record.file.hex) is not in the ledger"))
        }
        return try HomeState.AdmittedEntry(record, file: bytes, entry: index)
    }

    /// An entry that is in the tree as the store gives it.
    private func entry(at index: UInt64) throws(Violations) -> LedgerEntry {
        try Self.stored { () throws(LedgerStoreError) in
            proves ? try store.provenEntry(at: index) : try store.entry(at: index)
        }
    }

    private static func stored<Result>(
        _ body: () throws(LedgerStoreError) -> Result
    ) throws(Violations) -> Result {
        do throws(LedgerStoreError) {
            return try body()
        } catch {
            throw Violations(Violation(.recordText, "\(error)", hint: error.hint))
        }
    }
}
