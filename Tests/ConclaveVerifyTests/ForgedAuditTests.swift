// SPDX-License-Identifier: Apache-2.0
import Documents
import Ledger
import SSHCrypto
import SSHFormats
import Testing

@testable import conclave_verify

/// Records for the auditor that somebody on the roster altered and sealed again.
@Suite("An audit record that was forged and sealed again")
struct ForgedAuditTests {
    private func faults(_ change: (inout SampleBundle) throws -> Void) throws -> [String] {
        try Samples.faults(change)
    }

    @Test("without an approval the quorum is missing, and the ledger's record of it is noticed")
    func approvals() throws {
        let found = try faults { $0.files["audit/approval-2.sig"] = nil }
        #expect(found.contains { $0.contains("items 1-2 have 1 of 2 approvals") })
        #expect(found.contains { $0.contains("recorded an approval that is not handed out") })
        let twice = try faults {
            $0.files["audit/approval-2.sig"] = $0.files["audit/approval-1.sig"]
        }
        #expect(
            twice.first
                == "FAIL  audit/approval-2.sig: Anna Ode approved already (VERIFY-APPROVAL)")
        let gap = try faults { bundle in
            bundle.files["audit/approval-3.sig"] = bundle.files["audit/approval-1.sig"]
            bundle.files["audit/approval-1.sig"] = nil
        }
        #expect(
            gap.contains(
                "FAIL  audit/approval-3.sig: the numbers of the approvals have a gap before it "
                    + "(VERIFY-APPROVAL)"))
    }

    @Test("an entry that was altered moves the root, and one that is left out leaves a gap")
    func entries() throws {
        func faults(_ change: (inout [[UInt8]]) -> Void) throws -> [String] {
            try self.faults { bundle in
                var texts = bundle.entryTexts
                change(&texts)
                bundle.setEntries(texts, from: 0)
            }
        }
        let altered = try faults { $0[3] += Array("message: another\n".utf8) }
        #expect(altered.count == 2)
        #expect(altered.allSatisfy { $0.contains(" root ") })
        let removed = try faults { $0.remove(at: 3) }
        #expect(
            removed.contains("FAIL  ENTRIES, entry 3: it says that it is entry 4 (VERIFY-ENTRY)"))
        let swapped = try faults { $0.swapAt(3, 4) }
        #expect(
            swapped.contains("FAIL  ENTRIES, entry 4: it says that it is entry 3 (VERIFY-ENTRY)"))
        let twice = try faults { $0.insert($0[13], at: 13) }
        #expect(
            twice.contains("FAIL  ENTRIES, entry 14: it says that it is entry 13 (VERIFY-ENTRY)"))
    }

    @Test("a file of entries that was cut, renamed or taken apart is found")
    func entryFiles() throws {
        let path = "audit/entries/00000000-00000013.txt"
        let cut = try faults { bundle in
            bundle.files[path] = Array(bundle.entryTexts.dropLast().joined())
        }
        #expect(cut.contains("FAIL  \(path): it holds 13 of 14 entries (VERIFY-ENTRY)"))
        for name in ["0-13", "00000000-0000001x", "00000000", "00000000-00000256"] {
            let renamed = try faults { bundle in
                bundle.files["audit/entries/\(name).txt"] = bundle.files[path]
                bundle.files[path] = nil
            }
            #expect(
                renamed.contains(
                    "FAIL  audit/entries/\(name).txt: its name is not that of a file of entries, "
                        + "such as 00000000-00000012.txt (VERIFY-ENTRY)"))
        }
        let apart = try faults { bundle in
            let texts = bundle.entryTexts
            bundle.files["audit/entries/00000000-00000005.txt"] = Array(texts[..<6].joined())
            bundle.files["audit/entries/00000006-00000013.txt"] = Array(texts[6...].joined())
            bundle.files[path] = nil
        }
        #expect(
            apart == [
                "FAIL  audit/entries/00000000-00000005.txt: it ends within a tile, and another file follows "
                    + "(VERIFY-ENTRY)"
            ])
        let gap = try faults { bundle in
            let texts = bundle.entryTexts
            bundle.files["audit/entries/00000000-00000005.txt"] = Array(texts[..<6].joined())
            bundle.files["audit/entries/00000007-00000013.txt"] = Array(texts[7...].joined())
            bundle.files[path] = nil
        }
        #expect(
            gap.contains(
                "FAIL  audit/entries/00000007-00000013.txt: it begins with entry 7, behind entry 5 "
                    + "(VERIFY-ENTRY)"))
    }

    @Test("a text that no entry names, and one under another's name, are found")
    func contents() throws {
        let stray = "audit/contents/" + SHA256Digest(hashing: [1]).hex
        #expect(
            try faults { $0.files[stray] = [1] }
                == ["FAIL  \(stray): no entry of the bundle names it (VERIFY-CONTENT)"])
        let other = SHA256Digest(hashing: [2]).hex
        #expect(
            try faults { $0.files[stray] = [2] }
                == ["FAIL  \(stray): its SHA-256 is \(other), not its name (VERIFY-CONTENT)"])
    }

    @Test("a checkpoint of another size, root or home is found")
    func checkpoint() throws {
        let path = "audit/checkpoint.txt"
        let bundle = try Samples.first.get()
        let good = try Checkpoint(parsing: bundle.files[path] ?? [])
        let size = Checkpoint(genesis: good.genesis, size: good.size + 1, root: good.root)
        // The proofs lead to the old one.
        func found(_ checkpoint: Checkpoint) throws -> [String] {
            try faults { $0.files[path] = checkpoint.bytes }
                .filter { !$0.contains("certificates/") }
        }
        #expect(
            try found(size) == [
                "FAIL  \(path): it is of 15 entries, and the bundle's end with number 14 "
                    + "(VERIFY-CHECKPOINT)"
            ])
        let root = Checkpoint(
            genesis: good.genesis, size: good.size, root: SHA256Digest(hashing: [1]))
        #expect(
            try found(root) == [
                "FAIL  \(path): its root is \(root.root.base64), that of the entries "
                    + "\(good.root.base64) (VERIFY-CHECKPOINT)"
            ])
        let home = Checkpoint(genesis: root.root, size: good.size, root: good.root)
        #expect(
            try found(home) == [
                "FAIL  \(path): it is of home \(root.root.hex), not of \(good.genesis.hex) "
                    + "(VERIFY-CHECKPOINT)"
            ])
    }

    @Test("a roster with one more officer is not the one that the genesis names")
    func roster() throws {
        let path = "audit/roster.txt"
        let key = try SampleKeys().make("eve")
        let found = try faults { bundle in
            bundle.files[path]? += Array("\nofficer: Eve\nkey: \(key.line)\n".utf8)
        }
        #expect(
            found.contains("FAIL  \(path): the genesis names another roster (VERIFY-GENESIS)"))
    }

    @Test("a genesis that lacks an officer's signature is found")
    func genesisSignatures() throws {
        let found = try faults { $0.files["audit/genesis-3.sig"] = nil }
        #expect(
            found.contains(
                "FAIL  audit/genesis.txt: the signature of Carla Roe is missing (VERIFY-GENESIS)"))
        let gap = try faults { bundle in
            bundle.files["audit/genesis-4.sig"] = bundle.files["audit/genesis-2.sig"]
            bundle.files["audit/genesis-2.sig"] = nil
        }
        #expect(
            gap.contains(
                "FAIL  audit/genesis-4.sig: the numbers of the signatures have a gap before it "
                    + "(VERIFY-GENESIS)"))
    }

    @Test("the mark of another bundle does not complete this one")
    func complete() throws {
        #expect(
            try faults { $0.files["COMPLETE"] = Array("conclave-bundle conclave-0002\n".utf8) } == [
                "FAIL  COMPLETE: it says \"conclave-bundle conclave-0002\\u{A}\", not that it "
                    + "completes bundle conclave-0001 (VERIFY-COMPLETE)"
            ])
    }
}
