// SPDX-License-Identifier: Apache-2.0

/// The form of an authority's name: `users@example.org`.
public enum AuthorityName {
    /// The form, as messages say it.
    public static let form = "an authority such as users@example.org"

    /// Whether `name` is one: a word, `@`, a domain; lower case, at most 64 bytes.
    public static func isValid(_ name: String) -> Bool {
        let parts = name.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, name.utf8.count <= 64 else { return false }
        return parts.allSatisfy { isWord($0, extra: [0x2D, 0x2E, 0x5F]) }
    }

    static func isWord(_ word: Substring, extra: [UInt8]) -> Bool {
        guard let first = word.utf8.first, isLetterOrDigit(first) else { return false }
        return word.utf8.allSatisfy { isLetterOrDigit($0) || extra.contains($0) }
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte)
    }
}
