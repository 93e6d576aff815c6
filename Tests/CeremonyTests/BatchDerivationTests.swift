// SPDX-License-Identifier: Apache-2.0
import Ceremony
import Documents
import HomeSupport
import Issuance
import SSHCrypto
import SSHFormats
import Testing

/// Batches that are sound in themselves, follow the ledger and have every approval, but were drafted
/// by something that did not keep to request, policy and roster.
@Suite("Batches that request, policy and roster do not lead to")
struct BatchDerivationTests {
    private let alice: SoftwareKey
    private let web1: SoftwareKey
    private var ledger: MemoryLedger

    init() throws {
        alice = try SoftwareKey("alice")
        web1 = try SoftwareKey("web1")
        ledger = try MemoryLedger()
        try ledger.admit(.user(alice), for: alice)
    }

    /// What the gate says of a batch that everybody approved.
    private func faults(
        _ manifest: BatchManifest, in ledger: MemoryLedger? = nil,
        at time: String = "2026-11-22T10:00:00Z"
    ) throws -> [String]? {
        var ledger = ledger ?? self.ledger
        try ledger.append(BatchRecord(manifest).draft, at: HomeSupport.time(time))
        try ledger.approve(manifest, by: "olivia", "pavel", "quinn", at: time)
        return try violations { try ledger.gate(manifest, at: time) }
    }

    private var honest: BatchManifest {
        get throws {
            let pending = ledger.state.pendingRequests(at: try time("2026-11-22T10:00:00Z"))
            return try ledger.drafted(.init(requests: pending.map(\.request))).manifest
        }
    }

    @Test("a batch as it is drafted is what they lead to")
    func unaltered() throws {
        #expect(try faults(honest) == nil)
    }

