// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Documents
import SSHCrypto
import SSHFormats

/// `conclave-verify words`: says a file's digest in words that are compared over a telephone.
struct WordsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "words",
        abstract: "Say the SHA-256 of files or public keys in words, to be read aloud.",
        discussion: """
            The words are those of the report: 32 for a file, and for each key of a file of public \
            keys. Compare all of them, in their order, with somebody whose voice you know.

            Example: conclave-verify words audit/batch.txt trust/users_example.org.pub
            """)

    /// The most bytes of a file: those of the longest manifest.
    private static let maximumBytes = BatchReport.maximumBytes

    @Argument(help: "Files, such as a manifest, a genesis or public keys.")
    var files: [String]

    mutating func run() throws {
        try reporting {
            for path in files {
                let contents = try NamedFile(path, limit: Self.maximumBytes).contents
                let text = SpokenFile(contents, path: path).lines.joined(separator: "\n")
                try StandardStream.output.write(line: text)
            }
            return true
        }
    }
}

/// What is said of a file: the words of its digest, or of each key in it.
struct SpokenFile {
    /// The lines: a digest with what it is of, and its words, eight on a line.
    let lines: [String]

    /// Takes a file for public keys where each of its lines is one, and for itself otherwise.
    init(_ contents: [UInt8], path: String) {
        let keys = contents.split(separator: 0x0A).map { Self.key(Array($0)) }
        let found = keys.compactMap { $0 }
        guard !found.isEmpty, found.count == keys.count else {
            lines =
                ["\(SHA256Digest(hashing: contents).hex)  \(shownPath(path))"]
                + Self.rows(SHA256Digest(hashing: contents))
            return
        }
        lines = found.flatMap { key in
            ["\(key.fingerprint)  a key in \(shownPath(path))"]
                + Self.rows(SHA256Digest(hashing: key.blob))
        }
    }

    private static func key(_ line: [UInt8]) -> PublicKey? {
        // What stands behind the key is a comment.
        let parts = line.split(separator: 0x20, maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count >= 2, line.count <= 16_384 else { return nil }
        do throws(FormatError) {
            return try PublicKey(
                line: parts.prefix(2).map { String(decoding: $0, as: UTF8.self) }
                    .joined(separator: " "))
        } catch {
            return nil
        }
    }

    private static func rows(_ digest: SHA256Digest) -> [String] {
        let words = PGPWords.encode(digest.bytes)
        return stride(from: 0, to: words.count, by: 8).map { start in
            "    " + words[start..<min(start + 8, words.count)].joined(separator: " ")
        }
    }
}
