// SPDX-License-Identifier: Apache-2.0
import TestSupport
import Testing

@Suite("Requests")
struct RequestTests {
    private let bench: Workbench

    init() throws {
        bench = try Workbench.founded()
        try bench.makeKey("people/alice")
    }

    /// A request as someone writes it in an editor, with these lines in the place of the usual ones.
    private func text(_ changes: [String: String] = [:], key: String = "people/alice") throws
        -> String
    {
        let publicKey = try bench.text("\(key).pub").split(separator: " ").prefix(2)
        let now = try bench.run("date -u +%Y-%m-%dT%H:%M:%SZ").lines[0]
        let fields = [
            ("authority", "users@example.org"), ("type", "user"),
            ("public-key", publicKey.joined(separator: " ")), ("principal", "alice"),
            ("profile", "staff"), ("validity", "7d"), ("created", now),
            ("nonce", "00112233445566778899aabbccddeeff"),
            ("requester", "Älice <alice@example.org>"),
        ]
        var lines = ["conclave-request: v1"]
        for (name, value) in fields {
            let line = changes[name] ?? "\(name): \(value)"
            if !line.isEmpty { lines.append(line) }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Writes a request and has it signed by plain ssh-keygen: a text and a `.sig` beside it.
    private func write(_ name: String, _ text: String, key: String = "people/alice") throws {
        try bench.directory.write("spool/\(name)", text)
        try bench.run("ssh-keygen -q -Y sign -f \(key) -n conclave-request-v1 spool/\(name)")
    }

    @Test("an editor and ssh-keygen make a request, in one file or in two")
    func byHand() throws {
        try write("two.req", text())
        try write("one", text(["nonce": "nonce: ffeeddccbbaa99887766554433221100"]))
        try bench.run("cd spool; cat one one.sig >one.req; rm one one.sig")
        #expect(
            try bench.run("conclave request check --home ca spool/one.req spool/two.req").output
                == """
                fine      spool/one.req  would be admitted
                fine      spool/two.req  would be admitted

                """)
        let intake = try bench.run("conclave intake --home ca --spool spool")
        #expect(
            intake.lines.map { $0.prefix(18) } == [
                "admitted  one.req ", "admitted  two.req ", "2 admitted, 0 refu",
            ])
    }

