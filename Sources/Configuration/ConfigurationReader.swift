// SPDX-License-Identifier: Apache-2.0
import Documents

/// Takes values out of the tree by key and type, and gathers every mistake on the way.
///
/// What is nil or left out of a list has been reported.
struct ConfigurationReader {
    let file: String
    private(set) var errors: [ConfigurationError] = []

    init(file: String) {
        self.file = file
    }

    /// The mapping at the root of a file of this kind and the place of its version; nil ends the work.
    mutating func root(_ bytes: [UInt8], kind: String, keys: [String]) -> (Mapping, SourceMark)? {
        var yaml = YAMLReader(file: file)
        let tree = yaml.read(bytes)
        errors = yaml.errors
        guard let tree, let entries = entries(tree) else { return nil }
        let versionKey = "conclave-\(kind)"
        let ours = Mapping(entries: entries, mark: tree.mark)
        if ours.node(versionKey) == nil,
            let other = entries.first(where: { $0.key.hasPrefix("conclave-") })
        {
            report(
                other.keyMark, .configurationKey,
                "\(quoted(other.key)) begins another kind of file, not a \(kind)")
            return nil
        }
        let root = mapping(entries, mark: tree.mark, keys: [versionKey] + keys)
        let version = number(root, versionKey)
        if let version, version.text != "1" {
            report(
                version.mark, .configurationType,
                "version \(version.text) is not one that this program reads: 1")
            return nil
        }
        return (root, version?.mark ?? root.place(versionKey))
    }

    /// Ends the work if anything was reported.
    func finish() throws(ConfigurationErrors) {
        if !errors.isEmpty { throw ConfigurationErrors(errors) }
    }
}

// MARK: - Values

extension ConfigurationReader {
    /// A text that must be there.
    mutating func text(_ mapping: Mapping, _ key: String) -> Value? {
        required(mapping, key).flatMap { text($0) }
    }

    /// A time span in its canonical form; without a default, it must be there.
    mutating func timeSpan(
        _ mapping: Mapping, _ key: String, default fallback: String? = nil
    ) -> Value? {
        parsed(mapping, key, fallback, "a time span such as 12h or 30d") {
            TimeSpan(text: $0)?.text
        }
    }

    /// A whole number; without a default, it must be there.
    mutating func number(
        _ mapping: Mapping, _ key: String, default fallback: String? = nil
    ) -> Value? {
        parsed(mapping, key, fallback, Self.wholeNumber, Self.number)
    }

    /// The whole number of an entry.
    mutating func number(_ entry: YAMLEntry) -> Value? {
        parsed(entry.value, Self.wholeNumber, Self.number)
    }

    /// The texts of a list; one that is absent is empty.
    mutating func texts(_ mapping: Mapping, _ key: String) -> [Value] {
        items(mapping.node(key), "a list such as [one, two]").compactMap { text($0) }
    }

    /// The texts of a list that must be there.
    mutating func requiredTexts(_ mapping: Mapping, _ key: String) -> [Value] {
        items(required(mapping, key), "a list such as [one, two]").compactMap { text($0) }
    }

    private static let wholeNumber = "a whole number such as 2"

    private static func number(_ text: String) -> String? {
        parseDecimal(text).map(String.init)
    }

    private mutating func parsed(
        _ mapping: Mapping, _ key: String, _ fallback: String?, _ expected: String,
        _ parse: (String) -> String?
    ) -> Value? {
        if let fallback, mapping.node(key) == nil {
            return Value(text: fallback, mark: mapping.place(key))
        }
        return required(mapping, key).flatMap { parsed($0, expected, parse) }
    }

    private mutating func parsed(
        _ node: YAMLNode, _ expected: String, _ parse: (String) -> String?
    ) -> Value? {
        guard case .scalar(let text, _) = node.content, let result = parse(text) else {
            reportType(node, expected)
            return nil
        }
        return Value(text: result, mark: node.mark)
    }

    private mutating func text(_ node: YAMLNode) -> Value? {
        let hint: String?
        switch node.content {
        case .scalar("", _): hint = nil
        case .scalar where node.isEmpty: hint = "put it in quotes if it is meant as a text"
        case .scalar(let text, _): return Value(text: text, mark: node.mark)
        case .mapping: hint = "put a text that holds \": \" in quotes"
        case .sequence, .refused: hint = nil
        }
        reportType(node, "a text", hint: hint)
        return nil
    }
}

