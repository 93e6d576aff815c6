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
    func inspect(_ entry: LedgerEntry) -> EntryInspection {
        var found = EntryInspection()
        found.contents = entry.namedDigests
        do throws(Violations) {
            try read(entry, &found)
        } catch {
            found.faults += error.all.map { "\($0)" }
        }
        return found
    }

    private func read(
        _ entry: LedgerEntry, _ found: inout EntryInspection
    ) throws(Violations) {
        switch entry.kind {
        case .genesis: _ = try GenesisRecord(entry)
        case .request: _ = try RequestRecord(entry)
        case .refusal: _ = try RefusalRecord(entry)
        case .batch: _ = try BatchRecord(entry)
        case .approval: _ = try ApprovalRecord(entry)
        case .rejection: _ = try RejectionRecord(entry)
        case .ceremonyOpened: _ = try CeremonyOpenedRecord(entry)
        case .token: _ = try TokenRecord(entry)
        case .intent: _ = try IntentRecord(entry)
        case .issued: verify(try IssuedRecord(entry).certificate, &found)
        case .krl: _ = try RevocationListRecord(entry)
        case .ceremonyClosed: _ = try CeremonyClosedRecord(entry)
        case .exception: _ = try ExceptionRecord(entry)
        // No home has recorded any of these: the replay says so.
        case .roster, .policy, .key, .epoch: break
        }
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
