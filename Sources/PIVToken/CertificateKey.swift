// SPDX-License-Identifier: Apache-2.0

import SSHFormats

/// The public key in a certificate, RFC 5280 section 4.1: found, and nothing else looked at.
///
/// It says which key a certificate is for. Whether to believe the certificate is not asked here.
enum CertificateKey {
    private static let sequence: UInt32 = 0x30
    private static let bitString: UInt32 = 0x03
    private static let integer: UInt32 = 0x02
    private static let version: UInt32 = 0xA0

    /// The key in the DER of a certificate; nil where there is none that SSH has.
    static func key(in certificate: [UInt8]) -> PublicKey? {
        guard let outer = TLV(certificate), outer.tag == sequence,
            let toBeSigned = outer.objects?.first, toBeSigned.tag == sequence,
            var fields = toBeSigned.objects?[...]
        else { return nil }
        if fields.first?.tag == version { fields = fields.dropFirst() }
        // Serial number, signature algorithm, issuer, validity, subject; then the key.
        guard let information = fields.dropFirst(5).first, information.tag == sequence,
            let parts = information.objects, parts.count == 2, let algorithm = parts.first,
            let bits = parts.last, algorithm.tag == sequence, bits.tag == bitString,
            bits.value.first == 0
        else { return nil }
        return key(Array(algorithm.value), bits.value.dropFirst())
    }

    private static func key(_ algorithm: [UInt8], _ bits: ArraySlice<UInt8>) -> PublicKey? {
        let material: PublicKey.Material
        switch algorithm {
        case rsa, rsa + [0x05, 0x00]:
            guard let outer = TLV(bits), outer.tag == sequence, let numbers = outer.objects,
                numbers.count == 2, numbers.allSatisfy({ $0.tag == integer }),
                let modulus = numbers.first, let exponent = numbers.last
            else { return nil }
            material = .rsa(
                exponent: Array(exponent.value.drop { $0 == 0 }),
                modulus: Array(modulus.value.drop { $0 == 0 }))
        case ellipticCurve + p256: material = .ecdsa(.p256, point: Array(bits))
        case ellipticCurve + p384: material = .ecdsa(.p384, point: Array(bits))
        case ed25519: material = .ed25519(Array(bits))
        default: return nil
        }
        return try? PublicKey(material)
    }

    // DER of object identifiers: RFC 3279 sections 2.3.1 and 2.3.5, RFC 8410 section 3.
    private static let rsa: [UInt8] = [
        0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01,
    ]
    private static let ellipticCurve: [UInt8] = [
        0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01,
    ]
    private static let p256: [UInt8] = [
        0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07,
    ]
    private static let p384: [UInt8] = [0x06, 0x05, 0x2B, 0x81, 0x04, 0x00, 0x22]
    private static let ed25519: [UInt8] = [0x06, 0x03, 0x2B, 0x65, 0x70]
}
