// SPDX-License-Identifier: Apache-2.0

/// Patterns as the line files of OpenSSH hold them, between commas, spaces and quotes.
enum PatternText {
    /// Checks that a pattern is not empty and has no character that means something to the file.
    static func require(_ field: String, _ text: String) throws(FormatError) {
        let bytes = Array(text.utf8)
        _ = try PrintableText.read(field, bytes[...], limit: maximumLength)
        if let index = bytes.firstIndex(where: { special.contains($0) }) {
            let character = String(decoding: [bytes[index]], as: UTF8.self)
            throw FormatError(field, at: index, .invalid("it has the character '\(character)'"))
        }
    }

    /// What parts fields, quotes, comments, negates or marks a hashed name.
    private static let special = Set(" ,\"'#!|\\".utf8)
    /// The longest pattern, in bytes.
    private static let maximumLength = 1024
}
