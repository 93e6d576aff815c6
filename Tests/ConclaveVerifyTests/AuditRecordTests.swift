// SPDX-License-Identifier: Apache-2.0
import Documents
import Ledger
import SSHFormats
import Testing

@testable import conclave_verify

@Suite("What an entry says")
struct AuditRecordTests {
    private static let digest = String(repeating: "0a", count: 32)

    private func violations(_ kind: String, _ fields: String) throws -> [String] {
        let text =
            "conclave-entry: v1\nindex: 3\ntime: 2026-11-22T09:40:00Z\nkind: \(kind)\n"
            + (fields.isEmpty ? "" : "\n" + fields)
        let entry = try LedgerEntry(parsing: Array(text.utf8))
        do throws(Violations) {
            _ = try AuditRecord(entry)
            return []
        } catch {
            return error.all.map(\.description)
        }
    }

    @Test(
        "each kind is read with its fields",
        arguments: [
            ("genesis", "genesis: D\npolicy: D\nroster: D\nsignature: D\nsignature: D\n"),
            ("request", "request: D\nfile: D\nname: a.req\n"),
            ("refusal", "name: a.req\nfile: D\nmessage: no\nmessage: nor this\n"),
            ("refusal", "name: a.req\n"),
            ("batch", "batch: D\nnumber: 4\n"),
            ("approval", "batch: D\nofficer: Novák\nkey: SHA256:x\nsignature: D\n"),
            ("rejection", "batch: D\nofficer: Novák\nreason: why\ntext: D\nsignature: D\n"),
            ("ceremony-opened", "batch: D\ntier: T1\ntool: conclave 0.1.0\n"),
            ("intent", "batch: D\nsign: 1 7 D\nsign: 2 8 D\n"),
            ("exception", "rule: CLOCK-AHEAD\nmessage: the date was confirmed\n"),
            ("krl", "batch: D\nversion: 2\nlist: D\n"),
            ("ceremony-closed", "batch: D\ncertificates: 2\nstate: D\n"),
        ])
    func kinds(kind: String, fields: String) throws {
        let filled = fields.split(separator: "D", omittingEmptySubsequences: false)
            .joined(separator: Self.digest)
        #expect(try violations(kind, filled) == [])
        #expect(
            try violations(kind, filled + "more: x\n").map { $0.drop { $0 != "f" } } == [
                "field \"more\" is not known here (DOC-FIELD)"
            ])
        // An entry has one form: its fields in another order are another text of the same meaning.
        var lines = filled.split(separator: "\n")
        if lines.count > 1 {
            lines.insert(lines.removeLast(), at: 0)
            let moved = lines.map { "\($0)\n" }.joined()
            #expect(
                try violations(kind, moved).contains {
                    $0.hasPrefix("line 7: field ") && $0.hasSuffix(" (DOC-CANONICAL)")
                }, "\(kind)")
        }
        let first = filled.split(separator: ":").first ?? ""
        let without = filled.split(separator: "\n").dropFirst().map { "\($0)\n" }.joined()
        guard !without.isEmpty else { return }
        #expect(
            try violations(kind, without).contains(
                "line 6: field \"\(first)\" is missing (DOC-MISSING)"))
    }

    @Test(
        "the kinds that no home of this version writes are refused",
        arguments: ["roster", "policy", "key"])
    func otherKinds(kind: String) throws {
        #expect(
            try violations(kind, "name: x\n")
                == ["kind \(kind) is not one that a home writes (VERIFY-ENTRY)"])
    }

    @Test("an entry without fields, and one with a part too many, are refused")
    func parts() throws {
        #expect(try violations("batch", "") == ["it has no fields (VERIFY-ENTRY)"])
        let batch = "batch: \(Self.digest)\nnumber: 1\n"
        #expect(
            try violations("batch", batch + "\nmore: x\n")
                == ["line 9: it has more than one part (VERIFY-ENTRY)"])
    }

    @Test("a ceremony is of the one tier that there is")
    func tier() throws {
        let opened = "batch: \(Self.digest)\ntier: T4\ntool: conclave 0.1.0\n"
        #expect(
            try violations("ceremony-opened", opened)
                == ["line 7: tier \"T4\" is not T1 (DOC-VALUE)"])
    }

    @Test("nothing stands behind a certificate")
    func certificate() throws {
        let line = try Samples.first.get().certificate("certificates/user/000001-alice-cert.pub")
            .line()
        let fields =
            "batch: \(Self.digest)\nitem: 1\nauthority: users@example.org\nrequest: \(Self.digest)\n"
        #expect(try violations("issued", fields + "certificate: \(line)\n") == [])
        let found = try violations("issued", fields + "certificate: \(line) alice\n")
        #expect(found.count == 1)
        #expect(found[0].hasSuffix("is not a certificate (DOC-VALUE)"), "\(found)")
    }

    @Test(
        "an intent is an item's number, a serial and a digest",
        arguments: ["1 2", "1 2 3", "1  2 D", "01 2 D", "x 2 D", "1 2 D 4"])
    func intents(text: String) throws {
        let shown = text.split(separator: "D", omittingEmptySubsequences: false)
            .joined(separator: Self.digest)
        let found = try violations("intent", "batch: \(Self.digest)\nsign: \(shown)\n")
        #expect(found.count == 1)
        #expect(
            found[0].hasSuffix("is not an item's number, a serial and a SHA-256 (DOC-VALUE)"))
    }
}
