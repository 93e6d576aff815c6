// SPDX-License-Identifier: Apache-2.0
public import Ceremony
import Documents
public import Issuance
import Ledger
import LedgerStore
import SSHCrypto

extension BatchManifest {
    /// The version of the revocation list that the batch releases, where it has one.
    public var listVersion: UInt64? {
        for case .revocationList(let item) in items { return item.version }
        return nil
    }
}

/// What a home finds of the time before its state begins.
extension Home {
    /// The manifest of a batch, whatever became of it; nil where none has this number.
    ///
    /// - Throws: `RunnerError` where the ledger is not what it was; what the ledger throws.
    public func manifest(ofBatch number: UInt64) throws -> BatchManifest? {
        if let batch = state.batch(number: number) { return batch.manifest }
        for index in try store.find(.batchNumber(number)) {
            let entry = try store.provenEntry(at: index)
            guard entry.kind == .batch else { continue }
            let record = try BatchRecord(entry)
            guard record.number == number else { continue }
            return try BatchManifest(text: content(record.batch))
        }
        return nil
    }

    /// What a revocation says beside its target; nil where its batch is not there.
    ///
    /// - Throws: `RunnerError` where the ledger is not what it was; what the ledger throws.
    public func item(of revocation: StateText.Revocation) throws -> RevokeItem? {
        try manifest(ofBatch: revocation.batch)?.revocations.first {
            $0.authority == revocation.authority && $0.target == revocation.target
        }
    }

    /// The request of this ID, as it was admitted; nil where none was.
    ///
    /// - Throws: what the ledger throws.
    func admitted(_ request: SHA256Digest) throws -> HomeState.AdmittedEntry? {
        if let known = state.requests[request] { return known }
        for index in try store.find(.request(request)) {
            if let found = try admitted(by: index), found.request.id == request { return found }
        }
        return nil
    }

    /// The request that an entry admitted; nil where it admits none.
    ///
    /// - Throws: what the ledger throws.
    func admitted(by index: UInt64) throws -> HomeState.AdmittedEntry? {
        let entry = try store.provenEntry(at: index)
        guard entry.kind == .request else { return nil }
        let record = try RequestRecord(entry)
        return try HomeState.AdmittedEntry(record, file: content(record.file), entry: index)
    }

    /// The batches that answer a request or were to, in the order of their numbers, with their phases.
    ///
    /// - Throws: what the ledger throws.
    func batches(
        answering request: SHA256Digest, at time: UnixTime
    ) throws -> [(number: UInt64, phase: BatchState.Phase)] {
        guard let admitted = try admitted(request) else { return [] }
        var found: [(number: UInt64, phase: BatchState.Phase)] = []
        let line = Array("\nrequest: \(request.hex)\n".utf8)
        for number in (0..<state.batchCount).reversed() {
            guard let outline = try outline(ofBatch: number + 1) else {
                throw missing(batch: number + 1)
            }
            // What was drafted before the request was admitted does not answer it.
            guard outline.entry > admitted.entry else { break }
            // Most manifests need not be read to see that the request is not in them.
            let text = try content(outline.id)
            guard text.firstRange(of: line) != nil else { continue }
            let phase = outline.phase(
                at: time, expires: try BatchManifest(text: text).header.expires,
                epochs: state.epochs)
            found.append((outline.number, phase))
        }
        return found.reversed()
    }

    /// Takes the certificates that a revocation names by their key ID into the state.
    ///
    /// - Throws: what the ledger throws.
    public func recall(keyIDsOf revocations: [RevokeItem]) throws {
        guard state.base > 0 else { return }
        for item in revocations {
            guard case .keyID(let keyID) = item.target else { continue }
            for index in try store.find(.keyID(keyID)) where index < state.base {
                let entry = try store.provenEntry(at: index)
                guard entry.kind == .issued else { continue }
                let record = try IssuedRecord(entry)
                if record.has(.keyID(keyID)) { recall(record) }
            }
        }
    }
}
