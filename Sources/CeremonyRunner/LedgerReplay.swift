// SPDX-License-Identifier: Apache-2.0
import Ceremony
import Documents
import Ledger
import LedgerStore
import SSHCrypto

/// Follows the entries of a ledger that were examined by themselves, from the genesis on.
///
/// No more is in memory than the next entry may need. What is asked of the past is compared with what
/// was asked for, and is in the tree that is computed meanwhile: entries are followed where all before
/// them are sound.
final class LedgerReplay {
    /// Why an entry does not follow from those before it; nil as long as all do.
    private(set) var failure: String?
    /// The number of entries that were followed.
    private(set) var size: UInt64 = 0

    private let path: String
    private var state: HomeState?
    private var store: LedgerStore?

    /// Begins to follow the ledger in the file at `path`.
    init(path: String) {
        self.path = path
    }

    /// Takes what an inspection left of the next entry.
    func follow(_ sequel: (any Sendable)?) {
        guard failure == nil else { return }
        guard let examined = sequel as? ExaminedEntry else {
            failure = "ledger entry \(size) could not be followed"
            return
        }
        do {
            try follow(examined)
            size += 1
        } catch {
            failure = "\(error)"
        }
    }

    private func follow(_ examined: ExaminedEntry) throws {
        guard state != nil else {
            state = try Home.founding(openedStore())
            return
        }
        do throws(Violations) {
            try state?.follow(examined, past: past)
        } catch {
            throw Home.unfit(size, error)
        }
    }

    /// The entries of which another before them admitted the same request, out of those that share a
    /// handle.
    ///
    /// - Throws: what the ledger throws.
    func repeatedRequests(_ sharing: [UInt64]) throws -> [any Error] {
        guard !sharing.isEmpty else { return [] }
        let store = try openedStore()
        return try sharing.compactMap { index in
            let request = try RequestRecord(store.entry(at: index)).request
            let isRepeated = try store.find(.request(request)).contains { other in
                try other < index && RequestRecord(store.entry(at: other)).request == request
            }
            guard isRepeated else { return nil }
            let violation = HomeState.repeatedRequest(entry: index)
            return Home.unfit(index, Violations(violation))
        }
    }

    /// Requests that are admitted twice are found by the look-up table, which is compared as a whole:
    /// to ask it about each would take longer than all the rest.
    private var past: HomePast {
        HomePast(
            admission: { [self] (id) throws(Violations) in try stored().admission(id) },
            isAdmitted: { (_) throws(Violations) in false },
            request: { [self] (index) throws(Violations) in try stored().request(index) })
    }

    private func stored() throws(Violations) -> HomePast {
        do throws(LedgerStoreError) {
            return try StoredPast(openedStore(), before: size, proves: false).past
        } catch {
            throw Violations(Violation(.recordText, "\(error)", hint: error.hint))
        }
    }

    private func openedStore() throws(LedgerStoreError) -> LedgerStore {
        if let store { return store }
        let opened = try LedgerStore(opening: path, mode: .readOnly)
        store = opened
        return opened
    }
}
