// SPDX-License-Identifier: Apache-2.0
import Configuration
import Documents
import Testing

@Suite struct MistakeTests {
    @Test("every mistake of a policy is told in the order of the file, with line, column and path")
    func allMistakes() {
        #expect(
            mistakes(
                """
                conclave-policy: 1
                batch: 7d
                clock:
                  maximum-steps: 90d
                request:
                  maximum-age: many
                authoritys: []
                profiles:
                  - name: staff
                    principals: alice
                    class:
                    key-kinds: [ed25519, [rsa], {}, ~]
                    minimum-rsa-bits: 3k
                    options: [force-command]
                    extensions: {permit-pty: true}
                    validity: {default: 0d, maximum: 400y, minimum: 1d}
                    backdate: ""
                    key-id: null
                  - staff
                """) == [
                    #"policy.yaml:1:1: "authorities" is missing (CONFIG-MISSING)"#,
                    #"policy.yaml:2:8: batch: "7d" is not a mapping of keys and values (CONFIG-TYPE)"#,
                    #"policy.yaml:4:3: clock: "maximum-steps" is not known here (CONFIG-KEY)"#,
                    #"policy.yaml:6:16: request.maximum-age: "many" is not a time span such as 12h or 30d (CONFIG-TYPE)"#,
                    #"policy.yaml:7:1: "authoritys" is not known here (CONFIG-KEY)"#,
                    #"policy.yaml:9:5: profiles[0]: "authority" is missing (CONFIG-MISSING)"#,
                    #"policy.yaml:10:17: profiles[0].principals: "alice" is not a list such as [one, two] (CONFIG-TYPE)"#,
                    #"policy.yaml:11:11: profiles[0].class: nothing is not a text (CONFIG-TYPE)"#,
                    #"policy.yaml:12:26: profiles[0].key-kinds[1]: a list is not a text (CONFIG-TYPE)"#,
                    #"policy.yaml:12:33: profiles[0].key-kinds[2]: a mapping is not a text (CONFIG-TYPE)"#,
                    #"policy.yaml:12:37: profiles[0].key-kinds[3]: "~" is not a text (CONFIG-TYPE)"#,
                    #"policy.yaml:13:23: profiles[0].minimum-rsa-bits: "3k" is not a whole number such as 2 (CONFIG-TYPE)"#,
                    #"policy.yaml:14:14: profiles[0].options: a list is not a mapping of keys and values (CONFIG-TYPE)"#,
                    #"policy.yaml:15:17: profiles[0].extensions: a mapping is not a list such as [one, two] (CONFIG-TYPE)"#,
                    #"policy.yaml:16:25: profiles[0].validity.default: "0d" is not a time span such as 12h or 30d (CONFIG-TYPE)"#,
                    #"policy.yaml:16:38: profiles[0].validity.maximum: "400y" is not a time span such as 12h or 30d (CONFIG-TYPE)"#,
                    #"policy.yaml:16:44: profiles[0].validity: "minimum" is not known here (CONFIG-KEY)"#,
                    #"policy.yaml:17:15: profiles[0].backdate: "" is not a time span such as 12h or 30d (CONFIG-TYPE)"#,
                    #"policy.yaml:18:13: profiles[0].key-id: "null" is not a text (CONFIG-TYPE)"#,
                    #"policy.yaml:19:5: profiles[1]: "staff" is not a mapping of keys and values (CONFIG-TYPE)"#,
                ])
    }

    @Test("an unknown key gets the nearest known one as a hint, or all of them")
    func suggestions() {
        #expect(
            hints(smallPolicy + "authority: x\nclok: {}\nbatchs: {}\n") == [
                "did you mean authorities?", "did you mean clock?", "did you mean batch?",
            ])
        #expect(
            hints(smallPolicy + "x: 1\n") == [
                "known here: conclave-policy, batch, clock, request, tokens, authorities, profiles"
            ])
        #expect(
            hints(smallPolicy.replacing(only: "class", with: "clas")) == [
                nil, "did you mean class?",
            ])
    }

    @Test("hostile keys are quoted and escaped in messages and paths")
    func hostileKeys() {
        #expect(
            mistakes(smallPolicy + "\"a\\u001B[2Jb\": {c: 1}\n") == [
                #"policy.yaml:12:1: "a\u{1B}[2Jb" is not known here (CONFIG-KEY)"#
            ])
        #expect(
            mistakes(
                smallRoster.replacing(only: "{routine: 1}", with: "{\"a\\eb\": x, \"c d\": y}"),
                as: .roster) == [
                    #"roster.yaml:6:22: thresholds."a\u{1B}b": "x" is not a whole number such as 2 (CONFIG-TYPE)"#,
                    #"roster.yaml:6:32: thresholds."c d": "y" is not a whole number such as 2 (CONFIG-TYPE)"#,
                ])
    }

    @Test("a key that stands twice in one mapping is told at each repetition")
    func duplicates() {
        #expect(
            mistakes(
                smallPolicy
                    .replacing(
                        only: "    class: routine\n", with: "    class: a\n    \"name\": b\n")
                    + "profiles: []\nprofiles: x\n"
            ) == [
                #"policy.yaml:9:5: profiles[0]: "name" is given again; it stands in line 6 already (CONFIG-DUPLICATE)"#,
                #"policy.yaml:13:1: "profiles" is given again; it stands in line 5 already (CONFIG-DUPLICATE)"#,
                #"policy.yaml:14:1: "profiles" is given again; it stands in line 5 already (CONFIG-DUPLICATE)"#,
            ])
        #expect(mistakes(smallPolicy + "batch: {}\nclock: {}\n") == [])
    }

    @Test("a text is one line of visible characters without spaces around it")
    func texts() {
        let profile = "policy.yaml:6:11: profiles[0].name: field \"profile\" cannot hold "
        for (yaml, shown) in [
            ("\"a\\nprincipal: root\"", #""a\u{A}principal: root""#), ("\" a\"", #"" a""#),
            ("'a '", #""a ""#), ("\"\\u202E\"", #""\u{202E}""#), ("|\n      a\n", #""a\u{A}""#),
        ] {
            #expect(
                mistakes(smallPolicy.replacing(only: "staff", with: yaml)) == [
                    profile + shown + " (DOC-VALUE)"
                ])
        }
    }

    @Test("faults of the canonical text are told beside each other")
    func textFaults() {
        #expect(
            mistakes(
                smallPolicy.replacing(only: "staff", with: "\"a\\tb\"")
                    .replacing(only: "routine", with: "ä")) == [
                    #"policy.yaml:6:11: profiles[0].name: field "profile" cannot hold "a\u{9}b" (DOC-VALUE)"#,
                    #"policy.yaml:8:12: profiles[0].class: field "class" holds U+00E4; only ASCII is allowed here (DOC-VALUE)"#,
                ])
    }

    @Test("a word for nothing can be a text in quotes")
    func nullWords() throws {
        #expect(
            hints(smallPolicy.replacing(only: "staff", with: "null")) == [
                "put it in quotes if it is meant as a text"
            ])
        #expect(
            try canonical(smallPolicy.replacing(only: "staff", with: "\"null\""))
                .contains("profile: null\n"))
    }
}

