// SPDX-License-Identifier: Apache-2.0
import Configuration
import Documents
import Testing

@Suite struct RosterFileTests {
    private let full = """
        conclave-roster: 1
        officers:
          - name: Olivia Lind
            accounts: [olivia, olivia@example.org]
            keys:
              - ssh-ed25519 AAAA olivia@laptop the old one        # comment
              - "sk-ssh-ed25519@openssh.com   BBBB"
          - name: Åsa Öberg
            accounts: []
            keys: [ecdsa-sha2-nistp256 CCCC]
        witnesses:
          - name: Wim Peeters
            keys: [ssh-ed25519 DDDD]
        thresholds:
          routine: 2
          elevated: 3
        bundle-signatures: 2

        """

    @Test("a roster compiles to its canonical text, the comments of keys left out")
    func compiles() throws {
        #expect(
            try canonical(full, as: .roster) == """
                conclave-roster: v1
                bundle-signatures: 2

                class: routine
                threshold: 2

                class: elevated
                threshold: 3

                officer: Olivia Lind
                account: olivia
                account: olivia@example.org
                key: ssh-ed25519 AAAA
                key: sk-ssh-ed25519@openssh.com BBBB

                officer: Åsa Öberg
                key: ecdsa-sha2-nistp256 CCCC

                witness: Wim Peeters
                key: ssh-ed25519 DDDD

                """)
    }

    @Test("a key that has an end is written as a mapping, with a date or a moment")
    func endingKeys() throws {
        let text = full.replacing(
            """
                  - "sk-ssh-ed25519@openssh.com   BBBB"
            """,
            with: """
                      - {key: sk-ssh-ed25519@openssh.com BBBB token, until: 2028-06-30}
                      - key: ssh-ed25519 EEEE
                        until: 2028-06-30T12:00:00Z
                """)
        #expect(
            try canonical(text, as: .roster).contains(
                """
                key: ssh-ed25519 AAAA
                key-until: 2028-06-30T00:00:00Z sk-ssh-ed25519@openssh.com BBBB
                key-until: 2028-06-30T12:00:00Z ssh-ed25519 EEEE

                """))
    }

    @Test("one signature for a bundle and no witness are the defaults")
    func defaults() throws {
        #expect(
            try canonical(smallRoster, as: .roster) == """
                conclave-roster: v1
                bundle-signatures: 1

                class: routine
                threshold: 1

                officer: Olivia Lind
                account: olivia
                key: ssh-ed25519 AAAA

                """)
    }

    @Test("the canonical text is read back by Document, and every line of it has its place")
    func readBack() throws {
        let compiled = try RosterFile.compile(Array(full.utf8), name: "roster.yaml")
        let document = try Document(
            parsing: compiled.text, kind: "roster", utf8Fields: RosterFile.utf8Fields)
        #expect(document.blocks.count == 6)
        let lines = compiled.text.filter { $0 == 0x0A }.count
        #expect(compiled.marks.keys.sorted() == Array(1...lines))
        #expect(compiled.marks[4] == SourceMark(line: 15, column: 3, path: "thresholds"))
        #expect(compiled.marks[5] == SourceMark(line: 15, column: 12, path: "thresholds.routine"))
        #expect(
            compiled.marks[13]
                == SourceMark(line: 6, column: 9, path: "officers[0].keys[0]"))
    }

    @Test("every mistake of a roster is told")
    func allMistakes() {
        #expect(
            mistakes(
                """
                conclave-roster: 1
                officers:
                  - name: Olivia Lind
                    keys: [ssh-ed25519]
                  - name: [Olivia]
                    account: olivia
                    accounts: olivia
                    keys: ssh-ed25519 AAAA
                witnesses:
                  - Wim
                thresholds:
                  routine: two
                  elevated: 03
                  governance: [3]
                bundle-signatures: -1
                """, as: .roster) == [
                    #"roster.yaml:3:5: officers[0]: "accounts" is missing (CONFIG-MISSING)"#,
                    #"roster.yaml:4:12: officers[0].keys[0]: "ssh-ed25519" is not a public key such as ssh-ed25519 AAAA... (CONFIG-TYPE)"#,
                    #"roster.yaml:5:11: officers[1].name: a list is not a text (CONFIG-TYPE)"#,
                    #"roster.yaml:6:5: officers[1]: "account" is not known here (CONFIG-KEY)"#,
                    #"roster.yaml:7:15: officers[1].accounts: "olivia" is not a list such as [one, two] (CONFIG-TYPE)"#,
                    #"roster.yaml:8:11: officers[1].keys: "ssh-ed25519 AAAA" is not a list such as [one, two] (CONFIG-TYPE)"#,
                    #"roster.yaml:10:5: witnesses[0]: "Wim" is not a mapping of keys and values (CONFIG-TYPE)"#,
                    #"roster.yaml:12:12: thresholds.routine: "two" is not a whole number such as 2 (CONFIG-TYPE)"#,
                    #"roster.yaml:13:13: thresholds.elevated: "03" is not a whole number such as 2 (CONFIG-TYPE)"#,
                    #"roster.yaml:14:15: thresholds.governance: a list is not a whole number such as 2 (CONFIG-TYPE)"#,
                    #"roster.yaml:15:20: bundle-signatures: "-1" is not a whole number such as 2 (CONFIG-TYPE)"#,
                ])
    }

    @Test("a comment that YAML takes for a mapping is told with the way out")
    func commentWithColon() {
        let yaml = smallRoster.replacing(
            only: "[ssh-ed25519 AAAA]", with: "[ssh-ed25519 AAAA my: key]")
        #expect(
            mistakes(yaml, as: .roster) == [
                "roster.yaml:5:12: officers[0].keys[0]: a mapping is not a text (CONFIG-TYPE)"
            ])
        #expect(hints(yaml, as: .roster) == ["put a text that holds \": \" in quotes"])
    }

    @Test("officers and thresholds must be there")
    func missing() {
        #expect(
            mistakes("conclave-roster: 1\n", as: .roster) == [
                #"roster.yaml:1:1: "thresholds" is missing (CONFIG-MISSING)"#,
                #"roster.yaml:1:1: "officers" is missing (CONFIG-MISSING)"#,
            ])
    }

    @Test("names are UTF-8, accounts and keys are ASCII")
    func characters() throws {
        #expect(
            mistakes(
                smallRoster.replacing(only: "[olivia]", with: "[ölivia]")
                    .replacing(only: "AAAA", with: "ÅÅÅÅ"), as: .roster) == [
                    #"roster.yaml:4:16: officers[0].accounts[0]: field "account" holds U+00F6; only ASCII is allowed here (DOC-VALUE)"#,
                    #"roster.yaml:5:12: officers[0].keys[0]: field "key" holds U+00C5; only ASCII is allowed here (DOC-VALUE)"#,
                ])
        let named = smallRoster.replacing(only: "Olivia Lind", with: "山田 花子")
        #expect(try canonical(named, as: .roster).contains("officer: 山田 花子\n"))
    }
}
