// SPDX-License-Identifier: Apache-2.0
import Configuration
import Documents
import Testing

@Suite struct SyntaxTests {
    @Test(
        "a syntax fault is told with line and column in libyaml's words",
        arguments: [
            (
                "conclave-policy: 1\nprofiles:\n  - name: a\n   class: b\n",
                "4:4: while parsing a block collection that begins in line 3: did not find expected '-' indicator"
            ),
            (
                "conclave-policy: 1\nbatch: {lifetime: 7d\n",
                "3:1: while parsing a flow mapping that begins in line 2: did not find expected ',' or '}'"
            ),
            (
                "a: \"b\n",
                "2:1: while scanning a quoted scalar that begins in line 1: found unexpected end of stream"
            ),
            ("a: b: c\n", "1:5: mapping values are not allowed in this context"),
            (
                "a: @b\n",
                "1:4: while scanning for the next token: found character that cannot start any token"
            ),
            (
                "a:\n\tb: c\n",
                "2:1: while scanning for the next token: found character that cannot start any token"
            ),
            ("%YAML 3.0\n---\na: b\n", "1:1: found incompatible YAML document"),
        ] as [(String, String)])
    func faults(yaml: String, expected: String) {
        #expect(mistakes(yaml) == ["policy.yaml:\(expected) (CONFIG-SYNTAX)"])
    }

    @Test("a tab before a key and an unquoted special character get a hint")
    func syntaxHints() {
        #expect(hints("a:\n\tb: c\n") == ["indent with spaces; a tab is no indentation in YAML"])
        #expect(
            hints("a: @b\n") == [
                "put a text in quotes if it begins with one of * & ! { } [ ] @ ` % | >"
                    + " or holds \": \" or \" #\""
            ])
    }

    @Test("mistakes before a syntax fault are told with it")
    func beside() {
        #expect(
            mistakes("a: &x b\na: c\nd: [\n") == [
                "policy.yaml:1:4: a: anchors are not read here (CONFIG-ANCHOR)",
                #"policy.yaml:2:1: "a" is given again; it stands in line 1 already (CONFIG-DUPLICATE)"#,
                "policy.yaml:4:1: while parsing a flow node: did not find expected node content"
                    + " (CONFIG-SYNTAX)",
            ])
    }

    @Test("bytes that are not UTF-8 are told with line and column")
    func notUTF8() {
        for bytes in [[0xFF], [0xC3, 0x28], [0xED, 0xA0, 0x80], [0xC3]] as [[UInt8]] {
            #expect(
                mistakes(Array("a: 1\né: ".utf8) + bytes).map(\.description) == [
                    "policy.yaml:2:4: the file is not valid UTF-8 here (CONFIG-SYNTAX)"
                ])
        }
    }

    @Test("a byte order mark is refused with a hint")
    func byteOrderMark() {
        #expect(
            mistakes("\u{FEFF}" + smallPolicy) == [
                "policy.yaml:1:1: the file begins with a byte order mark (CONFIG-SYNTAX)"
            ])
        #expect(hints("\u{FEFF}a") == ["save the file without a byte order mark"])
    }

    @Test(
        "characters that an editor hides are refused even in comments",
        arguments: [
            ("# a\u{2028}profiles: []\n", "U+2028", 4), ("# a\u{85}b: c\n", "U+0085", 4),
            ("a: \u{202E}b\n", "U+202E", 4), ("a:\u{A0}b\n", "U+00A0", 3), ("\u{0}", "U+0000", 1),
            ("# é\u{200B}\n", "U+200B", 4), ("a: \u{1B}[2J\n", "U+001B", 4),
        ] as [(String, String, Int)])
    func hidden(yaml: String, name: String, column: Int) {
        #expect(
            mistakes(yaml) == [
                "policy.yaml:1:\(column): \(name) is a character that cannot be seen for what it is"
                    + " (CONFIG-SYNTAX)"
            ])
    }

    @Test("a CR without LF is refused, since YAML would begin a line there")
    func carriageReturn() {
        for (yaml, column) in [("# a\rb: c\n", 4), ("a: b\r", 5), ("a\r\r\n", 2)] {
            #expect(
                mistakes(yaml) == [
                    "policy.yaml:1:\(column): a CR without LF is no line end here (CONFIG-SYNTAX)"
                ])
        }
    }
}

