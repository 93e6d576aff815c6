// SPDX-License-Identifier: Apache-2.0
import Ceremony
import Documents
import Issuance
import Ledger
import LedgerStore
import SSHCrypto
public import SSHFormats

extension Trace {
    /// How many digits of a request's ID name it, at least.
    static let shortestRequestID = 8

    /// The certificates that a handle names, in the order of the ledger.
    ///
    /// The first of these that leads anywhere counts: a line of sshd's log; a serial (`12`, or
    /// `users@example.org 12`); a key ID; the fingerprint of a certified key; a request's ID, or 8
    /// digits or more from its beginning; a principal.
    ///
    /// - Throws: what the ledger throws.
    public func issued(of handle: String) throws -> [TracedCertificate] {
        if let named = SSHDLogLine(handle: handle) {
            return try find(.serial(named.serial)).filter { found in
                let fields = found.record.certificate.fields
                return fields.signatureKey.fingerprint == named.authorityKey
                    && fields.keyID.utf8.elementsEqual(named.keyID.utf8)
                    && named.subjectKey.map { $0 == fields.publicKey.fingerprint } ?? true
            }
        }
        if let found = try issued(bySerial: handle), !found.isEmpty { return found }
        for handle in [LedgerHandle.keyID(handle), .fingerprint(handle)] {
            let found = try find(handle)
            if !found.isEmpty { return found }
        }
        let requests = try requests(named: handle)
        if !requests.isEmpty {
            return try requests.compactMap { try issued(answering: $0) }
        }
        return try find(.principal(handle))
    }

    /// The ledger's record of this very certificate, or nil where it has none.
    ///
    /// - Throws: what the ledger throws.
    public func issued(of certificate: Certificate) throws -> TracedCertificate? {
        try find(.serial(certificate.fields.serial))
            .first { $0.record.certificate.toBeSigned == certificate.toBeSigned }
    }

    /// The certificate that answers a request; nil where none does.
    ///
    /// It is for the key that the request is for, and behind it in the ledger; there is no other.
    ///
    /// - Throws: what the ledger throws.
    func issued(answering admitted: HomeState.AdmittedEntry) throws -> TracedCertificate? {
        let key = LedgerHandle.fingerprint(admitted.request.publicKey.fingerprint)
        for index in try home.store.find(key) where index > admitted.entry {
            let entry = try home.store.provenEntry(at: index)
            guard entry.kind == .issued else { continue }
            let record = try IssuedRecord(entry)
            guard record.request == admitted.request.id else { continue }
            return try traced(entry, record, admitted)
        }
        return nil
    }

    /// The requests whose ID a handle is or begins.
    ///
    /// - Throws: what the ledger throws.
    func requests(named handle: String) throws -> [HomeState.AdmittedEntry] {
        guard handle.utf8.count >= Self.shortestRequestID,
            handle.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) })
        else { return [] }
        return try home.store.find(.request, beginning: handle)
            .sorted().compactMap { try home.admitted(by: $0) }
            .filter { $0.request.id.hex.hasPrefix(handle) }
    }

    /// The certificates with the serial of `12` or `users@example.org 12`; nil where it is neither.
    private func issued(bySerial handle: String) throws -> [TracedCertificate]? {
        if let serial = parseDecimal(handle) { return try find(.serial(serial)) }
        guard let blank = handle.lastIndex(of: " "),
            let serial = parseDecimal(String(handle[handle.index(after: blank)...]))
        else { return nil }
        return try find(.serial(serial)).filter {
            $0.record.authority.utf8.elementsEqual(handle[..<blank].utf8)
        }
    }

    func find(_ handle: LedgerHandle) throws -> [TracedCertificate] {
        // A look-up table can be wrong; what it leads to can be compared.
        try home.store.find(handle).compactMap { try certificate(at: $0) }
            .filter { $0.record.has(handle) }
    }

    private func certificate(at index: UInt64) throws -> TracedCertificate? {
        let entry = try home.store.provenEntry(at: index)
        guard entry.kind == .issued else { return nil }
        let record = try IssuedRecord(entry)
        guard let admitted = try home.admitted(record.request) else { return nil }
        return try traced(entry, record, admitted)
    }

    private func traced(
        _ entry: LedgerEntry, _ record: IssuedRecord, _ admitted: HomeState.AdmittedEntry
    ) throws -> TracedCertificate {
        TracedCertificate(
            entry: entry, record: record, batch: try home.outline(of: record.batch),
            admitted: admitted)
    }
}
