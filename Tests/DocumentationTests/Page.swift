// SPDX-License-Identifier: Apache-2.0
import TestSupport

/// A page of the documentation, with the blocks that it fences.
struct Page {
    /// A fenced block: the words after the fence, and the lines up to the closing one.
    struct Block {
        let words: [String]
        let line: Int
        let text: String

        var bytes: [UInt8] { Array(text.utf8) }

        /// The name of the file that the block shows: `text file=audit/batch.txt`.
        var fileName: String? {
            words.compactMap { word in
                word.hasPrefix("file=") ? String(word.dropFirst(5)) : nil
            }.first
        }

        /// Whether the block holds commands that check the examples: `sh check`.
        var isCheck: Bool { words == ["sh", "check"] }
    }

    /// The path from the package's root.
    let path: String
    /// The text of the page.
    let text: String
    /// The fenced blocks, in order.
    let blocks: [Block]

    init(_ path: String) throws {
        self.path = path
        text = String(decoding: try contents(ofFile: Self.root + path), as: UTF8.self)
        blocks = Self.blocks(of: text)
    }

    /// The package's root, with a slash at its end.
    static let root = String(
        #filePath.prefix(#filePath.count - "Tests/DocumentationTests/Page.swift".count))

    /// The text outside the blocks, line by line.
    var prose: [(line: Int, text: String)] {
        var isInside = false
        var lines: [(line: Int, text: String)] = []
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false)
            .enumerated()
        {
            if line.hasPrefix("```") {
                isInside.toggle()
            } else if !isInside {
                lines.append((index + 1, String(line)))
            }
        }
        return lines
    }

    private static func blocks(of text: String) -> [Block] {
        var blocks: [Block] = []
        var open: (words: [String], line: Int, lines: [Substring])?
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            guard line.hasPrefix("```") else {
                open?.lines.append(line)
                continue
            }
            if let block = open {
                blocks.append(
                    Block(
                        words: block.words, line: block.line,
                        text: block.lines.map { $0 + "\n" }.joined()))
                open = nil
            } else {
                let words = line.dropFirst(3).split(separator: " ").map(String.init)
                open = (words, index + 1, [])
            }
        }
        return blocks
    }
}

extension Page {
    /// The pages that specify a format.
    static let formats = [
        "Conventions", "Request", "Policy", "Roster", "Genesis", "TokenKey", "Attestation", "Batch",
        "Approval",
        "LedgerEntry", "Checkpoint", "Proof", "LedgerExport", "LedgerFile", "Bundle", "Certificate",
        "Signature",
        "Report", "RevocationList",
    ].map { "Docs/Formats/\($0).md" }

    /// Every file that the format pages show, by name.
    static func examples() throws -> [String: [UInt8]] {
        var files: [String: [UInt8]] = [:]
        for path in formats {
            for block in try Page(path).blocks {
                if let name = block.fileName { files[name] = block.bytes }
            }
        }
        return files
    }

    /// One file that the format pages show.
    static func example(_ name: String) throws -> [UInt8] {
        guard let bytes = try examples()[name] else { throw MissingExample(name: name) }
        return bytes
    }

    /// An example that no page shows.
    struct MissingExample: Error {
        let name: String
    }
}
