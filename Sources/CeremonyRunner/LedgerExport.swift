// SPDX-License-Identifier: Apache-2.0
public import Documents
import Issuance
public import Ledger
import LedgerStore
import SSHCrypto
import Spool

/// Hands out the whole ledger as a directory that verifiers read without a database.
///
/// Entry by entry, so that a large ledger needs no more memory than a small one; every file is written,
/// synced, and made and read once more before the directory gets its name.
///
/// Format: `Docs/Formats/LedgerExport.md`.
public struct LedgerExport {
    /// The SSHSIG namespace of signatures over checkpoints.
    public static let namespace = "conclave-checkpoint-v1"
    /// What `COMPLETE` says.
    static let mark = "conclave-export: v1"

    private let ledger: StoredLedger

    /// Exports the ledger of the home at `path`, once all of its texts and its tree are sound: what
    /// officers sign here is the root that the entries give.
    ///
    /// - Parameters:
    ///   - path: The home's directory.
    ///   - progress: Is told how many entries were looked at, of how many.
    /// - Throws: `RunnerError` with everything that is wrong; what the ledger throws.
    public init(home path: String, progress: (UInt64, UInt64) -> Void = { _, _ in }) throws {
        ledger = try StoredLedger(home: path)
        let audit = try LedgerAudit(path: path, depth: .withoutSignatures, progress: progress)
        guard let sound = audit.checkpoint, sound.size >= ledger.store.size else {
            throw RunnerError.damaged(audit.faults.joined(separator: "\n"))
        }
    }

    /// Writes the directory, and answers the checkpoint that it is of.
    ///
    /// - Parameters:
    ///   - path: Where the directory will be; nothing may be there.
    ///   - sealers: Who signs the checkpoint.
    ///   - time: When they sign; none signs with a key that has ended.
    ///   - progress: Is told how many entries were handed over, of how many, both ways counted.
    /// - Returns: The checkpoint, and how many of its signers the roster asks for.
    /// - Throws: `FileError`; what the ledger throws; `RunnerError` where a sealer is nobody on the
    ///   roster, or a signature doesn't hold.
    public func write(
        to path: String, sealers: [Sealer], at time: UnixTime,
        progress: (Int, Int) -> Void = { _, _ in }
    ) async throws -> (checkpoint: Checkpoint, neededSignatures: Int) {
        let roster = try roster()
        try check(sealers, roster, at: time)
        let checkpoint = try ledger.checkpoint()
        var signatures: [[UInt8]] = []
        for sealer in sealers {
            signatures.append(
                try await sealer.sign(
                    checkpoint.bytes, namespace: Self.namespace, what: "the checkpoint"))
        }
        var writer = try ExportWriter(path: path, mark: Self.mark)
        try ledger.store.holdingStill {
            // Signing takes time, and somebody may have appended meanwhile.
            guard try ledger.checkpoint() == checkpoint else {
                throw RunnerError.unsound(
                    "the ledger has grown while its checkpoint was signed; export it again")
            }
            let total = Int(clamping: checkpoint.size)
            try emit(checkpoint, signatures) { path, bytes, done in
                try writer.add(path: path, bytes)
                progress(done, 2 * total)
            }
            try writer.sync()
            try emit(checkpoint, signatures) { path, bytes, done in
                try writer.compare(path: path, bytes)
                progress(total + done, 2 * total)
            }
        }
        try writer.finish()
        return (checkpoint, roster.bundleSignatures)
    }

    private func roster() throws -> Roster {
        let first = try ledger.store.entry(at: 0)
        let digest = first.blocks.flatMap(\.fields).first { $0.name == "roster" }
            .flatMap { SHA256Digest(hex: $0.value) }
        guard let digest, let text = try ledger.store.content(digest) else {
            throw RunnerError.damaged("the ledger does not keep the roster that its genesis names")
        }
        return try Roster(text: text)
    }

    private func check(
        _ sealers: [Sealer], _ roster: Roster, at time: UnixTime
    ) throws {
        for sealer in sealers where roster.person(holding: sealer.publicKey) == nil {
            throw RunnerError.refused(
                subject: "checkpoint signature",
                [
                    Violation(
                        .approvalStranger,
                        "key \(sealer.publicKey.fingerprint) belongs to nobody on the roster",
                        hint: "sign with the key of an officer or witness")
                ])
        }
        do throws(Violations) {
            for sealer in sealers { try roster.requireCurrent(sealer.publicKey, at: time) }
        } catch {
            throw RunnerError.refused(subject: "checkpoint signature", error.all)
        }
    }

    /// Hands every file to `sink`, with the number of entries so far; each time the same.
    private func emit(
        _ checkpoint: Checkpoint, _ signatures: [[UInt8]],
        _ sink: (String, [UInt8], Int) throws -> Void
    ) throws {
        try sink("checkpoint", checkpoint.bytes, 0)
        for (place, armored) in signatures.enumerated() {
            try sink("checkpoint\(place == 0 ? "" : "-\(place + 1)").sig", armored, 0)
        }
        let size = checkpoint.size
        var texts: [UInt8] = []
        var leaves: [UInt8] = []
        var issued: [UInt64] = []
        var done = 0
        try ledger.store.forEach(from: 0) { entry in
            guard entry.index < size else { return }
            texts += entry.bytes
            leaves += entry.leafHash.bytes
            done += 1
            if entry.kind == .issued { issued.append(entry.index) }
            let index = entry.index >> UInt64(LogTile.height)
            guard let tile = LogTile(level: 0, index: index, size: size),
                leaves.count == tile.byteCount
            else { return }
            try sink(tile.path, leaves, done)
            try sink(tile.entriesPath, texts, done)
            for inclusion in try ledger.store.inclusionProofs(of: issued, size: size) {
                guard let proof = LogProof(inclusion, in: checkpoint) else { continue }
                try sink(LogTile.proofPath(of: inclusion.index), Array(proof.text.utf8), done)
            }
            texts = []
            leaves = []
            issued = []
        }
        try LogTile.forEach(size: size, from: 1) { tile in
            var hashes: [UInt8] = []
            for node in tile.nodes { hashes += try ledger.store.node(node).bytes }
            try sink(tile.path, hashes, done)
        }
        try ledger.store.forEachContent { digest, bytes in
            let name = digest.hex
            try sink("contents/\(name.prefix(2))/\(name)", bytes, done)
        }
    }
}
