// SPDX-License-Identifier: Apache-2.0
import Documents
import Testing

/// The faults of a text of kind `policy`, as they are shown; empty when it is read.
func faults(
    _ bytes: [UInt8], limits: DocumentLimits = .standard, utf8Fields: Set<String> = []
) -> [String] {
    do throws(Violations) {
        _ = try Document(
            parsing: bytes, kind: "policy", limits: limits, utf8Fields: utf8Fields)
        return []
    } catch {
        return error.all.map(\.description)
    }
}

func faults(_ text: String, utf8Fields: Set<String> = []) -> [String] {
    faults(Array(text.utf8), utf8Fields: utf8Fields)
}

func hints(_ text: String) -> [String?] {
    do throws(Violations) {
        _ = try Document(parsing: Array(text.utf8), kind: "policy")
        return []
    } catch {
        return error.all.map(\.hint)
    }
}

@Suite struct DocumentTests {
    @Test("a text is read into blocks of fields with their lines")
    func readsBlocks() throws {
        let text = """
            conclave-policy: v1
            maximum: 7d

            profile: staff
            note: a: b, "c" \\ d
            principal: alice
            principal: bob

            x: 0

            """
        let document = try Document(parsing: Array(text.utf8), kind: "policy")
        #expect(document.kind == "policy")
        #expect(document.bytes == Array(text.utf8))
        #expect(
            document.blocks == [
                Block(fields: [Field(name: "maximum", value: "7d", line: 2)], line: 1),
                Block(
                    fields: [
                        Field(name: "profile", value: "staff", line: 4),
                        Field(name: "note", value: #"a: b, "c" \ d"#, line: 5),
                        Field(name: "principal", value: "alice", line: 6),
                        Field(name: "principal", value: "bob", line: 7),
                    ], line: 4),
                Block(fields: [Field(name: "x", value: "0", line: 9)], line: 9),
            ])
        #expect(document.header.fields.map(\.name) == ["maximum"])
        #expect(document.sections.map(\.line) == [4, 9])
    }

    @Test("a heading may stand alone, and an empty line may follow it")
    func headingAlone() throws {
        let alone = try Document(parsing: Array("conclave-policy: v1\n".utf8), kind: "policy")
        #expect(alone.blocks == [Block(fields: [], line: 1)])
        let followed = try Document(
            parsing: Array("conclave-policy: v1\n\nx: y\n".utf8), kind: "policy")
        #expect(
            followed.blocks == [
                Block(fields: [], line: 1),
                Block(fields: [Field(name: "x", value: "y", line: 3)], line: 3),
            ])
    }

    @Test("every fault of a text is told, in the order of its lines")
    func tellsAll() {
        let text = "conclave-policy: v2\nName: x\nno colon\nb:x\n\n\nc:  y \nd:\ne: \u{1}"
        #expect(
            faults(text) == [
                #"line 1: the first line is "conclave-policy: v2", not "conclave-policy: v1" (DOC-HEAD)"#,
                #"line 2: field name "Name" is not of the form [a-z][a-z0-9-]*, at most 32 bytes (DOC-LINE)"#,
                #"line 3: "no colon" is not of the form "name: value" (DOC-LINE)"#,
                #"line 4: field "b" has no space after its colon (DOC-LINE)"#,
                #"line 6: more than one empty line (DOC-BLOCK)"#,
                #"line 7: field "c" has more than one space after its colon (DOC-LINE)"#,
                #"line 7: field "c" ends with a space (DOC-VALUE)"#,
                #"line 8: field "d" has no value (DOC-VALUE)"#,
                #"line 9: field "e" holds U+0001, a character that cannot be seen for what it is (DOC-VALUE)"#,
                #"line 9: the last line does not end with LF (DOC-LINE)"#,
            ])
    }

    @Test("of very many faults the first thousand are told and the rest is counted")
    func countsTheRest() {
        let told = faults("conclave-policy: v1\n" + String(repeating: "?\n", count: 1_000))
        #expect(told.count == 1_000)
        #expect(told.last == #"line 1001: "?" is not of the form "name: value" (DOC-LINE)"#)
        let cut = faults("conclave-policy: v1\n" + String(repeating: "?\n", count: 1_003))
        #expect(cut.count == 1_001)
        #expect(cut.last == "3 more faults are not listed (DOC-LINE)")
    }
}

