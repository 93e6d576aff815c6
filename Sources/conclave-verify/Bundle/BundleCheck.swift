// SPDX-License-Identifier: Apache-2.0
import Documents
import Issuance
import Ledger
import SSHCrypto
import SSHFormats

/// The check of a bundle from its own files, without the home, by code apart from what made it.
///
/// Each step takes what the steps before established; where that is missing, the step says that it
/// was not carried out, and the bundle is not sound.
struct BundleCheck: Sendable {
    /// The bundle.
    let files: BundleFiles
    /// The home's identity as the auditor knows it; nil where nobody said.
    let pinned: SHA256Digest?
    /// What was found.
    var findings: Findings
    /// The paths whose contents were looked into, beyond their sums.
    var examined: Set<String> = []

    /// The checkpoints that the auditor has from before.
    let earlier: [EarlierCheckpoint]
    /// The checkpoint before the bundle's entries, where it can be read.
    var previous: Checkpoint?

    /// The state at the bundle's end, where all before it is sound.
    var state: RecordedState?

    /// The home's first text, its policy and its roster, where all three are sound.
    private(set) var founding: Founding?
    /// The manifest, where it is sound.
    private(set) var manifest: BatchManifest?
    /// The number of certificates that were found to be what their items say.
    private(set) var certificates = 0

    /// Checks a bundle.
    init(_ files: BundleFiles, pinned: SHA256Digest?, earlier: [EarlierCheckpoint] = []) {
        self.files = files
        self.pinned = pinned
        self.earlier = earlier
        findings = files.findings
        checkSums()
        founding = checkFounding()
        checkSeal(roster: founding?.roster)
        let batch = checkManifest(founding)
        manifest = batch?.manifest
        let handedOut = checkCertificates(batch, founding)
        certificates = handedOut.count
        let list = checkRevocationList(batch, founding)
        checkTrust(founding)
        checkServerFiles(founding)
        let trail = checkEntries()
        let checkpoint = checkCheckpoint(trail, founding: founding, manifest: manifest)
        checkProofs(handedOut, trail, checkpoint)
        checkEarlier(trail, checkpoint)
        checkCeremony(
            trail, batch: batch, certificates: handedOut, revocationList: list)
        checkStates(trail, batch: batch, founding: founding, list: list)
        checkTokens(trail, founding: founding, manifest: manifest)
        checkComplete()
        checkReport(trail, batch: batch, certificates: handedOut)
        noteUnexamined()
    }

    /// Whether everything that was checked is as it should be.
    var isSound: Bool { findings.isSound }

    /// The verdict as one line.
    var verdict: String {
        let faults = findings.faults.count
        guard isSound, let manifest, let founding else {
            return "NOT SOUND: \(counted(faults, "fault")); install nothing from this bundle"
        }
        let what =
            "bundle of batch \(manifest.header.number), home \(founding.genesis.id.hex), "
            + counted(certificates, "certificate")
        return pinned == nil
            ? "sound in itself, of a home that was not pinned: \(what)" : "sound: \(what)"
    }

    /// The bytes of a file that must be there; its absence is a fault.
    mutating func require(_ path: String) -> [UInt8]? {
        examined.insert(path)
        if let file = files.files[path] { return file.bytes }
        findings.fail(path, .listed, "it is not there")
        return nil
    }

    /// Says that a step was not carried out, since an earlier one failed.
    mutating func skip(_ what: String, for reason: String) {
        findings.note("not checked: \(what), since \(reason)")
    }

    /// Names the files of which nothing but the sum was checked.
    private mutating func noteUnexamined() {
        let rest = files.paths.filter { !examined.contains($0) }
        guard !rest.isEmpty else { return }
        findings.note("checked by sum and signature alone: \(rest.joined(separator: ", "))")
    }
}

/// Names in a row: `a, b and c`.
func listed(_ names: [String]) -> String {
    guard names.count > 1, let last = names.last else { return names.first ?? "nobody" }
    return names.dropLast().joined(separator: ", ") + " and " + last
}
