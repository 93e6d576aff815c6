// SPDX-License-Identifier: Apache-2.0
import Documents
import HomeSupport
import Issuance
import SSHCrypto
import SSHFormats
import Testing

@Suite("The policy's decision")
struct PolicyDecisionTests {
    private let key: SoftwareKey
    private let user: RequestDraft
    private let host: RequestDraft
    private let policy: Policy
    private let now: UnixTime

    init() throws {
        key = try SoftwareKey("alice")
        user = RequestDraft.user(key)
        host = RequestDraft.host(key)
        policy = try SampleTexts.makePolicy()
        now = try time("2026-11-22T10:00:00Z")
    }

    private func refusal(
        _ draft: RequestDraft, at time: UnixTime? = nil,
        history: IssuanceHistory = IssuanceHistory(), policy: Policy? = nil
    ) throws -> [String] {
        let request = try draft.request(signedBy: key)
        switch (policy ?? self.policy).decide(request, at: time ?? now, history: history) {
        case .admitted: return []
        case .refused(let violations): return violations.map { "\($0)" }
        }
    }

    @Test("what the profile allows is admitted under it")
    func admitted() throws {
        let request = try user.request(signedBy: key)
        guard
            case .admitted(let admitted) = policy.decide(
                request, at: now, history: IssuanceHistory())
        else {
            Issue.record("it was refused")
            return
        }
        #expect(admitted.request == request)
        #expect(admitted.profile.name == "staff")
        #expect(try refusal(host) == [])
    }

    // MARK: - History and time

