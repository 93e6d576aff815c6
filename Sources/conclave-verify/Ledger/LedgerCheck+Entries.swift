// SPDX-License-Identifier: Apache-2.0
import Documents
import Issuance
import Ledger
import SSHCrypto

extension LedgerCheck {
    /// Reads the entries up to the checkpoint, and compares the tree over them with tiles and root.
    mutating func checkEntries(_ checkpoint: Checkpoint) throws(MachineFault) {
        var index: UInt64 = 0
        while let tile = LogTile(level: 0, index: index, size: checkpoint.size) {
            guard
                let bytes = try require(
                    tile.entriesPath, limit: EntryFile.maximumBytes, rule: .entry)
            else { break }
            let texts = EntryFile.split(bytes)
            if texts.count != tile.width {
                findings.fail(
                    tile.entriesPath, .entry,
                    "it holds \(texts.count) of \(tile.width) entries")
            }
            for text in texts {
                guard findings.faults.count < Self.maximumFaults, tree.size < checkpoint.size
                else { return }
                try take(text, in: tile, checkpoint)
            }
            index += 1
        }
        for level in 0..<LogTile.height { try closeTile(level, size: checkpoint.size) }
        if tree.size != checkpoint.size {
            findings.fail(
                "checkpoint", .checkpoint,
                "it is of \(checkpoint.size) entries, and \(tree.size) are there")
        } else if tree.root != checkpoint.root {
            findings.fail(
                "checkpoint", .checkpoint,
                "its root is \(checkpoint.root.base64), that of the entries \(tree.root.base64)")
        }
    }

    private mutating func take(
        _ text: ArraySlice<UInt8>, in tile: LogTile, _ checkpoint: Checkpoint
    ) throws(MachineFault) {
        let bytes = Array(text)
        let index = tree.size
        let place = "\(tile.entriesPath), entry \(index)"
        let leaf = MerkleTree.leafHash(of: bytes)
        let older = tree
        for completed in tree.append(leaf)
        where completed.node.level.isMultiple(of: LogTile.height) {
            let level = completed.node.level / LogTile.height
            guard tiles.indices.contains(level) else { continue }
            tiles[level] += completed.hash.bytes
            if tiles[level].count == LogTile.fullWidth * SHA256Digest.length {
                try closeTile(level, size: checkpoint.size)
            }
        }
        for (path, old) in known where old.size == tree.size && old.root != tree.root {
            findings.fail(
                path, .checkpoint,
                "its root is \(old.root.base64), that of the first \(old.size) entries here "
                    + "\(tree.root.base64): the history was rewritten")
        }
        let entry: LedgerEntry
        do throws(Violations) {
            entry = try LedgerEntry(parsing: bytes)
        } catch {
            findings.fail(place, error)
            return
        }
        if entry.index != index {
            findings.fail(place, .entry, "it says that it is entry \(entry.index)")
        }
        if let lastTime, entry.time < lastTime {
            findings.fail(
                place, .entry,
                "its time, \(entry.time.text), is before that of the entry before, "
                    + lastTime.text)
        }
        lastTime = entry.time
        let texts = try contents(of: entry, at: place)
        replay.take(entry, contents: texts, rootBefore: { older.root })
        for fault in replay.faults { findings.fail(place, fault.rule, fault.message) }
        for note in replay.notes { findings.note(note) }
        if entry.kind == .issued { try checkProof(of: entry, checkpoint) }
    }

    /// The texts that an entry names, as far as they are there.
    private mutating func contents(
        of entry: LedgerEntry, at place: String
    ) throws(MachineFault) -> [SHA256Digest: [UInt8]] {
        // What cannot be read, the replay tells.
        guard let record = try? AuditRecord(entry) else { return [:] }
        var texts: [SHA256Digest: [UInt8]] = [:]
        for digest in record.contents(of: entry) {
            let path = Self.contentPath(digest)
            guard let bytes = try require(path, limit: Content.maximumBytes, rule: .content)
            else { continue }
            contents.insert(digest.bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) })
            let found = SHA256Digest(hashing: bytes)
            if found == digest {
                texts[digest] = bytes
            } else {
                findings.fail(path, .content, "its SHA-256 is \(found.hex), not its name")
            }
        }
        return texts
    }

    private mutating func checkProof(
        of entry: LedgerEntry, _ checkpoint: Checkpoint
    ) throws(MachineFault) {
        let path = LogTile.proofPath(of: entry.index)
        guard let bytes = try require(path, limit: 16_384, rule: .proofHolds) else { return }
        proofs += 1
        do throws(Violations) {
            let proof = try LogProof(parsing: bytes)
            if proof.carried != nil {
                findings.fail(
                    path, .proofHolds, "it carries its entry, which stands beside it in an export")
            }
            if proof.checkpoint != checkpoint || !proof.verify(entry) {
                findings.fail(
                    path, .proofHolds,
                    "it does not lead from entry \(entry.index) to the root of the checkpoint")
            }
        } catch {
            findings.fail(path, error)
        }
    }

    /// Compares a tile with what the entries give.
    private mutating func closeTile(_ level: Int, size: UInt64) throws(MachineFault) {
        let hashes = tiles[level]
        guard !hashes.isEmpty else { return }
        tiles[level] = []
        let count = UInt64(hashes.count / SHA256Digest.length)
        let last = (tree.size >> UInt64(LogTile.height * level)) - 1
        let index = (last - (count - 1)) >> UInt64(LogTile.height)
        guard let tile = LogTile(level: level, index: index, size: size),
            let bytes = try require(tile.path, limit: tile.byteCount, rule: .checkpoint)
        else { return }
        if bytes != hashes {
            findings.fail(tile.path, .checkpoint, "its hashes are not those of the entries")
        }
    }

    /// Names what has no place in an export.
    mutating func checkStrays(size: UInt64, seals: Int) throws(MachineFault) {
        var named: Set<String> = ["COMPLETE", "checkpoint"]
        for number in 0..<seals { named.insert(Self.signaturePath(number + 1)) }
        var found = Findings()
        var contentCount = 0
        var proofCount = 0
        var tileCount: UInt64 = 0
        try folder.walk { path, kind in
            guard found.all.count < Self.maximumFaults else { return }
            if kind != .regular {
                found.fail(path, .plainFile, "it is no plain file, or not in its place")
            } else if path.hasPrefix("contents/") {
                contentCount += 1
            } else if path.hasPrefix("proofs/") {
                proofCount += 1
            } else if path.hasPrefix("tile/") || path.hasPrefix("entries/") {
                tileCount += 1
            } else if !named.contains(path) {
                found.fail(path, .plainFile, "no export holds such a file")
            }
        }
        for finding in found.all {
            findings.fail(finding.subject, finding.rule ?? .plainFile, finding.message)
        }
        // Every file that must be there was read; where there are more, the others are strays.
        if contentCount > contents.count {
            findings.fail(
                "contents", .content,
                "it holds \(contentCount) texts, the entries name \(contents.count)")
        }
        if proofCount > proofs {
            findings.fail(
                "proofs", .proofHolds, "it holds \(proofCount) proofs for \(proofs) certificates")
        }
        var expected: UInt64 = 0
        for level in 0..<LogTile.height {
            let hashes = size >> UInt64(LogTile.height * level)
            let tiles = hashes / 256 + (hashes % 256 == 0 ? 0 : 1)
            expected += level == 0 ? 2 * tiles : tiles
        }
        if tileCount > expected {
            findings.fail(
                "tile", .plainFile,
                "there are \(tileCount) files of tiles and entries, and \(expected) are needed")
        }
    }
}