@Suite struct VersionTests {
    @Test("version 1 is read and no other")
    func versions() {
        #expect(
            mistakes(smallPolicy.replacing(only: "policy: 1", with: "policy: 2")) == [
                "policy.yaml:1:18: conclave-policy: version 2 is not one that this program reads: 1 (CONFIG-TYPE)"
            ])
        #expect(
            mistakes(smallPolicy.replacing(only: "policy: 1", with: "policy: v1")) == [
                #"policy.yaml:1:18: conclave-policy: "v1" is not a whole number such as 2 (CONFIG-TYPE)"#
            ])
        #expect(
            mistakes(smallPolicy.replacing(only: "conclave-policy: 1\n", with: "")) == [
                #"policy.yaml:1:1: "conclave-policy" is missing (CONFIG-MISSING)"#
            ])
    }

    @Test("a file of another kind is told as such and not gone through")
    func otherKind() {
        #expect(
            mistakes(smallRoster, as: .policy) == [
                #"policy.yaml:1:1: "conclave-roster" begins another kind of file, not a policy (CONFIG-KEY)"#
            ])
        #expect(
            mistakes(smallPolicy, as: .roster) == [
                #"roster.yaml:1:1: "conclave-policy" begins another kind of file, not a roster (CONFIG-KEY)"#
            ])
    }

    @Test("a file without content is no policy")
    func empty() {
        for yaml in ["", "\n", "# nothing\n\n"] {
            #expect(
                mistakes(yaml) == [
                    "policy.yaml:1:1: the file holds nothing but comments (CONFIG-MISSING)"
                ])
        }
        #expect(
            mistakes("---\n") == [
                "policy.yaml:2:1: nothing is not a mapping of keys and values (CONFIG-TYPE)"
            ])
        #expect(
            mistakes("- conclave-policy: 1\n") == [
                "policy.yaml:1:1: a list is not a mapping of keys and values (CONFIG-TYPE)"
            ])
        #expect(
            mistakes("conclave-policy\n") == [
                #"policy.yaml:1:1: "conclave-policy" is not a mapping of keys and values (CONFIG-TYPE)"#
            ])
    }
}