@Suite struct AnchorTests {
    @Test("anchors, aliases, tags and merge keys are refused, each at its place")
    func refused() {
        #expect(
            mistakes(
                smallPolicy
                    .replacing(
                        only: "key-kinds: [ed25519]", with: "key-kinds: &kinds [!!str a, *b]"
                    )
                    .replacing(only: "class: routine", with: "<<: *base")
                    .replacing(only: "validity: {", with: "validity: !span {")
                    .replacing(only: "\"{serial}\"", with: "! '{serial}'")) == [
                    "policy.yaml:6:5: profiles[0]: \"class\" is missing (CONFIG-MISSING)",
                    "policy.yaml:8:5: profiles[0]: merge keys are not read here (CONFIG-ANCHOR)",
                    "policy.yaml:8:9: profiles[0]: aliases are not read here (CONFIG-ANCHOR)",
                    "policy.yaml:9:16: profiles[0].key-kinds: anchors are not read here (CONFIG-ANCHOR)",
                    "policy.yaml:9:24: profiles[0].key-kinds[0]: tags are not read here (CONFIG-ANCHOR)",
                    "policy.yaml:9:33: profiles[0].key-kinds[1]: aliases are not read here (CONFIG-ANCHOR)",
                    "policy.yaml:10:15: profiles[0].validity: tags are not read here (CONFIG-ANCHOR)",
                    "policy.yaml:11:13: profiles[0].key-id: tags are not read here (CONFIG-ANCHOR)",
                ])
    }

    @Test("they are refused as keys, in flow and before nothing")
    func places() {
        let start = "conclave-policy: 1\n"
        for (yaml, place, what) in [
            ("&a batch: {}\n", "2:1", "anchors"), ("*a : {}\n", "2:1", "aliases"),
            ("!a batch: {}\n", "2:1", "tags"),
            ("batch: {&a lifetime: 7d}\n", "2:9: batch", "anchors"),
            ("batch: &a\n", "2:8: batch", "anchors"),
            ("batch:\n  &a\n  lifetime: 7d\n", "3:3: batch", "anchors"),
        ] {
            #expect(
                mistakes(start + yaml).contains(
                    "policy.yaml:\(place): \(what) are not read here (CONFIG-ANCHOR)"))
        }
    }

    @Test("the same characters within texts, quotes and comments are only characters")
    func harmless() throws {
        let yaml = smallPolicy.replacing(only: "staff", with: "a&b*c!d  # &x *y !z <<: *w")
            .replacing(only: "\"{serial}\"", with: "\"&x *y !z <<\"")
            .replacing(only: "[ed25519]", with: "['*', '&', \"!\", 'a b', '<<']")
        let text = try canonical(yaml)
        #expect(text.contains("profile: a&b*c!d\n"))
        #expect(text.contains("key-id: &x *y !z <<\n"))
        #expect(
            text.contains("key-kind: *\nkey-kind: &\nkey-kind: !\nkey-kind: a b\nkey-kind: <<\n"))
    }

    @Test("a quoted << is an unknown key like any other")
    func quotedMerge() {
        #expect(
            mistakes(smallPolicy + "'<<': {}\n") == [
                #"policy.yaml:12:1: "<<" is not known here (CONFIG-KEY)"#
            ])
    }

    @Test("an unquoted host pattern is told as an alias, with the way out")
    func hostPattern() {
        let yaml = smallPolicy.replacing(
            only: "key-kinds", with: "host-patterns: [*.example.org]\n    key-kinds")
        #expect(
            mistakes(yaml) == [
                "policy.yaml:9:22: while scanning an alias that begins in line 9: did not find"
                    + " expected alphabetic or numeric character (CONFIG-ANCHOR)"
            ])
        #expect(
            hints(smallPolicy.replacing(only: "staff", with: "*staff")) == [
                "put a text that begins with * in quotes"
            ])
    }

    @Test("directives are refused")
    func directives() {
        for directive in ["%YAML 1.1", "%TAG ! tag:example.org,2000:"] {
            #expect(
                mistakes("\(directive)\n---\n" + smallPolicy) == [
                    "policy.yaml:1:1: directives are not read here (CONFIG-ANCHOR)"
                ])
        }
    }
}
