// SPDX-License-Identifier: Apache-2.0
import Configuration
import Documents
import Testing

@Suite struct LimitTests {
    @Test("a file has at most 256 KiB")
    func bytes() throws {
        let room = 262_144 - smallPolicy.utf8.count
        let filled = smallPolicy + "#" + String(repeating: "x", count: room - 1)
        #expect(mistakes(filled) == [])
        #expect(
            mistakes(filled + "x") == [
                "policy.yaml: 262145 bytes exceed the limit of 262144 (CONFIG-SIZE)"
            ])
        #expect(
            mistakes(Array(repeating: 0xFF, count: 1_048_576)).map(\.description) == [
                "policy.yaml: 1048576 bytes exceed the limit of 262144 (CONFIG-SIZE)"
            ])
    }

    @Test("a file has at most 10,000 keys and values")
    func nodes() {
        // A root, a key, a list and its items.
        let most = "a: [" + String(repeating: "1,", count: 9_997) + "]\n"
        #expect(!mistakes(most).contains { $0.contains("CONFIG-SIZE") })
        let more = "a: [" + String(repeating: "1,", count: 9_998) + "]\n"
        #expect(
            mistakes(more) == [
                "policy.yaml:1:19999: a[9997]: the file has more than the limit of 10000 keys and"
                    + " values (CONFIG-SIZE)"
            ])
    }

    @Test("lists and mappings are nested at most 16 deep")
    func depth() {
        let most = String(repeating: "[", count: 16) + String(repeating: "]", count: 16)
        #expect(
            mistakes(most) == [
                "policy.yaml:1:1: a list is not a mapping of keys and values (CONFIG-TYPE)"
            ])
        #expect(
            mistakes("[\(most)]") == [
                "policy.yaml:1:17: " + String(repeating: "[0]", count: 16)
                    + ": this is nested deeper than the limit of 16 (CONFIG-SIZE)"
            ])
    }

    @Test("at most 64 lines begin as directives do")
    func directives() {
        func mistakesOf(_ count: Int) -> [String] {
            let directives = (0..<count).map { "%TAG !t\($0)! tag:x\n" }.joined()
            return mistakes("# \n" + directives + "---\n" + smallPolicy)
        }
        #expect(
            mistakesOf(64)
                == ["policy.yaml:2:1: directives are not read here (CONFIG-ANCHOR)"])
        #expect(
            mistakesOf(65) == [
                "policy.yaml:66:1: more than the limit of 64 lines begin with % (CONFIG-SIZE)"
            ])
    }

    @Test("a file is one document")
    func documents() {
        #expect(
            mistakes(smallPolicy + "---\n" + smallPolicy) == [
                "policy.yaml:12:1: a second document begins here; a file holds one (CONFIG-SIZE)"
            ])
        #expect(
            mistakes(smallPolicy + "...\n# end\n---\n") == [
                "policy.yaml:14:1: a second document begins here; a file holds one (CONFIG-SIZE)"
            ])
    }
}

/// What is slow here is slow with the square of its size or worse, and takes hours.
@Suite(.timeLimit(.minutes(20))) struct HostileYAMLTests {
    @Test("an alias bomb is refused alias by alias and never expanded")
    func aliasBomb() {
        var bomb = "a0: &a0 [x]\n"
        for level in 1...40 {
            let aliases = Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ")
            bomb += "a\(level): &a\(level) [\(aliases)]\n"
        }
        let found = mistakes(bomb)
        #expect(found.filter { $0.contains("aliases are not read here") }.count == 360)
        #expect(found.filter { $0.contains("anchors are not read here") }.count == 41)
    }

    @Test("an anchor that holds itself is refused")
    func selfReference() {
        #expect(
            mistakes("&a [*a]\n") == [
                "policy.yaml:1:1: anchors are not read here (CONFIG-ANCHOR)",
                "policy.yaml:1:1: a list is not a mapping of keys and values (CONFIG-TYPE)",
                "policy.yaml:1:5: [0]: aliases are not read here (CONFIG-ANCHOR)",
            ])
    }

    @Test(
        "ten thousand levels of nesting are refused",
        arguments: ["[", "{", "{a: ", "- ", "? ", "[{", "- ? ", "!a [", "&a {"])
    func deepNesting(level: String) {
        let found = mistakes(String(repeating: level, count: 10_000))
        #expect(found.contains { $0.contains("(CONFIG-SIZE)") || $0.contains("(CONFIG-SYNTAX)") })
    }

    @Test("ten thousand levels on lines of their own are refused")
    func deepLines() {
        let found = mistakes(String(repeating: "[\n", count: 10_000))
        #expect(found.last?.contains("this is nested deeper than the limit of 16") == true)
        var indented = ""
        for depth in 0..<600 { indented += String(repeating: " ", count: depth) + "a:\n" }
        #expect(
            mistakes(indented).last?.contains("this is nested deeper than the limit of 16") == true)
    }

    @Test(
        "files of one character over and over are refused in time",
        arguments: [
            "\"", "'", "#", ":", ",", "-", "?", "|", ">", "%", "*", "&", "!", "[]", "a:\n", "- \n",
            "\\", "---\n", "...\n", "a: ", "\n", " ", "\t", "{}", "'a' ", "? a\n: b\n", "!!a ",
        ])
    func monotonous(text: String) {
        #expect(!mistakes(String(repeating: text, count: 200_000 / text.utf8.count)).isEmpty)
    }

    @Test("binary is refused at its first byte that is no text")
    func binary() {
        let bytes = (0..<4_096).map { UInt8(truncatingIfNeeded: $0 &* 167 &+ 127) }
        #expect(
            mistakes(bytes).map(\.description) == [
                "policy.yaml:1:1: U+007F is a character that cannot be seen for what it is"
                    + " (CONFIG-SYNTAX)"
            ])
        let elf: [UInt8] = [0x7F, 0x45, 0x4C, 0x46, 2, 1, 1, 0]
        #expect(mistakes(elf).map(\.rule) == [.configurationSyntax])
    }

    @Test("every beginning of a file, and every file with a byte changed, is read or refused")
    func changed() {
        for (yaml, kind) in [(smallPolicy, FileKind.policy), (smallRoster, .roster)] {
            let bytes = Array(yaml.utf8)
            for length in bytes.indices { _ = mistakes(Array(bytes[..<length]), as: kind) }
            for index in bytes.indices {
                for byte in Array("\n :#-[]{},&*!|>'\"%@`?a\\".utf8) + [0x09, 0x80] {
                    var changed = bytes
                    changed[index] = byte
                    for error in mistakes(changed, as: kind) {
                        #expect(
                            error.description.unicodeScalars.allSatisfy {
                                $0.value >= 0x20 && $0.value != 0x7F
                            })
                    }
                }
            }
        }
    }
}
