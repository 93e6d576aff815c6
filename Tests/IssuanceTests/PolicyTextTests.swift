// SPDX-License-Identifier: Apache-2.0
import Documents
import HomeSupport
import Issuance
import SSHCrypto
import SSHFormats
import Testing
import TokenEvidence

@Suite("The policy's text")
struct PolicyTextTests {
    private func faults(_ old: String, _ new: String) throws -> [String]? {
        try violations { try SampleTexts.makePolicy(replacing: old, with: new) }
    }

    @Test("a policy is read with its bounds, authorities and profiles")
    func wholePolicy() throws {
        let policy = try SampleTexts.makePolicy()
        #expect(policy.batchLifetime == (try span("7d")))
        #expect(policy.clockMaximumStep == (try span("90d")))
        #expect(policy.requestMaximumAge == (try span("30d")))
        #expect(policy.authorities.map(\.name) == ["users@example.org", "hosts@example.org"])
        #expect(policy.authorities.map(\.kind) == [.user, .host])
        #expect(policy.profiles.map(\.name) == ["staff", "admins", "servers"])
        #expect(policy.digest == SHA256Digest(hashing: Array(SampleTexts.policy.utf8)))
        #expect(policy.authority("hosts@example.org")?.kind == .host)
        #expect(policy.authority("other@example.org") == nil)
        #expect(policy.profile("root") == nil)
        let admins = try #require(policy.profile("admins"))
        #expect(admins.authority == "users@example.org")
        #expect(admins.kind == .user)
        #expect(admins.riskClass == "elevated")
        #expect(admins.requiredOptions.texts == ["source-address=192.0.2.0/24", "permit-pty"])
        #expect(admins.defaultValidity == (try span("8h")))
        #expect(admins.maximumValidity == (try span("12h")))
        #expect(admins.backdate == (try span("1m")))
        let servers = try #require(policy.profile("servers"))
        #expect(servers.keyKinds == [.ed25519, .ecdsaP384])
        #expect(servers.hostPatterns.map(\.text) == ["*.example.org"])
        #expect(servers.allows(principal: "bastion.example.net"))
        #expect(servers.allows(principal: "web1.example.org"))
        #expect(!servers.allows(principal: "web1.example.net"))
    }

