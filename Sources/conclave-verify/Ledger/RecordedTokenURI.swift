// SPDX-License-Identifier: Apache-2.0

/// The URI of a token as genesis and ceremonies record it, RFC 7512 section 2.3, or `piv:serial=…`.
struct RecordedTokenURI {
    /// The attributes that name a token.
    private static let names: [Substring] = ["token", "manufacturer", "serial", "model"]

    private let scheme: Substring
    private let attributes: [Substring: Substring]

    /// Takes apart what was recorded; what is no attribute says nothing.
    init(_ text: String) {
        scheme = text.prefix { $0 != ":" }
        let path = text.drop { $0 != ":" }.dropFirst().prefix { $0 != "?" }
        attributes = Dictionary(
            path.split(separator: ";").map { part in
                (part.prefix { $0 != "=" }, part.drop { $0 != "=" }.dropFirst())
            },
            uniquingKeysWith: { first, _ in first })
    }

    /// The token's serial number; nil where none stands there in plain characters.
    var serial: String? {
        attributes["serial"].flatMap { $0.contains("%") ? nil : String($0) }
    }

    /// Whether this is the URI of another token than `other`: something that both say of it differs.
    func contradicts(_ other: Self) -> Bool {
        scheme != other.scheme
            || Self.names.contains { name in
                guard let mine = attributes[name], let its = other.attributes[name] else {
                    return false
                }
                return Self.bytes(mine) != Self.bytes(its)
            }
    }

    /// The bytes that an attribute stands for: `%20` is one, as is any other character of ASCII.
    private static func bytes(_ value: Substring) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = value.utf8[...]
        while let byte = rest.popFirst() {
            let digits = rest.prefix(2)
            if byte == UInt8(ascii: "%"), let escaped = UInt8(Substring(digits), radix: 16) {
                bytes.append(escaped)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return bytes
    }
}
