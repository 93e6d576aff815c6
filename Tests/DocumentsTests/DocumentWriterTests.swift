// SPDX-License-Identifier: Apache-2.0
import Documents
import Testing

@Suite struct DocumentWriterTests {
    @Test("fields and blocks are written in the grammar")
    func writes() throws {
        var writer = DocumentWriter(kind: "roster")
        writer.field("bundle-signatures", "1")
        writer.block()
        writer.field("officer", "Åsa Öberg")
        writer.field("account", "asa")
        let text = "conclave-roster: v1\nbundle-signatures: 1\n\nofficer: Åsa Öberg\naccount: asa\n"
        #expect(writer.text == text)
        #expect(writer.bytes == Array(text.utf8))
        #expect(try writer.finish() == Array(text.utf8))
    }

    @Test("empty blocks leave no trace, but for the first")
    func emptyBlocks() {
        var writer = DocumentWriter(kind: "roster")
        writer.block()
        writer.block()
        writer.field("a", "b")
        writer.block()
        #expect(writer.text == "conclave-roster: v1\n\na: b\n")
    }

    @Test("a value cannot break out of its line")
    func injection() throws {
        var writer = DocumentWriter(kind: "request")
        writer.field("purpose", "x\nprincipal: root\u{202E}")
        #expect(writer.text == "conclave-request: v1\npurpose: x\\u{A}principal: root\\u{202E}\n")
        let document = try Document(parsing: writer.bytes, kind: "request")
        #expect(document.header.fields.map(\.name) == ["purpose"])
        do throws(Violations) {
            _ = try writer.finish()
            Issue.record("a text with a fault was handed out")
        } catch {
            #expect(
                error.all.map(\.description) == [
                    #"line 2: field "purpose" cannot hold "x\u{A}principal: root\u{202E}" (DOC-VALUE)"#
                ])
        }
    }

    @Test("what the grammar has no place for is noted with its line")
    func faults() {
        var writer = DocumentWriter(kind: "Request")
        writer.field("a", "")
        writer.block()
        writer.field("b", " x")
        writer.field("c", "x ")
        writer.field("D", "x")
        #expect(
            writer.faults.map(\.description) == [
                #"line 1: "Request" is not a kind of text (DOC-HEAD)"#,
                #"line 2: field "a" cannot hold "" (DOC-VALUE)"#,
                #"line 4: field "b" cannot hold " x" (DOC-VALUE)"#,
                #"line 5: field "c" cannot hold "x " (DOC-VALUE)"#,
                #"line 6: "D" is not the name of a field (DOC-LINE)"#,
            ])
    }
}

@Suite struct CanonicalTests {
    private func fault(_ text: String, against canonical: String) -> String? {
        do throws(Violations) {
            let document = try Document(parsing: Array("conclave-x: v1\n\(text)".utf8), kind: "x")
            try document.requireCanonical(Array("conclave-x: v1\n\(canonical)".utf8))
            return nil
        } catch {
            return error.description
        }
    }

    @Test("a text that equals its canonical form is accepted")
    func same() {
        #expect(fault("a: 1\n", against: "a: 1\n") == nil)
        #expect(fault("", against: "") == nil)
    }

    @Test("the first line that differs is named")
    func differs() {
        #expect(
            fault("a: 1\nc: 3\nb: 2\n", against: "a: 1\nb: 2\nc: 3\n")
                == #"line 3: "c: 3" stands where "b: 2" belongs (DOC-CANONICAL)"#)
        #expect(
            fault("a: 1\n", against: "a: 1\nb: 2\n")
                == #"line 3: the text ends where "b: 2" belongs (DOC-CANONICAL)"#)
        #expect(
            fault("a: 1\nb: 2\n", against: "a: 1\n")
                == #"line 3: "b: 2" stands after the end of the text (DOC-CANONICAL)"#)
        #expect(
            fault("a: 1\n\nb: 2\n", against: "a: 1\nb: 2\n")
                == #"line 3: "" stands where "b: 2" belongs (DOC-CANONICAL)"#)
        #expect(
            fault("a: 1\n", against: "a: 1")
                == "line 3: the text is not in its canonical form (DOC-CANONICAL)")
    }
}

@Suite struct ViolationTests {
    @Test("a violation is one line: place, message, rule; its hint stands apart")
    func description() {
        let rule = RuleID("VALIDITY-MAX")
        #expect(rule.description == "VALIDITY-MAX")
        #expect(
            Violation(rule, line: 4, "validity 400d exceeds 90d", hint: "ask for less").description
                == "line 4: validity 400d exceeds 90d (VALIDITY-MAX)")
        #expect(Violation(rule, "too long").description == "too long (VALIDITY-MAX)")
    }

    @Test("violations are raised when there are some")
    func raise() throws {
        try Violations.raise([])
        let one = Violation(.documentField, "a")
        let two = Violation(.documentLine, "b")
        do throws(Violations) {
            try Violations.raise([one, two])
            Issue.record("nothing was raised")
        } catch {
            #expect(error == Violations([one, two]))
            #expect(error.description == "a (DOC-FIELD)\nb (DOC-LINE)")
        }
        #expect(Violations(one).all == [one])
    }
}