    @Test(
        "a bound may reach its ceiling and not pass it",
        arguments: [
            ("batch-lifetime", "7d", "30d", "2592001s", 2, "30d"),
            ("request-maximum-age", "30d", "366d", "367d", 4, "366d"),
            ("validity-maximum", "30d", "366d", "8785h", 28, "366d"),
            ("validity-maximum", "90d", "1098d", "1099d", 54, "1098d"),
            ("backdate", "1m", "24h", "25h", 42, "1d"),
        ])
    func ceilings(
        name: String, given: String, highest: String, above: String, line: Int, ceiling: String
    ) throws {
        #expect(try faults("\(name): \(given)", "\(name): \(highest)") == nil)
        #expect(
            try faults("\(name): \(given)", "\(name): \(above)") == [
                "line \(line): \(name) \(above) exceeds the ceiling of \(ceiling) (POLICY-TEXT)"
            ])
    }

    @Test("what is demanded of tokens is read before the authorities, and nowhere else")
    func tokens() throws {
        #expect(try SampleTexts.makePolicy().tokens == .standard)
        let block = "attestation: required\nattestation-root: yubico\nminimum-firmware: 5.7.0\n\n"
        let first = "authority: users@example.org\ntype: user"
        let policy = try SampleTexts.makePolicy(replacing: first, with: block + first)
        #expect(policy.tokens.attestation == .required)
        #expect(policy.tokens.minimumFirmware == FirmwareVersion(5, 7, 0))
        let later = "authority: hosts@example.org\ntype: host"
        #expect(
            try faults(later, block + later)?.contains(
                "line 9: field \"authority\" is missing (DOC-MISSING)") == true)
        #expect(
            try faults(first, "attestation: required\n\n" + first) == [
                "line 6: field \"attestation-root\" is missing: no attestation could ever hold "
                    + "(DOC-MISSING)"
            ])
    }

    @Test("the default validity may be the maximum and not more")
    func defaultValidity() throws {
        #expect(try faults("validity-default: 8h", "validity-default: 12h") == nil)
        #expect(
            try faults("validity-default: 8h", "validity-default: 13h") == [
                "line 40: validity-default 13h exceeds validity-maximum 12h (POLICY-TEXT)"
            ])
    }

    @Test(
        "the shortest RSA key has 2048 to 16384 bits",
        arguments: [
            ("2048", true), ("16384", true), ("2047", false), ("16385", false),
            ("02048", false), ("-1", false), ("18446744073709551616", false),
        ])
    func bits(text: String, isGood: Bool) throws {
        let faults = try faults(
            "rsa\nminimum-rsa-bits: 3072", "rsa\nminimum-rsa-bits: \(text)")
        #expect(
            faults
                == (isGood
                    ? nil
                    : [
                        "line 22: minimum-rsa-bits \"\(text)\" is not a number of bits from 2048 to "
                            + "16384 (POLICY-TEXT)"
                    ]))
    }

    @Test("an authority and a profile stand there once")
    func twice() throws {
        #expect(
            try faults(
                "authority: hosts@example.org\ntype: host",
                "authority: users@example.org\ntype: host")?
                .first == "line 9: authority \"users@example.org\" stands there twice (POLICY-TEXT)"
        )
        #expect(
            try faults("profile: admins", "profile: staff")
                == ["line 32: profile \"staff\" stands there twice (POLICY-TEXT)"])
    }

    @Test("an authority that stands there twice is the first, for profiles and for a third")
    func firstStays() throws {
        let again = "authority: users@example.org\ntype: host\n\n"
        #expect(
            try faults("profile: staff", again + again + "profile: staff") == [
                "line 12: authority \"users@example.org\" stands there twice (POLICY-TEXT)",
                "line 15: authority \"users@example.org\" stands there twice (POLICY-TEXT)",
            ])
    }

    @Test("of very many blocks at fault the first thousand are told and the rest is counted")
    func countsTheRest() throws {
        let blocks = String(repeating: "authority: users@example.org\ntype: user\n\n", count: 1_002)
        let told = try faults("profile: staff", blocks + "profile: staff")
        #expect(told?.count == 1_001)
        #expect(told?.last == "2 more faults are not listed (DOC-LINE)")
    }

    @Test("a profile names an authority that stands above it")
    func unknownAuthority() throws {
        #expect(
            try faults(
                "profile: admins\nauthority: users@example.org",
                "profile: admins\nauthority: admins@example.org") == [
                    "line 33: authority \"admins@example.org\" is not an authority that stands "
                        + "above (DOC-VALUE)"
                ])
    }

    @Test("a profile allows at least one principal")
    func noPrincipal() throws {
        #expect(
            try faults("principal: root\n", "")
                == ["line 32: profile \"admins\" allows no principal (POLICY-TEXT)"])
    }

    @Test("a profile allows at least one kind of key, and only known ones")
    func keyKinds() throws {
        #expect(
            try faults("principal: root\nkey-kind: ed25519\n", "principal: root\n")
                == ["line 32: the profile allows no key-kind (POLICY-TEXT)"])
        #expect(
            try faults("principal: root\nkey-kind: ed25519\n", "principal: root\nkey-kind: dsa\n")
                == [
                    "line 36: key-kind \"dsa\" is not one of rsa, ecdsa-p256, ecdsa-p384, "
                        + "ecdsa-p521, ed25519, sk-ecdsa, sk-ed25519 (POLICY-TEXT)"
                ])
    }

    @Test("a malformed principal is refused where it stands")
    func badPrincipal() throws {
        #expect(
            try faults("principal: root\n", "principal: ro*t\n") == [
                "line 35: principal \"ro*t\" has a character outside A-Z a-z 0-9 . _ @ : + - "
                    + "(POLICY-TEXT)"
            ])
        #expect(
            try faults("principal: bastion", "principal: Bastion") == [
                "line 48: host principal \"Bastion.example.net\" has upper-case letters, which "
                    + "never match (POLICY-TEXT)"
            ])
    }

    @Test("what is for hosts does not stand in a profile for users")
    func hostPatternForUsers() throws {
        #expect(
            try faults("principal: root\n", "principal: root\nhost-pattern: *.example.org\n")
                == ["line 36: host-pattern stands in a profile for users (POLICY-TEXT)"])
    }

    @Test("what is for users does not stand in a profile for hosts")
    func userFieldsForHosts() throws {
        let pattern = "host-pattern: *.example.org\n"
        #expect(
            try faults(
                pattern,
                pattern + "login-account: deploy\noption: permit-pty\n"
                    + "required-option: verify-required\nextension: permit-pty\n") == [
                    "line 50: login-account stands in a profile for hosts (POLICY-TEXT)",
                    "line 51: option \"permit-pty\" is not possible: host certificates carry no "
                        + "options (POLICY-TEXT)",
                    "line 52: host certificates carry no options (POLICY-TEXT)",
                    "line 53: host certificates carry no extensions (POLICY-TEXT)",
                ])
    }

    @Test("a host pattern that could match half the world is refused")
    func wideHostPattern() throws {
        #expect(
            try faults("host-pattern: *.example.org", "host-pattern: *.org") == [
                "line 49: host-pattern \"*.org\" is not a host pattern such as *.example.org, with "
                    + "two literal labels (POLICY-TEXT)"
            ])
    }

    @Test(
        "a login account is safe as a file's name",
        arguments: [
            "con", "aux.txt", "com0", "lpt9", "deploy.", "../root", ".ssh", "-x", "Deploy", "a b",
            "a/b", String(repeating: "a", count: 33),
        ]
    )
    func loginAccount(name: String) throws {
        #expect(
            try faults("principal: root\n", "principal: root\nlogin-account: \(name)\n")
                == ["line 36: login-account \"\(name)\" is not an account name (POLICY-TEXT)"])
    }

    @Test("login accounts are kept")
    func loginAccounts() throws {
        let policy = try SampleTexts.makePolicy(
            replacing: "principal: root\n",
            with: "principal: root\nlogin-account: deploy\nlogin-account: www-data.1_a\n")
        #expect(policy.profile("admins")?.loginAccounts == ["deploy", "www-data.1_a"])
    }

    @Test("authorities have file names of their own")
    func fileNames() throws {
        #expect(
            try SampleTexts.makePolicy().authorities.map(\.fileName)
                == ["users_example.org", "hosts_example.org"])
        let text = SampleTexts.policy
            .replacing("users@example.org", with: "a@b_c").replacing(
                "hosts@example.org", with: "a_b@c")
        #expect(
            try violations { try Policy(text: Array(text.utf8)) }?.first
                == "line 9: authority \"a_b@c\" would share the file name a_b_c with \"a@b_c\" "
                + "(POLICY-TEXT)")
    }

    @Test("options come from the table and stand there once")
    func options() throws {
        #expect(
            try faults("option: force-command\n", "option: force\n")
                == ["line 23: option \"force\" is not the name of an option (POLICY-TEXT)"])
        #expect(
            try faults("option: force-command\n", "option: force-command=/bin/true\n") == [
                "line 23: option \"force-command=/bin/true\" is not the name of an option "
                    + "(POLICY-TEXT)"
            ])
        #expect(
            try faults("required-option: permit-pty", "required-option: source-address=10.0.0.0/8")
                == ["line 39: option \"source-address\" stands there twice (POLICY-TEXT)"])
        #expect(
            try faults("extension: permit-pty", "extension: permit-pty\nextension: permit-pty")
                == ["line 27: extension \"permit-pty\" stands there twice (POLICY-TEXT)"])
        #expect(
            try faults("extension: permit-pty", "extension: verify-required")
                == ["line 26: extension \"verify-required\" is not a known extension (POLICY-TEXT)"]
        )
    }

    @Test("a key-id template is read with the profile")
    func keyID() throws {
        #expect(
            try faults("key-id: admin-{serial}", "key-id: admin")
                == ["line 43: key-id names neither {serial} nor {request} (POLICY-TEXT)"])
    }

    @Test("a policy without authorities is refused")
    func noAuthority() throws {
        let text =
            "conclave-policy: v1\nbatch-lifetime: 7d\nclock-maximum-step: 90d\n"
            + "request-maximum-age: 30d\n"
        #expect(
            try violations { try Policy(text: Array(text.utf8)) }
                == ["the policy names no authority (POLICY-TEXT)"])
    }

    @Test("a policy has all of its bounds, and nothing else")
    func fields() throws {
        #expect(
            try faults("clock-maximum-step: 90d\n", "clock-step: 90d\n") == [
                "line 1: field \"clock-maximum-step\" is missing (DOC-MISSING)",
                "line 3: field \"clock-step\" is not known here (DOC-FIELD)",
            ])
    }

    @Test("the faults of all blocks are told at once")
    func allAtOnce() throws {
        let text = SampleTexts.policy.replacing("type: host", with: "type: server")
            .replacing("batch-lifetime: 7d", with: "batch-lifetime: 0d")
            .replacing("principal: root", with: "principal: r,t")
        let rules = try violations { try Policy(text: Array(text.utf8)) }
        #expect(rules?.count == 4)
        #expect(rules?.first?.contains("batch-lifetime") == true)
        #expect(rules?.contains { $0.contains("type \"server\"") } == true)
        #expect(rules?.contains { $0.contains("r,t") } == true)
    }
}
