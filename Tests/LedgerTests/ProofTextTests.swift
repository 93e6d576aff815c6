// SPDX-License-Identifier: Apache-2.0
import Documents
import Ledger
import SSHCrypto
import Testing

@Suite("proofs in files")
struct ProofTextTests {
    private static let genesis = SHA256Digest(hashing: Array("genesis".utf8))
    private let tree: NodeTable
    private let entries: [LedgerEntry]

    init() throws {
        var tree = NodeTable(count: 0)
        var entries: [LedgerEntry] = []
        for index in 0..<7 {
            let text =
                "conclave-entry: v1\nindex: \(index)\ntime: 2026-11-22T15:30:00Z\nkind: batch\n"
            let entry = try LedgerEntry(parsing: Array(text.utf8))
            entries.append(entry)
            tree.append(entry.leafHash)
        }
        self.tree = tree
        self.entries = entries
    }

    private func checkpoint(_ size: Int) -> Checkpoint {
        Checkpoint(
            genesis: Self.genesis, size: UInt64(size),
            root: MerkleReference.root(tree.leaves[..<size]))
    }

    private func logProof(_ index: Int, _ size: Int) throws -> LogProof {
        let inclusion = try #require(
            try InclusionProof(index: UInt64(index), size: UInt64(size), node: tree.hash))
        return try #require(LogProof(inclusion, in: checkpoint(size)))
    }

    private func carryingProof(_ index: Int, _ size: Int) throws -> LogProof {
        let plain = try logProof(index, size)
        return try #require(
            LogProof(plain.inclusion, in: plain.checkpoint, carrying: entries[index]))
    }

    private func growth(_ old: Int, _ new: Int) throws -> GrowthProof {
        let consistency = try #require(
            try ConsistencyProof(oldSize: UInt64(old), newSize: UInt64(new), node: tree.hash))
        return try #require(GrowthProof(consistency, to: checkpoint(new)))
    }

    private func faults(_ read: () throws(Violations) -> Void) -> [String] {
        do throws(Violations) {
            try read()
            return []
        } catch {
            return error.all.map(\.description)
        }
    }

    @Test("a log proof is C2SP's text, is read again, and holds for its entry alone")
    func inclusion() throws {
        let proof = try logProof(4, 7)
        let path = MerkleReference.path(4, tree.leaves[...])
        #expect(path.count == 3)
        #expect(
            proof.text
                == "c2sp.org/tlog-proof@v1\nindex 4\n" + path.map { $0.base64 + "\n" }.joined()
                + "\n" + checkpoint(7).text)
        let read = try LogProof(parsing: Array(proof.text.utf8))
        #expect(read == proof)
        for entry in entries { #expect(read.verify(entry) == (entry.index == 4)) }
        #expect(LogProof(proof.inclusion, in: checkpoint(6)) == nil)
    }

    @Test("the proof of a ledger with one entry has no hashes")
    func single() throws {
        let proof = try logProof(0, 1)
        #expect(proof.text == "c2sp.org/tlog-proof@v1\nindex 0\n\n" + checkpoint(1).text)
        #expect(try LogProof(parsing: Array(proof.text.utf8)).verify(entries[0]))
    }

    @Test("a growth proof is read again, and holds between its two checkpoints alone")
    func consistency() throws {
        let proof = try growth(3, 7)
        #expect(proof.text.hasPrefix("old 3\n"))
        let read = try GrowthProof(parsing: Array(proof.text.utf8))
        #expect(read == proof)
        try read.verify(from: checkpoint(3))
        for old in [0, 1, 2, 4, 5, 6, 7] {
            #expect(
                faults { () throws(Violations) in try read.verify(from: checkpoint(old)) } != [])
        }
        try growth(0, 7).verify(from: checkpoint(0))
        try growth(7, 7).verify(from: checkpoint(7))
    }

    @Test("rollback, fork, another ledger and another history are told apart")
    func growthFaults() throws {
        let stranger = SHA256Digest(hashing: Array("stranger".utf8))
        func told(_ old: Checkpoint, _ proof: GrowthProof) -> String {
            faults { () throws(Violations) in try proof.verify(from: old) }.joined(separator: "\n")
        }
        let other = Checkpoint(genesis: stranger, size: 3, root: checkpoint(3).root)
        #expect(told(other, try growth(3, 7)).hasSuffix("(CHECKPOINT-ORIGIN)"))
        #expect(
            told(checkpoint(7), try growth(3, 6)).hasPrefix(
                "the checkpoint is of 6 entries, and one of 7 was seen before: the last were removed"
            ))
        let fork = Checkpoint(genesis: Self.genesis, size: 7, root: stranger)
        #expect(told(fork, try growth(7, 7)).hasSuffix("the ledger was forked (PROOF-HOLDS)"))
        let past = Checkpoint(genesis: Self.genesis, size: 3, root: stranger)
        #expect(
            told(past, try growth(3, 7))
                == "the ledger of 7 entries is not the one of 3 entries that was seen before: its "
                + "history was changed, or the proof was (PROOF-HOLDS)")
        #expect(
            told(checkpoint(4), try growth(3, 7))
                == "the proof is from 3 entries on, the older checkpoint is of 4 (PROOF-HOLDS)")
    }

    @Test("a proof may carry its entry, and then holds for that one alone")
    func carrying() throws {
        let proof = try carryingProof(4, 7)
        let lines = proof.text.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines[1].hasPrefix("extra Y29uY2xhdmUtZW50cnk6IHYx"))
        #expect(lines[2] == "index 4")
        let read = try LogProof(parsing: Array(proof.text.utf8))
        #expect(read == proof)
        #expect(read.text == proof.text)
        #expect(read.verify(entries[4]))
        #expect(!read.verify(entries[3]))
        #expect(try read.provenEntry() == entries[4])
        #expect(
            faults { () throws(Violations) in _ = try logProofWithoutEntry() } == [
                "the proof does not carry its entry (PROOF-FORM)"
            ])
        let other = try #require(
            LogProof(try logProof(3, 7).inclusion, in: checkpoint(7), carrying: entries[3]))
        let text = proof.text.replacing(lines[1], with: other.text.split(separator: "\n")[1])
        let mixed = try LogProof(parsing: Array(text.utf8))
        #expect(!mixed.verify(entries[4]) && !mixed.verify(entries[3]))
        #expect(
            faults { () throws(Violations) in _ = try mixed.provenEntry() } == [
                "the proof does not lead from entry 3 to the root of the checkpoint (PROOF-HOLDS)"
            ])
        #expect(
            LogProof(try logProof(3, 7).inclusion, in: checkpoint(7), carrying: entries[4]) == nil)
    }

    private func logProofWithoutEntry() throws(Violations) -> LedgerEntry {
        let bytes = Array(((try? logProof(4, 7).text) ?? "").utf8)
        return try LogProof(parsing: bytes).provenEntry()
    }

    @Test("what a proof carries is in one spelling, and not empty")
    func carriedForm() throws {
        let text = try carryingProof(4, 7).text
        let line = String(text.split(separator: "\n")[1])
        for bad in ["extra ", "extra Zm9", "extra Zm9v ", "extra  Zm9v", "extra Zm9w=="] {
            #expect(
                faults { () throws(Violations) in
                    _ = try LogProof(parsing: Array(text.replacing(line, with: bad).utf8))
                } == [
                    "line 2: \"\(bad)\" is not \"extra \" and an entry in padded Base64 (PROOF-FORM)"
                ])
        }
    }

    @Test("a proof of growth holds the edge of the old tree, from which its entries go on")
    func frontier() throws {
        let root = checkpoint(7).root
        for old in 0..<7 {
            let proof = try growth(old, 7).consistency
            let oldRoot = old == 0 ? MerkleTree.emptyRoot : checkpoint(old).root
            var tree = try #require(proof.frontier(oldRoot: oldRoot, newRoot: root))
            #expect(tree.size == UInt64(old))
            #expect(tree.root == oldRoot)
            for entry in entries[old...] { tree.append(entry.leafHash) }
            #expect(tree.root == root)
            #expect(proof.frontier(oldRoot: root, newRoot: root) == nil)
            if old > 0 { #expect(proof.frontier(oldRoot: oldRoot, newRoot: oldRoot) == nil) }
        }
        #expect(try growth(7, 7).consistency.frontier(oldRoot: root, newRoot: root) == nil)
        #expect(MerkleFrontier(size: 7, peaks: [checkpoint(1).root]) == nil)
    }

    @Test("a text of another form is refused, with the line")
    func forms() throws {
        let text = try logProof(4, 7).text
        let hash = checkpoint(7).root.base64
        func told(_ text: String) -> [String] {
            faults { () throws(Violations) in _ = try LogProof(parsing: Array(text.utf8)) }
        }
        #expect(told(text) == [])
        let form = "a proof is 2 lines, hashes, an empty line and a checkpoint (PROOF-FORM)"
        #expect(told("") == [form])
        #expect(told("c2sp.org/tlog-proof@v1\n\n" + checkpoint(7).text) == [form])
        #expect(
            told(text.replacing("@v1", with: "@v2")) == [
                "line 1: the first line is \"c2sp.org/tlog-proof@v2\", not "
                    + "\"c2sp.org/tlog-proof@v1\" (PROOF-FORM)"
            ])
        for bad in ["index 04", "index  4", "index -4", "index", "more 4", "index 4 "] {
            #expect(
                told(text.replacing("index 4", with: bad)) == [
                    "line 2: \"\(bad)\" is not \"index \" and a decimal number (PROOF-FORM)"
                ])
        }
        #expect(
            told(text.replacing(try logProof(4, 7).inclusion.hashes[0].base64, with: "Zm9v")) == [
                "line 3: hash \"Zm9v\" is not a SHA-256 in padded Base64 (PROOF-FORM)"
            ])
        #expect(
            told(text.replacing("\n7\n", with: "\n07\n")) == [
                "line 8: size \"07\" is not a decimal number below 2^64 (CHECKPOINT-FORM)"
            ])
        #expect(told(text + "\n").count == 1)
        #expect(told(text + "\n— log AAAA\n").count == 1)
        let many = "c2sp.org/tlog-proof@v1\nindex 4\n"
        let rest = "\n" + checkpoint(7).text
        let most = String(repeating: hash + "\n", count: 128)
        #expect(told(many + most + rest) == [])
        #expect(
            told(many + most + hash + "\n" + rest) == [
                "129 hashes exceed the limit of 128 (PROOF-FORM)"
            ])
        #expect(
            told(String(repeating: "a", count: 16_385)) == [
                "16385 bytes exceed the limit of 16384 (DOC-SIZE)"
            ])
    }

    @Test("every prefix of a proof, and every proof with one character altered, proves nothing")
    func mutations() throws {
        let bytes = Array(try logProof(4, 7).text.utf8)
        let sound = try LogProof(parsing: bytes)
        for length in bytes.indices {
            #expect(throws: Violations.self) { try LogProof(parsing: Array(bytes[..<length])) }
        }
        for place in bytes.indices {
            var altered = bytes
            altered[place] = altered[place] == 0x41 ? 0x42 : 0x41
            guard let read = try? LogProof(parsing: altered) else { continue }
            // Another ledger's name changes no hash; that it is the right one, the reader compares.
            #expect(
                !read.verify(entries[4]) || read.checkpoint.genesis != sound.checkpoint.genesis)
        }
    }
}
