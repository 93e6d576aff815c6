// SPDX-License-Identifier: Apache-2.0

/// Finds the import declarations of Swift source text.
enum ImportScanner {
    /// An import: the module's name and the line it stands on.
    struct Import: Hashable {
        let module: String
        let line: Int
    }

    /// The words that may stand between `import` and the module's name.
    private static let declarationKinds: Set<Substring> = [
        "actor", "class", "enum", "func", "let", "protocol", "struct", "typealias", "var",
    ]

    /// The words that may stand before `import`, attributes apart.
    private static let modifiers: Set<Substring> = [
        "fileprivate", "internal", "package", "private", "public",
    ]

    /// The imports of a source, in their order; those inside comments do not count.
    static func imports(in text: String) -> [Import] {
        var found: [Import] = []
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            for statement in code(of: line).split(separator: ";") {
                guard let module = importedModule(statement) else { continue }
                found.append(Import(module: module, line: index + 1))
            }
        }
        return found
    }

    /// A line without the comment at its end.
    static func code(of line: Substring) -> Substring {
        var rest = line
        while let slash = rest.firstIndex(of: "/") {
            if line[slash...].hasPrefix("//") { return line[..<slash] }
            rest = line[line.index(after: slash)...]
        }
        return line
    }

    private static func importedModule(_ statement: Substring) -> String? {
        let words = statement.split { $0 == " " || $0 == "\t" }
        guard let position = words.firstIndex(of: "import") else { return nil }
        let before = words[..<position]
        guard before.allSatisfy({ $0.hasPrefix("@") || modifiers.contains($0) }) else { return nil }
        var after = words[words.index(after: position)...]
        if let kind = after.first, declarationKinds.contains(kind), after.count > 1 {
            after = after.dropFirst()
        }
        guard let path = after.first else { return nil }
        return path.split(separator: ".").first.map { $0.filter { $0 != "`" } }
    }
}
