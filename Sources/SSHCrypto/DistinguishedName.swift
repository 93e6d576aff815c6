// SPDX-License-Identifier: Apache-2.0

/// A name in an X.509 certificate, RFC 5280 section 4.1.2.4.
public struct DistinguishedName: Hashable, Sendable, CustomStringConvertible {
    /// The name's DER.
    public let bytes: [UInt8]
    /// The attributes in the order of the bytes: short name or dotted number, and value for screens.
    let attributes: [(name: String, value: String)]

    /// The name for screens, in printable ASCII: `CN=YubiKey PIV Attestation 9c`.
    public var description: String {
        attributes.map { "\($0.name)=\($0.value)" }.joined(separator: ", ")
    }

    /// The common name, where there is one and no second; escaped as in ``description``.
    public var commonName: String? {
        let names = attributes.filter { $0.name == "CN" }
        return names.count == 1 ? names.first?.value : nil
    }

    /// Reads a name; at most 64 attributes.
    init(_ element: DERReader.Element, _ what: String) throws(SSHCryptoError) {
        bytes = Array(element.encoding)
        var attributes: [(name: String, value: String)] = []
        var sets = DERReader(element.contents)
        while !sets.isAtEnd {
            var pairs = DERReader(try sets.element(DERReader.Tag.set, what).contents)
            repeat {
                var pair = DERReader(try pairs.element(DERReader.Tag.sequence, what).contents)
                let type = try pair.element(DERReader.Tag.objectIdentifier, what).contents
                let value = try pair.element(what)
                try pair.finish("an attribute of \(what)")
                let dotted = try ObjectIdentifier.text(type, what)
                attributes.append((Self.names[dotted] ?? dotted, Self.text(value)))
            } while !pairs.isAtEnd
            guard attributes.count <= 64 else {
                throw DERReader.refusal("\(what) has more than 64 attributes")
            }
        }
        self.attributes = attributes
    }

    /// A value as text where its type is one of text, else its bytes in hexadecimal.
    private static func text(_ value: DERReader.Element) -> String {
        switch value.tag {
        case 0x0C, 0x13, 0x16: escaped(String(decoding: value.contents, as: UTF8.self))
        default: "#" + value.encoding.map(hex).joined()
        }
    }

    private static func hex(_ byte: UInt8) -> String {
        (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }

    /// Printable ASCII as it is; everything else, and what parts a name, as `\u{…}`.
    private static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case ",", "\\", "+", "\"": result += "\\u{\(String(scalar.value, radix: 16))}"
            case " "..."~": result.unicodeScalars.append(scalar)
            default: result += "\\u{\(String(scalar.value, radix: 16))}"
            }
        }
        return result
    }

    private static let names = [
        "2.5.4.3": "CN", "2.5.4.5": "serialNumber", "2.5.4.6": "C", "2.5.4.7": "L",
        "2.5.4.8": "ST", "2.5.4.10": "O", "2.5.4.11": "OU",
    ]

    /// Two names are equal where their bytes are.
    public static func == (left: Self, right: Self) -> Bool { left.bytes == right.bytes }

    /// Hashes the bytes.
    public func hash(into hasher: inout Hasher) { hasher.combine(bytes) }
}
