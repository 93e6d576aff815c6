// SPDX-License-Identifier: Apache-2.0
import Documents
import Issuance
import Ledger
import SSHCrypto
import SSHFormats

/// A ceremony of two certificates that ends after the first by the decision of a second batch, as an
/// honest machine records it, or with something of it gone wrong.
struct SampleAbandonment {
    /// Who approves the decision.
    var officers = ["Anna Ode", "Bert Poe"]
    /// The class of the decision.
    var riskClass = "routine"
    /// What the decision gives up.
    var abandoned = [AuthoritySerials(authority: "hosts@example.org", serials: 1...1)]
    /// What the end of the ceremony says is given up; nil for the same.
    var ended: [AuthoritySerials]?
    /// Whether the decision's ceremony begins at all.
    var opens = true
    /// Whether the decision's list is published.
    var publishes = true
    /// Whether the ceremony goes on when the decision has begun.
    var goesOn = false
    /// What the decision revokes, in another order or less; nil for what is given up.
    var revoked: [AuthoritySerials]?
    /// Another list than the decision's in the first bundle.
    var otherList = false
    /// Whether the first ceremony's end is recorded.
    var ends = true

    /// The bundles of the finished part and of the decision.
    func bundles() throws -> (finished: SampleBundle, decision: SampleBundle) {
        var home = try SampleHome()
        let alice = try home.admit(
            "alice", authority: "users@example.org", type: "user", profile: "staff",
            principal: "alice")
        let web = try home.admit(
            "web", authority: "hosts@example.org", type: "host", profile: "servers",
            principal: "web.example.org")
        let manifest = try home.draft(
            [home.item(for: alice, serial: 1), home.item(for: web, serial: 1)], number: 1)
        let approvals = try ["Anna Ode", "Bert Poe"].map { try home.approve(manifest, by: $0) }
        try home.open(manifest)
        let items = manifest.items.compactMap { item -> IssueItem? in
            if case .issue(let issue) = item { issue } else { nil }
        }
        try home.intend(items[0], number: 1, in: manifest)
        let certificate = try home.sign(items[0], number: 1, in: manifest)
        try home.intend(items[1], number: 2, in: manifest)

        let (decision, list) = try draft(&home, manifest)
        let decided = try officers.map { try home.approve(decision, by: $0) }
        if opens { try home.open(decision) }
        if goesOn { try home.intend(items[1], number: 2, in: manifest) }
        if publishes { try home.publish(decision) }
        if ends { try end(&home, manifest, decision) }
        let other = try RevocationList(version: 1, generated: 1).encoded()
        let finished = try SampleBundle(
            home, manifest, first: 0, (approvals, [certificate]),
            revocationList: otherList ? other : list)
        try home.close(decision, certificates: 0)
        let second = try SampleBundle(
            home, decision, first: 0, (decided, []), revocationList: list)
        return (finished, second)
    }

    private func draft(
        _ home: inout SampleHome, _ manifest: BatchManifest
    ) throws -> (BatchManifest, [UInt8]) {
        let item = AbandonItem(
            number: 1, manifest: manifest.id, riskClass: riskClass, issued: 1,
            abandoned: abandoned, reason: "the token is dead")
        let parts = abandoned.flatMap { serials in
            home.genesis.keys.filter { $0.authority == serials.authority }.map {
                RevocationList.Authority(key: $0.publicKey, serials: [serials.serials])
            }
        }
        let list = try RevocationList(
            version: 1, generated: home.now.seconds, authorities: parts
        ).encoded()
        let revocations = item.revocations(riskClass: "revocation")
            .filter { revoke in
                revoked?.contains { "serial \($0.serials.lowerBound)" == revoke.target.text }
                    ?? true
            }
        let decision = try home.draft(
            [.abandon(item)] + revocations.map { .revoke($0) }
                + [
                    .revocationList(
                        RevocationListItem(version: 1, riskClass: "revocation", bytes: list))
                ], number: 2)
        return (decision, list)
    }

    private func end(
        _ home: inout SampleHome, _ manifest: BatchManifest, _ decision: BatchManifest
    ) throws {
        try home.close(manifest, certificates: 1, abandoned: (decision, ended ?? abandoned))
    }
}
