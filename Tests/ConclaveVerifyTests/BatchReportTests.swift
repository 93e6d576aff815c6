// SPDX-License-Identifier: Apache-2.0
import Documents
import Issuance
import SSHCrypto
import Testing

@testable import conclave_verify

@Suite("A manifest judged by itself")
struct BatchReportTests {
    private func bytes(_ path: String) throws -> [UInt8] {
        try #require(Samples.first.get().files[path])
    }

    private func report(_ file: [UInt8]) -> BatchReport {
        BatchReport(file: file, path: "0001.batch")
    }

    private func lines(_ report: BatchReport) -> [String] { report.findings.faults.map(\.line) }

    @Test("every item is told, and its bytes are rebuilt")
    func items() throws {
        let report = try report(bytes("audit/batch.txt"))
        #expect(report.findings.isSound)
        #expect(
            report.findings.all.map(\.line) == [
                "ok    the manifest is in canonical form, and the bytes to be signed of "
                    + "2 certificates have the stated digests"
            ])
        let text = report.lines.joined(separator: "\n")
        for part in [
            "item 1, class routine", "  certifies         a user, by users@example.org",
            "  key ID            \"alice/staff/1\"", ", rebuilt", "item 2, class routine",
            "  principal         \"web.example.org\"", "item 3, class revocation",
            "  publishes         revocation list version 1",
        ] { #expect(text.contains(part), "\(part)") }
        #expect(report.verdict.hasPrefix("sound: batch 1 of home "))
    }

    @Test("a field that was changed no longer has the stated digest")
    func alteredField() throws {
        let text = String(decoding: try bytes("audit/batch.txt"), as: UTF8.self)
        let parts = text.split(separator: "principal: alice", omittingEmptySubsequences: false)
        let altered = report(Array(parts.joined(separator: "principal: mallory").utf8))
        #expect(lines(altered).count == 1)
        #expect(
            lines(altered)[0].hasPrefix(
                "FAIL  0001.batch: item 1: serial 1: the bytes rebuilt have SHA-256 "))
        #expect(altered.verdict == "NOT SOUND: 1 fault")
        #expect(altered.lines.contains { $0.hasSuffix(", NOT REBUILT") })
    }

    @Test("two items with one serial of one CA key are found")
    func serialTwice() throws {
        let manifest = try BatchManifest(text: bytes("audit/batch.txt"))
        let doubled = BatchManifest(
            header: manifest.header, items: [manifest.items[0], manifest.items[0]])
        #expect(
            lines(report(doubled.text)) == [
                "FAIL  0001.batch: items 1 and 2 answer the same request (VERIFY-MANIFEST)",
                "FAIL  0001.batch: items 1 and 2 have the same CA key and the same serial, 1 "
                    + "(VERIFY-MANIFEST)",
            ])
    }

    @Test("what is no manifest is refused with what is wrong")
    func noManifest() {
        #expect(
            lines(report(Array("hello\n".utf8))).contains { $0.hasSuffix("(DOC-HEAD)") })
    }

    @Test("approvals are told by name, and counted")
    func approvals() throws {
        var report = try report(bytes("audit/batch.txt"))
        let roster = try bytes("audit/roster.txt")
        report.judge(
            approvals: [
                .init(path: "a.sig", armored: try bytes("audit/approval-1.sig")),
                .init(path: "b.sig", armored: try bytes("audit/approval-2.sig")),
            ], roster: roster, rosterPath: "roster.txt")
        #expect(report.findings.isSound)
        let oks = report.findings.all.map(\.message)
        #expect(oks.contains { $0.hasPrefix("a.sig is Anna Ode's approval, by key SHA256:") })
        #expect(oks.last == "every item has its quorum")
    }

    @Test("too few approvals, a strange signature and another roster are faults")
    func insufficient() throws {
        let roster = try bytes("audit/roster.txt")
        var one = try report(bytes("audit/batch.txt"))
        one.judge(
            approvals: [.init(path: "a.sig", armored: try bytes("audit/approval-1.sig"))],
            roster: roster, rosterPath: "roster.txt")
        #expect(one.findings.faults.map(\.rule) == [.quorumMissing])
        var strange = try report(bytes("audit/batch.txt"))
        strange.judge(
            approvals: [.init(path: "g.sig", armored: try bytes("audit/genesis-1.sig"))],
            roster: roster, rosterPath: "roster.txt")
        #expect(strange.findings.faults.first?.rule == .approvalSignature)
        #expect(strange.findings.faults.first?.subject == "g.sig")
        var other = try report(bytes("audit/batch.txt"))
        other.judge(
            approvals: [], roster: roster + Array("\nclass: more\nthreshold: 1\n".utf8),
            rosterPath: "roster.txt")
        #expect(other.findings.faults.map(\.subject) == ["roster.txt"])
        #expect(other.findings.faults.map(\.rule) == [.manifest])
    }
}
