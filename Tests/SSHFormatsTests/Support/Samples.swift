// SPDX-License-Identifier: Apache-2.0
import SSHFormats

/// Values made of counting bytes: right in form, and no key of anybody.
enum Samples {
    static func bytes(_ count: Int, from start: UInt8 = 1) -> [UInt8] {
        (0..<count).map { start &+ UInt8(truncatingIfNeeded: $0) }
    }

    static let materials: [PublicKey.Material] = [
        .rsa(exponent: [1, 0, 1], modulus: bytes(256, from: 0x81)),
        .ecdsa(.p256, point: [4] + bytes(64)),
        .ecdsa(.p384, point: [4] + bytes(96)),
        .ecdsa(.p521, point: [4] + bytes(132)),
        .ed25519(bytes(32)),
        .skECDSA(point: [4] + bytes(64, from: 9), application: "ssh:"),
        .skEd25519(bytes(32, from: 7), application: "ssh:vault"),
        .mldsa44Ed25519(mldsa44: bytes(1312), ed25519: bytes(32, from: 3)),
    ]

    static func key(_ kind: KeyKind) throws -> PublicKey {
        for material in materials {
            let key = try PublicKey(material)
            if key.kind == kind { return key }
        }
        throw NotRead(path: kind.rawValue)
    }

    static func signature(_ algorithm: Signature.Algorithm) throws -> Signature {
        let length = algorithm.keyKind.curve?.coordinateLength ?? 0
        let number = bytes(length, from: length == 66 ? 1 : 0xF1)
        let webAuthn = WebAuthnAssertion(
            origin: "https://ssh.example.org", clientData: bytes(90), extensions: bytes(5))
        let assertion = SecurityKeyAssertion(
            flags: 5, counter: 77, webAuthn: algorithm == .webAuthnECDSA ? webAuthn : nil)
        let value: Signature.Value =
            switch algorithm {
            case .rsaSHA256, .rsaSHA512: .rsa(bytes(256))
            case .ed25519, .skEd25519: .ed25519(bytes(64))
            case .mldsa44Ed25519: .mldsa44Ed25519(mldsa44: bytes(2420), ed25519: bytes(64))
            default: .ecdsa(r: number, s: number.reversed())
            }
        return try Signature(
            algorithm: algorithm, value: value,
            securityKey: algorithm.keyKind.isSecurityKey ? assertion : nil)
    }

    /// Fields of a user certificate that nothing is wrong with.
    static func fields() throws -> CertificateFields {
        CertificateFields(
            nonce: bytes(32), publicKey: try key(.ed25519), serial: 7, kind: .user,
            keyID: "alice", validPrincipals: ["alice"], validAfter: 1_000, validBefore: 2_000,
            criticalOptions: [], extensions: [.permitPTY], signatureKey: try key(.ecdsaP256))
    }
}

/// The bytes of a certificate, part by part, so that a test can set any of them wrong.
struct RawCertificate {
    var typeName = Array("ssh-ed25519-cert-v01@openssh.com".utf8)
    var nonce = Samples.bytes(16)
    var keyFields = [0, 0, 0, 32] + Samples.bytes(32)
    var serial: UInt64 = 7
    var kind: UInt32 = 1
    var keyID = Array("alice".utf8)
    var validPrincipals = packed("alice")
    var validAfter: UInt64 = 1_000
    var validBefore: UInt64 = 2_000
    var criticalOptions: [UInt8] = []
    var extensions: [UInt8] = []
    var reserved: [UInt8] = []
    var signatureKey = packed("ssh-ed25519") + [0, 0, 0, 32] + Samples.bytes(32, from: 50)
    var signature = packed("ssh-ed25519") + [0, 0, 0, 64] + Samples.bytes(64)
    var rest: [UInt8] = []

    var blob: [UInt8] {
        var writer = WireWriter()
        writer.string(typeName)
        writer.string(nonce)
        writer.raw(keyFields)
        writer.uint64(serial)
        writer.uint32(kind)
        writer.string(keyID)
        writer.string(validPrincipals)
        writer.uint64(validAfter)
        writer.uint64(validBefore)
        writer.string(criticalOptions)
        writer.string(extensions)
        writer.string(reserved)
        writer.string(signatureKey)
        writer.string(signature)
        writer.raw(rest)
        return writer.bytes
    }

    /// The bytes after this change.
    static func with(_ change: (inout Self) -> Void) -> [UInt8] {
        var raw = Self()
        change(&raw)
        return raw.blob
    }
}

/// Whether the parser takes the certificate after this change.
func taken(_ change: (inout RawCertificate) -> Void) -> Bool {
    (try? Certificate(blob: RawCertificate.with(change))) != nil
}

/// What the parser says of the certificate after this change.
func text(_ change: (inout RawCertificate) -> Void) -> String {
    fault { try Certificate(blob: RawCertificate.with(change)) }
}

/// Texts as SSH strings, one after the other.
func packed(_ texts: String...) -> [UInt8] {
    var writer = WireWriter()
    for text in texts { writer.string(text) }
    return writer.bytes
}

/// The text of the error that the body throws, or what happened instead.
func fault(_ body: () throws -> some Any) -> String {
    do {
        return "taken: \(try body())"
    } catch let error as FormatError {
        return error.description
    } catch {
        return "\(error)"
    }
}
