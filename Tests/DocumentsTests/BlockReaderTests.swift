// SPDX-License-Identifier: Apache-2.0
import Documents
import Testing

@Suite struct BlockReaderTests {
    private func block(_ fields: [(String, String)]) -> Block {
        Block(
            fields: fields.enumerated().map {
                Field(name: $1.0, value: $1.1, line: 5 + $0)
            }, line: 5)
    }

    @Test("fields are taken by name, whatever their order")
    func takes() {
        var reader = BlockReader(block([("b", "1"), ("a", "2"), ("b", "3")]))
        #expect(reader.required("a")?.value == "2")
        #expect(reader.repeated("b").map(\.value) == ["1", "3"])
        #expect(reader.repeated("c") == [])
        #expect(reader.optional("d") == nil)
        #expect(reader.finish() == [])
    }

    @Test("a missing field is reported at the line of its block")
    func missing() {
        var reader = BlockReader(block([]))
        #expect(reader.required("authority") == nil)
        #expect(
            reader.finish() == [
                Violation(.documentMissing, line: 5, #"field "authority" is missing"#)
            ])
    }

    @Test("each repetition of a single field is reported, and the first is taken")
    func repeatedField() {
        var reader = BlockReader(
            block([("a", "1"), ("b", "x"), ("a", "2"), ("a", "1"), ("b", "y")]))
        #expect(reader.required("a")?.value == "1")
        #expect(reader.optional("b")?.value == "x")
        #expect(
            reader.finish().map(\.description) == [
                #"line 7: field "a" is given again; it stands in line 5 already (DOC-REPEATED)"#,
                #"line 8: field "a" is given again; it stands in line 5 already (DOC-REPEATED)"#,
                #"line 9: field "b" is given again; it stands in line 6 already (DOC-REPEATED)"#,
            ])
    }

    @Test(
        "of very many faults of a block the first thousand are told, by line, and the rest counted")
    func countsTheRest() {
        for (count, told) in [(1_000, 1_000), (1_003, 1_001)] {
            var reader = BlockReader(block((0..<count).map { ("x\($0)", "y") }))
            let found = reader.finish()
            #expect(found.count == told)
            #expect(
                found.first?.description == #"line 5: field "x0" is not known here (DOC-FIELD)"#)
            #expect(
                found.last?.description
                    == (count == told
                        ? #"line 1004: field "x999" is not known here (DOC-FIELD)"#
                        : "3 more faults are not listed (DOC-LINE)"))
        }
    }

    @Test("a field that was never asked for is unknown, and the known ones are named")
    func unknown() {
        var reader = BlockReader(
            block([("principle", "alice"), ("type", "user"), ("principle", "b")]))
        _ = reader.required("type")
        _ = reader.repeated("principal")
        let found = reader.finish()
        #expect(
            found.map(\.description) == [
                #"line 5: field "principle" is not known here (DOC-FIELD)"#,
                #"line 7: field "principle" is not known here (DOC-FIELD)"#,
            ])
        #expect(found.first?.hint == "known here: type, principal")
    }

    @Test("where no field is known, the hint names none")
    func noneKnown() {
        var reader = BlockReader(block([("x", "y")]))
        #expect(
            reader.finish() == [
                Violation(.documentField, line: 5, #"field "x" is not known here"#)
            ])
    }

    @Test("a value that does not parse is quoted beside what was expected")
    func values() {
        var reader = BlockReader(block([("validity", "7 days"), ("serial", "07"), ("count", "7")]))
        let validity = reader.required("validity")
        let serial = reader.required("serial")
        let count = reader.required("count")
        #expect(
            reader.value(validity, RuleID("VALIDITY"), expected: "a time span") {
                TimeSpan(text: $0)
            } == nil)
        #expect(reader.value(serial, expected: "a number", parseDecimal) == nil)
        #expect(reader.value(count, expected: "a number", parseDecimal) == 7)
        #expect(reader.value(nil, expected: "a number", parseDecimal) == nil)
        #expect(
            reader.finish().map(\.description) == [
                #"line 5: validity "7 days" is not a time span (VALIDITY)"#,
                #"line 6: serial "07" is not a number (DOC-VALUE)"#,
            ])
    }

    @Test("faults are told by line, those without a line first")
    func order() {
        var reader = BlockReader(block([("x", "y")]))
        reader.report(Violation(RuleID("C"), line: 9, "c"))
        reader.report(Violation(RuleID("B"), line: 5, "b"))
        reader.report(Violation(RuleID("A"), "a"))
        #expect(reader.finish().map(\.rule.name) == ["A", "B", "DOC-FIELD", "C"])
    }

    @Test("where fields have an order, the first that stands too late is told")
    func orderOfFields() {
        func faults(_ names: [String]) -> [String] {
            var reader = BlockReader(block(names.map { ($0, "1") }))
            _ = reader.required("a")
            _ = reader.optional("b")
            _ = reader.repeated("c")
            _ = reader.required("d")
            return reader.finishInOrder().map(\.description)
        }
        #expect(faults(["a", "b", "c", "c", "d"]) == [])
        #expect(faults(["a", "d"]) == [])
        #expect(
            faults(["a", "c", "b", "c", "d"]) == [
                #"line 7: field "b" belongs before "c" (DOC-CANONICAL)"#
            ])
        #expect(
            faults(["d", "a"]) == [#"line 6: field "a" belongs before "d" (DOC-CANONICAL)"#])
    }

    @Test("fields are in order where they are asked for in that of the text, and none is left")
    func isInOrder() {
        func isInOrder(_ names: [String], again: String? = nil) -> Bool {
            var reader = BlockReader(block(names.map { ($0, "1") }))
            _ = reader.required("a")
            _ = reader.optional("b")
            _ = reader.repeated("c")
            _ = reader.required("d")
            if let again { _ = reader.optional(again) }
            return reader.isInOrder
        }
        #expect(isInOrder(["a", "b", "c", "c", "d"]))
        #expect(isInOrder(["a", "d"]))
        #expect(isInOrder([]))
        #expect(!isInOrder(["b", "a", "d"]))
        #expect(!isInOrder(["a", "c", "b", "d"]))
        #expect(!isInOrder(["a", "c", "d", "c"]))
        #expect(!isInOrder(["a", "c", "d", "c", "c"]))
        #expect(!isInOrder(["a", "a", "d"]))
        #expect(!isInOrder(["a", "d", "d"]))
        #expect(!isInOrder(["a", "d", "d"], again: "d"))
        #expect(!isInOrder(["a", "x", "d"]))
        #expect(!isInOrder(["a", "d", "x"]))
    }
}
