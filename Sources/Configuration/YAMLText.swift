// SPDX-License-Identifier: Apache-2.0
import Documents

/// What is said of a file's characters and of its syntax.
enum YAMLText {
    /// The path of `key` below `path`.
    static func path(_ path: String, _ key: String) -> String {
        let isSimple =
            !key.isEmpty && key.utf8.count <= 32
            && key.unicodeScalars.allSatisfy {
                $0.isASCII && ($0.properties.isAlphabetic || ("0"..."9").contains($0) || $0 == "-")
            }
        let name = isSimple ? key : quoted(key)
        return path.isEmpty ? name : "\(path).\(name)"
    }

    /// The first byte that is not UTF-8, or character that a reader doesn't see for what it is.
    ///
    /// YAML takes a lone CR and U+2028 for line ends where an editor shows none: what looks like a
    /// comment would be a key.
    static func firstFault(in bytes: [UInt8], file: String) -> ConfigurationError? {
        var line = 1
        var column = 1
        var position = bytes.makeIterator()
        var decoder = UTF8()
        var isAfterReturn = false
        while true {
            let message: String
            var hint: String?
            switch decoder.decode(&position) {
            case .emptyInput where !isAfterReturn:
                return nil
            case .scalarValue("\n"):
                line += 1
                column = 1
                isAfterReturn = false
                continue
            case _ where isAfterReturn:
                column -= 1
                message = "a CR without LF is no line end here"
            case .scalarValue("\r"):
                isAfterReturn = true
                column += 1
                continue
            case .scalarValue(let scalar) where scalar == "\t" || SafeText.allows(scalar):
                column += 1
                continue
            case .scalarValue("\u{FEFF}") where line == 1 && column == 1:
                message = "the file begins with a byte order mark"
                hint = "save the file without a byte order mark"
            case .scalarValue(let scalar):
                message =
                    "\(SafeText.name(scalar)) is a character that cannot be seen for what it is"
            case .emptyInput, .error:
                message = "the file is not valid UTF-8 here"
            }
            return ConfigurationError(
                file: file, mark: SourceMark(line: line, column: column, path: ""),
                rule: .configurationSyntax, message: message, hint: hint)
        }
    }

    /// The lines that begin with `%`, counted from 1.
    static func linesOfDirectives(in bytes: [UInt8]) -> [Int] {
        var found: [Int] = []
        var line = 1
        var isFirst = true
        for byte in bytes {
            if isFirst, byte == UInt8(ascii: "%") { found.append(line) }
            isFirst = byte == UInt8(ascii: "\n")
            if isFirst { line += 1 }
        }
        return found
    }

    /// What libyaml found, in our words around its own.
    static func error(_ fault: YAMLFault, in bytes: [UInt8], file: String) -> ConfigurationError {
        var message = fault.problem
        if let context = fault.context {
            message = "\(context): \(message)"
            if let start = fault.contextMark, start != fault.mark {
                message = "\(context) that begins in line \(start.line): \(fault.problem)"
            }
        }
        let name = ["an anchor", "an alias", "a tag"].first { fault.context?.hasSuffix($0) == true }
        return ConfigurationError(
            file: file,
            mark: fault.mark.map { SourceMark(line: $0.line, column: $0.column, path: "") },
            rule: name == nil ? .configurationSyntax : .configurationAnchor, message: message,
            hint: hint(fault, in: bytes))
    }

    private static func hint(_ fault: YAMLFault, in bytes: [UInt8]) -> String? {
        guard let mark = fault.mark else { return nil }
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        let line = lines.dropFirst(mark.line - 1).first ?? []
        if line.prefix(while: { $0 == 0x20 || $0 == 0x09 }).contains(0x09) {
            return "indent with spaces; a tab is no indentation in YAML"
        }
        return "put a text in quotes if it begins with one of * & ! { } [ ] @ ` % | >"
            + " or holds \": \" or \" #\""
    }
}
