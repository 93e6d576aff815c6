// SPDX-License-Identifier: Apache-2.0
import Documents

/// Reads a whole file into a tree, and refuses what no administrator needs.
///
/// Anchors, aliases, tags, directives and merge keys are reported and the tree is built without them,
/// so that other mistakes are told in the same run. A syntax fault or a broken limit ends the reading.
struct YAMLReader {
    /// The most bytes of a file: 256 KiB.
    static let maximumBytes = 262_144
    /// The most scalars, sequences and mappings together.
    static let maximumNodes = 10_000
    /// The deepest nesting of sequences and mappings; a policy needs four.
    static let maximumDepth = 16
    /// The most lines that begin with `%`, as directives do; libyaml compares each with all others.
    static let maximumDirectives = 64

    private let file: String
    private var open: [OpenNode] = []
    private var root: YAMLNode?
    private var nodes = 0
    private(set) var errors: [ConfigurationError] = []

    init(file: String) {
        self.file = file
    }

    /// The tree; nil if there is none, which has been reported.
    mutating func read(_ bytes: [UInt8]) -> YAMLNode? {
        guard bytes.count <= Self.maximumBytes else {
            report(
                nil, .configurationSize,
                "\(bytes.count) bytes exceed the limit of \(Self.maximumBytes)")
            return nil
        }
        if let error = YAMLText.firstFault(in: bytes, file: file) {
            errors.append(error)
            return nil
        }
        let directives = YAMLText.linesOfDirectives(in: bytes)
        guard directives.count <= Self.maximumDirectives else {
            report(
                SourceMark(line: directives[Self.maximumDirectives], column: 1, path: ""),
                .configurationSize,
                "more than the limit of \(Self.maximumDirectives) lines begin with %")
            return nil
        }
        var parser = YAMLParser(bytes)
        do throws(YAMLFault) {
            while let event = try parser.next().notEnd {
                guard take(event) else { return nil }
            }
        } catch {
            errors.append(YAMLText.error(error, in: bytes, file: file))
            return nil
        }
        if root == nil {
            report(
                SourceMark(line: 1, column: 1, path: ""), .configurationMissing,
                "the file holds nothing but comments")
        }
        return root
    }
}

// MARK: - Events

extension YAMLReader {
    /// A sequence or mapping whose end has not come.
    private struct OpenNode {
        enum Slot {
            case item
            case key
            case value(of: String, at: SourceMark)
            case valueOfRefusedKey
        }

        let mark: SourceMark
        var slot: Slot
        var items: [YAMLNode] = []
        var entries: [YAMLEntry] = []
        var keys: [String: SourceMark] = [:]
    }

    /// Goes one step; false ends the reading.
    private mutating func take(_ event: YAMLEvent) -> Bool {
        let mark = place(event.mark)
        if event.hasAnchor {
            report(
                mark, .configurationAnchor, "anchors are not read here",
                hint: "put a text that begins with & in quotes")
        }
        if event.hasTag {
            report(
                mark, .configurationAnchor, "tags are not read here",
                hint: "put a text that begins with ! in quotes")
        }
        switch event.kind {
        case .streamStart, .streamEnd, .documentEnd:
            return true
        case .documentStart(let hasDirectives):
            return beginDocument(mark, hasDirectives: hasDirectives)
        case .alias:
            report(
                mark, .configurationAnchor, "aliases are not read here",
                hint: "put a text that begins with * in quotes")
            return count(mark) && add(YAMLNode(content: .refused, mark: mark))
        case .scalar(let text, let isPlain):
            return count(mark)
                && add(YAMLNode(content: .scalar(text: text, isPlain: isPlain), mark: mark))
        case .sequenceStart:
            return count(mark) && begin(OpenNode(mark: mark, slot: .item))
        case .mappingStart:
            return count(mark) && begin(OpenNode(mark: mark, slot: .key))
        case .sequenceEnd, .mappingEnd:
            guard let node = open.popLast() else { return true }
            if case .item = node.slot {
                return add(YAMLNode(content: .sequence(node.items), mark: node.mark))
            }
            return add(YAMLNode(content: .mapping(node.entries), mark: node.mark))
        }
    }

    private mutating func beginDocument(_ mark: SourceMark, hasDirectives: Bool) -> Bool {
        if hasDirectives {
            report(mark, .configurationAnchor, "directives are not read here")
        }
        guard root == nil else {
            report(mark, .configurationSize, "a second document begins here; a file holds one")
            return false
        }
        return true
    }

    private mutating func begin(_ node: OpenNode) -> Bool {
        guard open.count < Self.maximumDepth else {
            report(
                node.mark, .configurationSize,
                "this is nested deeper than the limit of \(Self.maximumDepth)")
            return false
        }
        open.append(node)
        return true
    }

    private mutating func count(_ mark: SourceMark) -> Bool {
        nodes += 1
        guard nodes > Self.maximumNodes else { return true }
        report(
            mark, .configurationSize,
            "the file has more than the limit of \(Self.maximumNodes) keys and values")
        return false
    }

    /// Puts a finished node into the one that holds it.
    private mutating func add(_ node: YAMLNode) -> Bool {
        guard var holder = open.popLast() else {
            root = node
            return true
        }
        switch holder.slot {
        case .item:
            holder.items.append(node)
        case .key:
            holder.slot = readKey(node, of: &holder)
        case .value(let key, let keyMark):
            holder.entries.append(YAMLEntry(key: key, keyMark: keyMark, value: node))
            holder.slot = .key
        case .valueOfRefusedKey:
            holder.slot = .key
        }
        open.append(holder)
        return true
    }

    private mutating func readKey(_ node: YAMLNode, of holder: inout OpenNode) -> OpenNode.Slot {
        guard case .scalar(let key, let isPlain) = node.content else {
            if case .refused = node.content { return .valueOfRefusedKey }
            report(node.mark, .configurationType, "a key is a text, not a list or a mapping")
            return .valueOfRefusedKey
        }
        if isPlain, key == "<<" {
            report(node.mark, .configurationAnchor, "merge keys are not read here")
            return .valueOfRefusedKey
        }
        if let first = holder.keys[key] {
            report(
                node.mark, .configurationDuplicate,
                "\(quoted(key)) is given again; it stands in line \(first.line) already")
            return .valueOfRefusedKey
        }
        holder.keys[key] = node.mark
        return .value(of: key, at: node.mark)
    }

    private mutating func report(
        _ mark: SourceMark?, _ rule: RuleID, _ message: String, hint: String? = nil
    ) {
        errors.append(
            ConfigurationError(file: file, mark: mark, rule: rule, message: message, hint: hint))
    }

    /// The place of an event, with the path of what it stands in.
    private func place(_ mark: YAMLMark) -> SourceMark {
        var path = ""
        for node in open {
            switch node.slot {
            case .item: path += "[\(node.items.count)]"
            case .value(let key, _): path = YAMLText.path(path, key)
            case .key, .valueOfRefusedKey: break
            }
        }
        return SourceMark(line: mark.line, column: mark.column, path: path)
    }
}

extension YAMLEvent {
    /// The event, unless it is the last one.
    fileprivate var notEnd: YAMLEvent? {
        if case .streamEnd = kind { return nil }
        return self
    }
}
