// SPDX-License-Identifier: Apache-2.0
import Documents
import Testing

@testable import conclave_verify

@Suite("What is written")
struct OutputTests {
    @Test("a finding is one line with its file and its rule")
    func findings() {
        var findings = Findings()
        findings.ok("all sums hold")
        findings.note("not proven: x")
        findings.warn("not pinned")
        findings.fail("a/b", .sum, "its SHA-256 is 1")
        findings.fail(nil, .complete, "it is not there")
        findings.fail(
            "c", Violations([Violation(.item, line: 4, "too long", hint: "shorten it")]))
        #expect(
            findings.all.map(\.line) == [
                "ok    all sums hold",
                "note  not proven: x",
                "WARN  not pinned",
                "FAIL  a/b: its SHA-256 is 1 (VERIFY-SUM)",
                "FAIL  it is not there (VERIFY-COMPLETE)",
                "FAIL  c: line 4: too long (VERIFY-ITEM)",
            ])
        #expect(!findings.isSound)
        #expect(findings.faults.count == 3)
    }

    @Test("nothing that comes from outside can steer the terminal")
    func escapes() {
        var findings = Findings()
        findings.fail("a\u{1B}[2Jb", .sum, "x\ny\u{202E}z")
        #expect(
            findings.all.map(\.line)
                == ["FAIL  \"a\\u{1B}[2Jb\": x\\u{A}y\\u{202E}z (VERIFY-SUM)"])
        #expect(shownPath("") == "\"\"")
        #expect(shownPath("a b") == "\"a b\"")
        #expect(shownPath("a\"b") == "\"a\\\"b\"")
        #expect(shownText("Novák") == "Novák")
    }

    @Test("JSON is escaped, in order, and indented")
    func json() {
        let value = JSON.object([
            .init("b", .string("\"\\\n\u{1}é😀\u{7F}")),
            .init("a", .array([.number(-1), .bool(true), .bool(false), .null])),
            .init("none", .optional(nil)), .init("some", .optional("x")),
            .init("empty", .array([])), .init("object", .object([])),
        ])
        #expect(
            value.text == """
                {
                  "b": "\\"\\\\\\u000a\\u0001\\u00e9\\ud83d\\ude00\\u007f",
                  "a": [
                    -1,
                    true,
                    false,
                    null
                  ],
                  "none": null,
                  "some": "x",
                  "empty": [],
                  "object": {}
                }
                """)
    }

    @Test("numbers come with their noun, names in a row")
    func words() {
        #expect(counted(0, "fault") == "0 faults")
        #expect(counted(1, "fault") == "1 fault")
        #expect(listed([]) == "nobody")
        #expect(listed(["a"]) == "a")
        #expect(listed(["a", "b", "c"]) == "a, b and c")
        #expect(padded(7, to: 3) == "007")
        #expect(padded(7_000, to: 3) == "7000")
    }
}
