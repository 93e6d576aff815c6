// SPDX-License-Identifier: Apache-2.0
import CertificateLint
import Documents
import SSHCrypto
import SSHFormats

/// The bytes of a certificate, part by part, so that a test can set any of them wrong and still have
/// it signed.
struct CraftedCertificate {
    var typeName = Array("ssh-ed25519-cert-v01@openssh.com".utf8)
    var nonce = SHA256Digest(hashing: [1]).bytes
    var keyFields: [UInt8]
    var serial: UInt64 = 7
    var kind: UInt32 = 1
    var keyID = Array("alice".utf8)
    var principals = packed("alice")
    var validAfter: UInt64 = 1_795_000_000
    var validBefore: UInt64 = 1_795_086_400
    var criticalOptions: [UInt8] = []
    var extensions = packed("permit-pty", "")
    var reserved: [UInt8] = []
    var signatureKey: [UInt8]
    /// Makes the signature of the bytes to be signed.
    var sign: ([UInt8]) throws -> [UInt8]
    var rest: [UInt8] = []

    /// A user certificate that nothing is wrong with.
    init() throws {
        let keys = try Keys.ready.get()
        keyFields = Self.fields(of: keys.subject.publicKey)
        signatureKey = keys.authority.publicKey.blob
        sign = keys.authority.signature
    }

    /// The signed bytes.
    var toBeSigned: [UInt8] {
        var writer = WireWriter()
        writer.string(typeName)
        writer.string(nonce)
        writer.raw(keyFields)
        writer.uint64(serial)
        writer.uint32(kind)
        writer.string(keyID)
        writer.string(principals)
        writer.uint64(validAfter)
        writer.uint64(validBefore)
        writer.string(criticalOptions)
        writer.string(extensions)
        writer.string(reserved)
        writer.string(signatureKey)
        return writer.bytes
    }

    /// The whole certificate.
    func blob() throws -> [UInt8] {
        let signed = toBeSigned
        return signed + string(try sign(signed)) + rest
    }

    /// Sets the certified key.
    mutating func certify(_ key: PublicKey) {
        typeName = Array(key.kind.certificateTypeName.utf8)
        keyFields = Self.fields(of: key)
    }

    /// Has another key sign.
    mutating func sign(by key: SigningKey) {
        signatureKey = key.publicKey.blob
        sign = key.signature
    }

    /// Makes it a host's.
    mutating func forHost(_ name: String = "web1.example.org") {
        kind = 2
        principals = packed(name)
        extensions = []
    }

    /// What follows the type name in a key.
    static func fields(of key: PublicKey) -> [UInt8] {
        Array(key.blob.dropFirst(4 + key.kind.rawValue.utf8.count))
    }

    /// The keys of all tests, made once.
    struct Keys {
        let subject: SigningKey
        let authority: SigningKey
        let rsa: SigningKey
        let ecdsa: SigningKey

        static let ready = Result {
            Keys(
                subject: try SigningKey(ed25519: "subject"),
                authority: try SigningKey(ed25519: "authority"),
                rsa: try SigningKey(rsaBits: 2_048), ecdsa: try SigningKey(.p256))
        }
    }
}

/// What the linter finds in the certificate after this change.
func inspect(
    _ change: (inout CraftedCertificate) throws -> Void
) throws -> CertificateInspection {
    var crafted = try CraftedCertificate()
    try change(&crafted)
    var linter = CertificateLinter()
    return linter.inspect(try crafted.blob())
}

/// The findings after this change, one a line.
func findings(_ change: (inout CraftedCertificate) throws -> Void) throws -> [String] {
    try inspect(change).findings.map(\.description)
}

/// The names of the rules that are broken after this change.
func rules(_ change: (inout CraftedCertificate) throws -> Void) throws -> [String] {
    try inspect(change).findings.map(\.rule.id.description)
}
