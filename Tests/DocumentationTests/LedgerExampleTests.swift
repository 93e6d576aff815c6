// SPDX-License-Identifier: Apache-2.0
import Ceremony
import Documents
import Issuance
import Ledger
import SSHCrypto
import SSHFormats
import Testing
import TokenEvidence

@Suite("The ledger on the format pages")
struct LedgerExampleTests {
    /// The entries of the first bundle, or of the second, in order.
    private static func entries(_ bundle: String = "") throws -> [LedgerEntry] {
        try Page.examples().filter { $0.key.hasPrefix("\(bundle)entries/") }
            .sorted { $0.key < $1.key }.map { try LedgerEntry(parsing: $0.value) }
    }

    /// The texts on the pages by their digests, and the revocation list out of its manifest.
    private static func contents() throws -> [SHA256Digest: [UInt8]] {
        var contents: [SHA256Digest: [UInt8]] = [:]
        for bytes in try Page.examples().values {
            contents[SHA256Digest(hashing: bytes)] = bytes
        }
        let manifest = try BatchManifest(text: Page.example("second/audit/batch.txt"))
        for case .revocationList(let item) in manifest.items {
            contents[item.digest] = item.bytes
        }
        return contents
    }

    @Test("the entries replay, with the texts on the other pages, to a home after two ceremonies")
    func entriesReplay() throws {
        let entries = try Self.entries() + Self.entries("second/")
        let contents = try Self.contents()
        let first = try #require(entries.first)
        var state = try HomeState(first) { contents[$0] }
        for entry in entries.dropFirst() { try state.apply(entry) { contents[$0] } }
        #expect(state.size == UInt64(entries.count))
        #expect(state.batches.map { $0.closed != nil } == [true, true])
        #expect(entries.count { $0.kind == .issued } == 2)
        #expect(state.revocations.version == 1)
        for entry in entries where entry.kind == .issued {
            try IssuedRecord(entry).certificate.verifySignature()
        }
    }

    @Test("the checkpoint is that of the entries")
    func checkpointFits() throws {
        var tree = MerkleFrontier()
        for entry in try Self.entries() { tree.append(entry.leafHash) }
        let checkpoint = try Checkpoint(parsing: Page.example("audit/checkpoint.txt"))
        let genesis = try Genesis(text: Page.example("audit/genesis.txt"))
        #expect(checkpoint == Checkpoint(genesis: genesis.id, size: tree.size, root: tree.root))
    }

    @Test("the rejection's entry is one that could have followed")
    func rejectionEntry() throws {
        let record = try RejectionRecord(LedgerEntry(parsing: Page.example("rejection-entry.txt")))
        #expect(record.text == SHA256Digest(hashing: try Page.example("rejection.txt")))
        #expect(record.signature == SHA256Digest(hashing: try Page.example("rejection.txt.sig")))
    }

    @Test("the exception's entry names its rule")
    func exceptionEntry() throws {
        let record = try ExceptionRecord(LedgerEntry(parsing: Page.example("exception-entry.txt")))
        #expect(record.rule == .clockAhead)
    }

    @Test("the token's entry goes on with a copy of one of the ceremony's keys")
    func tokenEntry() throws {
        let record = try TokenRecord(LedgerEntry(parsing: Page.example("token-entry.txt")))
        let opened = try CeremonyOpenedRecord(
            LedgerEntry(parsing: Page.example("entries/00000007.txt")))
        #expect(record.batch == opened.batch)
        #expect(record.devices.map(\.publicKey) == [opened.devices[1].publicKey])
        #expect(
            record.devices[0].evidence.hasPrefix("restored from a vendor's wrapped backup ("))
    }

    @Test("the entry of an attested key proves what it says, to a root that the policy pins")
    func attestedEntry() throws {
        let record = try CeremonyOpenedRecord(
            LedgerEntry(parsing: Page.example("attested-entry.txt")))
        let device = try #require(record.devices.first)
        var policy = TokenPolicy.standard
        policy.attestation = .required
        policy.roots = [AttestationRoot(pin: try #require(device.proof.root))]
        let review = device.proof.review(
            device.publicKey, manufacturer: "Yubico", model: "YubiKey", serial: "12345678",
            claims: device.evidence.split(separator: " "), policy: policy)
        #expect(review.violations == [])
        #expect(RecordedEvidence(review) == device.proof)
    }

    @Test("the page of attestation has every advisory and every root that is compiled in")
    func attestationTables() throws {
        let page = try Page("Docs/Formats/Attestation.md").text
        for advisory in Advisory.all {
            let row = "| [\(advisory.id)](\(advisory.source)) |"
            #expect(page.contains(row), "\(row)")
            let line = page.split(separator: "\n").first { $0.hasPrefix(row) } ?? ""
            #expect(line.hasSuffix("| \(advisory.severity.rawValue) |"), "\(advisory.id)")
        }
        for root in AttestationRoot.yubico {
            #expect(page.contains("| \(root.name) |"))
            #expect(page.contains("| `\(root.digest.hex)` |"))
        }
    }

    @Test("every kind of entry has its part on the page, or is named as reserved")
    func kindsAreDescribed() throws {
        let page = try Page("Docs/Formats/LedgerEntry.md")
        let headings = page.prose.filter { $0.text.hasPrefix("### `") }.map {
            String($0.text.dropFirst(5).dropLast())
        }
        let shown = Set(try (Self.entries() + Self.entries("second/")).map(\.kind))
            .union([.rejection, .exception, .token, .epoch])
        #expect(Set(headings) == Set(shown.map(\.rawValue)))
        for kind in EntryKind.allCases where !shown.contains(kind) {
            #expect(page.text.contains("`\(kind.rawValue)`"), "\(kind)")
        }
    }
}
