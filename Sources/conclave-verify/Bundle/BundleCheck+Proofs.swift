// SPDX-License-Identifier: Apache-2.0
import Documents
import Ledger
import SSHCrypto
import SSHFormats

/// The proofs beside the certificates, for whoever gets one of them and not the bundle.
extension BundleCheck {
    /// How the name of a proof ends, in the place of `.pub`.
    static let proofEnding = ".tlog-proof"

    /// Whether a path is that of a proof beside a certificate.
    static func isProof(_ path: String) -> Bool {
        path.hasPrefix(certificateDirectory) && path.hasSuffix(proofEnding)
    }

    /// Checks that beside each certificate stands the proof that the ledger of the checkpoint issued it.
    mutating func checkProofs(
        _ handedOut: [UInt64: HandedOut], _ trail: AuditTrail, _ checkpoint: Checkpoint?
    ) {
        var strays = Set(files.paths.filter(Self.isProof))
        examined.formUnion(strays)
        guard let checkpoint else {
            if !handedOut.isEmpty {
                skip("the proofs of the certificates", for: "there is no sound checkpoint")
            }
            return
        }
        let before = findings.faults.count
        for certificate in handedOut.values.sorted(by: { $0.path < $1.path }) {
            let path = String(certificate.path.dropLast(".pub".count)) + Self.proofEnding
            strays.remove(path)
            guard let bytes = require(path) else { continue }
            do throws(Violations) {
                try checkProof(
                    LogProof(parsing: bytes), path: path, certificate.certificate, trail, checkpoint
                )
            } catch {
                findings.fail(path, error)
            }
        }
        for path in strays.sorted() {
            findings.fail(path, .proofHolds, "no sound certificate stands beside it")
        }
        if findings.faults.count == before, !handedOut.isEmpty {
            findings.ok(
                "\(counted(handedOut.count, "certificate")): proven to be in the ledger of the "
                    + "checkpoint")
        }
    }

    private mutating func checkProof(
        _ proof: LogProof, path: String, _ certificate: Certificate, _ trail: AuditTrail,
        _ checkpoint: Checkpoint
    ) throws(Violations) {
        let entry = try proof.provenEntry()
        if proof.checkpoint != checkpoint {
            findings.fail(
                path, .proofHolds,
                "it leads to a checkpoint of \(proof.checkpoint.size) entries with root "
                    + "\(proof.checkpoint.root.base64), not to the bundle's")
        }
        guard case .issued(let issued) = try AuditRecord(entry), issued.certificate == certificate
        else {
            findings.fail(
                path, .proofHolds,
                "it is of entry \(entry.index), which did not issue the certificate beside it")
            return
        }
        if let first = trail.first,
            entry.index < first || trail.size.map({ entry.index >= $0 }) ?? true
        {
            findings.fail(
                path, .proofHolds, "it is of entry \(entry.index), which is not in the bundle")
        }
    }
}
