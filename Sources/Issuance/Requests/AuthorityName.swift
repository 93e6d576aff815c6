// SPDX-License-Identifier: Apache-2.0

/// The form of an authority's name: `users@example.org`.
public enum AuthorityName {
    /// The form, as messages say it.
    public static let form = "an authority such as users@example.org"

    /// Whether `name` is one: a word, `@`, a domain; lower case, at most 64 bytes.
    public static func isValid(_ name: String) -> Bool {
        guard name.utf8.count <= 64 else { return false }
        let parts = name.utf8.split(separator: 0x40, omittingEmptySubsequences: false)
        return parts.count == 2
            && parts.allSatisfy { isWord($0) { $0 == 0x2D || $0 == 0x2E || $0 == 0x5F } }
    }

    /// Whether a word begins with a letter or digit, and has nothing but those and others that are
    /// allowed.
    static func isWord(_ word: Substring.UTF8View, allows: (UInt8) -> Bool) -> Bool {
        guard let first = word.first, isLetterOrDigit(first) else { return false }
        return word.allSatisfy { isLetterOrDigit($0) || allows($0) }
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte)
    }
}