    @Test(
        "a certificate beyond its request or profile is not signed, whoever approved it",
        arguments: [
            ("valid-before", "2036-11-22T10:00:00Z"), ("valid-after", "2026-11-22T09:54:59Z"),
            ("valid-before", "2026-11-29T09:59:59Z"), ("class", "revocation"),
            ("key-id", "root/staff/1"), ("extension", "permit-port-forwarding"),
            ("requester", "Somebody Else"), ("profile", "admins"),
        ])
    func beyond(name: String, value: String) throws {
        let forged = try ManifestForge.forge(honest, (name, value))
        let told = ["profile", "class", "requester"].contains(name) ? name : "\(name), tbs-sha256"
        #expect(
            try faults(forged) == [
                "item 1: not what request, policy and time lead to: \(told) (BATCH-DERIVED)"
            ])
    }

    @Test("an option that the profile puts into every certificate cannot be left out")
    func requiredOption() throws {
        var ledger = try MemoryLedger()
        let request = try ledger.admit(
            .user(alice, principal: "root").setting("profile", "admins"), for: alice)
        let manifest = try ledger.drafted(.init(requests: [request])).manifest
        #expect(try faults(manifest, in: ledger) == nil)
        let forged = try ManifestForge.forge(manifest, ("critical-option", ""))
        #expect(
            try faults(forged, in: ledger) == [
                "item 1: not what request, policy and time lead to: critical-option, tbs-sha256 "
                    + "(BATCH-DERIVED)"
            ])
    }

    @Test("a class that takes fewer approvals does not stand in for the profile's")
    func lowerClass() throws {
        var ledger = try MemoryLedger()
        let request = try ledger.admit(
            .user(alice, principal: "root").setting("profile", "admins"), for: alice)
        let manifest = try ledger.drafted(.init(requests: [request])).manifest
        let forged = try ManifestForge.forge(manifest, ("class", "revocation"))
        try ledger.append(BatchRecord(forged).draft, at: time("2026-11-22T10:00:00Z"))
        try ledger.approve(forged, by: "quinn")
        #expect(
            try violations { try ledger.gate(forged, at: "2026-11-22T12:00:00Z") } == [
                "item 1: not what request, policy and time lead to: class (BATCH-DERIVED)"
            ])
    }

    @Test("the CA key of another authority does not sign", arguments: ["hosts-ca", "mallory"])
    func otherAuthorityKey(name: String) throws {
        let key = try SoftwareKey(name).publicKey
        let forged = try ManifestForge.forge(honest, ("ca-key", key.line))
        #expect(
            try faults(forged) == [
                "item 1: \(key.fingerprint) is no CA key of \"users@example.org\" (BATCH-DERIVED)"
            ])
    }

    @Test("each CA key that the genesis lists for the authority may sign")
    func spareKey() throws {
        var ledger = try MemoryLedger(keys: [
            "users-ca users@example.org", "hosts-ca hosts@example.org",
            "users-ca-2 users@example.org",
        ])
        let request = try ledger.admit(.user(alice), for: alice)
        let manifest = try ledger.drafted(.init(requests: [request])).manifest
        let spare = try ManifestForge.forge(
            manifest, ("ca-key", SoftwareKey("users-ca-2").publicKey.line))
        #expect(try faults(spare, in: ledger) == nil)
    }

    @Test("a request that the policy never allowed is not signed, though it was admitted")
    func admittedBeyond() throws {
        var ledger = try MemoryLedger()
        // The ledger's replay knows that the maker holds the key; what is allowed is asked here.
        try ledger.admit(.user(alice, principal: "root"), for: alice)
        let good = try ledger.admit(.user(alice, nonce: 7), for: alice)
        let bad = try #require(ledger.state.requestOrder.first)
        let manifest = try ledger.drafted(.init(requests: [good])).manifest
        let forged = try ManifestForge.forge(
            manifest, ("request", bad.hex), ("principal", "root"))
        #expect(
            try faults(forged, in: ledger) == [
                "item 1: principal \"root\" is not allowed by profile \"staff\": alice, bob, olivia "
                    + "(POLICY-PRINCIPAL)"
            ])
    }

    // MARK: - Renewals

    @Test("a renewal beyond the host's consent is not signed")
    func renewal() throws {
        var ledger = try MemoryLedger()
        let request = try ledger.admit(
            .host(web1).adding("renewable-until", "2026-12-25T00:00:00Z"), for: web1)
        try ledger.complete(ledger.draftPending(), at: "2026-11-22T12:00:00Z")
        let late = "2026-12-01T00:00:00Z"
        let manifest = try ledger.drafted(.init(renewals: [request]), at: late).manifest
        #expect(try faults(manifest, in: ledger, at: late) == nil)
        let forged = try ManifestForge.forge(manifest, ("valid-before", "2026-12-29T00:00:00Z"))
        #expect(
            try faults(forged, in: ledger, at: late) == [
                "item 1: not what request, policy and time lead to: valid-before, tbs-sha256 "
                    + "(BATCH-DERIVED)"
            ])
    }

    // MARK: - Revocations

    private func revoking() throws -> BatchManifest {
        try ledger.drafted(
            .init(revocations: [
                RevokeItem(
                    authority: "users@example.org",
                    target: .key(try SoftwareKey("mallory").publicKey), riskClass: "revocation",
                    reason: "lost")
            ])
        ).manifest
    }

    private func manifest(
        like manifest: BatchManifest, _ items: [BatchItem]
    ) -> BatchManifest {
        BatchManifest(header: manifest.header, items: items)
    }

    @Test("a batch that revokes carries the list that results, and no other")
    func otherList() throws {
        let honest = try revoking()
        #expect(try faults(honest) == nil)
        let empty = try RevocationList(
            version: 1, generated: honest.header.created.seconds
        ).encoded()
        let forged = manifest(
            like: honest,
            [
                honest.items[0],
                .revocationList(
                    RevocationListItem(version: 1, riskClass: "revocation", bytes: empty)),
            ])
        #expect(
            try faults(forged) == [
                "item 2: the revocation list is not that of what was revoked so far and here "
                    + "(BATCH-DERIVED)"
            ])
    }

    @Test("a batch that revokes has a list, and one that does not has none")
    func listOrNone() throws {
        let honest = try revoking()
        let told = [
            "a revocation list goes along where something is revoked, and only there "
                + "(BATCH-DERIVED)"
        ]
        #expect(try faults(manifest(like: honest, [honest.items[0]])) == told)
        let empty = try RevocationList(
            version: 1, generated: honest.header.created.seconds
        ).encoded()
        let list = BatchItem.revocationList(
            RevocationListItem(version: 1, riskClass: "revocation", bytes: empty))
        #expect(try faults(manifest(like: honest, [list])) == told)
    }

    @Test("revocations and their list are of the class of revocations")
    func classes() throws {
        let honest = try revoking()
        let item = try #require(honest.items.first?.revoking)
        let list = try #require(honest.items.last?.listing)
        let forged = manifest(
            like: honest,
            [
                .revoke(
                    RevokeItem(
                        authority: item.authority, target: item.target, riskClass: "elevated",
                        reason: item.reason)),
                .revocationList(
                    RevocationListItem(version: 1, riskClass: "routine", bytes: list.bytes)),
            ])
        #expect(
            try faults(forged) == [
                "item 1: class \"elevated\" is not that of revocations, \"revocation\" "
                    + "(BATCH-DERIVED)",
                "item 2: class \"routine\" is not that of revocations, \"revocation\" "
                    + "(BATCH-DERIVED)",
            ])
    }

    @Test("what cannot be revoked is not, whoever approved it")
    func targets() throws {
        let honest = try revoking()
        for (target, message) in [
            (
                RevokeItem.Target.serials(1...1),
                "serial 1 of users@example.org was never given; the next is 1"
            ),
            (.keyID("x"), "no certificate of users@example.org has the key ID \"x\""),
            (
                .key(try SoftwareKey("users-ca").publicKey),
                "key \(try SoftwareKey("users-ca").publicKey.fingerprint) is a CA key; retiring "
                    + "one takes more than a revocation"
            ),
        ] {
            let forged = manifest(
                like: honest,
                [
                    .revoke(
                        RevokeItem(
                            authority: "users@example.org", target: target,
                            riskClass: "revocation", reason: "x")),
                    honest.items[1],
                ])
            #expect(
                try faults(forged)?.first == "item 1: \(message) (REVOCATION-TARGET)")
        }
    }
}
