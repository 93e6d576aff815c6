// SPDX-License-Identifier: Apache-2.0

/// The entries of the option `source-address`: addresses, and networks in CIDR form.
///
/// Taken is what every reader takes alike: IPv4 in four decimal parts (RFC 3986 section 3.2.2), IPv6
/// in the forms of RFC 4291 section 2.2, without zone; names, wildcards and negation are not.
enum SourceAddress {
    /// Reads entries between commas.
    static func list(_ bytes: ArraySlice<UInt8>) throws(FormatError) -> [String] {
        var entries: [String] = []
        for entry in bytes.split(separator: 0x2C, omittingEmptySubsequences: false) {
            if let reason = fault(of: entry) {
                throw FormatError("source-address", at: entry.startIndex, .invalid(reason))
            }
            entries.append(String(decoding: entry, as: UTF8.self))
        }
        return entries
    }

    /// What is wrong with one entry; nil where nothing is.
    private static func fault(of entry: ArraySlice<UInt8>) -> String? {
        let shown = PrintableText.quoted(String(decoding: entry, as: UTF8.self))
        guard !entry.isEmpty else { return "an entry is empty" }
        guard entry.count <= maximumEntryLength else {
            return "entry of \(entry.count) bytes exceeds the limit of \(maximumEntryLength)"
        }
        let parts = entry.split(
            separator: UInt8(ascii: "/"), maxSplits: 1, omittingEmptySubsequences: false)
        guard let text = parts.first, let address = octets(of: text) else {
            return "\(shown) is not an IPv4 or IPv6 address or network"
        }
        guard parts.count == 2, let width = parts.last else { return nil }
        guard let length = decimal(width, maximum: address.count * 8) else {
            return "\(shown) has no prefix length of 0 to \(address.count * 8)"
        }
        let hostBits = address.enumerated().contains { index, octet in
            let kept = min(max(length - index * 8, 0), 8)
            return octet & (0xFF >> UInt8(kept)) != 0
        }
        return hostBits ? "\(shown) has host bits set" : nil
    }

    /// The 4 or 16 octets of an address.
    private static func octets(of text: ArraySlice<UInt8>) -> [UInt8]? {
        text.contains(UInt8(ascii: ":")) ? version6(text) : version4(text)
    }

    private static func version4(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        let parts = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var octets: [UInt8] = []
        for part in parts {
            guard let value = decimal(part, maximum: 255) else { return nil }
            octets.append(UInt8(truncatingIfNeeded: value))
        }
        return octets
    }

    private static func version6(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        guard let gap = doubleColon(in: text) else {
            guard let octets = groups(text), octets.count == 16 else { return nil }
            return octets
        }
        let before = text[..<gap]
        let after = text[(gap + 2)...]
        guard let head = before.isEmpty ? [] : groups(before, mayEndInVersion4: false),
            let tail = after.isEmpty ? [] : groups(after),
            head.count + tail.count <= 14
        else { return nil }
        return head + [UInt8](repeating: 0, count: 16 - head.count - tail.count) + tail
    }

    /// Where the first `::` is.
    private static func doubleColon(in text: ArraySlice<UInt8>) -> Int? {
        zip(text.indices, text.indices.dropFirst())
            .first { text[$0] == UInt8(ascii: ":") && text[$1] == UInt8(ascii: ":") }?.0
    }

    /// The octets of groups between single colons; the last may be an IPv4 address.
    private static func groups(
        _ text: ArraySlice<UInt8>, mayEndInVersion4: Bool = true
    ) -> [UInt8]? {
        var octets: [UInt8] = []
        let parts = text.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() {
            if mayEndInVersion4, index == parts.count - 1, let address = version4(part) {
                octets += address
                continue
            }
            guard (1...4).contains(part.count) else { return nil }
            var value: UInt16 = 0
            for character in part {
                guard let digit = Character(Unicode.Scalar(character)).hexDigitValue else {
                    return nil
                }
                value = value << 4 | UInt16(truncatingIfNeeded: digit)
            }
            octets += [UInt8(truncatingIfNeeded: value >> 8), UInt8(truncatingIfNeeded: value)]
        }
        return octets
    }

    /// A decimal number of at most three digits, without leading zeros, up to `maximum`.
    private static func decimal(_ text: ArraySlice<UInt8>, maximum: Int) -> Int? {
        guard (1...3).contains(text.count), text.count == 1 || text.first != UInt8(ascii: "0")
        else { return nil }
        var value = 0
        for character in text {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(character) else { return nil }
            value = value * 10 + Int(character - UInt8(ascii: "0"))
        }
        return value <= maximum ? value : nil
    }

    /// The longest entry, in bytes: what OpenSSH compares.
    private static let maximumEntryLength = 49
}
