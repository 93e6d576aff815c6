// SPDX-License-Identifier: Apache-2.0
import Documents
import Ledger
import SSHCrypto
import SSHFormats

/// The check of one certificate's proof: by itself, and against a checkpoint from elsewhere.
struct ProofCheck {
    /// What was found.
    private(set) var findings = Findings()

    private var entry: LedgerEntry?
    private var proof: LogProof?
    private let hasCheckpoint: Bool

    /// Checks a proof; `pinned` is the home's identity as the caller knows it.
    init(
        certificate: NamedFile, proof: NamedFile, checkpoint: NamedFile?, pinned: SHA256Digest?
    ) {
        hasCheckpoint = checkpoint != nil
        guard let certificate = read(certificate) else { return }
        do throws(Violations) {
            let read = try LogProof(parsing: proof.contents)
            self.proof = read
            let entry = try read.provenEntry()
            guard case .issued(let issued) = try AuditRecord(entry),
                issued.certificate == certificate
            else {
                findings.fail(
                    proof.path, .proofHolds,
                    "it is of entry \(entry.index), which did not issue this certificate")
                return
            }
            self.entry = entry
            findings.ok(
                "entry \(entry.index) of \(entry.time.text) issued it, as item \(issued.item) of "
                    + "batch \(issued.batch.hex), and is in the ledger of "
                    + "\(read.checkpoint.size) entries with root \(read.checkpoint.root.base64)")
            compare(read, path: proof.path, with: checkpoint)
            checkHome(read, path: proof.path, pinned)
        } catch {
            findings.fail(proof.path, error)
        }
    }

    /// The verdict as one line.
    var verdict: String {
        guard findings.isSound, let entry, let proof else {
            return "NOT PROVEN: \(counted(findings.faults.count, "fault"))"
        }
        let what = "entry \(entry.index) of the ledger of home \(proof.checkpoint.genesis.hex)"
        return hasCheckpoint ? "proven: \(what)" : "proven as far as the proof goes: \(what)"
    }

    private mutating func read(_ file: NamedFile) -> Certificate? {
        guard let line = line(of: file.contents) else {
            findings.fail(file.path, .certificate, "it is not one line, ended by LF")
            return nil
        }
        do throws(FormatError) {
            return try Certificate(line: line)
        } catch {
            findings.fail(file.path, .certificate, "it cannot be read: \(error)")
            return nil
        }
    }

    private mutating func compare(_ proof: LogProof, path: String, with file: NamedFile?) {
        guard let file else {
            findings.warn(
                "nothing vouches for the checkpoint in the proof: anybody can make another ledger; "
                    + "give one that officers signed with --checkpoint")
            return
        }
        do throws(Violations) {
            let kept = try Checkpoint(parsing: file.contents)
            guard kept == proof.checkpoint else {
                let hint =
                    kept.size == proof.checkpoint.size
                    ? "the ledger was forked, or one of the files is another home's"
                    : "conclave ledger prove --size \(kept.size) makes a proof for that checkpoint"
                findings.fail(
                    path, .proofHolds,
                    "it leads to a checkpoint of \(proof.checkpoint.size) entries, and "
                        + "\(shownPath(file.path)) is another, of \(kept.size): \(hint)")
                return
            }
            findings.ok("its checkpoint is the one in \(shownPath(file.path))")
        } catch {
            findings.fail(file.path, error)
        }
    }

    private mutating func checkHome(
        _ proof: LogProof, path: String, _ pinned: SHA256Digest?
    ) {
        guard let pinned, proof.checkpoint.genesis != pinned else { return }
        findings.fail(
            path, .home,
            "it is of home \(proof.checkpoint.genesis.hex), not of \(pinned.hex) as --genesis says")
    }

    /// The report for a program.
    var json: JSON {
        .object([
            .init("proven", .bool(findings.isSound)),
            .init("home", .optional(proof?.checkpoint.genesis.hex)),
            .init("entry", .optional(entry.map { String($0.index) })),
            .init("time", .optional(entry?.time.text)),
            .init("entries", .optional(proof.map { String($0.checkpoint.size) })),
            .init("root", .optional(proof?.checkpoint.root.hex)),
            .init("faults", .number(findings.faults.count)),
            .init("findings", findings.json),
            .init("verdict", .string(verdict)),
        ])
    }
}
