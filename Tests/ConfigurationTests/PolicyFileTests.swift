// SPDX-License-Identifier: Apache-2.0
import Configuration
import Documents
import Testing

@Suite struct PolicyFileTests {
    private let full = """
        # The policy of example.org.
        conclave-policy: 1
        batch:
          lifetime: 1w              # how long approvals may be gathered
        clock:
          maximum-step: 60d
        request:
          maximum-age: 720h
        authorities:
          - name: users@example.org
            type: user
          - {name: hosts@example.org, type: host}
        profiles:
          - name: staff
            authority: users@example.org
            class: routine
            principals: [alice, bob]            # exact
            login-accounts: [deploy, "no"]
            key-kinds: [ed25519, sk-ed25519, ecdsa-p256, rsa]
            minimum-rsa-bits: 4096
            options:                # what a request may ask for
              allowed: [force-command, verify-required]
              required: ["source-address=10.0.0.0/8,::1/128"]
            extensions: [permit-pty]
            validity: {default: 7d, maximum: 30d}
            backdate: 300s
            key-id: "{requester}/{profile}/{serial}"
          - key-id: 'host "{serial}" # not a comment'
            validity:
              maximum: 90m
              default: 30s
            key-kinds:
              - ed25519
            host-patterns: ["*.example.org"]
            class: elevated
            authority: hosts@example.org
            name: web

        """

