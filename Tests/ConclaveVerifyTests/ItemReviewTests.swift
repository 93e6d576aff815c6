// SPDX-License-Identifier: Apache-2.0
import Documents
import Issuance
import SSHCrypto
import SSHFormats
import Testing

@testable import conclave_verify

@Suite("An item held against the policy")
struct ItemReviewTests {
    private let home: SampleHome
    private let founding: Founding
    private let item: IssueItem
    private let request: CertificateRequest
    private let drafted: UnixTime

    init() throws {
        var home = try SampleHome()
        let request = try home.admit(
            "alice", authority: "users@example.org", type: "user", profile: "staff",
            principal: "alice")
        self.request = request
        drafted = home.now
        guard case .issue(let item) = try home.item(for: request, serial: 1) else {
            throw SampleFault(description: "the sample's item issues nothing")
        }
        self.item = item
        founding = Founding(genesis: home.genesis, policy: home.policy, roster: home.roster)
        self.home = home
    }

    /// The item after its lines were changed, read back from a manifest.
    private func altered(_ changes: [(String, String)]) throws -> [BatchItem] {
        let header = BatchManifest.Header(
            genesis: home.genesis.id, number: 1, ledgerSize: 2, ledgerRoot: home.root,
            governingHead: home.root, roster: home.roster.digest, policy: home.policy.digest,
            created: drafted, expires: UnixTime(seconds: drafted.seconds + 60), tool: "test")
        let manifest = BatchManifest(header: header, items: [.issue(item)])
        var text = String(decoding: manifest.text, as: UTF8.self)
        for (old, new) in changes {
            let parts = text.split(separator: old, maxSplits: 1, omittingEmptySubsequences: false)
            try #require(parts.count == 2, "\(old)")
            text = parts.joined(separator: new)
        }
        return try BatchManifest(text: Array(text.utf8)).items
    }

    /// What of the item, with these lines changed, goes beyond what the home may do.
    private func faults(_ changes: (String, String)...) throws -> [String] {
        try altered(changes).flatMap {
            ItemReview($0, founding: founding, drafted: drafted).faults
        }
    }

    @Test("an item grants what the policy makes of its request, and nothing else")
    func derived() throws {
        func faults(_ changes: [(String, String)]) throws -> [String] {
            guard case .issue(let issue) = try altered(changes).first else { return ["no item"] }
            return ItemDerivation(
                issue, of: request, isRenewal: false, founding: founding, drafted: drafted
            ).faults
        }
        let (start, end) = (item.fields.validAfter, item.fields.validBefore)
        func text(_ seconds: UInt64) -> String { UnixTime(seconds: seconds).text }
        #expect(try faults([]) == [])
        for (old, new, what) in [
            ("valid-before: \(text(end))", "valid-before: \(text(end + 1))", "validity"),
            ("valid-before: \(text(end))", "valid-before: \(text(end - 1))", "validity"),
            ("valid-after: \(text(start))", "valid-after: \(text(start + 1))", "validity"),
            (
                "extension: permit-pty",
                "critical-option: source-address=10.0.0.0/8\nextension: permit-pty", "an option"
            ),
            ("tbs-sha256: ", "extension: permit-user-rc\ntbs-sha256: ", "an option"),
            ("principal: alice", "principal: bob", "list of principals"),
        ] {
            let name = what.hasPrefix("an ") ? what : "the " + what
            #expect(try faults([(old, new)]) == ["\(name) is not that of its request"], "\(new)")
        }
    }

    @Test("a renewal ends with the consent to it, and a first certificate does not")
    func renewal() throws {
        var home = home
        let until = UnixTime(seconds: drafted.seconds + 86_400)
        let request = try home.admit(
            "web", authority: "hosts@example.org", type: "host", profile: "servers",
            principal: "web.example.org", renewableUntil: until)
        guard case .issue(let item) = try home.item(for: request, serial: 1) else {
            throw SampleFault(description: "the sample's item issues nothing")
        }
        func faults(isRenewal: Bool) -> [String] {
            ItemDerivation(
                item, of: request, isRenewal: isRenewal, founding: founding, drafted: home.now
            ).faults
        }
        #expect(faults(isRenewal: false) == [])
        #expect(faults(isRenewal: true) == ["the validity is not that of its request"])
    }

    @Test("what the policy makes of a request is without fault")
    func flawless() throws {
        #expect(try faults() == [])
    }

