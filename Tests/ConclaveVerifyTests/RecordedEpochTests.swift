// SPDX-License-Identifier: Apache-2.0
import Documents
import Issuance
import SSHCrypto
import SSHFormats
import Testing

@testable import conclave_verify

/// A certificate, and after it two epochs, each of which gives up entries that were lost; the second
/// leaves one out.
@Suite("The state of a home whose ledger was lost")
struct RecordedEpochTests {
    private static let lost = String(repeating: "7", count: 64)
    private static let more = String(repeating: "8", count: 64)
    private static let honest = Result { try history() }

    /// The ceremonies; the first epoch gives up the users' serials from one on.
    private static func history(givingUpFrom first: UInt64 = 2) throws -> SampleHistory {
        var home = try SampleHome()
        var ceremonies: [SampleHistory.Ceremony] = []
        var start = 0
        func carryOut(_ items: [BatchItem], _ list: [UInt8]) throws {
            let manifest = try home.draft(items, number: UInt64(ceremonies.count) + 1)
            let signed = try home.carryOut(
                manifest, approvedBy: ["Anna Ode", "Bert Poe"], ends: false)
            ceremonies.append(
                .init(
                    home: home, manifest: manifest, first: start, approvals: signed.approvals,
                    certificates: signed.certificates, list: list))
            try home.close(manifest, certificates: signed.certificates.count)
            start = home.entries.count
        }
        let alice = try home.admit(
            "alice", authority: "users@example.org", type: "user", profile: "staff",
            principal: "alice")
        try carryOut(
            [home.item(for: alice, serial: 1)], home.genesis.firstRevocationList())
        var revoked: [RevocationList.Authority] = []
        var list: UInt64 = 0
        for (last, epoch, anchor) in [(0 as UInt64, 1 as UInt16, Self.lost), (1, 3, Self.more)] {
            list += 1
            let root = try #require(SHA256Digest(hex: anchor))
            let end = UInt64(epoch) << 48 - 1
            let base = last << 48 + 1
            let items = home.genesis.keys.map { key in
                let from = epoch == 1 && key.authority.hasPrefix("users") ? first : base
                revoked.append(.init(key: key.publicKey, serials: [from...end]))
                return NewEpochItem(
                    authority: key.authority, riskClass: "routine", epoch: epoch,
                    givenUp: [AuthoritySerials(authority: key.authority, serials: from...end)],
                    anchors: [.init(size: 99, root: root)], reason: "the disk is lost")
            }
            let bytes = try RevocationList(
                version: list, generated: home.now.seconds, authorities: revoked
            ).encoded()
            try carryOut(
                items.map { .newEpoch($0) }
                    + items.flatMap { $0.revocations(riskClass: "revocation") }.map { .revoke($0) }
                    + [
                        .revocationList(
                            RevocationListItem(
                                version: list, riskClass: "revocation", bytes: bytes))
                    ], bytes)
        }
        return try SampleHistory(ceremonies)
    }

    private func faults(
        _ place: Int, _ pattern: String, _ replacement: String, afterPrevious: Bool
    ) throws -> [String] {
        let regex = try Regex(pattern).anchorsMatchLineEndings()
        let history = try Self.honest.get()
        let bundle = try history.bundle(place) { text in
            Array(String(decoding: text, as: UTF8.self).replacing(regex, with: replacement).utf8)
        }
        let check =
            try afterPrevious
            ? bundle.check(after: history.bundles[place - 2]) : bundle.check()
        return check.findings.faults.map(\.line)
    }

    @Test("an honest home's states are those of its entries, with and without the bundle before")
    func honest() throws {
        let bundles = try Self.honest.get().bundles
        for (place, bundle) in bundles.enumerated() {
            #expect(bundle.faults == [])
            guard place > 0 else { continue }
            #expect(try bundle.check(after: bundles[place - 1]).findings.faults == [])
        }
    }

    @Test(
        "epochs, and what was given up with them, that were forged are found",
        arguments: [
            (2, "^epoch: (\\d+) by 2\n", "", "its epoch lacks", false),
            (2, "^epoch: (\\d+) by 2", "epoch: 9 by 1", "its epoch", false),
            (2, "^given-up: .*\n", "", "its given-up lacks \"99 \(lost)\"", false),
            (
                2, "^given-up: 99", "given-up: 98",
                "its given-up is \"98 \(lost)\", the entries lead to \"99 \(lost)\"", false
            ),
            (2, "^next-serial: .*", "next-serial: 2", "its next-serial of users@", false),
            (3, "^epoch: (.*)\nepoch: (.*)", "epoch: 9 by 3\nepoch: 1 by 2", "its epoch", false),
            (3, "^given-up: 99 7+\n", "", "its given-up lacks \"99 \(lost)\"", true),
            (3, "^given-up: 99 8+\n", "", "its given-up lacks \"99 \(more)\"", false),
            (3, " by 2\n", " by 1\n", "its epoch has", true),
            (3, "^revoked: 2 (.*)", "revoked: 3 $1", "its revoked", true),
        ])
    func forged(
        place: Int, pattern: String, replacement: String, fault: String, afterPrevious: Bool
    ) throws {
        let found = try faults(place, pattern, replacement, afterPrevious: afterPrevious)
        #expect(
            found.contains { $0.contains(": " + fault) && $0.hasSuffix("(VERIFY-STATE)") },
            "\(found)")
    }

    @Test("an epoch that gives up fewer serials than have no certificate is found")
    func fewer() throws {
        let bundles = try Self.history(givingUpFrom: 5).bundles
        let found = try bundles[1].check(after: bundles[0]).findings.faults.map(\.message)
        #expect(
            found.contains(
                "item 1 gives up users@example.org 5-281474976710655, and users@example.org "
                    + "2-281474976710655 had no certificate"), "\(found)")
    }
}
