// SPDX-License-Identifier: Apache-2.0
public import Documents
public import Issuance
import Ledger
public import SSHCrypto
import SSHFormats

/// What a state asks of the ledger about the time before the entries that it replayed.
///
/// A look-up table leads to entries, and what is found is compared with what was asked for.
public struct HomePast {
    /// The entry that admitted a request before the state begins; nil where none did.
    public let admission: (SHA256Digest) throws(Violations) -> UInt64?
    /// Whether a request was admitted before the state begins, when another of its ID is.
    public let isAdmitted: (CertificateRequest) throws(Violations) -> Bool
    /// The request that an entry admitted before the state begins.
    public let request: (UInt64) throws(Violations) -> HomeState.AdmittedEntry

    /// Asks the ledger so.
    ///
    /// - Parameters:
    ///   - admission: The entry that admitted a request.
    ///   - isAdmitted: Whether one did; nil asks for the entry. Whoever finds requests that are
    ///     admitted twice by other means may spare it.
    ///   - request: The request that an entry admitted.
    public init(
        admission: @escaping (SHA256Digest) throws(Violations) -> UInt64?,
        isAdmitted: ((CertificateRequest) throws(Violations) -> Bool)? = nil,
        request: @escaping (UInt64) throws(Violations) -> HomeState.AdmittedEntry
    ) {
        self.admission = admission
        if let isAdmitted {
            self.isAdmitted = isAdmitted
        } else {
            self.isAdmitted = { (request) throws(Violations) in try admission(request.id) != nil }
        }
        self.request = request
    }

    /// The past of a state that begins with the genesis.
    public static var none: HomePast {
        HomePast(
            admission: { (_) throws(Violations) in nil },
            request: { (index) throws(Violations) in
                throw Violations(
                    Violation(.recordText, "entry \(index) is before the beginning"))
            })
    }
}

extension HomeState {
    /// A request that was admitted, out of the memory or of the past; nil where none has this ID.
    ///
    /// - Throws: `Violations` where the past has something else in its place.
    mutating func admitted(
        _ id: SHA256Digest, _ past: HomePast
    ) throws(Violations) -> AdmittedEntry? {
        if let known = requests[id] { return known }
        guard base > 0, let index = try past.admission(id) else { return nil }
        let found = try past.request(index)
        guard found.request.id == id, index < base else {
            throw Violations(
                Violation(.recordText, "entry \(index) does not admit request \(id.hex)"))
        }
        requests[id] = found
        return found
    }

    /// Takes a request out of the past into the memory, unless it is there.
    public mutating func recall(_ found: AdmittedEntry) {
        if requests[found.request.id] == nil { requests[found.request.id] = found }
    }

    /// Takes a batch that has ended out of the past into the memory.
    public mutating func recall(_ batch: BatchState) {
        guard self.batch(batch.manifest.id) == nil else { return }
        let place = batches.firstIndex { $0.number > batch.number } ?? batches.endIndex
        batches.insert(batch, at: place)
    }

    /// Takes a certificate out of the past into the memory.
    public mutating func recall(_ record: IssuedRecord) {
        keyIDs[record.authority, default: []].insert(record.certificate.fields.keyID)
    }

    /// The entries of before the base that admitted requests which wait and are not in memory, in
    /// ascending order.
    public var forgottenWaiting: [UInt64] {
        guard base > 0 else { return [] }
        let known = Set(requests.values.map(\.entry))
        return waiting.indices.filter { $0 < base && !known.contains($0) }
    }
}
