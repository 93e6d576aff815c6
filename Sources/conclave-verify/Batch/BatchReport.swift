// SPDX-License-Identifier: Apache-2.0
import Documents
import Issuance
import SSHCrypto
import SSHFormats

/// A manifest judged by itself: what it asks for, whether its digests hold, who approved it.
struct BatchReport: Sendable {
    /// The most bytes of a manifest: the limit of our own texts.
    static let maximumBytes = DocumentLimits.standard.maximumBytes

    /// A signature that a person named.
    struct Signature: Sendable {
        /// The file.
        let path: String
        /// Its contents.
        let armored: [UInt8]
    }

    /// The manifest's file.
    let path: String
    /// The batch; nil where the manifest cannot be read.
    let batch: ManifestedBatch?
    /// What was found.
    private(set) var findings = Findings()

    /// Judges a manifest.
    init(file bytes: [UInt8], path: String) {
        self.path = path
        do throws(Violations) {
            let batch = ManifestedBatch(try BatchManifest(text: bytes))
            self.batch = batch
            for violation in batch.violations {
                findings.fail(path, violation.rule, violation.message)
            }
            if batch.violations.isEmpty {
                findings.ok(batch.soundness)
            }
        } catch {
            batch = nil
            findings.fail(path, error)
        }
    }

    /// Judges the approvals by a roster, and whether they are enough.
    mutating func judge(approvals: [Signature], roster file: [UInt8], rosterPath: String) {
        guard let manifest = batch?.manifest else { return }
        let roster: Roster
        do throws(Violations) {
            roster = try Roster(text: file)
        } catch {
            findings.fail(rosterPath, error)
            return
        }
        guard roster.digest == manifest.header.roster else {
            findings.fail(
                rosterPath, .manifest,
                "the batch was drafted for roster \(manifest.header.roster.hex), this is "
                    + roster.digest.hex)
            return
        }
        var accepted: [Approval] = []
        for signature in approvals {
            do throws(Violations) {
                let approval = try Approval(
                    armored: signature.armored, manifest: manifest, roster: roster)
                accepted.append(approval)
                findings.ok(
                    "\(shownPath(signature.path)) is \(approval.officer)'s approval, by key "
                        + approval.key.fingerprint)
            } catch {
                findings.fail(signature.path, error)
            }
        }
        let decision = QuorumDecision(manifest: manifest, approvals: accepted, roster: roster)
        for violation in decision.violations {
            findings.fail(path, violation.rule, violation.message)
        }
        if decision.isReached { findings.ok("every item has its quorum") }
    }

    /// The verdict as one line.
    var verdict: String {
        guard findings.isSound, let batch else {
            return "NOT SOUND: \(counted(findings.faults.count, "fault"))"
        }
        let header = batch.manifest.header
        return "sound: batch \(header.number) of home \(header.genesis.hex), SHA-256 "
            + batch.manifest.id.hex
    }

    /// The report for a person: the manifest, its items, what was found, and the verdict last.
    var lines: [String] {
        var lines: [String] = []
        if let batch { lines += BatchDescription(batch).lines + [""] }
        lines += findings.all.map(\.line)
        return lines + ["", verdict]
    }
}
