// SPDX-License-Identifier: Apache-2.0
import Documents
import Glibc
public import Ledger
public import SSHCrypto
import Spool

/// A person who signs checkpoints, and remembers the last one that this person saw.
///
/// What is signed is the ledger of that one, grown: whoever keeps such a signature knows that the
/// history before was not rewritten behind this person's back. The memory is a file of the person's
/// own, on another machine than the ledger; it holds the checkpoint and nothing else.
public struct Witness {
    /// The checkpoint that is to be signed.
    public let checkpoint: Checkpoint
    /// The checkpoint that was seen last; nil for the first.
    public let previous: Checkpoint?
    private let memory: String

    /// Looks at a checkpoint, and demands that it follows from the one in the memory.
    ///
    /// - Parameters:
    ///   - path: An export's directory, or the file of a consistency proof from the checkpoint seen
    ///     last, as `conclave ledger prove --from` writes it.
    ///   - memory: The file with the checkpoint that was seen last.
    ///   - genesis: The home's identity, for a witness who has no memory of it yet.
    /// - Throws: `Violations` where the checkpoint does not follow; `FileError`.
    public init(of path: String, memory: String, genesis: SHA256Digest?) throws {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { throw FileError("stat", path, number: errno) }
        let isDirectory = status.st_mode & S_IFMT == S_IFDIR
        self.memory = memory
        previous = try Self.recall(memory)
        let old = try previous ?? Self.beginning(genesis, memory: memory)
        if let genesis, genesis != old.genesis {
            throw Violations(
                Violation(
                    .witnessHome,
                    "\(quoted(memory)) remembers home \(old.genesis.hex), not \(genesis.hex)"))
        }
        let proof =
            isDirectory
            ? try Self.proof(from: old, in: path)
            : try GrowthProof(parsing: DurableFile.read(path, limit: 65_536))
        checkpoint = proof.checkpoint
        try proof.verify(from: old)
    }

    /// Remembers the checkpoint: before it is signed, so that no signature outlives its memory.
    ///
    /// - Throws: `FileError`.
    public func remember() throws {
        if previous == nil {
            try DurableFile.create(memory, checkpoint.bytes)
        } else if previous != checkpoint {
            try DurableFile.replace(memory, checkpoint.bytes)
        }
    }

    /// Signs the checkpoint, and keeps the signature beside the memory and at `output`.
    ///
    /// With the one beside it, a home keeps the memory as an anchor, when it is shown one. The one that was
    /// asked for comes last: where it is there, everything is.
    ///
    /// - Throws: `FileError`; where no signature can be made, or it does not hold.
    public func sign(with sealer: Sealer, to output: String) async throws {
        let armored = try await sealer.sign(
            checkpoint.bytes, namespace: LedgerExport.namespace, what: "the checkpoint")
        for path in [memory, output] { DurableFile.removeLeftovers(beside: path) }
        try DurableFile.replace(memory + ".sig", armored)
        try DurableFile.create(output, armored, mode: 0o644)
    }

    private static func recall(_ memory: String) throws -> Checkpoint? {
        guard unsafe access(memory, F_OK) == 0 || errno != ENOENT else { return nil }
        return try Checkpoint(parsing: DurableFile.read(memory, limit: 4_096))
    }

    /// What everybody knows of a home before any of its ledger.
    private static func beginning(
        _ genesis: SHA256Digest?, memory: String
    ) throws(Violations) -> Checkpoint {
        guard let genesis else {
            throw Violations(
                Violation(
                    .witnessHome, "\(quoted(memory)) is not there: no checkpoint was seen before",
                    hint: "for the first, name the home by its identity: --genesis HEX"))
        }
        return Checkpoint(genesis: genesis, size: 0, root: MerkleTree.emptyRoot)
    }

    /// The proof, made from the tiles of an export; whether it holds, the roots decide.
    private static func proof(from old: Checkpoint, in directory: String) throws -> GrowthProof {
        let checkpoint = try Checkpoint(
            parsing: DurableFile.read(directory + "/checkpoint", limit: 4_096))
        try checkpoint.requireGrowth(from: old)
        let consistency = try ConsistencyProof(oldSize: old.size, newSize: checkpoint.size) {
            node throws in
            guard let tile = LogTile(holding: node, size: checkpoint.size) else {
                throw RunnerError.unsound("the tree has no node \(node)")
            }
            let path = directory + "/" + tile.path
            let bytes = try DurableFile.read(path, limit: tile.byteCount)
            guard let hash = tile.hash(of: node, bytes: bytes) else {
                throw RunnerError.unsound("\(path) has \(bytes.count) bytes, not \(tile.byteCount)")
            }
            return hash
        }
        guard let proof = consistency.flatMap({ GrowthProof($0, to: checkpoint) }) else {
            throw RunnerError.unsound(
                "no proof leads from \(old.size) entries to \(checkpoint.size)")
        }
        return proof
    }
}
