// SPDX-License-Identifier: Apache-2.0
import Documents
import Issuance
import Ledger
import SSHCrypto
import Testing

@testable import conclave_verify

@Suite("A bundle and those before it")
struct EarlierBundleTests {
    private let previous = "audit/previous.txt"
    private let growth = "audit/growth.txt"

    private func faults(_ change: (inout SampleBundle) throws -> Void) throws -> [String] {
        var bundle = try Samples.second.get()
        try change(&bundle)
        try bundle.seal(by: ["wim", "bert"])
        return bundle.faults
    }

    private func earlier(_ checkpoint: Checkpoint, previous: Checkpoint? = nil) -> EarlierCheckpoint
    {
        EarlierCheckpoint(path: "before", checkpoint: checkpoint, previous: previous)
    }

    @Test("the first bundle's ledger is the second's, before it grew")
    func grown() throws {
        let home = try Samples.home.get()
        let second = try Samples.second.get()
        #expect(second.files[previous] == (try Samples.first.get()).files["audit/checkpoint.txt"])
        // One between, too: the entries of the second bundle show it.
        for size in [14, 16, 19] {
            let check = second.check(earlier: [earlier(home.checkpoint(size: size))])
            #expect(check.findings.faults == [])
            let told = check.findings.all.map(\.message)
            #expect(told.contains("the ledger is that of before, \(size) entries, grown"))
            #expect(!told.contains { $0.hasPrefix("not proven: that the 14") })
        }
    }

    @Test("a bundle before leads further back, to the one before that")
    func chain() throws {
        let home = try Samples.home.get()
        let second = try Samples.second.get()
        let oldest = EarlierCheckpoint(path: "oldest", checkpoint: home.checkpoint(size: 5))
        let alone = second.check(earlier: [oldest]).findings.faults.map(\.line)
        #expect(
            alone == [
                "FAIL  oldest: it is of 5 entries, and what is proven reaches back to entry 14: "
                    + "give the bundles between, too (PROOF-HOLDS)"
            ])
        let between = earlier(
            home.checkpoint(size: 14), previous: home.checkpoint(size: 5))
        let check = second.check(earlier: [oldest, between])
        #expect(check.findings.faults == [])
        #expect(
            check.findings.all.map(\.message).contains(
                "the ledger is that of oldest, 5 entries, grown"))
    }

    @Test("another history, an older bundle than what was kept, and another home are found")
    func forks() throws {
        let home = try Samples.home.get()
        let second = try Samples.second.get()
        let id = home.genesis.id
        func fault(_ checkpoint: Checkpoint) -> [String] {
            second.check(earlier: [earlier(checkpoint)]).findings.faults.map(\.message)
        }
        let other = SHA256Digest(hashing: [1])
        for size: UInt64 in [14, 16] {
            #expect(
                fault(Checkpoint(genesis: id, size: size, root: other)) == [
                    "the ledger of this bundle is not that one, grown: its history was changed; "
                        + "keep both bundles, they are the evidence"
                ])
        }
        #expect(
            fault(Checkpoint(genesis: id, size: 19, root: other)).first?.contains("was forked")
                == true)
        #expect(
            fault(Checkpoint(genesis: id, size: 20, root: other)).first?.hasPrefix(
                "the checkpoint is of 19 entries, and one of 20 was seen before") == true)
        #expect(
            fault(Checkpoint(genesis: other, size: 14, root: other)).first?.contains(
                "the older one of \(other.hex)") == true)
    }

    @Test("the checkpoint before, or the proof from it on, altered or exchanged, is found")
    func altered() throws {
        let home = try Samples.home.get()
        let id = home.genesis.id
        #expect(
            try faults { $0.files[previous] = nil }
                == ["FAIL  \(previous): it is not there (VERIFY-LISTED)"])
        #expect(
            try faults { $0.files[growth] = nil }
                == ["FAIL  \(growth): it is not there (VERIFY-LISTED)"])
        #expect(
            try faults { $0.files[previous] = home.checkpoint(size: 13).bytes } == [
                "FAIL  \(previous): it is of 13 entries, and the bundle's begin with number 14 "
                    + "(VERIFY-CHECKPOINT)"
            ])
        let root = Checkpoint(genesis: id, size: 14, root: SHA256Digest(hashing: [1]))
        #expect(
            try faults { $0.files[previous] = root.bytes }.first?.hasPrefix(
                "FAIL  \(growth): the ledger of 19 entries is not the one of 14 entries") == true)
        #expect(
            try faults { $0.files[growth] = home.growthProof(from: 14, to: 18) } == [
                "FAIL  \(growth): it does not lead to audit/checkpoint.txt (PROOF-HOLDS)"
            ])
        #expect(
            try faults { $0.files[growth] = home.growthProof(from: 13) }.first?.hasPrefix(
                "FAIL  \(growth): the proof is from 13 entries on") == true)
        let text = String(decoding: home.growthProof(from: 14), as: UTF8.self)
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        lines.swapAt(1, 2)
        #expect(
            try !faults { $0.files[growth] = Array(lines.joined(separator: "\n").utf8) }.isEmpty)
    }

    @Test("an entry that was altered gives another root, though the bundle begins behind the first")
    func entries() throws {
        let found = try faults { bundle in
            var texts = bundle.entryTexts
            let changed = String(decoding: texts[1], as: UTF8.self)
                .replacing(#/time: \d{4}/#, with: "time: 2026")
            texts[1] = Array(changed.utf8)
            texts[1].replace(Array("Bert Poe".utf8), with: Array("Bert Pow".utf8))
            bundle.setEntries(texts, from: 14)
        }
        #expect(
            found.contains {
                $0.hasPrefix("FAIL  audit/checkpoint.txt: its root is ")
                    && $0.contains(", that of the entries ")
            }, "\(found)")
    }

    @Test("the first bundle of a ledger has no checkpoint before it")
    func none() throws {
        let home = try Samples.home.get()
        #expect(
            try Samples.faults { $0.files[previous] = home.checkpoint(size: 5).bytes } == [
                "FAIL  \(previous): the bundle begins with the ledger's first entry "
                    + "(VERIFY-CHECKPOINT)"
            ])
    }
}
