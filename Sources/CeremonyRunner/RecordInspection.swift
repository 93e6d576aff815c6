// SPDX-License-Identifier: Apache-2.0
import Ceremony
import Documents
import Ledger
import LedgerStore
import SSHCrypto
import SSHFormats

/// What a home finds in one entry by itself: its record, the contents it names, its certificate's
/// signature.
struct RecordInspection: Sendable {
    /// Whether signatures are verified.
    let verifiesSignatures: Bool

    /// Reads the record of an entry; called on several threads at once.
    func inspect(_ entry: LedgerEntry, content: (SHA256Digest) -> [UInt8]?) -> EntryInspection {
        var found = EntryInspection()
        found.contents = entry.namedDigests
        do throws(Violations) {
            let record = try entry.record()
            if let issued = record as? IssuedRecord { verify(issued.certificate, &found) }
            if verifiesSignatures { found.handles = handles(of: record, content) }
        } catch {
            found.faults += error.all.map { "\($0)" }
        }
        return found
    }

    /// What an entry is found by, as it was when the record was made.
    ///
    /// - Throws: `Violations` where the entry is none of a home.
    func handles(
        of entry: LedgerEntry, content: (SHA256Digest) -> [UInt8]?
    ) throws(Violations) -> [(name: String, value: String)] {
        handles(of: try entry.record(), content)
    }

    private func handles(
        of record: (any HomeRecord)?, _ content: (SHA256Digest) -> [UInt8]?
    ) -> [(name: String, value: String)] {
        var handles = record?.draft.handles ?? []
        switch record {
        case let request as RequestRecord:
            let key = content(request.file).flatMap(Self.requestedKey)
            if let key { handles.append(("fingerprint", key.fingerprint)) }
        case let refusal as RefusalRecord: handles.append(Intake.handle(of: refusal))
        default: break
        }
        return handles
    }

    /// The key that the text of a request, which was read when it was admitted, asks to be certified.
    private static func requestedKey(_ file: [UInt8]) -> PublicKey? {
        let name = Array("public-key: ".utf8)
        for line in file.split(separator: 0x0A) where line.starts(with: name) {
            let text = String(decoding: line.dropFirst(name.count), as: UTF8.self)
            return try? PublicKey(line: text)
        }
        return nil
    }

    private func verify(_ certificate: Certificate, _ found: inout EntryInspection) {
        found.certificates += 1
        guard verifiesSignatures else { return }
        do throws(SSHCryptoError) {
            try certificate.verifySignature(
                using: VerificationKeys.key(for: certificate.fields.signatureKey))
            found.signatures += 1
        } catch {
            found.faults.append("\(error)")
        }
    }
}
