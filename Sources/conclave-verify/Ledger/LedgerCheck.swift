// SPDX-License-Identifier: Apache-2.0
import Documents
import Issuance
import Ledger
import SSHCrypto
import SSHFormats

/// The check of an exported ledger from its files alone, entry by entry, by code apart from what made it.
struct LedgerCheck {
    /// The SSHSIG namespace of signatures over checkpoints.
    static let namespace = "conclave-checkpoint-v1"
    /// What `COMPLETE` says.
    static let mark = "conclave-export: v1\n"
    /// So many faults are told; behind them nothing is looked at.
    static let maximumFaults = 1_000
    /// The most bytes of a signature.
    static let maximumSignatureBytes = 65_536

    /// The export.
    let folder: ExportFolder
    /// The home's identity as the auditor knows it; nil where nobody said.
    let pinned: SHA256Digest?
    /// Checkpoints that the auditor has from elsewhere.
    let known: [(path: String, checkpoint: Checkpoint)]
    /// What was found.
    var findings = Findings()
    /// What the entries tell.
    var replay: LedgerReplay
    /// The tree over the entries so far.
    var tree = MerkleFrontier()
    /// The hashes of the tile of each level that is being filled.
    var tiles = [[UInt8]](repeating: [], count: LogTile.height)
    /// The time of the last entry.
    var lastTime: UnixTime?
    /// The texts that were named and are there, by the beginnings of their digests.
    var contents: Set<UInt64> = []
    /// The number of proofs that are there.
    var proofs = 0
    /// The checkpoint; nil where it cannot be read.
    private(set) var checkpoint: Checkpoint?

    /// Checks an export.
    ///
    /// - Throws: `MachineFault` where the system does not let a part of it be read.
    init(
        _ folder: ExportFolder, pinned: SHA256Digest?,
        known: [(path: String, checkpoint: Checkpoint)]
    ) throws(MachineFault) {
        self.folder = folder
        self.pinned = pinned
        self.known = known
        replay = LedgerReplay { digest in
            // A fault of the machine is met again, and told, where the text was named.
            guard
                case .bytes(let bytes)? = try? folder.read(
                    Self.contentPath(digest), limit: Content.maximumBytes),
                SHA256Digest(hashing: bytes) == digest
            else { return nil }
            return bytes
        }
        try checkMark()
        guard let checkpoint = try readCheckpoint() else { return }
        self.checkpoint = checkpoint
        try checkEntries(checkpoint)
        checkKnown(checkpoint)
        checkHome(checkpoint)
        let seals = try checkSignatures(checkpoint)
        try checkStrays(size: checkpoint.size, seals: seals)
        summarize(checkpoint)
    }

    /// Whether everything that was checked is as it should be.
    var isSound: Bool { findings.isSound }

    /// The verdict as one line.
    var verdict: String {
        guard isSound, let checkpoint else {
            return
                "NOT SOUND: \(counted(findings.faults.count, "fault")); do not rely on this ledger"
        }
        let what =
            "ledger of home \(checkpoint.genesis.hex), \(checkpoint.size) entries, "
            + counted(replay.certificates, "certificate")
        return pinned == nil
            ? "sound in itself, of a home that was not pinned: \(what)" : "sound: \(what)"
    }

    /// Where a content is.
    static func contentPath(_ digest: SHA256Digest) -> String {
        "contents/\(digest.hex.prefix(2))/\(digest.hex)"
    }

    /// The bytes of a file that must be there; its absence is a fault.
    mutating func require(
        _ path: String, limit: Int, rule: RuleID
    ) throws(MachineFault) -> [UInt8]? {
        switch try folder.read(path, limit: limit) {
        case .bytes(let bytes): return bytes
        case .missing: findings.fail(path, rule, "it is not there")
        case .refused(let reason): findings.fail(path, .plainFile, reason)
        }
        return nil
    }

    private mutating func checkMark() throws(MachineFault) {
        guard let bytes = try require("COMPLETE", limit: 256, rule: .complete) else { return }
        if bytes != Array(Self.mark.utf8) {
            findings.fail("COMPLETE", .complete, "it does not say that it completes an export")
        }
    }

