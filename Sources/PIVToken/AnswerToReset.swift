// SPDX-License-Identifier: Apache-2.0

/// What a card says when it gets power, ISO 7816-3 section 8: of it, the historical bytes.
struct AnswerToReset: Hashable, Sendable {
    /// The bytes as the reader gave them.
    let bytes: [UInt8]
    /// The historical bytes, ISO 7816-4 section 8.1; empty where they cannot be found.
    let historical: [UInt8]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        historical = Self.historical(bytes) ?? []
    }

    /// Whether the card takes lengths of two bytes: ISO 7816-4 table 88, third byte of the card's
    /// capabilities.
    var takesExtendedLength: Bool {
        // Only where a category indicator says that data objects follow.
        guard historical.first == 0x80 else { return false }
        var rest = historical.dropFirst()
        while let header = rest.popFirst() {
            let length = Int(header & 0x0F)
            guard length <= rest.count else { return false }
            let value = rest.prefix(length)
            rest = rest.dropFirst(length)
            if header >> 4 == 7, let capabilities = value.dropFirst(2).first {
                return capabilities & 0x40 != 0
            }
        }
        return false
    }

    /// Whether the historical bytes name Yubico's product, in whichever of its spellings.
    var namesYubiKey: Bool {
        let name = Array("yubikey".utf8)
        let text = historical.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
        guard text.count >= name.count else { return false }
        return (0...(text.count - name.count)).contains { text[$0...].starts(with: name) }
    }

    private static func historical(_ bytes: [UInt8]) -> [UInt8]? {
        var rest = bytes.dropFirst()
        guard var indicator = rest.popFirst() else { return nil }
        let count = Int(indicator & 0x0F)
        // Each of the four upper bits announces an interface byte; the last of them may announce more.
        while true {
            for bit in [0x10, 0x20, 0x40] as [UInt8] where indicator & bit != 0 {
                guard rest.popFirst() != nil else { return nil }
            }
            guard indicator & 0x80 != 0 else { break }
            guard let next = rest.popFirst() else { return nil }
            indicator = next
        }
        return rest.count >= count ? Array(rest.prefix(count)) : nil
    }
}
