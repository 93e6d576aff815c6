// SPDX-License-Identifier: Apache-2.0

extension TokenURI {
    /// The longest URI that is read, in bytes.
    public static let maximumLength = 4096

    /// Reads a URI, RFC 7512 section 2.3, of either scheme.
    ///
    /// - Throws: ``TokenError`` where an attribute is unknown, given twice, carries a PIN, or is
    ///   not written as the RFC says.
    public init(text: String) throws(TokenError) {
        guard text.utf8.count <= Self.maximumLength else {
            throw TokenError(
                .invalidURI,
                "token URI of \(text.utf8.count) bytes exceeds \(Self.maximumLength)")
        }
        guard let scheme = Scheme.allCases.first(where: { text.hasPrefix("\($0.rawValue):") })
        else {
            throw Self.refused(text, "it begins with neither \"pkcs11:\" nor \"piv:\"")
        }
        let body = text.utf8.dropFirst(scheme.rawValue.utf8.count + 1)
        let parts = body.split(
            separator: UInt8(ascii: "?"), maxSplits: 1, omittingEmptySubsequences: false)
        self.init(scheme: scheme)
        var seen: Set<Attribute> = []
        for (part, inQuery) in zip(parts, [false, true]) where !part.isEmpty {
            let separator = UInt8(ascii: inQuery ? "&" : ";")
            for item in part.split(separator: separator, omittingEmptySubsequences: false) {
                try add(String(Substring(item)), inQuery: inQuery, of: text, to: &seen)
            }
        }
    }

    private mutating func add(
        _ item: String, inQuery: Bool, of text: String, to seen: inout Set<Attribute>
    ) throws(TokenError) {
        let sides = item.utf8.split(
            separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
        guard sides.count == 2, let key = sides.first, let raw = sides.last else {
            throw Self.refused(text, "\(item.quotedForDisplay) is not name=value")
        }
        let name = String(Substring(key))
        guard !name.hasPrefix("pin-") else {
            // The value is left out of the message: it may be a PIN.
            throw TokenError(
                .invalidURI, "token URI has the attribute \(name.quotedForDisplay)",
                hint: "a PIN is read from the terminal or from a descriptor, never from a URI")
        }
        guard let attribute = Attribute(rawValue: name), (attribute == .modulePath) == inQuery
        else {
            throw Self.refused(text, "attribute \(name.quotedForDisplay) is not known there")
        }
        guard seen.insert(attribute).inserted else {
            throw Self.refused(text, "attribute \(name.quotedForDisplay) is given twice")
        }
        guard let bytes = Self.unescape(raw, inQuery: inQuery) else {
            throw Self.refused(
                text, "value of \(name.quotedForDisplay) has a byte that must be escaped")
        }
        try set(attribute, bytes, of: text)
    }

    private mutating func set(
        _ attribute: Attribute, _ bytes: [UInt8], of text: String
    ) throws(TokenError) {
        if attribute == .id {
            id = bytes
            return
        }
        guard let value = String(validating: bytes, as: UTF8.self),
            !value.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
        else {
            throw Self.refused(
                text, "value of \"\(attribute.rawValue)\" is not UTF-8 without control characters")
        }
        switch attribute {
        case .token: token = value
        case .manufacturer: manufacturer = value
        case .serial: serial = value
        case .model: model = value
        case .object: object = value
        case .modulePath:
            guard scheme == .pkcs11 else {
                throw Self.refused(text, "a PIV card that is reached directly has no module-path")
            }
            guard value.hasPrefix("/") else {
                throw Self.refused(text, "module-path \(value.quotedForDisplay) is not absolute")
            }
            modulePath = value
        case .id: break
        }
    }

    private static func unescape(_ text: Substring.UTF8View.SubSequence, inQuery: Bool) -> [UInt8]?
    {
        var bytes: [UInt8] = []
        var rest = text.makeIterator()
        while let byte = rest.next() {
            if byte == UInt8(ascii: "%") {
                guard let high = rest.next().flatMap(hexDigit),
                    let low = rest.next().flatMap(hexDigit)
                else { return nil }
                bytes.append(high << 4 | low)
            } else if isPlain(byte) || (inQuery ? "/?|" : "&").utf8.contains(byte) {
                bytes.append(byte)
            } else {
                return nil
            }
        }
        return bytes
    }

    private static func hexDigit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    private static func refused(_ text: String, _ reason: String) -> TokenError {
        TokenError(.invalidURI, "token URI \(text.quotedForDisplay): \(reason)")
    }
}
