// SPDX-License-Identifier: Apache-2.0
import Documents
import Issuance
import Ledger
import SSHCrypto
import SSHFormats
import Testing

@testable import conclave_verify

@Suite("A whole ledger, followed from its genesis")
struct LedgerReplayTests {
    /// Each fault with its entry, of the entries of a home.
    private func faults(_ home: SampleHome) -> [String] {
        var replay = LedgerReplay { home.contents[$0] }
        var tree = MerkleFrontier()
        var faults: [String] = []
        for entry in home.entries {
            replay.take(entry, contents: home.contents) { tree.root }
            faults += replay.faults.map { "\(entry.kind.rawValue): \($0.message)" }
            tree.append(entry.leafHash)
        }
        return faults
    }

    /// A home in which these items answer alice's request, by the serials 1 and so on.
    private func home(answering times: Int = 1) throws -> SampleHome {
        var home = try SampleHome()
        let alice = try home.admit(
            "alice", authority: "users@example.org", type: "user", profile: "staff",
            principal: "alice")
        let items = try (1...times).map { try home.item(for: alice, serial: UInt64($0)) }
        try carryOut(items, number: 1, in: &home)
        return home
    }

    private func carryOut(
        _ items: [BatchItem], number: UInt64, in home: inout SampleHome
    ) throws {
        let manifest = try home.draft(items, number: number)
        _ = try home.carryOut(manifest, approvedBy: ["Anna Ode", "Bert Poe"])
    }

    @Test("a request is answered once in a batch")
    func answers() throws {
        #expect(try faults(home()) == [])
        #expect(
            try faults(home(answering: 2)).contains("batch: items 1 and 2 answer the same request"))
    }

    @Test("a revocation list holds what was revoked, as of the batch's drafting, and nothing else")
    func lists() throws {
        func faults(_ serials: ClosedRange<UInt64>, later seconds: UInt64 = 0) throws -> [String] {
            var home = try home()
            let users = home.genesis.keys[0]
            let list = RevocationList(
                version: 1, generated: home.now.seconds + seconds,
                authorities: [.init(key: users.publicKey, serials: [serials])])
            try carryOut(
                [
                    .revoke(
                        RevokeItem(
                            authority: users.authority, target: .serials(1...1),
                            riskClass: "revocation", reason: "laptop lost")),
                    .revocationList(
                        RevocationListItem(
                            version: 1, riskClass: "revocation", bytes: list.encoded())),
                ], number: 2, in: &home)
            return self.faults(home)
        }
        let other = "krl: it is not the list of what was revoked, and of that alone"
        #expect(try faults(1...1) == [])
        #expect(try faults(1...2) == [other])
        #expect(try faults(1...1, later: 1) == [other])
        #expect(
            try faults(2...2) == ["krl: serial 1 of users@example.org is not revoked by it"])
    }
}
