// SPDX-License-Identifier: Apache-2.0

/// A description of a token, or of a key on one, as RFC 7512 writes it.
///
/// A PIV card that is reached directly has no PKCS#11 token, and its name is no PKCS#11 URI: it has
/// the same grammar under a scheme of its own, `piv:serial=12345678`.
///
/// Attributes that are not given match anything. No attribute that carries a PIN is taken: a PIN
/// never stands in a text.
public struct TokenURI: Hashable, Sendable, CustomStringConvertible {
    /// What a URI begins with.
    public enum Scheme: String, CaseIterable, Hashable, Sendable {
        /// A token behind a PKCS#11 module, RFC 7512.
        case pkcs11
        /// A PIV card that is reached directly, over PC/SC.
        case piv
    }

    /// How the token is reached.
    public var scheme: Scheme
    /// The token's label (`token`).
    public var token: String?
    /// The token's serial number (`serial`).
    public var serial: String?
    /// The token's model (`model`).
    public var model: String?
    /// The token's maker (`manufacturer`).
    public var manufacturer: String?
    /// The key's label (`object`).
    public var object: String?
    /// The key's `CKA_ID` (`id`).
    public var id: [UInt8]?
    /// The absolute path of the PKCS#11 module (`module-path`).
    public var modulePath: String?

    /// Makes a URI of these attributes.
    public init(
        scheme: Scheme = .pkcs11, token: String? = nil, serial: String? = nil, model: String? = nil,
        manufacturer: String? = nil, object: String? = nil, id: [UInt8]? = nil,
        modulePath: String? = nil
    ) {
        self.scheme = scheme
        self.token = token
        self.serial = serial
        self.model = model
        self.manufacturer = manufacturer
        self.object = object
        self.id = id
        self.modulePath = modulePath
    }

    /// Whether the scheme and every attribute of the token that is given are the identity's.
    public func matches(_ identity: TokenIdentity) -> Bool {
        scheme == identity.scheme
            && (token ?? identity.label) == identity.label
            && (serial ?? identity.serial) == identity.serial
            && (model ?? identity.model) == identity.model
            && (manufacturer ?? identity.manufacturer) == identity.manufacturer
    }

    /// The URI's one text form: fixed order, and no byte escaped that need not be.
    public var text: String {
        var attributes: [String] = []
        for name in Attribute.allCases where name != .modulePath {
            if let bytes = self[name] {
                attributes.append("\(name.rawValue)=\(Self.escape(bytes, all: name == .id))")
            }
        }
        let path = self[.modulePath].map { "?module-path=\(Self.escape($0, all: false))" } ?? ""
        return "\(scheme.rawValue):" + attributes.joined(separator: ";") + path
    }

    /// The text form.
    public var description: String { text }

    /// The attributes that are understood, in the order of the text form.
    enum Attribute: String, CaseIterable {
        case token
        case manufacturer
        case serial
        case model
        case object
        case id
        case modulePath = "module-path"
    }

    private subscript(_ attribute: Attribute) -> [UInt8]? {
        switch attribute {
        case .token: token.map { Array($0.utf8) }
        case .manufacturer: manufacturer.map { Array($0.utf8) }
        case .serial: serial.map { Array($0.utf8) }
        case .model: model.map { Array($0.utf8) }
        case .object: object.map { Array($0.utf8) }
        case .id: id
        case .modulePath: modulePath.map { Array($0.utf8) }
        }
    }

    /// RFC 7512 section 2.3: unreserved characters and `pk11-res-avail` stand for themselves.
    private static func escape(_ bytes: [UInt8], all: Bool) -> String {
        var text = ""
        for byte in bytes {
            if !all, isPlain(byte) {
                text.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                let digits = String(byte, radix: 16, uppercase: true)
                text += (byte < 16 ? "%0" : "%") + digits
            }
        }
        return text
    }

    /// Whether the byte may stand for itself in every attribute.
    static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "-._~:[]@!$'()*+,=".utf8.contains(byte)
        }
    }
}