    @Test("a request is admitted once")
    func replay() throws {
        let id = try user.request(signedBy: key).id
        #expect(
            try refusal(user, history: IssuanceHistory(admittedRequests: [id]))
                == ["request \(id.hex) was admitted before (REQUEST-REPLAY)"])
        let other = RequestDraft.user(key, nonce: 99)
        #expect(try refusal(other, history: IssuanceHistory(admittedRequests: [id])) == [])
    }

    @Test("a request may be 30 days old and not a second older")
    func age() throws {
        #expect(try refusal(user, at: time("2026-12-22T09:00:00Z")) == [])
        #expect(
            try refusal(user, at: time("2026-12-22T09:00:01Z")) == [
                "created 2026-11-22T09:00:00Z is more than 30d before 2026-12-22T09:00:01Z "
                    + "(REQUEST-AGE)"
            ])
    }

    @Test("a request may be ten minutes ahead of the clock and not a second more")
    func future() throws {
        #expect(try refusal(user, at: time("2026-11-22T08:50:00Z")) == [])
        #expect(
            try refusal(user, at: time("2026-11-22T08:49:59Z")) == [
                "created 2026-11-22T09:00:00Z is more than 10m ahead of 2026-11-22T08:49:59Z "
                    + "(REQUEST-FUTURE)"
            ])
    }

    @Test("a second decision looks at neither age nor replay")
    func again() throws {
        let request = try user.request(signedBy: key)
        let decision = policy.decideAgain(
            request, at: try time("2027-11-22T09:00:00Z"),
            history: IssuanceHistory(admittedRequests: [request.id]))
        guard case .admitted = decision else {
            Issue.record("it was refused")
            return
        }
    }

    @Test("a key that was revoked, or is a CA's, is refused even where the authority is unknown")
    func keys() throws {
        let history = IssuanceHistory(
            revokedKeys: [key.publicKey], authorityKeys: [key.publicKey])
        let told = [
            "key \(key.publicKey.fingerprint) was revoked (KEY-REVOKED)",
            "key \(key.publicKey.fingerprint) is a CA key of this home (KEY-AUTHORITY)",
        ]
        #expect(try refusal(user, history: history) == told)
        #expect(
            try refusal(user.setting("authority", "guests@example.org"), history: history)
                == told + [
                    "authority \"guests@example.org\" is not one of this home's: "
                        + "users@example.org, hosts@example.org (POLICY-AUTHORITY)"
                ])
    }

    // MARK: - Authority and profile

    @Test("an authority of another home is refused")
    func authority() throws {
        #expect(
            try refusal(user.setting("authority", "users@example.net")) == [
                "authority \"users@example.net\" is not one of this home's: users@example.org, "
                    + "hosts@example.org (POLICY-AUTHORITY)"
            ])
    }

    @Test("the type is the authority's")
    func kind() throws {
        #expect(
            try refusal(host.setting("authority", "users@example.org")) == [
                "type host does not fit authority \"users@example.org\", which certifies users "
                    + "(POLICY-TYPE)",
                "profile \"servers\" is not one of users@example.org: staff, admins "
                    + "(POLICY-PROFILE)",
            ])
    }

    @Test("a profile is one of the authority's own")
    func profile() throws {
        for name in ["servers", "nobody"] {
            #expect(
                try refusal(user.setting("profile", name)) == [
                    "profile \"\(name)\" is not one of users@example.org: staff, admins "
                        + "(POLICY-PROFILE)"
                ])
        }
    }

    // MARK: - Principals

    @Test("each principal that the profile does not list is told, byte by byte")
    func principals() throws {
        #expect(
            try refusal(user.setting("principal", "root").adding("principal", "Alice")) == [
                "principal \"root\" is not allowed by profile \"staff\": alice, bob, olivia "
                    + "(POLICY-PRINCIPAL)",
                "principal \"Alice\" is not allowed by profile \"staff\": alice, bob, olivia "
                    + "(POLICY-PRINCIPAL)",
            ])
        #expect(try refusal(user.adding("principal", "bob")) == [])
    }

    @Test("a host name fits a pattern or stands in the list")
    func hostNames() throws {
        #expect(try refusal(host.setting("principal", "bastion.example.net")) == [])
        for name in ["web.example.net", "example.org", "a.b.example.org"] {
            #expect(
                try refusal(host.setting("principal", name)) == [
                    "principal \"\(name)\" is not allowed by profile \"servers\": "
                        + "bastion.example.net, *.example.org (POLICY-PRINCIPAL)"
                ])
        }
    }

    @Test("of a long list of principals the message names twelve")
    func manyPrincipals() throws {
        let names = (10..<24).map { "principal: p\($0)\n" }.joined()
        let policy = try SampleTexts.makePolicy(replacing: "principal: root\n", with: names)
        let draft = user.setting("profile", "admins").setting("principal", "root")
        let listed = (10..<22).map { "p\($0)" }.joined(separator: ", ")
        #expect(
            try refusal(draft, policy: policy) == [
                "principal \"root\" is not allowed by profile \"admins\": \(listed) and 2 more "
                    + "(POLICY-PRINCIPAL)"
            ])
    }

    // MARK: - Options

    @Test("an option is one that the profile allows or gives")
    func options() throws {
        #expect(
            try refusal(
                user.adding("option", "permit-pty").adding("option", "permit-X11-forwarding")
                    .adding("option", "force-command=/bin/true")) == [])
        #expect(
            try refusal(
                user.adding("option", "permit-agent-forwarding").adding("option", "verify-required")
            ) == [
                "option \"verify-required\" is not allowed by profile \"staff\" (POLICY-OPTION)",
                "option \"permit-agent-forwarding\" is not allowed by profile \"staff\" "
                    + "(POLICY-OPTION)",
            ])
    }

    @Test("an option that every certificate carries may be asked for as it is, and no other way")
    func requiredOptions() throws {
        let admin = user.setting("profile", "admins").setting("principal", "root")
        #expect(try refusal(admin) == [])
        #expect(
            try refusal(
                admin.adding("option", "source-address=192.0.2.0/24").adding("option", "permit-pty")
            ) == [])
        #expect(
            try refusal(admin.adding("option", "source-address=0.0.0.0/0")) == [
                "option \"source-address\" is not allowed by profile \"admins\" (POLICY-OPTION)",
                "option \"source-address=0.0.0.0/0\" contradicts \"source-address=192.0.2.0/24\", "
                    + "which profile \"admins\" puts into every certificate (POLICY-OPTION)",
            ])
    }

    @Test("a required option cannot be asked for with another value even where its name is allowed")
    func contradiction() throws {
        let policy = try SampleTexts.makePolicy(
            replacing: "required-option: permit-pty", with: "option: source-address")
        let admin = user.setting("profile", "admins").setting("principal", "root")
            .adding("option", "source-address=192.0.2.0/25")
        #expect(
            try refusal(admin, policy: policy) == [
                "option \"source-address=192.0.2.0/25\" contradicts "
                    + "\"source-address=192.0.2.0/24\", which profile \"admins\" puts into every "
                    + "certificate (POLICY-OPTION)"
            ])
    }

    // MARK: - The key

    @Test("a kind of key is one that the profile allows")
    func keyKind() throws {
        let admin = user.setting("profile", "admins").setting("principal", "root")
        let token = try SoftwareKey(securityKey: "alice-token")
        let draft = admin.setting("public-key", token.publicKey.line)
        let request = try CertificateRequest(file: draft.file(signedBy: token))
        guard
            case .refused(let violations) = policy.decide(
                request, at: now, history: IssuanceHistory())
        else {
            Issue.record("it was admitted")
            return
        }
        #expect(
            violations.map { "\($0)" } == [
                "key kind sk-ed25519 is not allowed by profile \"admins\": ed25519 "
                    + "(POLICY-KEY-KIND)"
            ])
    }

    @Test("an RSA key is as long as the profile demands")
    func keySize() throws {
        let workshop = try KeygenWorkshop()
        let rsa = try workshop.makeKey("rsa", ["rsa", "-b", "2048"])
        let text = user.setting("public-key", rsa.line).text
        let request = try CertificateRequest(
            file: text
                + workshop.sign(text, with: "rsa", namespace: CertificateRequest.namespace))
        for (bits, isGood) in [("2048", true), ("2049", false), ("3072", false)] {
            let policy = try SampleTexts.makePolicy(
                replacing: "minimum-rsa-bits: 3072", with: "minimum-rsa-bits: \(bits)")
            let decision = policy.decide(request, at: now, history: IssuanceHistory())
            switch decision {
            case .admitted: #expect(isGood)
            case .refused(let violations):
                #expect(
                    violations.map { "\($0)" } == [
                        "RSA key of 2048 bits is shorter than \(bits) (POLICY-KEY-SIZE)"
                    ])
                #expect(!isGood)
            }
        }
    }

    // MARK: - Validity

    @Test("a span may be the profile's maximum and not a second more")
    func spanMaximum() throws {
        #expect(try refusal(user.adding("validity", "30d")) == [])
        #expect(
            try refusal(user.adding("validity", "2592001s"))
                == ["validity 2592001s exceeds 30d (VALIDITY-MAX)"])
    }

    @Test("a window may be as long as the maximum and not a second more")
    func windowLength() throws {
        let from = "2026-11-10T10:00:00Z/"
        #expect(try refusal(user.adding("validity", from + "2026-12-10T10:00:00Z")) == [])
        #expect(
            try refusal(user.adding("validity", from + "2026-12-10T10:00:01Z"))
                == ["validity 2592001s exceeds 30d (VALIDITY-MAX)"])
    }

    @Test("a window ends at most the maximum after now, so that nobody keeps one for later")
    func windowEnd() throws {
        let from = "2026-12-21T10:00:00Z/"
        #expect(try refusal(user.adding("validity", from + "2026-12-22T10:00:00Z")) == [])
        #expect(
            try refusal(user.adding("validity", from + "2026-12-22T10:00:01Z")) == [
                "validity ends 2026-12-22T10:00:01Z, more than 30d after 2026-11-22T10:00:00Z "
                    + "(VALIDITY-MAX)"
            ])
    }

    @Test("a window that is over is refused, to the second")
    func windowPast() throws {
        let from = "2026-11-20T10:00:00Z/"
        #expect(try refusal(user.adding("validity", from + "2026-11-22T10:00:01Z")) == [])
        #expect(
            try refusal(user.adding("validity", from + "2026-11-22T10:00:00Z")) == [
                "validity ends 2026-11-22T10:00:00Z, not after 2026-11-22T10:00:00Z (VALIDITY-PAST)"
            ])
    }

    // MARK: - The key ID

    @Test("a key ID that would exceed 256 bytes is refused at intake")
    func keyIDLength() throws {
        // Three times 96 bytes and a serial of up to 20 digits.
        let policy = try SampleTexts.makePolicy(
            replacing: "key-id: {requester}/{profile}/{serial}",
            with: "key-id: {requester}{requester}{serial}\(String(repeating: "k", count: 44))")
        let longest = String(repeating: "r", count: 96)
        #expect(try refusal(user.setting("requester", longest), policy: policy) == [])
        let wider = try SampleTexts.makePolicy(
            replacing: "key-id: {requester}/{profile}/{serial}",
            with: "key-id: {requester}{requester}{serial}\(String(repeating: "k", count: 45))")
        #expect(
            try refusal(user.setting("requester", longest), policy: wider) == [
                "key ID \"{requester}{requester}{serial}\(String(repeating: "k", count: 45))\" would "
                    + "have up to 257 bytes, more than 256 (KEY-ID)"
            ])
        #expect(try refusal(user, policy: wider) == [])
    }

    // MARK: - All at once

    @Test("everything that is wrong is told at once")
    func allAtOnce() throws {
        let draft = user.setting("profile", "admins").adding("option", "permit-user-rc")
            .adding("validity", "13h").setting("created", "2025-11-22T09:00:00Z")
        let id = try draft.request(signedBy: key).id
        #expect(
            try refusal(
                draft,
                history: IssuanceHistory(admittedRequests: [id], revokedKeys: [key.publicKey])
            )
            .map { $0.drop { $0 != "(" } } == [
                "(REQUEST-REPLAY)", "(REQUEST-AGE)", "(KEY-REVOKED)", "(POLICY-PRINCIPAL)",
                "(POLICY-OPTION)", "(VALIDITY-MAX)",
            ])
    }
}
