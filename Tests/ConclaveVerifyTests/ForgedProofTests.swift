// SPDX-License-Identifier: Apache-2.0
import Documents
import Ledger
import SSHCrypto
import SSHFormats
import Testing

@testable import conclave_verify

/// Proofs that somebody on the roster exchanged, cut or altered, and sealed again.
@Suite("A proof that was forged and sealed again")
struct ForgedProofTests {
    private let alice = "certificates/user/000001-alice-cert.tlog-proof"
    private let web = "certificates/host/000001-web.example.org-cert.tlog-proof"

    /// The faults of the first bundle after a change of the proof of alice's certificate.
    private func faults(_ change: (String) throws -> String) throws -> [String] {
        try Samples.faults { bundle in
            let text = String(decoding: try #require(bundle.files[alice]), as: UTF8.self)
            let changed = try change(text)
            #expect(changed != text)
            bundle.files[alice] = Array(changed.utf8)
        }
    }

    @Test("each certificate has a proof, which carries its entry and leads to the checkpoint")
    func sound() throws {
        let bundle = try Samples.first.get()
        let proof = try LogProof(parsing: try #require(bundle.files[web]))
        let entry = try proof.provenEntry()
        guard case .issued(let issued) = try AuditRecord(entry) else {
            Issue.record("entry \(entry.index) issues nothing")
            return
        }
        #expect(
            issued.certificate
                == (try bundle.certificate(web.replacing(".tlog-proof", with: ".pub"))))
        #expect(proof.checkpoint.bytes == bundle.files["audit/checkpoint.txt"])
        let told = bundle.check().findings.all.map(\.message)
        #expect(told.contains("2 certificates: proven to be in the ledger of the checkpoint"))
    }

    @Test("a proof that is missing, another certificate's, or beside no certificate is found")
    func misplaced() throws {
        #expect(
            try Samples.faults { $0.files[alice] = nil }
                == ["FAIL  \(alice): it is not there (VERIFY-LISTED)"])
        let swapped = try Samples.faults { bundle in
            let proof = bundle.files[alice]
            bundle.files[alice] = bundle.files[web]
            bundle.files[web] = proof
        }
        #expect(swapped.count == 2)
        #expect(
            swapped.allSatisfy {
                $0.hasSuffix("which did not issue the certificate beside it (PROOF-HOLDS)")
            })
        let stray = alice.replacing("000001", with: "000002")
        #expect(
            try Samples.faults { $0.files[stray] = $0.files[alice] }
                == ["FAIL  \(stray): no sound certificate stands beside it (PROOF-HOLDS)"])
    }

    @Test("a proof that was cut, reordered, prolonged or altered in a line is found")
    func altered() throws {
        func lines(_ change: (inout [Substring]) -> Void) throws -> [String] {
            try faults { text in
                var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
                change(&lines)
                return lines.joined(separator: "\n")
            }
        }
        let holds =
            "FAIL  \(alice): the proof does not lead from entry 9 to the root of the checkpoint "
            + "(PROOF-HOLDS)"
        let empty = 3
        #expect(try lines { $0.swapAt(empty, empty + 1) } == [holds])
        #expect(try lines { $0.remove(at: empty) } == [holds])
        #expect(try lines { $0.insert($0[empty], at: empty) } == [holds])
        #expect(try lines { $0[2] = "index 8" } == [holds])
        let other = SHA256Digest(hashing: [1]).base64
        #expect(try lines { $0[$0.count - 2] = Substring(other) } == [holds])
        #expect(
            try lines { $0.remove(at: 1) }
                == ["FAIL  \(alice): the proof does not carry its entry (PROOF-FORM)"])
        #expect(
            try lines { $0[1] = "extra " }.first?.hasPrefix("FAIL  \(alice): line 2: ") == true)
        for count in 1...5 {
            #expect(try !lines { $0.removeLast(count) }.isEmpty)
        }
    }

    @Test("an entry in the proof that was altered, or is another one, is found")
    func entries() throws {
        let bundle = try Samples.first.get()
        let proof = try LogProof(parsing: try #require(bundle.files[alice]))
        let text = String(decoding: try #require(proof.carried), as: UTF8.self)
        let forged = try LedgerEntry(
            parsing: Array(text.replacing("item: 1\n", with: "item: 2\n").utf8))
        let carrying = try #require(
            LogProof(proof.inclusion, in: proof.checkpoint, carrying: forged))
        #expect(
            try Samples.faults { $0.files[alice] = Array(carrying.text.utf8) } == [
                "FAIL  \(alice): the proof does not lead from entry 9 to the root of the checkpoint "
                    + "(PROOF-HOLDS)"
            ])
        let home = try Samples.home.get()
        let before = home.entries[8]
        #expect(
            try Samples.faults { $0.files[alice] = home.proof(of: before, size: 14) } == [
                "FAIL  \(alice): it is of entry 8, which did not issue the certificate beside it "
                    + "(PROOF-HOLDS)"
            ])
    }

    @Test("a sound proof to another checkpoint, older or newer, does not go with the bundle")
    func otherCheckpoints() throws {
        let home = try Samples.home.get()
        let bundle = try Samples.first.get()
        let certificate = try bundle.certificate(alice.replacing(".tlog-proof", with: ".pub"))
        for size in [12, home.entries.count] {
            let found = try Samples.faults {
                $0.files[alice] = home.proof(of: certificate, size: size)
            }
            let root = home.checkpoint(size: size).root.base64
            #expect(
                found == [
                    "FAIL  \(alice): it leads to a checkpoint of \(size) entries with root "
                        + "\(root), not to the bundle's (PROOF-HOLDS)"
                ])
        }
    }
}