// MARK: - Mappings and lists

extension ConfigurationReader {
    /// A mapping; one that is absent is empty.
    mutating func mapping(_ parent: Mapping, _ key: String, keys: [String]) -> Mapping {
        guard let node = parent.node(key) else {
            return Mapping(entries: [], mark: parent.place(key))
        }
        return mapping(node, keys: keys) ?? Mapping(entries: [], mark: node.mark)
    }

    /// A mapping that must be there; nil if it is not.
    mutating func requiredMapping(_ parent: Mapping, _ key: String, keys: [String]?) -> Mapping? {
        required(parent, key).flatMap { mapping($0, keys: keys) }
    }

    /// A list of mappings that must be there, unless `isOptional`.
    mutating func mappings(
        _ parent: Mapping, _ key: String, isOptional: Bool = false, keys: [String]
    ) -> [Mapping] {
        let node = isOptional ? parent.node(key) : required(parent, key)
        return items(node, "a list of mappings").compactMap { mapping($0, keys: keys) }
    }

    private mutating func mapping(_ node: YAMLNode, keys: [String]?) -> Mapping? {
        entries(node).map { mapping($0, mark: node.mark, keys: keys) }
    }

    private mutating func entries(_ node: YAMLNode) -> [YAMLEntry]? {
        if case .mapping(let entries) = node.content { return entries }
        reportType(node, "a mapping of keys and values")
        return nil
    }

    /// Reports each key that is not of `keys`; nil lets all stand.
    private mutating func mapping(
        _ entries: [YAMLEntry], mark: SourceMark, keys: [String]?
    ) -> Mapping {
        if let keys {
            for entry in entries where !keys.contains(entry.key) {
                let nearest = Spelling.nearest(to: entry.key, of: keys)
                report(
                    entry.keyMark, .configurationKey, "\(quoted(entry.key)) is not known here",
                    hint: nearest.map { "did you mean \($0)?" }
                        ?? "known here: \(keys.joined(separator: ", "))")
            }
        }
        return Mapping(entries: entries, mark: mark)
    }

    private mutating func items(_ node: YAMLNode?, _ expected: String) -> [YAMLNode] {
        guard let node else { return [] }
        if case .sequence(let items) = node.content { return items }
        reportType(node, expected)
        return []
    }

    private mutating func required(_ mapping: Mapping, _ key: String) -> YAMLNode? {
        let node = mapping.node(key)
        if node == nil {
            report(mapping.mark, .configurationMissing, "\(quoted(key)) is missing")
        }
        return node
    }
}

// MARK: - Lists of either

extension ConfigurationReader {
    /// What stands in a list that may hold both.
    enum TextOrMapping {
        case text(Value)
        case mapping(Mapping)
    }

    /// The texts, and the mappings of `keys`, of a list that must be there.
    mutating func requiredTextsOrMappings(
        _ mapping: Mapping, _ key: String, keys: [String]
    ) -> [TextOrMapping] {
        items(required(mapping, key), "a list such as [one, two]").compactMap { node in
            // A text may look like a mapping of something else.
            if case .mapping(let entries) = node.content,
                entries.contains(where: { keys.contains($0.key) })
            {
                return self.mapping(node, keys: keys).map { .mapping($0) }
            }
            return text(node).map { .text($0) }
        }
    }
}

// MARK: - Reports

extension ConfigurationReader {
    private mutating func reportType(_ node: YAMLNode, _ expected: String, hint: String? = nil) {
        let found: String
        switch node.content {
        case .scalar("", true): found = "nothing"
        case .scalar(let text, _): found = quoted(text)
        case .sequence: found = "a list"
        case .mapping: found = "a mapping"
        case .refused: return
        }
        report(node.mark, .configurationType, "\(found) is not \(expected)", hint: hint)
    }

    mutating func report(
        _ mark: SourceMark, _ rule: RuleID, _ message: String, hint: String? = nil
    ) {
        errors.append(
            ConfigurationError(file: file, mark: mark, rule: rule, message: message, hint: hint))
    }
}
