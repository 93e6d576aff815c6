// SPDX-License-Identifier: Apache-2.0

/// The words of a person's name and accounts, to be found in what others write.
struct NameWords {
    private let names: [[String]]

    /// Takes the words of a person's name and accounts.
    init(of person: Person) {
        names = ([person.name] + person.accounts).map { Self.words(of: $0) }.filter { !$0.isEmpty }
    }

    /// What others wrote, taken apart once for the names of many.
    struct Text {
        /// The words.
        fileprivate let words: [String]
        /// The words, of addresses the part before the `@`; nil where none stands there.
        fileprivate let shortened: [String]?

        /// Takes a text apart.
        init(_ text: String) {
            let words = NameWords.words(of: text)
            self.words = words
            shortened =
                text.utf8.contains(UInt8(ascii: "@"))
                ? words.map { word in word.firstIndex(of: "@").map { String(word[..<$0]) } ?? word }
                : nil
        }
    }

    /// Whether the name or one of the accounts stands in a text, as whole words; of an address the part
    /// before the `@` counts too.
    func stand(in text: Text) -> Bool {
        names.contains { name in
            Self.stands(name, in: text.words)
                || text.shortened.map { Self.stands(name, in: $0) } ?? false
        }
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
        let bytes = Array(text.utf8)
        if bytes.allSatisfy({ $0 < 0x80 }) { return words(ofASCII: bytes) }
        func isLetterOrDigit(_ scalar: Unicode.Scalar) -> Bool {
            guard scalar.isASCII else { return isPartOfLetters(scalar) }
            return Self.isLetterOrDigit(UInt8(truncatingIfNeeded: scalar.value))
        }
        return text.lowercased().unicodeScalars.split { scalar in
            guard scalar.isASCII else { return !isPartOfLetters(scalar) }
            return !isPart(UInt8(truncatingIfNeeded: scalar.value))
        }.compactMap { part in
            var word = part.drop { !isLetterOrDigit($0) }
            while let last = word.last, !isLetterOrDigit(last) { word.removeLast() }
            return word.isEmpty ? nil : String(word)
        }
    }

    /// Whether a character of other scripts is a letter, a mark on one, or a number; no quotation
    /// mark, dash or sign that a word processor puts between words.
    private static func isPartOfLetters(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
            .nonspacingMark, .spacingMark, .enclosingMark, .decimalNumber, .letterNumber,
            .otherNumber:
            true
        default: false
        }
    }

    /// The same of a text in ASCII, as most are.
    private static func words(ofASCII text: [UInt8]) -> [String] {
        var words: [String] = []
        var word: [UInt8] = []
        // How much of the word ends with a letter or digit.
        var length = 0
        func end() {
            if length > 0 { words.append(String(decoding: word[..<length], as: UTF8.self)) }
            word.removeAll(keepingCapacity: true)
            length = 0
        }
        for byte in text {
            if isLetterOrDigit(byte) {
                word.append((0x41...0x5A).contains(byte) ? byte | 0x20 : byte)
                length = word.count
            } else if !isPart(byte) {
                end()
            } else if length > 0 {
                word.append(byte)
            }
        }
        end()
        return words
    }

    /// Whether an ASCII character can stand in a word.
    private static func isPart(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "@"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "+"),
            UInt8(ascii: "-"):
            true
        default: isLetterOrDigit(byte)
        }
    }

    /// Whether an ASCII character can begin and end a word.
    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: false
        }
    }
}
