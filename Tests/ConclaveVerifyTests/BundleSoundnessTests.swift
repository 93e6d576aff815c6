// SPDX-License-Identifier: Apache-2.0
import Documents
import Ledger
import SSHCrypto
import Testing

@testable import conclave_verify

@Suite("A sound bundle")
struct BundleSoundnessTests {
    @Test("the first bundle of a home is sound, and nothing of it stays unproven")
    func firstBundle() throws {
        let bundle = try Samples.first.get()
        let check = bundle.check()
        #expect(bundle.faults == [])
        #expect(check.isSound)
        #expect(check.certificates == 2)
        let notes = check.findings.all.filter { $0.level != .ok }.map(\.line)
        #expect(notes == [])
        #expect(
            check.verdict
                == "sound: bundle of batch 1, home \(bundle.home.hex), 2 certificates")
    }

    @Test("of a later bundle, what only the bundles before can prove is said")
    func laterBundle() throws {
        let bundle = try Samples.second.get()
        let check = bundle.check()
        #expect(bundle.faults == [])
        let notes = check.findings.all.filter { $0.level == .note }.map(\.message)
        #expect(notes.count == 2)
        #expect(notes.first?.hasPrefix("not proven: that the 14 entries before these are") == true)
        #expect(
            notes.last
                == "not proven: what the recorded state says of the time before these entries; "
                + "give the bundle before with --previous")
        let oks = check.findings.all.filter { $0.level == .ok }.map(\.message)
        let root = try Checkpoint(parsing: bundle.files["audit/checkpoint.txt"] ?? []).root.base64
        #expect(
            oks.contains(
                "the checkpoint's root is that of the 5 entries here behind the 14 of "
                    + "audit/previous.txt: \(root)"))
        #expect(oks.contains("SHA256SUMS is signed by Wim Sue and Bert Poe; the roster asks for 1"))
        #expect(
            oks.contains(
                "revocation list version 2 can be read, the approved one; "
                    + "it revokes 1 serial, 0 key IDs and 0 keys"))
    }

    @Test("without a pin the report says so and shows the home's identity")
    func unpinned() throws {
        let bundle = try Samples.first.get()
        let check = bundle.check(pinned: .some(nil))
        #expect(check.isSound)
        let warnings = check.findings.all.filter { $0.level == .warning }.map(\.line)
        #expect(warnings.count == 1)
        #expect(warnings.first?.hasPrefix("WARN  the home's identity was not pinned") == true)
        #expect(warnings.first?.hasSuffix(bundle.home.hex) == true)
        #expect(check.verdict.hasPrefix("sound in itself, of a home that was not pinned: "))
    }

    @Test("another pin is a fault of the genesis")
    func wrongPin() throws {
        let bundle = try Samples.first.get()
        let other = SHA256Digest(hashing: [7])
        let check = bundle.check(pinned: other)
        #expect(
            check.findings.faults.map(\.line) == [
                "FAIL  audit/genesis.txt: it is of home \(bundle.home.hex), not of \(other.hex) "
                    + "as --genesis says (VERIFY-HOME)"
            ])
        #expect(check.verdict == "NOT SOUND: 1 fault; install nothing from this bundle")
    }

    @Test("one flipped byte of any file is a fault that names the file")
    func flippedBytes() throws {
        let bundle = try Samples.first.get()
        for path in bundle.files.keys.sorted() {
            let length = bundle.files[path]?.count ?? 0
            for place in Set([0, length / 3, length / 2, length - 1]) {
                var altered = bundle
                altered.files[path]?[place] ^= 0x01
                let subjects = altered.check().findings.faults.map(\.subject)
                #expect(subjects.contains(path), "byte \(place) of \(path)")
            }
        }
    }

    @Test("a file that is taken away is missed by its name")
    func removedFiles() throws {
        let bundle = try Samples.first.get()
        for path in bundle.files.keys.sorted() {
            var altered = bundle
            altered.files[path] = nil
            let faults = altered.check().findings.faults
            let expected = path == "SHA256SUMS.sig" ? "SHA256SUMS" : path
            #expect(faults.contains { $0.subject == expected }, "\(path)")
        }
    }

    @Test(
        "a file that is put in is refused by its name",
        arguments: [
            "extra.txt", "certificates/user/000009-root-cert.pub", "trust/more.pub",
            "audit/entries/00000014.txt", "SHA256SUMS-3.sig", "INCOMPLETE",
            "sshd/auth_principals/root",
        ])
    func addedFile(path: String) throws {
        var bundle = try Samples.first.get()
        bundle.files[path] = Array("x\n".utf8)
        #expect(
            bundle.faults.contains("FAIL  \(path): SHA256SUMS does not list it (VERIFY-LISTED)"))
    }

    @Test("every prefix of every text is refused, and none ends the program")
    func prefixes() throws {
        let bundle = try Samples.first.get()
        for path in bundle.files.keys.sorted() {
            let length = bundle.files[path]?.count ?? 0
            for end in Set([0, 1, length / 4, length / 2, max(0, length - 1)]) where end < length {
                var altered = bundle
                altered.files[path] = Array((altered.files[path] ?? []).prefix(end))
                try altered.seal()
                let check = altered.check()
                // The pages may lose an end that says nothing that is checked.
                guard !path.hasPrefix("SHA256SUMS") else { continue }
                if end > 1, ["report.txt", "report.html"].contains(path) { continue }
                #expect(!check.isSound, "\(end) bytes of \(path)")
            }
        }
    }
}
