// SPDX-License-Identifier: Apache-2.0

/// The words of a person's name and accounts, to be found in what others write.
struct NameWords {
    private let names: [[String]]

    /// Takes the words of a person's name and accounts.
    init(of person: Person) {
        names = ([person.name] + person.accounts).map { Self.words(of: $0) }.filter { !$0.isEmpty }
    }

    /// Whether the name or one of the accounts stands in a text, as whole words; of an address the part
    /// before the `@` counts too.
    func stand(in text: String) -> Bool {
        let words = Self.words(of: text)
        if names.contains(where: { Self.stands($0, in: words) }) { return true }
        guard text.utf8.contains(UInt8(ascii: "@")) else { return false }
        let shortened = words.map { word in
            word.firstIndex(of: "@").map { String(word[..<$0]) } ?? word
        }
        return names.contains { Self.stands($0, in: shortened) }
    }

    /// Whether these words stand one after the other among others.
    private static func stands(_ wanted: [String], in words: [String]) -> Bool {
        guard wanted.count <= words.count else { return false }
        return (0...(words.count - wanted.count)).contains { start in
            wanted.indices.allSatisfy { wanted[$0] == words[start + $0] }
        }
    }

    /// The words of a text in lower case, without what stands between and around them.
    private static func words(of text: String) -> [String] {
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return words(ofASCII: text) }
        return text.lowercased().unicodeScalars.split { scalar in
            scalar.isASCII && !isPart(UInt8(truncatingIfNeeded: scalar.value))
        }.compactMap { part in
            func isLetterOrDigit(_ scalar: Unicode.Scalar) -> Bool {
                !scalar.isASCII || Self.isLetterOrDigit(UInt8(truncatingIfNeeded: scalar.value))
            }
            var word = part.drop { !isLetterOrDigit($0) }
            while let last = word.last, !isLetterOrDigit(last) { word.removeLast() }
            return word.isEmpty ? nil : String(word)
        }
    }

    /// The same of a text in ASCII, as most are.
    private static func words(ofASCII text: String) -> [String] {
        let lowered = text.utf8.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
        return lowered.split { !isPart($0) }.compactMap { part in
            var word = part.drop { !isLetterOrDigit($0) }
            while let last = word.last, !isLetterOrDigit(last) { word.removeLast() }
            return word.isEmpty ? nil : String(decoding: word, as: UTF8.self)
        }
    }

    /// Whether an ASCII character can stand in a word.
    private static func isPart(_ byte: UInt8) -> Bool {
        isLetterOrDigit(byte) || "@._+-".utf8.contains(byte)
    }

    /// Whether an ASCII character can begin and end a word.
    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: false
        }
    }
}
