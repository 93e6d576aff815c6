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
            if verifiesSignatures { found.handles = handles(of: record) }
        } catch {
            found.faults += error.all.map { "\($0)" }
        }
        return found
    }

    /// What an entry is found by, as it was when the record was made.
    ///
    /// - Throws: `Violations` where the entry is none of a home.
    func handles(
        of entry: LedgerEntry
    ) throws(Violations) -> [LedgerHandle] {
        handles(of: try entry.record())
    }

    private func handles(of record: (any HomeRecord)?) -> [LedgerHandle] {
        let handles = record?.draft.handles ?? []
        guard let refusal = record as? RefusalRecord else { return handles }
        return handles + [Intake.handle(of: refusal)]
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
