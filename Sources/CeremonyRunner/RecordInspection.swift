// SPDX-License-Identifier: Apache-2.0
import Ceremony
import Documents
import Ledger
import LedgerStore
import SSHCrypto
import SSHFormats

/// What a home finds in one entry by itself: its record, the contents that it names, the signatures of
/// its certificate and of its request.
struct RecordInspection: Sendable {
    /// Whether signatures are verified, and the entry is made ready to be followed.
    let verifiesSignatures: Bool

    /// Reads the record of an entry; called on several threads at once.
    func inspect(_ entry: LedgerEntry, content: (SHA256Digest) -> [UInt8]?) -> EntryInspection {
        var found = EntryInspection()
        found.contents = entry.namedDigests
        do throws(Violations) {
            if verifiesSignatures {
                try examine(entry, content, &found)
            } else if let record = try entry.record() {
                if record is IssuedRecord { found.certificates += 1 }
            }
        } catch {
            found.faults += error.all.map { "\($0)" }
        }
        return found
    }

    /// What an entry is found by.
    static func handles(of examined: ExaminedEntry) -> [LedgerHandle] {
        guard examined.kind == .refusal, let refusal = examined.record as? RefusalRecord else {
            return examined.handles
        }
        return [Intake.handle(of: refusal)]
    }

    /// Examines an entry with its texts, so far as the ledger keeps them.
    private func examine(
        _ entry: LedgerEntry, _ content: (SHA256Digest) -> [UInt8]?,
        _ found: inout EntryInspection
    ) throws(Violations) {
        var texts: [(digest: SHA256Digest, bytes: [UInt8])] = []
        for digest in found.contents {
            // That a text is missing or damaged is told by whoever keeps it.
            guard let text = content(digest) else {
                _ = try entry.record()
                return
            }
            texts.append((digest, text))
        }
        let examined = try ExaminedEntry(entry) { digest in
            texts.first { $0.digest == digest }?.bytes
        }
        found.handles = Self.handles(of: examined)
        switch examined.kind {
        case .request: found.signatures += 1
        case .issued:
            found.certificates += 1
            if let issued = examined.issued, !verify(issued.certificate, &found) { return }
        default: break
        }
        found.sequel = examined
    }

    private func verify(_ certificate: Certificate, _ found: inout EntryInspection) -> Bool {
        do throws(SSHCryptoError) {
            try certificate.verifySignature(
                using: VerificationKeys.key(for: certificate.fields.signatureKey))
            found.signatures += 1
            return true
        } catch {
            found.faults.append("\(error)")
            return false
        }
    }
}
