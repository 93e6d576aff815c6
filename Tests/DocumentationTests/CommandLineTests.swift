// SPDX-License-Identifier: Apache-2.0
import TestSupport
import Testing

@Suite("The command lines of the documentation")
struct CommandLineTests {
    @Test("every command and every option that the pages name is one of the programs'")
    func commandsExist() throws {
        let programs = [
            "conclave": try Declarations(folder: "Sources/ConclaveCommands"),
            "conclave-verify": try Declarations(folder: "Sources/conclave-verify"),
        ]
        let listing = try Subprocess.run(
            "/usr/bin/find",
            [Page.root + "Docs", Page.root + "README.md", "-name", "*.md", "-type", "f"])
        var count = 0
        for path in listing.output.split(separator: "\n") {
            let page = try Page(String(path.dropFirst(Page.root.count)))
            for line in page.commandLines {
                guard let program = programs[line.program] else { continue }
                let unknown = program.unknown(in: line.words)
                #expect(unknown == [], "\(page.path): \(line.program) \(line.words)")
                count += 1
            }
        }
        #expect(count > 40)
    }

    @Test("a command line is found in a block and in a sentence, over line ends, up to a pipe")
    func commandLinesAreFound() {
        let text = """
            conclave sign --home ca 1 \\
                --outbox /media
            journalctl | conclave trace --home ca - | less
            $ conclave-verify bundle DIR
            conclave: an error
            conclave ─► ConclaveCommands
            """
        let lines = CommandLine.all(in: text)
        #expect(lines.map(\.program) == ["conclave", "conclave", "conclave-verify"])
        #expect(lines.first?.words == ["sign", "--home", "ca", "1", "--outbox", "/media"])
        #expect(lines.dropFirst().first?.words == ["trace", "--home", "ca", "-"])
    }
}

/// A call of one of the programs, as a page shows it.
private struct CommandLine {
    let program: String
    let words: [String]

    static func all(in text: String) -> [CommandLine] {
        text.replacing("\\\n", with: " ").split(separator: "\n")
            .flatMap { $0.split(separator: "|").map(String.init) }
            .compactMap { part in
                var words = part.split(whereSeparator: \.isWhitespace).map(String.init)
                if words.first == "$" { words.removeFirst() }
                guard let program = words.first, ["conclave", "conclave-verify"].contains(program),
                    let next = words.dropFirst().first, next.first?.isASCII == true
                else { return nil }
                return CommandLine(program: program, words: Array(words.dropFirst()))
            }
    }
}

extension Page {
    /// The calls of the programs in blocks, and in code within sentences.
    fileprivate var commandLines: [CommandLine] {
        let inSentences = prose.map(\.text).joined(separator: "\n")
            .split(separator: "`", omittingEmptySubsequences: false).enumerated()
            .filter { !$0.offset.isMultiple(of: 2) }
            .flatMap { CommandLine.all(in: String($0.element).replacing("\n", with: " ")) }
        return blocks.filter { $0.fileName == nil }.flatMap { CommandLine.all(in: $0.text) }
            + inSentences
    }
}

/// What the sources of a program declare: the names of commands, and of options.
private struct Declarations {
    private var commands: Set<String> = []
    private var options: Set<String> = ["help", "version"]

    init(folder: String) throws {
        let listing = try Subprocess.run(
            "/usr/bin/find", [Page.root + folder, "-name", "*.swift", "-type", "f"])
        for path in listing.output.split(separator: "\n") {
            let text = String(decoding: try contents(ofFile: String(path)), as: UTF8.self)
            commands.formUnion(Self.quoted(after: "commandName: \"", in: text))
            options.formUnion(Self.quoted(after: "customLong(\"", in: text))
            for line in text.split(separator: "\n") where line.hasPrefix("    var ") {
                let name = line.dropFirst(8).prefix { $0.isLetter || $0.isNumber }
                options.insert(Self.kebab(name))
            }
        }
    }

    /// The words that are neither: the first of a line is a command, and so is the second where the
    /// first has commands of its own.
    func unknown(in words: [String]) -> [String] {
        var unknown: [String] = []
        if let first = words.first, !first.hasPrefix("-"), !commands.contains(first) {
            unknown.append(first)
        }
        for word in words where word.hasPrefix("--") {
            let name = word.dropFirst(2).prefix { $0.isLetter || $0.isNumber || $0 == "-" }
            if !options.contains(String(name)) { unknown.append(word) }
        }
        return unknown
    }

    private static func quoted(after opening: String, in text: String) -> [String] {
        text.split(separator: opening, omittingEmptySubsequences: false).dropFirst()
            .map { String($0.prefix { $0 != "\"" }) }
    }

    /// `pinFD` as the command line spells it: `pin-fd`.
    private static func kebab(_ name: Substring) -> String {
        var text = ""
        var wasUpper = true
        for character in name {
            if character.isUppercase, !wasUpper { text += "-" }
            text += character.lowercased()
            wasUpper = character.isUppercase
        }
        return text
    }
}
