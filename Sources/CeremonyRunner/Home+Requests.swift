// SPDX-License-Identifier: Apache-2.0
import Ceremony
import Documents
import Issuance
import Ledger
import LedgerStore
public import SSHCrypto
import Workers

/// Requests of the time before the state begins, many at once.
extension Home {
    /// How many files are in memory for the cores at a time.
    private static let recalledAtOnce = 1_024

    /// Takes the requests that wait into the state, for whoever looks at all of them.
    ///
    /// - Throws: `RunnerError` where one of them is not what its entry says; what the ledger throws.
    public func recallWaiting() throws {
        try recall(
            admittedBy: state.forgottenWaiting.map { index in
                { try self.record(ofRequest: index) }
            })
    }

    /// Takes requests of these IDs into the state, whatever became of them.
    ///
    /// - Throws: as ``recallWaiting()``.
    public func recall(_ requests: some Sequence<SHA256Digest>) throws {
        guard state.base > 0 else { return }
        let wanted = Set(requests).subtracting(state.requests.keys)
        try recall(admittedBy: wanted.map { id in { try self.record(ofRequest: id) } })
    }

    /// Hands over the request of each of these IDs, in their order, nil where none was admitted; they
    /// are not taken into the state.
    ///
    /// - Throws: as ``recallWaiting()``; what `body` throws.
    func requests(
        _ ids: [SHA256Digest], _ body: (CertificateRequest?) throws -> Void
    ) throws {
        for start in stride(from: 0, to: ids.count, by: Self.recalledAtOnce) {
            let some = ids.dropFirst(start).prefix(Self.recalledAtOnce)
            var found: [SHA256Digest: CertificateRequest] = [:]
            var stored: [StoredRequest] = []
            for id in some {
                if let known = state.requests[id] {
                    found[id] = known.request
                } else if state.base > 0, let request = try record(ofRequest: id) {
                    stored.append(request)
                }
            }
            try admit(stored) { found[$0.request.id] = $0.request }
            for id in some { try body(found[id]) }
        }
    }

    /// The request that an entry admitted.
    private func record(ofRequest index: UInt64) throws -> StoredRequest? {
        let entry = try store.provenEntry(at: index)
        guard entry.kind == .request else {
            throw RunnerError.damaged("entry \(index) admits no request")
        }
        let record = try RequestRecord(entry)
        return StoredRequest(record: record, file: try content(record.file), entry: index)
    }

    /// The request of this ID that was admitted before the state begins; nil where none was.
    private func record(ofRequest id: SHA256Digest) throws -> StoredRequest? {
        // A look-up table can be wrong; what it leads to can be compared.
        for index in try store.find(.request(id)) where index < state.base {
            let entry = try store.provenEntry(at: index)
            guard entry.kind == .request else { continue }
            let record = try RequestRecord(entry)
            guard record.request == id else { continue }
            return StoredRequest(record: record, file: try content(record.file), entry: index)
        }
        return nil
    }

    /// Takes requests into the state as they are read.
    private func recall(admittedBy reading: [() throws -> StoredRequest?]) throws {
        for start in stride(from: 0, to: reading.count, by: Self.recalledAtOnce) {
            let stored = try reading.dropFirst(start).prefix(Self.recalledAtOnce)
                .compactMap { try $0() }
            try admit(stored) { recall($0) }
        }
    }

    /// Hands over what these requests are; what is signed in them is verified on all cores.
    private func admit(
        _ stored: [StoredRequest], _ body: (HomeState.AdmittedEntry) -> Void
    ) throws {
        let work = OrderedWork(count: stored.count, threads: OrderedWork<Void>.cores) {
            { stored[$0].admitted }
        }
        try work.run { result in
            do throws(Violations) {
                body(try result.get())
            } catch {
                throw RunnerError.damaged("a request of the ledger is not as it was:\n\(error)")
            }
        }
    }

    /// A request as the ledger has it.
    private struct StoredRequest: Sendable {
        let record: RequestRecord
        let file: [UInt8]
        let entry: UInt64

        /// The request, where it is what its record says.
        var admitted: Result<HomeState.AdmittedEntry, Violations> {
            do throws(Violations) {
                return .success(try HomeState.AdmittedEntry(record, file: file, entry: entry))
            } catch {
                return .failure(error)
            }
        }
    }
}
