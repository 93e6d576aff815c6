// SPDX-License-Identifier: Apache-2.0

/// What a PKCS#11 module claims about a private key: the attributes as they were read back.
///
/// These are claims of the module, not proof; attestation is proof where a token gives one. An
/// attribute that the module does not tell is nil.
public struct ModuleClaims: Hashable, Sendable {
    /// `CKA_SENSITIVE`: the key cannot be read out in plain.
    public var sensitive: Bool?
    /// `CKA_ALWAYS_SENSITIVE`: it never could.
    public var alwaysSensitive: Bool?
    /// `CKA_EXTRACTABLE`: the key can be taken out wrapped.
    public var extractable: Bool?
    /// `CKA_NEVER_EXTRACTABLE`: it never could.
    public var neverExtractable: Bool?
    /// `CKA_LOCAL`: the key was made on the token.
    public var local: Bool?
    /// `CKA_MODIFIABLE`: the attributes can be changed.
    public var modifiable: Bool?
    /// `CKA_PRIVATE`: the key is seen after a login only.
    public var isPrivate: Bool?
    /// `CKA_SIGN`: the key signs.
    public var sign: Bool?
    /// `CKA_TOKEN`: the key stays when the session ends.
    public var token: Bool?
    /// `CKA_ALWAYS_AUTHENTICATE`: each signature needs the PIN anew.
    public var alwaysAuthenticate: Bool?

    /// Makes the evidence of these attributes.
    public init(
        sensitive: Bool? = nil, alwaysSensitive: Bool? = nil, extractable: Bool? = nil,
        neverExtractable: Bool? = nil, local: Bool? = nil, modifiable: Bool? = nil,
        isPrivate: Bool? = nil, sign: Bool? = nil, token: Bool? = nil,
        alwaysAuthenticate: Bool? = nil
    ) {
        self.sensitive = sensitive
        self.alwaysSensitive = alwaysSensitive
        self.extractable = extractable
        self.neverExtractable = neverExtractable
        self.local = local
        self.modifiable = modifiable
        self.isPrivate = isPrivate
        self.sign = sign
        self.token = token
        self.alwaysAuthenticate = alwaysAuthenticate
    }

    /// All attributes with their names, in a fixed order.
    public var attributes: [(name: String, value: Bool?)] {
        [
            ("CKA_SENSITIVE", sensitive), ("CKA_ALWAYS_SENSITIVE", alwaysSensitive),
            ("CKA_EXTRACTABLE", extractable), ("CKA_NEVER_EXTRACTABLE", neverExtractable),
            ("CKA_LOCAL", local), ("CKA_MODIFIABLE", modifiable), ("CKA_PRIVATE", isPrivate),
            ("CKA_SIGN", sign), ("CKA_TOKEN", token),
            ("CKA_ALWAYS_AUTHENTICATE", alwaysAuthenticate),
        ]
    }

    /// The attributes in words: `true`, `false`, or `unknown` where the module does not tell.
    public var claims: [(name: String, value: String)] {
        attributes.map { ($0.name, $0.value.map(String.init) ?? "unknown") }
    }

    /// What forbids the key to be a certificate authority's; empty where nothing does.
    ///
    /// The key must be sensitive and never have been otherwise, never extractable, made on the
    /// token, and not modifiable. What is not told is a fault too.
    public var faults: [String] { faults(asCopy: false) }

    /// What forbids the key to be a certificate authority's, and what forbids a declared copy.
    ///
    /// Of a key that was restored from a wrapped backup nobody can say that it was made on the
    /// token, nor that it could never be taken out; what it can do now is asked for all the same.
    public func faults(asCopy isCopy: Bool) -> [String] {
        let demands = isCopy ? Self.demands : Self.demands.merging(Self.originDemands) { $1 }
        return attributes.compactMap { attribute in
            guard let demanded = demands[attribute.name] else { return nil }
            guard let value = attribute.value else {
                return "\(attribute.name) is not told, must be \(demanded)"
            }
            return value == demanded ? nil : "\(attribute.name) is \(value), must be \(demanded)"
        }
    }

    /// What the attributes of every CA key must be, a declared copy's too, by their names.
    public static let demands = [
        "CKA_SENSITIVE": true, "CKA_EXTRACTABLE": false, "CKA_MODIFIABLE": false,
    ]
    /// What else those must be of a key that is no copy: they tell where it came from.
    private static let originDemands = [
        "CKA_ALWAYS_SENSITIVE": true, "CKA_NEVER_EXTRACTABLE": true, "CKA_LOCAL": true,
    ]
}
