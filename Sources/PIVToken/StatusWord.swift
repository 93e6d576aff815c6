// SPDX-License-Identifier: Apache-2.0

/// The two bytes that end a card's answer, ISO 7816-4 section 5.6.
struct StatusWord: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    let rawValue: UInt16

    init(rawValue: UInt16) { self.rawValue = rawValue }

    /// The command was carried out.
    static let success = StatusWord(rawValue: 0x9000)

    /// The four hexadecimal digits.
    var description: String {
        let digits = String(rawValue, radix: 16)
        return String(repeating: "0", count: 4 - digits.utf8.count) + digits
    }
}
