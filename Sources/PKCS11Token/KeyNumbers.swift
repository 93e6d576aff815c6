// SPDX-License-Identifier: Apache-2.0

import CPKCS11
import SSHFormats
import Token

/// How keys are written in attributes, and by which mechanisms they work.
enum KeyNumbers {
    /// DER of the curves' object identifiers, RFC 5480 section 2.1.1.1 and RFC 8410 section 3.
    static func parameters(_ curve: EllipticCurve) -> [UInt8] {
        switch curve {
        case .p256: [0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07]
        case .p384: [0x06, 0x05, 0x2B, 0x81, 0x04, 0x00, 0x22]
        case .p521: [0x06, 0x05, 0x2B, 0x81, 0x04, 0x00, 0x23]
        }
    }

    /// The object identifier of Ed25519.
    static let ed25519: [UInt8] = [0x06, 0x03, 0x2B, 0x65, 0x70]
    /// The curve's name as a PrintableString, the older way: "edwards25519".
    static let ed25519Name: [UInt8] = [0x13, 0x0C] + Array("edwards25519".utf8)

    /// The public key that an object's attributes form; nil where it is none that SSH knows.
    static func publicKey(
        _ cryptoki: Cryptoki, _ session: CK_SESSION_HANDLE, _ object: CK_OBJECT_HANDLE
    ) throws(TokenError) -> PublicKey? {
        func read(_ type: CK_ATTRIBUTE_TYPE) throws(TokenError) -> [UInt8]? {
            try cryptoki.attribute(session, object, type)
        }
        let material: PublicKey.Material?
        switch try cryptoki.number(session, object, CKA_KEY_TYPE) {
        case CKK_RSA:
            guard let modulus = try read(CKA_MODULUS),
                let exponent = try read(CKA_PUBLIC_EXPONENT)
            else { return nil }
            material = .rsa(
                exponent: Array(exponent.drop { $0 == 0 }),
                modulus: Array(modulus.drop { $0 == 0 }))
        case CKK_EC:
            guard let parameters = try read(CKA_EC_PARAMS), let point = try read(CKA_EC_POINT),
                let curve = EllipticCurve.allCases.first(where: {
                    self.parameters($0) == parameters
                })
            else { return nil }
            material = unwrap(point, length: 2 * curve.coordinateLength + 1)
                .map { .ecdsa(curve, point: $0) }
        case CKK_EC_EDWARDS:
            guard let parameters = try read(CKA_EC_PARAMS), let point = try read(CKA_EC_POINT),
                parameters == ed25519 || parameters == ed25519Name
            else { return nil }
            material = unwrap(point, length: 32).map { .ed25519($0) }
        default:
            return nil
        }
        // Numbers that form no key are somebody else's object, and not ours to judge.
        return material.flatMap { try? PublicKey($0) }
    }

    /// A point as it is, or out of the DER OCTET STRING that most modules put around it.
    static func unwrap(_ point: [UInt8], length: Int) -> [UInt8]? {
        if point.count == length { return point }
        let header: [UInt8] =
            length < 128 ? [4, UInt8(length)] : [4, 0x81, UInt8(truncatingIfNeeded: length)]
        guard point.starts(with: header), point.count == header.count + length else {
            return nil
        }
        return Array(point.dropFirst(header.count))
    }

    /// The type of key that a key of a kind is; nil for kinds that no token makes.
    static func keyType(_ kind: KeyKind) -> CK_KEY_TYPE? {
        switch kind {
        case .rsa: CKK_RSA
        case .ecdsaP256, .ecdsaP384, .ecdsaP521: CKK_EC
        case .ed25519: CKK_EC_EDWARDS
        case .skECDSA, .skEd25519, .mldsa44Ed25519: nil
        }
    }

    /// The mechanism by which a key of a kind signs; nil for kinds that no token makes.
    static func signingMechanism(_ kind: KeyKind) -> CK_MECHANISM_TYPE? {
        switch kind {
        case .rsa: CKM_RSA_PKCS
        case .ecdsaP256, .ecdsaP384, .ecdsaP521: CKM_ECDSA
        case .ed25519: CKM_EDDSA
        case .skECDSA, .skEd25519, .mldsa44Ed25519: nil
        }
    }

    /// The mechanism by which a key of a kind signs.
    ///
    /// - Throws: Where no token signs so for SSH.
    static func requireMechanism(_ kind: KeyKind) throws(TokenError) -> CK_MECHANISM_TYPE {
        guard let mechanism = signingMechanism(kind) else {
            throw TokenError(
                .unsupported, "a key of kind \(kind.shortName) is not a token's to sign with")
        }
        return mechanism
    }
}