    @Test("a policy compiles to its canonical text: fixed order, lists as written, no comments")
    func compiles() throws {
        #expect(
            try canonical(full) == """
                conclave-policy: v1
                batch-lifetime: 7d
                clock-maximum-step: 60d
                request-maximum-age: 30d

                authority: users@example.org
                type: user

                authority: hosts@example.org
                type: host

                profile: staff
                authority: users@example.org
                class: routine
                principal: alice
                principal: bob
                login-account: deploy
                login-account: no
                key-kind: ed25519
                key-kind: sk-ed25519
                key-kind: ecdsa-p256
                key-kind: rsa
                minimum-rsa-bits: 4096
                option: force-command
                option: verify-required
                required-option: source-address=10.0.0.0/8,::1/128
                extension: permit-pty
                validity-default: 7d
                validity-maximum: 30d
                backdate: 5m
                key-id: {requester}/{profile}/{serial}

                profile: web
                authority: hosts@example.org
                class: elevated
                host-pattern: *.example.org
                key-kind: ed25519
                minimum-rsa-bits: 3072
                validity-default: 30s
                validity-maximum: 90m
                backdate: 5m
                key-id: host "{serial}" # not a comment

                """)
    }

    @Test("what is demanded of tokens stands in a block of its own, before the authorities")
    func tokens() throws {
        let text = try canonical(
            full.replacing(
                "authorities:\n",
                with: """
                    tokens:
                      attestation: required
                      roots: [yubico, \(String(repeating: "ab", count: 32))]
                      minimum-firmware: 5.7.0
                      pin-policies: [once, always]
                      touch-policies: [cached]
                      ca-key-kinds: [ecdsa-p384]
                      accepted-advisories:
                        - {id: YSA-2024-03, reason: the tokens never leave the safe}
                    authorities:

                    """))
        #expect(
            text.contains(
                """
                request-maximum-age: 30d

                attestation: required
                attestation-root: yubico
                attestation-root: \(String(repeating: "ab", count: 32))
                minimum-firmware: 5.7.0
                pin-policy: once
                pin-policy: always
                touch-policy: cached
                ca-key-kind: ecdsa-p384
                accepted-advisory: YSA-2024-03 the tokens never leave the safe

                authority: users@example.org

                """))
    }

    @Test("a section about tokens that is empty states its defaults; without one there is none")
    func noTokens() throws {
        let text = try canonical(
            full.replacing("authorities:\n", with: "tokens: {}\nauthorities:\n"))
        #expect(
            text.contains(
                "\n\nattestation: where-given\nattestation-root: yubico\n\nauthority: users"))
        #expect(!(try canonical(full)).contains("attestation"))
    }

    @Test("every default is stated in the canonical text")
    func defaults() throws {
        #expect(
            try canonical(smallPolicy) == """
                conclave-policy: v1
                batch-lifetime: 7d
                clock-maximum-step: 90d
                request-maximum-age: 30d

                authority: users@example.org
                type: user

                profile: staff
                authority: users@example.org
                class: routine
                key-kind: ed25519
                minimum-rsa-bits: 3072
                validity-default: 7d
                validity-maximum: 30d
                backdate: 5m
                key-id: {serial}

                """)
    }

    @Test("the canonical text is read back by Document, and every line of it has its place")
    func readBack() throws {
        for yaml in [full, smallPolicy] {
            let compiled = try PolicyFile.compile(Array(yaml.utf8), name: "policy.yaml")
            _ = try Document(parsing: compiled.text, kind: "policy")
            let lines = compiled.text.filter { $0 == 0x0A }.count
            #expect(compiled.marks.keys.sorted() == Array(1...lines))
        }
    }

    @Test(
        "a line of the canonical text leads back to line, column and path of the file",
        arguments: [
            (1, SourceMark(line: 2, column: 18, path: "conclave-policy")),
            (2, SourceMark(line: 4, column: 13, path: "batch.lifetime")),
            (5, SourceMark(line: 10, column: 11, path: "authorities[0].name")),
            (10, SourceMark(line: 12, column: 37, path: "authorities[1].type")),
            (16, SourceMark(line: 17, column: 25, path: "profiles[0].principals[1]")),
            (28, SourceMark(line: 25, column: 25, path: "profiles[0].validity.default")),
            (38, SourceMark(line: 28, column: 5, path: "profiles[1].minimum-rsa-bits")),
        ] as [(Int, SourceMark)])
    func marks(line: Int, mark: SourceMark) throws {
        let compiled = try PolicyFile.compile(Array(full.utf8), name: "policy.yaml")
        #expect(compiled.marks[line] == mark)
    }

    @Test("the defaults of mappings that are absent lead to the file's beginning")
    func defaultMarks() throws {
        let compiled = try PolicyFile.compile(Array(smallPolicy.utf8), name: "policy.yaml")
        #expect(compiled.marks[2] == SourceMark(line: 1, column: 1, path: "batch.lifetime"))
        #expect(compiled.marks[3] == SourceMark(line: 1, column: 1, path: "clock.maximum-step"))
    }

    @Test("what a rule finds in the canonical text is told at its place in the file")
    func locate() throws {
        let compiled = try PolicyFile.compile(Array(smallPolicy.utf8), name: "policy.yaml")
        let rule = RuleID("POLICY-VALIDITY")
        let errors = compiled.locate(
            Violations([
                Violation(rule, line: 15, "30d exceeds 21d", hint: "ask for less"),
                Violation(rule, line: 6, "\"user\" is not taken"),
                Violation(rule, line: 99, "no such line"),
                Violation(rule, "of the whole"),
            ]), name: "policy.yaml")
        #expect(
            errors.all.map(\.description) == [
                "policy.yaml: no such line (POLICY-VALIDITY)",
                "policy.yaml: of the whole (POLICY-VALIDITY)",
                "policy.yaml:3:11: authorities[0].name: \"user\" is not taken (POLICY-VALIDITY)",
                "policy.yaml:10:38: profiles[0].validity.maximum: 30d exceeds 21d (POLICY-VALIDITY)",
            ])
        #expect(errors.all.map(\.hint) == [nil, nil, nil, "ask for less"])
    }

    @Test("a file with CR LF line ends, or with a document marker, is the same policy")
    func lineEnds() throws {
        let text = try canonical(smallPolicy)
        let windows = smallPolicy.split(separator: "\n", omittingEmptySubsequences: false)
            .joined(separator: "\r\n")
        #expect(try canonical(windows) == text)
        #expect(try canonical("---\n" + smallPolicy + "...\n") == text)
    }
}
