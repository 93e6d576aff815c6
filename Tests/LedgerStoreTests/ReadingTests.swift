// SPDX-License-Identifier: Apache-2.0
import Documents
import Ledger
import LedgerStore
import SSHCrypto
import Testing

@Suite("reading a ledger")
struct ReadingTests {
    private struct Stop: Error, Equatable {}

    @Test("an entry behind the end is not there")
    func noEntry() throws {
        let ledger = try LedgerFixture(entries: 3)
        let store = try ledger.open(.readOnly)
        #expect(try store.entry(at: 2).index == 2)
        for index: UInt64 in [3, 1 << 63 - 1, 1 << 63, .max] {
            let error = LedgerStoreError.noEntry(index: index, size: 3)
            #expect(throws: error) { try store.entry(at: index) }
            #expect(error.description == "there is no entry \(index); the ledger has 3")
        }
    }

    @Test("entries are handed over in order, from any place on")
    func forEach() throws {
        let ledger = try LedgerFixture(entries: 5)
        let store = try ledger.open(.readOnly)
        for start: UInt64 in 0...6 {
            var indices: [UInt64] = []
            try store.forEach(from: start) { indices.append($0.index) }
            #expect(indices == Array(start..<max(start, 5)))
        }
        var count = 0
        try store.forEach(from: .max) { _ in count += 1 }
        #expect(count == 0)
    }

    @Test("what the caller throws ends the reading and comes through")
    func stopping() throws {
        let ledger = try LedgerFixture(entries: 5)
        let store = try ledger.open()
        var seen: [UInt64] = []
        #expect(throws: Stop()) {
            try store.forEach(from: 0) {
                seen.append($0.index)
                if $0.index == 2 { throw Stop() }
            }
        }
        #expect(seen == [0, 1, 2])
        try store.append(5)
        #expect(store.size == 6)
    }

    @Test("what is appended while entries are handed over is not handed over")
    func appendingMeanwhile() throws {
        let ledger = try LedgerFixture(entries: 3)
        let store = try ledger.open()
        var seen: [UInt64] = []
        try store.forEach(from: 0) {
            seen.append($0.index)
            try store.append(10 + Int($0.index))
            _ = try store.verify()
        }
        #expect(seen == [0, 1, 2])
        #expect(store.size == 6)
        try store.close()
        #expect(try ledger.faults() == [])
    }

    @Test("roots and proofs of every size come from the stored nodes and verify")
    func proofs() throws {
        let ledger = try LedgerFixture(entries: 21)
        let store = try ledger.open(.readOnly)
        var leaves: [SHA256Digest] = []
        var frontier = MerkleFrontier()
        var roots = [frontier.root]
        try store.forEach(from: 0) {
            leaves.append($0.leafHash)
            frontier.append($0.leafHash)
            roots.append(frontier.root)
        }
        #expect(store.checkpointRoot() == frontier.root)
        for size in 0...21 {
            let root = try store.checkpointRoot(size: UInt64(size))
            #expect(root == roots[size])
            for index in 0..<size {
                let proof = try store.inclusionProof(index: UInt64(index), size: UInt64(size))
                #expect(proof.verify(leaf: leaves[index], root: root))
            }
            let all = (0..<UInt64(size)).reversed()
            #expect(
                try store.inclusionProofs(of: Array(all), size: UInt64(size))
                    == all.map { try store.inclusionProof(index: $0, size: UInt64(size)) })
            for oldSize in 0...size {
                let proof = try store.consistencyProof(
                    oldSize: UInt64(oldSize), newSize: UInt64(size))
                #expect(proof.verify(oldRoot: roots[oldSize], newRoot: root))
            }
        }
        #expect(try store.inclusionProof(index: 20).size == 21)
        #expect(try store.consistencyProof(oldSize: 20).newSize == 21)
    }

    @Test("a root or proof of a size that the ledger does not have is refused")
    func sizes() throws {
        let ledger = try LedgerFixture(entries: 3)
        let store = try ledger.open(.readOnly)
        let error = LedgerStoreError.noSuchSize(size: 4, ledgerSize: 3)
        #expect(error.description == "the ledger has 3 entries, not 4")
        #expect(throws: error) { try store.checkpointRoot(size: 4) }
        #expect(throws: error) { try store.inclusionProof(index: 0, size: 4) }
        #expect(throws: error) { try store.inclusionProofs(of: [], size: 4) }
        #expect(throws: error) { try store.consistencyProof(oldSize: 0, newSize: 4) }
        #expect(throws: LedgerStoreError.noSuchSize(size: 3, ledgerSize: 2)) {
            try store.consistencyProof(oldSize: 3, newSize: 2)
        }
        #expect(throws: LedgerStoreError.noEntry(index: 2, size: 2)) {
            try store.inclusionProof(index: 2, size: 2)
        }
        #expect(throws: LedgerStoreError.noEntry(index: 2, size: 2)) {
            try store.inclusionProofs(of: [1, 2], size: 2)
        }
    }

    @Test("the checkpoint tells the ledger's name, size and root")
    func checkpoint() throws {
        let ledger = try LedgerFixture(entries: 3)
        let store = try ledger.open(.readOnly)
        let genesis = try store.entry(at: 0).digest
        let checkpoint = store.checkpoint(genesis: genesis)
        #expect(checkpoint.origin == "conclave/ledger/\(genesis.hex)")
        #expect(checkpoint.size == 3)
        #expect(checkpoint.root == store.checkpointRoot())
    }
}
