// SPDX-License-Identifier: Apache-2.0

/// What a home is founded with.
struct HomePlan {
    /// The kind of the users' CA key.
    var userKey = "ecdsa-p256"
    /// The kind of the hosts' CA key.
    var hostKey = "ed25519"
    /// The officers.
    var officers: [Officer] = [.olivia, .pierre, .quinn]
    /// The thresholds, as YAML.
    var thresholds = "{routine: 2, elevated: 2}"
    /// How many persons sign a bundle.
    var bundleSignatures = 1
    /// How long approvals may be gathered.
    var lifetime = "7d"
    /// What is demanded of tokens, as YAML; nothing where it is empty.
    var tokens = ""
    /// The principals of the profile `staff`, as YAML.
    var staff = "[alice, bob, carol, dave, erin, frank, grace, olivia]"

    /// The account that those of the profile `staff` may log in to.
    var account = "deploy"

    /// The policy, as an administrator writes it.
    var policy: String {
        """
        conclave-policy: 1
        batch:
          lifetime: \(lifetime)
        clock:
          maximum-step: 90d
        request:
          maximum-age: 30d
        \(tokens.isEmpty ? "" : "tokens: \(tokens)\n")authorities:
          - name: users@example.org
            type: user
          - name: hosts@example.org
            type: host
        profiles:
          - name: staff
            authority: users@example.org
            class: routine
            principals: \(staff)
            login-accounts: [\(account)]
            key-kinds: [ed25519, sk-ed25519, sk-ecdsa, ecdsa-p256, ecdsa-p384, ecdsa-p521, rsa]
            minimum-rsa-bits: 3072
            options:
              allowed: [force-command, source-address, verify-required]
              required: []
            extensions: [permit-pty]
            validity: {default: 7d, maximum: 30d}
            backdate: 5m
            key-id: "{requester}/{profile}/{serial}"
          - name: servers
            authority: hosts@example.org
            class: routine
            principals: [localhost]
            host-patterns: ["*.example.org"]
            key-kinds: [ed25519, ecdsa-p256, ecdsa-p384, ecdsa-p521, rsa]
            minimum-rsa-bits: 3072
            validity: {default: 28d, maximum: 90d}
            key-id: "{principal}/{serial}"

        """
    }

    /// The roster; `key` answers the public key line of a file of that name.
    func roster(key: (String) throws -> String) rethrows -> String {
        var text = "conclave-roster: 1\nofficers:\n"
        for officer in officers {
            text += "  - name: \(officer.name)\n    accounts: [\(officer.name)]\n    keys:\n"
            let own = try key(officer.name)
            let ending = officer.until.map { "{key: \(own), until: \($0)}" }
            text += "      - \(ending ?? own)\n"
            for name in officer.spares { text += "      - \(try key(name))\n" }
        }
        text += "witnesses:\n  - name: wim\n    keys: [\(try key("wim"))]\n"
        text += "thresholds: \(thresholds)\nbundle-signatures: \(bundleSignatures)\n"
        return text
    }
}