@Suite struct DocumentHeadingTests {
    @Test("an empty text has no heading")
    func empty() {
        #expect(
            faults("") == [
                #"line 1: the text is empty; "conclave-policy: v1" belongs here (DOC-HEAD)"#
            ])
    }

    @Test("empty lines alone are no text")
    func onlyEmptyLines() {
        #expect(
            faults("\n\n") == [
                "line 1: the text begins with an empty line (DOC-BLOCK)",
                "line 2: more than one empty line (DOC-BLOCK)",
                #"line 1: the text is empty; "conclave-policy: v1" belongs here (DOC-HEAD)"#,
            ])
    }

    @Test("a text of another kind is named in the hint")
    func otherKind() {
        #expect(
            faults("conclave-roster: v1\n") == [
                #"line 1: the first line is "conclave-roster: v1", not "conclave-policy: v1" (DOC-HEAD)"#
            ])
        #expect(hints("conclave-roster: v1\n") == ["this is a text of another kind: roster"])
        #expect(hints("conclave-policy: v12\n") == ["this program reads version v1 of it"])
        #expect(hints("conclave-policy: v01\n") == [nil])
    }

    @Test("a byte order mark is refused with a hint")
    func byteOrderMark() {
        #expect(
            faults("\u{FEFF}conclave-policy: v1\n") == [
                #"line 1: the first line is "\u{FEFF}conclave-policy: v1", not "conclave-policy: v1" (DOC-HEAD)"#
            ])
        #expect(
            hints("\u{FEFF}conclave-policy: v1\n") == ["save the file without a byte order mark"])
    }

    @Test(
        "a heading that differs in one character is refused",
        arguments: [
            "conclave-policy:v1", "conclave-policy:  v1", "conclave-policy: v1 ",
            "Conclave-policy: v1",
            " conclave-policy: v1", "conclave-policy: v", "conclave-policy",
        ])
    func nearly(heading: String) {
        #expect(
            faults(heading + "\n") == [
                "line 1: the first line is \"\(heading)\", not \"conclave-policy: v1\" (DOC-HEAD)"
            ])
    }

    @Test(
        "the kind of a text is told from its first line, of any version",
        arguments: [
            ("conclave-policy: v1\n", "policy"), ("conclave-a-2: v2\nrest", "a-2"),
            ("conclave-roster: v10\r\n", "roster"),
            ("conclave-abcdefghijklmnopqrstuvw: v1\n", "abcdefghijklmnopqrstuvw"),
        ] as [(String, String)])
    func kind(text: String, kind: String) {
        #expect(Document.kind(of: Array(text.utf8)) == kind)
    }

    @Test(
        "a text without a heading has no kind",
        arguments: [
            "", "\n", "conclave-policy: v1", "conclave-: v1\n", "conclave-policy: 1\n",
            "conclave-policy: v\n", "conclave-policy: v-1\n", "conclave-Policy: v1\n",
            "policy: v1\n", "conclave-policy: v1: v1\n", "\nconclave-policy: v1\n",
            "conclave-abcdefghijklmnopqrstuvwx: v1\n",
        ])
    func noKind(text: String) {
        #expect(Document.kind(of: Array(text.utf8)) == nil)
    }
}

@Suite struct DocumentLineTests {
    @Test("a text without any line end is refused at its last line")
    func noLineEnd() {
        #expect(
            faults("conclave-policy: v1\nx: y") == [
                "line 2: the last line does not end with LF (DOC-LINE)"
            ])
        #expect(hints("conclave-policy: v1") == ["end the file with a line end"])
    }

    @Test("lines that end with CR LF are told once, and other faults beside it")
    func carriageReturns() {
        let text = "conclave-policy: v1\r\nx: y\r\n\r\nA: b\r\n"
        #expect(
            faults(text) == [
                "line 1: the line ends with CR LF (DOC-LINE)",
                #"line 4: field name "A" is not of the form [a-z][a-z0-9-]*, at most 32 bytes (DOC-LINE)"#,
            ])
        #expect(hints(text).first == "save the file with LF line ends")
    }

    @Test("a CR within a line is a control character")
    func carriageReturnInside() {
        #expect(
            faults("conclave-policy: v1\nx: y\rz\n") == [
                #"line 2: field "x" holds U+000D, a character that cannot be seen for what it is (DOC-VALUE)"#
            ])
    }

    @Test("an empty line stands between blocks and nowhere else")
    func emptyLines() {
        #expect(
            faults("\nconclave-policy: v1\n") == [
                "line 1: the text begins with an empty line (DOC-BLOCK)"
            ])
        #expect(
            faults("conclave-policy: v1\n\n") == [
                "line 2: the text ends with an empty line (DOC-BLOCK)"
            ])
        #expect(
            faults("conclave-policy: v1\n\n\n\nx: y\n") == [
                "line 3: more than one empty line (DOC-BLOCK)"
            ])
    }

    @Test("a line of one space is no empty line")
    func spaceLine() {
        #expect(
            faults("conclave-policy: v1\n \nx: y\n") == [
                #"line 2: " " is not of the form "name: value" (DOC-LINE)"#
            ])
    }

    @Test("a name has a letter first, then letters, digits and hyphens")
    func nameCharacters() {
        for name in ["a", "a0", "a-", "z9-z", "to-be-signed"] {
            #expect(faults("conclave-policy: v1\n\(name): x\n") == [])
        }
        for name in ["", "0a", "-a", "A", "aB", "a_b", "a.b", "a b", " a", "a ", "é", "#a"] {
            #expect(
                faults("conclave-policy: v1\n\(name): x\n") == [
                    "line 2: field name \"\(name)\" is not of the form [a-z][a-z0-9-]*,"
                        + " at most 32 bytes (DOC-LINE)"
                ])
        }
    }

    @Test("a name has at most 32 bytes")
    func nameLength() {
        let longest = String(repeating: "a", count: 32)
        #expect(faults("conclave-policy: v1\n\(longest): x\n") == [])
        #expect(faults("conclave-policy: v1\n\(longest)b: x\n").count == 1)
    }

    @Test("exactly one space follows the colon")
    func spaceAfterColon() {
        #expect(faults("conclave-policy: v1\nx: :\n") == [])
        #expect(
            faults("conclave-policy: v1\nx::\n") == [
                #"line 2: field "x" has no space after its colon (DOC-LINE)"#
            ])
        #expect(
            faults("conclave-policy: v1\nx:\ty\n") == [
                #"line 2: field "x" has no space after its colon (DOC-LINE)"#,
                #"line 2: field "x" holds U+0009, a character that cannot be seen for what it is (DOC-VALUE)"#,
            ])
        #expect(
            faults("conclave-policy: v1\nx:   y\n") == [
                #"line 2: field "x" has more than one space after its colon (DOC-LINE)"#
            ])
    }
}
