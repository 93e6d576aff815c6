// SPDX-License-Identifier: Apache-2.0
import Testing

@Suite("The table of rules")
struct RuleTableTests {
    private static let page = "Docs/Security/Rules.md"

    @Test("every rule of the sources stands in the docs, and every rule of the docs in the sources")
    func rulesAreDocumented() throws {
        var named: Set<String> = []
        for file in try SourceTree.files(in: "Sources", endingIn: [".swift"]) {
            named.formUnion(RuleNames.named(in: file.text))
        }
        let documented = RuleNames.documented(in: try SourceTree.text(Self.page))
        #expect(!named.isEmpty)
        #expect(named.subtracting(documented).sorted() == [], "missing in \(Self.page)")
        #expect(
            Set(documented).subtracting(named).sorted() == [],
            "in \(Self.page), and no rule of the sources")
    }

    @Test("a rule stands in the docs once")
    func rulesStandOnce() throws {
        let documented = RuleNames.documented(in: try SourceTree.text(Self.page))
        #expect(documented.count == Set(documented).count)
    }

    @Test("a rule is found where the sources name it, and a row where the docs do")
    func rulesAreFound() {
        let source = """
            extension RuleID {
                static let one = RuleID("DOC-ONE")
                static let two = RuleID(
                    "DOC-TWO")
            }
            let refusal = SpoolRefusal(name: name, rule: "SPOOL-ONE", message: "")
            let other = Other("NOT-ONE")
            """
        #expect(RuleNames.named(in: source) == ["DOC-ONE", "DOC-TWO", "SPOOL-ONE"])
        let page = """
            | rule | what it holds |
            |---|---|
            | `DOC-ONE` | a text |
            | DOC-TWO | not in the form of a row |
            `DOC-THREE` in a sentence
            """
        #expect(RuleNames.documented(in: page) == ["DOC-ONE"])
    }
}

/// Finds the names of rules in sources and in the docs.
private enum RuleNames {
    /// The names given to `RuleID("…")` or to a `rule: "…"` label.
    static func named(in text: String) -> Set<String> {
        var names: Set<String> = []
        for opening in ["RuleID(", "rule:"] {
            var rest = text[...]
            while let found = rest.firstRange(of: opening) {
                rest = rest[found.upperBound...].drop { $0.isWhitespace }
                guard rest.first == "\"" else { continue }
                names.insert(String(rest.dropFirst().prefix { $0 != "\"" }))
            }
        }
        return names
    }

    /// The names in the first column of the tables: rows that begin with a quoted name.
    static func documented(in page: String) -> [String] {
        page.split(separator: "\n").compactMap { line in
            guard line.hasPrefix("| `") else { return nil }
            return String(line.dropFirst(3).prefix { $0 != "`" })
        }
    }
}