    @Test("authority, CA key and type must fit one another")
    func authority() throws {
        #expect(
            try faults(("authority: users@example.org", "authority: root@example.org"))
                == ["authority \"root@example.org\" is not in the policy"])
        let hosts = try #require(home.genesis.keys.last).publicKey
        let users = try #require(home.genesis.keys.first).publicKey
        #expect(
            try faults(("ca-key: \(users.line)", "ca-key: \(hosts.line)")) == [
                "CA key \(hosts.fingerprint) is not one of users@example.org in the genesis"
            ])
        #expect(
            try faults(("profile: staff", "profile: servers"))
                == ["profile \"servers\" is not one of users@example.org"])
        #expect(
            try faults(("public-key: \(item.fields.publicKey.line)", "public-key: \(hosts.line)"))
                == ["the key to be certified is a CA key of this home"])
    }

    @Test("the class is the profile's, so that no batch gets by with fewer approvals")
    func riskClass() throws {
        #expect(
            try faults(("class: routine", "class: revocation"))
                == ["it is in class \"revocation\", and belongs in \"routine\""])
        let revoke = RevokeItem(
            authority: "users@example.org", target: .serials(1...1), riskClass: "routine",
            reason: "lost")
        #expect(
            ItemReview(.revoke(revoke), founding: founding, drafted: drafted).faults
                == ["it is in class \"routine\", and belongs in \"revocation\""])
        let list = RevocationListItem(version: 1, riskClass: "routine", bytes: [])
        #expect(
            ItemReview(.revocationList(list), founding: founding, drafted: drafted).faults
                == ["it is in class \"routine\", and belongs in \"revocation\""])
    }

    @Test("principals and key ID are the ones that the profile allows and makes")
    func names() throws {
        #expect(
            try faults(("principal: alice", "principal: root")) == [
                "principal \"root\" is not allowed by profile \"staff\""
            ])
        #expect(
            try faults(("key-id: alice/staff/1", "key-id: bob/staff/1")) == [
                "key ID \"bob/staff/1\" is not the one that the profile makes, \"alice/staff/1\""
            ])
    }

    @Test("options and extensions are those of the profile, and those that it allows")
    func options() throws {
        #expect(
            try faults(("extension: permit-pty\n", ""))
                == ["extension \"permit-pty\" of the profile is missing"])
        #expect(
            try faults(
                ("extension: permit-pty", "extension: permit-X11-forwarding\nextension: permit-pty")
            ) == ["extension \"permit-X11-forwarding\" is not allowed by the profile"])
        let option = "critical-option: force-command=/bin/x\nextension: permit-pty"
        #expect(
            try faults(("extension: permit-pty", option))
                == ["critical option \"force-command=/bin/x\" is not allowed by the profile"])
        let allowed = "critical-option: source-address=10.0.0.0/8\nextension: permit-pty"
        #expect(try faults(("extension: permit-pty", allowed)) == [])
    }

    @Test("the validity is within the profile's bounds on both sides")
    func validity() throws {
        let start = "valid-after: \(UnixTime(seconds: item.fields.validAfter).text)"
        let end = "valid-before: \(UnixTime(seconds: item.fields.validBefore).text)"
        func after(_ seconds: UInt64) -> String {
            "valid-after: \(UnixTime(seconds: seconds).text)"
        }
        func before(_ seconds: UInt64) -> String {
            "valid-before: \(UnixTime(seconds: seconds).text)"
        }
        let earliest = drafted.seconds - 300
        #expect(try faults((start, after(earliest))) == [])
        #expect(
            try faults((start, after(earliest - 1))) == [
                "it is valid from \(UnixTime(seconds: earliest - 1).text), more than 5m before the "
                    + "batch was drafted, \(drafted.text)"
            ])
        let latest = drafted.seconds + 30 * 86_400
        #expect(try faults((end, before(latest))) == [])
        #expect(
            try faults((end, before(latest + 1))) == [
                "it is valid until \(UnixTime(seconds: latest + 1).text), more than 30d after the "
                    + "batch was drafted, \(drafted.text)"
            ])
    }

    @Test("a CA key is not revoked like a user's, nor is anything of an unknown authority")
    func revocations() throws {
        let key = try #require(home.genesis.keys.first).publicKey
        let revoke = RevokeItem(
            authority: "nobody@example.org", target: .key(key), riskClass: "revocation",
            reason: "lost")
        #expect(
            ItemReview(.revoke(revoke), founding: founding, drafted: drafted).faults == [
                "authority \"nobody@example.org\" is not in the policy",
                "it revokes CA key \(key.fingerprint)",
            ])
    }
}