    @Test("request show says what is asked for")
    func show() throws {
        try write(
            "alice.req", text(["validity": "validity: 12h\noption: source-address=10.0.0.0/8"]))
        let shown = try bench.run("conclave request show spool/alice.req")
        let key = try bench.fingerprint("people/alice.pub")
        #expect(
            shown.lines.dropFirst() == [
                "authority    users@example.org, profile staff", "type         user",
                "key          \(key) (ed25519)", "principals   alice", "validity     12h",
                "options      source-address=10.0.0.0/8",
                "created      \(try #require(shown.output.value(after: "created      ")))",
                "requester    Älice <alice@example.org>",
                "proof        the key itself signed the request",
            ])
    }

    /// What is wrong with a request: the change to a sound one, and the refusals in their order.
    struct Mistake {
        let name: String
        var change: [String: String] = [:]
        var key = "people/alice"
        let refusals: [String]
    }

    private static let mistakes = [
        Mistake(
            name: "principal.req", change: ["principal": "principal: mallory"],
            refusals: [
                "principal \"mallory\" is not allowed by profile \"staff\": alice, bob, carol, dave, erin, frank, grace, olivia (POLICY-PRINCIPAL)"
            ]),
        Mistake(
            name: "nobody.req", change: ["principal": ""],
            refusals: ["the request names no principal (REQUEST-PRINCIPAL)"]),
        Mistake(
            name: "empty.req", change: ["principal": "principal: "],
            refusals: ["line 5: field \"principal\" has no value (DOC-VALUE)"]),
        Mistake(
            name: "validity.req", change: ["validity": "validity: 31d"],
            refusals: ["validity 31d exceeds 30d (VALIDITY-MAX)"]),
        Mistake(
            name: "type.req", change: ["type": "type: host"],
            refusals: [
                "type host does not fit authority \"users@example.org\", which certifies users (POLICY-TYPE)"
            ]),
        Mistake(
            name: "authority.req", change: ["authority": "authority: others@example.org"],
            refusals: [
                "authority \"others@example.org\" is not one of this home's: users@example.org, hosts@example.org (POLICY-AUTHORITY)"
            ]),
        Mistake(
            name: "profile.req", change: ["profile": "profile: servers"],
            refusals: [
                "profile \"servers\" is not one of users@example.org: staff (POLICY-PROFILE)"
            ]),
        Mistake(
            name: "many.req",
            change: [
                "principal": "principal: mallory\nprincipal: root",
                "validity": "validity: 99d\noption: permit-X11-forwarding",
            ],
            refusals: [
                "principal \"mallory\" is not allowed by profile \"staff\": alice, bob, carol, dave, erin, frank, grace, olivia (POLICY-PRINCIPAL)",
                "principal \"root\" is not allowed by profile \"staff\": alice, bob, carol, dave, erin, frank, grace, olivia (POLICY-PRINCIPAL)",
                "option \"permit-X11-forwarding\" is not allowed by profile \"staff\" (POLICY-OPTION)",
                "validity 99d exceeds 30d (VALIDITY-MAX)",
            ]),
        Mistake(
            name: "old.req", change: ["created": "created: 2020-01-01T00:00:00Z"],
            refusals: ["created TIME is more than 30d before TIME (REQUEST-AGE)"]),
        Mistake(
            name: "future.req", change: ["created": "created: 2199-01-01T00:00:00Z"],
            refusals: ["created TIME is more than 10m ahead of TIME (REQUEST-FUTURE)"]),
        Mistake(
            name: "unknown.req", change: ["profile": "profile: staff\ncolour: red"],
            refusals: ["line 7: field \"colour\" is not known here (DOC-FIELD)"]),
        Mistake(
            name: "twice.req", change: ["profile": "profile: staff\nprofile: staff"],
            refusals: [
                "line 7: field \"profile\" is given again; it stands in line 6 already (DOC-REPEATED)"
            ]),
        Mistake(
            name: "bidi.req", change: ["requester": "requester: \u{202E}ecila"],
            refusals: [
                "line 10: field \"requester\" holds U+202E, a character that cannot be seen for what it is (DOC-VALUE)"
            ]),
        Mistake(
            name: "other-key.req", key: "people/bob",
            refusals: [
                "the request is signed by BOB, not by the key to be certified, ALICE (REQUEST-POSSESSION)"
            ]),
    ]

    @Test("the check at home and the intake refuse the same, with the same words")
    func checkAgreesWithIntake() throws {
        try bench.makeKey("people/bob")
        for mistake in Self.mistakes {
            try write(mistake.name, text(mistake.change), key: mistake.key)
        }
        let files = Self.mistakes.map { "spool/\($0.name)" }.sorted().joined(separator: " ")
        let checks = [
            try bench.refuse(3, "conclave request check --policy policy.yaml \(files)").lines,
            try bench.refuse(3, "conclave request check --home ca \(files)").lines,
        ].map { lines in
            lines.map { line in
                // The check names files by their paths, before each of their faults too.
                let parts = line.split(separator: "\": ", maxSplits: 1)
                return parts.count == 2 && line.hasPrefix("  \"spool/")
                    ? "  \(parts[1])" : line.replacing("refused   spool/", with: "refused   ")
            }
        }
        let intake = try bench.refuse(3, "conclave intake --home ca --spool spool").lines
        #expect(checks[0].map(\.withoutTimes) == checks[1].map(\.withoutTimes))
        #expect(checks[1].map(\.withoutTimes) == intake.dropLast().map(\.withoutTimes))
        #expect(intake.last == "0 admitted, \(Self.mistakes.count) refused")

        let keys = [
            ("ALICE", try bench.fingerprint("people/alice.pub")),
            ("BOB", try bench.fingerprint("people/bob.pub")),
        ]
        var found: [String: [String]] = [:]
        var name = ""
        for line in intake.dropLast() {
            if line.hasPrefix("refused   ") {
                name = String(line.dropFirst(10))
            } else if !line.hasPrefix("    hint: ") {
                let text = keys.reduce(line.dropFirst(2).description) {
                    $0.replacing($1.1, with: $1.0)
                }
                found[name, default: []].append(text.withoutTimes)
            }
        }
        for mistake in Self.mistakes {
            #expect(found[mistake.name] == mistake.refusals, "\(mistake.name)")
        }
    }

    @Test("a request that was altered after signing, and one that nobody signed")
    func alteredAndUnsigned() throws {
        try write("altered.req", text())
        try bench.run("sed -i s/7d/8d/ spool/altered.req")
        try bench.directory.write("spool/unsigned.req", text())
        let refused = try bench.refuse(3, "conclave intake --home ca --spool spool")
        #expect(
            refused.output == """
                refused   altered.req
                  the signature does not hold over this text (REQUEST-POSSESSION)
                    hint: the text was altered after signing, or signed for another purpose; sign it anew with -n conclave-request-v1
                refused   unsigned.req
                  the request is not signed (REQUEST-SIGNATURE)
                    hint: sign it with: ssh-keygen -Y sign -f KEY -n conclave-request-v1 FILE
                0 admitted, 2 refused

                """)
    }

    @Test("a short RSA key, and one of a kind that the profile does not take")
    func weakKeys() throws {
        try bench.makeKey("people/short", "-t rsa -b 2048")
        try write("short.req", text(key: "people/short"), key: "people/short")
        try bench.makeKey("hosts/touch", "-t ed25519-sk")
        try bench.directory.write(
            "spool/touch.req",
            text(
                [
                    "authority": "authority: hosts@example.org", "type": "type: host",
                    "principal": "principal: localhost", "profile": "profile: servers",
                ], key: "hosts/touch"))
        try bench.run(
            "SSH_SK_PROVIDER=$SK ssh-keygen -q -Y sign -f hosts/touch -n conclave-request-v1 spool/touch.req"
        )
        let refused = try bench.refuse(3, "conclave intake --home ca --spool spool").output
        #expect(refused.contains("  RSA key of 2048 bits is shorter than 3072 (POLICY-KEY-SIZE)\n"))
        #expect(
            refused.contains(
                "  key kind sk-ed25519 is not allowed by profile \"servers\": ed25519, ecdsa-p256, ecdsa-p384, ecdsa-p521, rsa (POLICY-KEY-KIND)\n"
            ))
    }

    @Test("a CA key of the home is never certified")
    func authorityKey() throws {
        try bench.directory.write("spool/ca.req", text(key: "users"))
        let agent = try bench.startAgent()
        // SoftHSM holds the key: an agent with the module signs the request for it.
        let signed = try bench.attempt(
            """
            printf '#!/bin/sh\\necho "\(Workbench.pin)"\\n' >askpass; chmod +x askpass
            export \(agent) SSH_ASKPASS=$HOME/askpass SSH_ASKPASS_REQUIRE=force
            ssh-add -q -s $MODULE && ssh-keygen -q -Y sign -f users.pub -n conclave-request-v1 spool/ca.req
            """)
        #expect(signed.status == .exited(0), "\(signed.all)")
        let refused = try bench.refuse(3, "conclave intake --home ca --spool spool").output
        #expect(
            refused.contains(
                "  key \(try bench.fingerprint("users.pub")) is a CA key of this home (KEY-AUTHORITY)\n"
            ), "\(refused)")
    }

    @Test("request new writes a file once, and refuses what cannot be a request")
    func new() throws {
        let new =
            "conclave request new --authority users@example.org --profile staff --principal alice "
            + "--output made.req"
        let made = try bench.run(
            "\(new) --key people/alice --validity 1h --purpose 'nächste Woche'")
        #expect(made.lines[1] == "written: made.req")
        let again = try bench.refuse(1, "\(new) --key people/alice")
        #expect(again.errors.hasSuffix("\"made.req\": File exists\n"), "\(again.errors)")
        let missing = try bench.refuse(1, "rm made.req; \(new) --key people/nobody")
        #expect(
            missing.errors == "conclave: open \"people/nobody.pub\": No such file or directory\n")
        for options in [
            "--type machine", "--validity 7", "--option nonsense",
            "--option permit-pty --option permit-pty",
            "--principal alice", "--principal ''", "--purpose 'a\nb'",
            "--renewable-until 2030-01-01T00:00:00Z",
        ] {
            let refused = try bench.refuse(3, "\(new) --key people/alice \(options)")
            #expect(refused.errors.contains("("), "\(options): \(refused.errors)")
        }
        #expect(try bench.directory.names().contains("made.req") == false)
        #expect(try bench.directory.names(in: "tmp") == [])
    }
}
