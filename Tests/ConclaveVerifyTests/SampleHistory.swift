// SPDX-License-Identifier: Apache-2.0
import Documents
import Issuance
import Ledger
import SSHCrypto
import SSHFormats

@testable import conclave_verify

/// Three ceremonies of a home, whose states tell of much: two certificates; a revocation, while a batch
/// and a request wait; the batch that waited.
struct SampleHistory: Sendable {
    /// A ceremony of which everything was done but its end recorded.
    struct Ceremony: Sendable {
        let home: SampleHome
        let manifest: BatchManifest
        let first: Int
        let approvals: [[UInt8]]
        let certificates: [Certificate]
        let list: [UInt8]

        func bundle(_ forge: ([UInt8]) -> [UInt8]) throws -> SampleBundle {
            var home = home
            try home.close(manifest, certificates: certificates.count, forging: forge)
            return try SampleBundle(
                home, manifest, first: first, (approvals, certificates), revocationList: list)
        }
    }

    private let ceremonies: [Ceremony]
    /// The bundles, in order.
    let bundles: [SampleBundle]

    /// The bundle of a ceremony that records a forged state, everything around it made anew.
    func bundle(_ place: Int, forging forge: ([UInt8]) -> [UInt8]) throws -> SampleBundle {
        try ceremonies[place - 1].bundle(forge)
    }

    /// Takes ceremonies.
    init(_ ceremonies: [Ceremony]) throws {
        self.ceremonies = ceremonies
        bundles = try ceremonies.map { try $0.bundle { $0 } }
    }

    /// Carries the ceremonies out.
    init() throws {
        var home = try SampleHome()
        let users = home.genesis.keys[0]
        var list = try home.genesis.firstRevocationList()
        var ceremonies: [Ceremony] = []
        var first = 0
        func carryOut(
            _ manifest: BatchManifest, _ officers: [String], approvals: [[UInt8]] = []
        ) throws {
            let signed = try home.carryOut(manifest, approvedBy: officers, ends: false)
            ceremonies.append(
                Ceremony(
                    home: home, manifest: manifest, first: first,
                    approvals: approvals + signed.approvals, certificates: signed.certificates,
                    list: list))
            try home.close(manifest, certificates: signed.certificates.count)
            first = home.entries.count
        }
        func admit(_ name: String) throws -> CertificateRequest {
            try home.admit(
                name, authority: users.authority, type: "user", profile: "staff", principal: name)
        }

        let alice = try admit("alice")
        let web = try home.admit(
            "web", authority: "hosts@example.org", type: "host", profile: "servers",
            principal: "web.example.org")
        let bob = try admit("bob")
        try carryOut(
            home.draft(
                [home.item(for: alice, serial: 1), home.item(for: web, serial: 1)], number: 1),
            ["Anna Ode", "Bert Poe"])

        let waiting = try home.draft([home.item(for: bob, serial: 2)], number: 2)
        let approval = try home.approve(waiting, by: "Anna Ode")
        list = try RevocationList(
            version: 1, generated: home.now.seconds,
            authorities: [.init(key: users.publicKey, serials: [1...1])]
        ).encoded()
        try carryOut(
            home.draft(
                [
                    .revoke(
                        RevokeItem(
                            authority: users.authority, target: .serials(1...1),
                            riskClass: "revocation", reason: "laptop lost")),
                    .revocationList(
                        RevocationListItem(version: 1, riskClass: "revocation", bytes: list)),
                ], number: 3),
            ["Bert Poe"])

        try carryOut(waiting, ["Bert Poe"], approvals: [approval])
        try self.init(ceremonies)
    }
}
