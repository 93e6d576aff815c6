// SPDX-License-Identifier: Apache-2.0
import Documents
import Issuance
import Ledger
import SSHCrypto
import SSHFormats
import Testing

@testable import conclave_verify

/// Ceremonies of a dishonest machine: everything is signed and recorded, and the rules are broken.
@Suite("A ceremony out of order")
struct CeremonyOrderTests {
    private func faults(
        approvedBy officers: [String] = ["Anna Ode", "Bert Poe"],
        _ irregularity: SampleHome.Irregularity = []
    ) throws -> [String] {
        var home = try SampleHome()
        return try Samples.makeFirst(&home, approvedBy: officers, irregularity).faults
    }

    @Test("one approval where two are asked for")
    func oneApproval() throws {
        let found = try faults(approvedBy: ["Anna Ode"])
        #expect(
            found == [
                "FAIL  audit/batch.txt: items 1-2 have 1 of 2 approvals for class \"routine\" "
                    + "(QUORUM-MISSING)"
            ])
    }

    @Test("a witness approves, who has no vote")
    func witnessApproves() throws {
        let found = try faults(approvedBy: ["Anna Ode", "Wim Sue"])
        #expect(
            found.first
                == "FAIL  audit/approval-2.sig: Wim Sue is a witness and has no vote "
                + "(APPROVAL-STRANGER)")
        #expect(found.contains { $0.contains("have 1 of 2 approvals") })
    }

    @Test("approvals are recorded under another key than the one that made them")
    func otherKey() throws {
        let found = try faults(.otherKey)
        #expect(found.count == 2, "\(found)")
        for (number, fault) in found.enumerated() {
            #expect(fault.hasPrefix("FAIL  audit/approval-\(number + 1).sig: it is by key SHA256:"))
            #expect(fault.hasSuffix(", and the ledger recorded another (VERIFY-CEREMONY)"))
        }
    }

    @Test("the intent stands behind the certificate")
    func intentAfterIssue() throws {
        let found = try faults(.intentAfterIssue)
        #expect(
            found.contains(
                "FAIL  ENTRIES, entry 8: item 1 was signed, and no intent stands before "
                    + "it (VERIFY-CEREMONY)"))
        #expect(
            found.contains(
                "FAIL  ENTRIES, entry 9: it intends item 1, which has its certificate "
                    + "(VERIFY-CEREMONY)"))
    }

    @Test("an officer rejected the batch")
    func rejected() throws {
        #expect(
            try faults(.rejected)
                == [
                    "FAIL  ENTRIES, entry 7: Carla Roe rejected the batch "
                        + "(VERIFY-CEREMONY)"
                ])
    }

    @Test("the second approval came when the ceremony had begun")
    func lateApproval() throws {
        #expect(
            try faults(.lateApproval) == [
                "FAIL  ENTRIES, entry 7: Bert Poe approved after the ceremony had begun "
                    + "(VERIFY-CEREMONY)"
            ])
    }

    @Test("the ceremony began when the batch had expired")
    func expired() throws {
        #expect(
            try faults(.expired) == [
                "FAIL  ENTRIES, entry 7: the ceremony began after the batch had expired "
                    + "(VERIFY-CEREMONY)"
            ])
    }

    @Test("an exception that a person confirmed is no fault, and is told")
    func exceptions() throws {
        var home = try SampleHome()
        var draft = EntryDraft(.exception)
        draft.field("rule", "CLOCK-AHEAD")
        draft.field("message", "the clock stood ahead; the date was confirmed")
        try home.append(draft)
        let check = try Samples.makeFirst(&home).check()
        #expect(check.findings.faults == [])
        #expect(
            check.findings.all.filter { $0.level == .note }.map(\.line).first
                == "note  entry 1 records an exception to CLOCK-AHEAD: the clock stood ahead; the "
                + "date was confirmed")
    }

    @Test("a list is handed out that the batch did not publish")
    func unpublishedList() throws {
        var home = try SampleHome()
        let request = try home.admit(
            "alice", authority: "users@example.org", type: "user", profile: "staff",
            principal: "alice")
        let manifest = try home.draft([home.item(for: request, serial: 1)], number: 1)
        let signed = try home.carryOut(manifest, approvedBy: ["Anna Ode", "Bert Poe"])
        let path = "trust/revoked_keys.krl"
        let cases: [(RevocationList, [String])] = [
            (RevocationList(version: 0, generated: home.genesis.created.seconds), []),
            (
                RevocationList(version: 0, generated: 5),
                [
                    "FAIL  \(path): it has version 0, and is not the empty list of the genesis (VERIFY-KRL)"
                ]
            ),
            (
                RevocationList(version: 1, generated: home.genesis.created.seconds),
                ["FAIL  \(path): no entry of the ledger publishes version 1 (VERIFY-KRL)"]
            ),
        ]
        for (list, expected) in cases {
            let bundle = try SampleBundle(
                home, manifest, first: 0, signed, revocationList: try list.encoded())
            #expect(bundle.faults == expected)
        }
        // In the flags, which every reader passes over.
        var bytes = try cases[0].0.encoded()
        bytes[35] ^= 1
        let bundle = try SampleBundle(
            home, manifest, first: 0, signed, revocationList: bytes)
        #expect(bundle.faults == cases[1].1)
    }

    @Test("the list does not revoke what was approved")
    func revokesNothing() throws {
        var home = try SampleHome()
        let users = home.genesis.keys[0]
        let list = try RevocationList(version: 1, generated: home.now.seconds).encoded()
        let subject = try home.keys.make("lost")
        let targets: [RevokeItem.Target] = [.serials(3...5), .keyID("bob/staff/2"), .key(subject)]
        let manifest = try home.draft(
            targets.map {
                .revoke(
                    RevokeItem(
                        authority: users.authority, target: $0, riskClass: "revocation",
                        reason: "lost"))
            } + [
                .revocationList(
                    RevocationListItem(version: 1, riskClass: "revocation", bytes: list))
            ], number: 1)
        let signed = try home.carryOut(manifest, approvedBy: ["Anna Ode"])
        let bundle = try SampleBundle(home, manifest, first: 0, signed, revocationList: list)
        let key = users.publicKey.fingerprint
        #expect(
            bundle.faults
                == ["serials 3-5", "key-id bob/staff/2", "key \(subject.line)"].map {
                    "FAIL  trust/revoked_keys.krl: \($0) of users@example.org is to be revoked, and "
                        + "the list does not revoke it under CA key \(key) (VERIFY-KRL)"
                })
    }
}
