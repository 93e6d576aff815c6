// SPDX-License-Identifier: Apache-2.0
public import Documents
import Issuance
public import Ledger
public import SSHCrypto
public import SSHFormats

/// A certificate that was signed, verified and compared with its approved bytes.
public struct IssuedRecord: HomeRecord {
    /// The batch.
    public let batch: SHA256Digest
    /// The item's number in the batch.
    public let number: UInt64
    /// The authority that certified.
    public let authority: String
    /// The request that was answered.
    public let request: SHA256Digest
    /// The certificate.
    public let certificate: Certificate

    /// Records a certificate.
    public init(
        batch: SHA256Digest, number: UInt64, authority: String, request: SHA256Digest,
        certificate: Certificate
    ) {
        self.batch = batch
        self.number = number
        self.authority = authority
        self.request = request
        self.certificate = certificate
    }

    /// The entry.
    public var draft: EntryDraft {
        var draft = EntryDraft(.issued)
        draft.field("batch", batch.hex)
        draft.field("item", String(number))
        draft.field("authority", authority)
        draft.field("request", request.hex)
        draft.field("certificate", certificate.line())
        draft.handles = handles
        return draft
    }

    /// What the certificate is found by.
    public var handles: [LedgerHandle] {
        let fields = certificate.fields
        return [
            .serial(fields.serial), .keyID(fields.keyID),
            .fingerprint(fields.publicKey.fingerprint),
            fields.kind == .host ? .hostEnd(fields.validBefore) : .userEnd(fields.validBefore),
        ] + fields.validPrincipals.map { .principal($0) }
    }

    /// Whether the certificate is found by this handle, compared in full.
    public func has(_ handle: LedgerHandle) -> Bool {
        let fields = certificate.fields
        return switch handle {
        case .serial(let serial): serial == fields.serial
        case .hostEnd(let time): fields.kind == .host && time == fields.validBefore
        case .userEnd(let time): fields.kind == .user && time == fields.validBefore
        case .keyID(let keyID): keyID.utf8.elementsEqual(fields.keyID.utf8)
        case .fingerprint(let text): text.utf8.elementsEqual(fields.publicKey.fingerprint.utf8)
        case .principal(let name):
            fields.validPrincipals.contains { $0.utf8.elementsEqual(name.utf8) }
        case .request, .admission, .batch, .approvals, .ceremony, .intent, .batchNumber, .refusal,
            .approver, .authorityKey, .listVersion:
            false
        }
    }

    /// Reads the record of an entry.
    ///
    /// - Throws: `Violations` where a field is missing, unknown or malformed.
    public init(_ entry: LedgerEntry) throws(Violations) {
        var reader = try entry.reader()
        let batch = reader.digest("batch")
        let number = reader.number("item")
        let authority = reader.text("authority")
        let request = reader.digest("request")
        let certificate = reader.value(
            reader.required("certificate"), expected: "a certificate"
        ) { line -> Certificate? in
            do throws(FormatError) {
                return try Certificate(line: line)
            } catch {
                return nil
            }
        }
        let violations = reader.finishInOrder()
        guard violations.isEmpty, let batch, let number, let authority, let request,
            let certificate
        else { throw Violations(violations) }
        self.init(
            batch: batch, number: number, authority: authority, request: request,
            certificate: certificate)
    }
}
