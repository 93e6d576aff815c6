// SPDX-License-Identifier: Apache-2.0
import Documents
import Ledger
import Testing

@Suite("The proofs on the format pages")
struct ProofExampleTests {
    @Test("the proof of inclusion is for the entry of its number, in the ledger of the checkpoint")
    func inclusion() throws {
        let bytes = try Page.example("alice.tlog-proof")
        let proof = try LogProof(parsing: bytes)
        let entry = try LedgerEntry(parsing: Page.example("entries/00000010.txt"))
        #expect(proof.verify(entry))
        #expect(entry.kind == .issued)
        #expect(proof.checkpoint.bytes == (try Page.example("audit/checkpoint.txt")))
        #expect(Array(proof.text.utf8) == bytes)
    }

    @Test("the proof of consistency leads from the checkpoint to the ledger of all entries")
    func consistency() throws {
        let bytes = try Page.example("growth.proof")
        let proof = try GrowthProof(parsing: bytes)
        try proof.verify(from: Checkpoint(parsing: Page.example("audit/checkpoint.txt")))
        #expect(Array(proof.text.utf8) == bytes)
        var tree = MerkleFrontier()
        for (_, text) in try Page.examples().filter({ $0.key.contains("entries/") })
            .sorted(by: { $0.key.suffix(12) < $1.key.suffix(12) })
        {
            tree.append(try LedgerEntry(parsing: text).leafHash)
        }
        #expect(proof.checkpoint.size == tree.size)
        #expect(proof.checkpoint.root == tree.root)
    }
}