    private mutating func readCheckpoint() throws(MachineFault) -> Checkpoint? {
        guard
            let bytes = try require(
                "checkpoint", limit: Checkpoint.maximumBytes, rule: .checkpoint)
        else { return nil }
        do throws(Violations) {
            return try Checkpoint(parsing: bytes)
        } catch {
            findings.fail("checkpoint", error)
            return nil
        }
    }

    /// Compares what the entries give with the checkpoints that the auditor has from elsewhere.
    private mutating func checkKnown(_ checkpoint: Checkpoint) {
        for (path, old) in known {
            if old.genesis != checkpoint.genesis {
                findings.fail(path, .checkpoint, "it is of another ledger, \(old.genesis.hex)")
            } else if old.size > tree.size {
                findings.fail(
                    path, .checkpoint,
                    "it is of \(old.size) entries, and here are \(tree.size): the last were removed, "
                        + "or this export is older")
            }
        }
    }

    private mutating func checkHome(_ checkpoint: Checkpoint) {
        if let genesis = replay.state?.founding.genesis.id, genesis != checkpoint.genesis {
            findings.fail(
                "checkpoint", .checkpoint,
                "it is of home \(checkpoint.genesis.hex), and the genesis is \(genesis.hex)")
        }
        guard let pinned else {
            findings.warn(
                "the home's identity was not pinned: anybody can make a ledger of another home; "
                    + "compare this with what you know from elsewhere, or give --genesis: "
                    + checkpoint.genesis.hex)
            return
        }
        if checkpoint.genesis != pinned {
            findings.fail(
                "checkpoint", .home,
                "it is of home \(checkpoint.genesis.hex), not of \(pinned.hex) as --genesis says")
        }
    }

    /// Checks that persons of the roster signed the checkpoint; answers how many signatures there are.
    private mutating func checkSignatures(_ checkpoint: Checkpoint) throws(MachineFault) -> Int {
        var persons: [String] = []
        var count = 0
        while true {
            let path = Self.signaturePath(count + 1)
            let reading = try folder.read(path, limit: Self.maximumSignatureBytes)
            if case .missing = reading { break }
            count += 1
            guard case .bytes(let armored) = reading else {
                findings.fail(path, .plainFile, "it is no signature")
                continue
            }
            guard let roster = replay.state?.founding.roster else { continue }
            do throws(Violations) {
                let signature = try OfficerSignature(
                    armored: armored, message: checkpoint.bytes, namespace: Self.namespace,
                    what: "the checkpoint")
                guard let person = roster.person(holding: signature.key) else {
                    findings.fail(
                        path, .seal,
                        "key \(signature.key.fingerprint) belongs to nobody on the roster")
                    continue
                }
                if !persons.contains(person.name) { persons.append(person.name) }
            } catch {
                for violation in error.all { findings.fail(path, .seal, violation.message) }
            }
        }
        guard let needed = replay.state?.founding.roster.bundleSignatures else { return count }
        if persons.count < needed {
            findings.fail(
                "checkpoint", .seal,
                "\(persons.count) of \(needed) persons of the roster have signed it")
        } else {
            findings.ok(
                "the checkpoint is signed by \(listed(persons)); the roster asks for \(needed)")
        }
        return count
    }

    /// The signatures over the checkpoint, numbered from 1.
    static func signaturePath(_ number: Int) -> String {
        "checkpoint\(number == 1 ? "" : "-\(number)").sig"
    }

    private mutating func summarize(_ checkpoint: Checkpoint) {
        guard findings.isSound else { return }
        findings.ok(
            "\(checkpoint.size) entries, each following from those before it, with the root of the "
                + "checkpoint, \(checkpoint.root.base64)")
        findings.ok(
            "\(counted(replay.certificates, "certificate")): each approved by its quorum, intended "
                + "before it was signed, signed by a CA key of the genesis, and proven")
        for (path, old) in known {
            findings.ok("\(path) is of the same history, of \(old.size) entries")
        }
        for batch in replay.open.values.sorted(by: {
            $0.batch.manifest.header.number < $1.batch.manifest.header.number
        }) {
            let state =
                batch.isRejected
                ? "was rejected"
                : batch.history.opened == nil ? "was not carried out" : "is being carried out"
            findings.note("batch \(batch.batch.manifest.header.number) \(state)")
        }
    }
}
