// SPDX-License-Identifier: Apache-2.0

/// Reads one text line by line and gathers every fault.
struct DocumentParser {
    private let kind: String
    private let limits: DocumentLimits
    private let utf8Fields: Set<String>

    private var blocks: [Block] = []
    private var fields: [Field] = []
    private var blockLine = 1
    private var violations = ViolationList()
    private var seenHeading = false
    private var seenCarriageReturn = false

    init(kind: String, limits: DocumentLimits, utf8Fields: Set<String>) {
        self.kind = kind
        self.limits = limits
        self.utf8Fields = utf8Fields
    }

    mutating func parse(_ bytes: [UInt8]) throws(Violations) -> [Block] {
        var line = 0
        var start = bytes.startIndex
        var emptyLines = 0
        while start < bytes.endIndex {
            line += 1
            let newline = bytes[start...].firstIndex(of: UInt8(ascii: "\n"))
            let end = newline ?? bytes.endIndex
            let content = withoutCarriageReturn(bytes[start..<end], line: line)
            if content.isEmpty, newline != nil {
                emptyLines += 1
                if emptyLines == 1, seenHeading { closeBlock() }
                if emptyLines == 2 {
                    report(.documentBlock, line, "more than one empty line")
                }
                if line == 1 { report(.documentBlock, line, "the text begins with an empty line") }
            } else {
                if emptyLines > 0 { blockLine = line }
                emptyLines = 0
                read(content, line: line)
            }
            if newline == nil {
                report(
                    .documentLine, line, "the last line does not end with LF",
                    hint: "end the file with a line end")
            }
            start = end + 1
        }
        if !seenHeading {
            report(
                .documentHead, 1,
                "the text is empty; \(quoted(Document.heading(kind))) belongs here")
        } else if emptyLines > 0 {
            report(.documentBlock, line, "the text ends with an empty line")
        }
        if emptyLines == 0 { closeBlock() }
        try Violations.raise(violations.all)
        return blocks
    }

    private mutating func closeBlock() {
        blocks.append(Block(fields: fields, line: blockLine))
        fields = []
    }

    private mutating func report(
        _ rule: RuleID, _ line: Int, _ message: String, hint: String? = nil
    ) {
        violations.append(Violation(rule, line: line, message, hint: hint))
    }

    /// Files from Windows end each line with CR LF: told once, then read on for other faults.
    private mutating func withoutCarriageReturn(
        _ content: ArraySlice<UInt8>, line: Int
    ) -> ArraySlice<UInt8> {
        guard content.last == UInt8(ascii: "\r") else { return content }
        if !seenCarriageReturn {
            seenCarriageReturn = true
            report(
                .documentLine, line, "the line ends with CR LF",
                hint: "save the file with LF line ends")
        }
        return content.dropLast()
    }
}

// MARK: - Lines

extension DocumentParser {
    private mutating func read(_ content: ArraySlice<UInt8>, line: Int) {
        if !seenHeading {
            seenHeading = true
            readHeading(content, line: line)
        } else if let field = readField(content, line: line) {
            fields.append(field)
        }
    }

    private mutating func readHeading(_ content: ArraySlice<UInt8>, line: Int) {
        let expected = Document.heading(kind)
        guard !content.elementsEqual(expected.utf8) else { return }
        let hint: String? =
            if content.starts(with: [0xEF, 0xBB, 0xBF]) {
                "save the file without a byte order mark"
            } else if let other = Document.kind(of: content + [UInt8(ascii: "\n")]) {
                other == kind
                    ? "this program reads version v1 of it"
                    : "this is a text of another kind: \(other)"
            } else {
                nil
            }
        report(
            .documentHead, line, "the first line is \(quote(content)), not \(quoted(expected))",
            hint: hint)
    }

    private mutating func readField(_ content: ArraySlice<UInt8>, line: Int) -> Field? {
        guard let colon = content.firstIndex(of: UInt8(ascii: ":")) else {
            report(.documentLine, line, "\(quote(content)) is not of the form \"name: value\"")
            return nil
        }
        let nameBytes = content[..<colon]
        var isGood = true
        if !FieldName.isValid(nameBytes) {
            report(
                .documentLine, line,
                "field name \(quote(nameBytes)) is not of the form [a-z][a-z0-9-]*,"
                    + " at most \(Document.maximumNameBytes) bytes")
            isGood = false
        }
        var valueBytes = content[(colon + 1)...]
        let name = String(decoding: nameBytes, as: UTF8.self)
        if valueBytes.isEmpty || valueBytes.elementsEqual([UInt8(ascii: " ")]) {
            report(.documentValue, line, "field \(quoted(name)) has no value")
            return nil
        }
        if valueBytes.first == UInt8(ascii: " ") {
            valueBytes = valueBytes.dropFirst()
        } else {
            report(.documentLine, line, "field \(quoted(name)) has no space after its colon")
            isGood = false
        }
        guard let value = readValue(valueBytes, name: name, line: line), isGood else { return nil }
        return Field(name: name, value: value, line: line)
    }

    private func quote(_ bytes: ArraySlice<UInt8>) -> String {
        quoted(String(decoding: bytes, as: UTF8.self))
    }
}

// MARK: - Values

extension DocumentParser {
    private mutating func readValue(
        _ bytes: ArraySlice<UInt8>, name: String, line: Int
    ) -> String? {
        var isGood = true
        if bytes.count > limits.maximumValueBytes {
            report(
                .documentValue, line,
                "field \(quoted(name)) has \(bytes.count) bytes,"
                    + " more than the limit of \(limits.maximumValueBytes)")
            isGood = false
        }
        if bytes.first == UInt8(ascii: " ") {
            report(
                .documentLine, line, "field \(quoted(name)) has more than one space after its colon"
            )
            isGood = false
        }
        if bytes.last == UInt8(ascii: " ") {
            report(.documentValue, line, "field \(quoted(name)) ends with a space")
            isGood = false
        }
        if bytes.allSatisfy({ (0x20...0x7E).contains($0) }) {
            return isGood ? String(decoding: bytes, as: UTF8.self) : nil
        }
        guard let value = String(validating: bytes, as: UTF8.self) else {
            report(.documentValue, line, "field \(quoted(name)) is not valid UTF-8")
            return nil
        }
        let allowsUTF8 = utf8Fields.contains(name)
        if let scalar = value.unicodeScalars.first(where: { !SafeText.allows($0) }) {
            report(
                .documentValue, line,
                "field \(quoted(name)) holds \(SafeText.name(scalar)),"
                    + " a character that cannot be seen for what it is")
            return nil
        }
        if !allowsUTF8, let scalar = value.unicodeScalars.first(where: { !$0.isASCII }) {
            report(
                .documentValue, line,
                "field \(quoted(name)) holds \(SafeText.name(scalar)); only ASCII is allowed here")
            return nil
        }
        return isGood ? value : nil
    }
}
