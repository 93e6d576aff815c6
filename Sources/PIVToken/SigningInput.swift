// SPDX-License-Identifier: Apache-2.0

import SSHCrypto
import SSHFormats
import Token

/// What a card gets to sign for a message: cards neither hash nor pad.
enum SigningInput {
    /// The longest message that an Ed25519 key signs, in bytes: Yubico's cards have room for a
    /// command of 3,072 bytes, of which the template takes ten.
    static let maximumMessageLength = 3062

    /// The bytes for one message: the digest of the curve, the padded DigestInfo with SHA-512, or
    /// for Ed25519 the message itself.
    ///
    /// - Throws: ``TokenError`` where the card cannot take them, or signs with no such key.
    static func bytes(for message: [UInt8], _ key: PublicKey) throws(TokenError) -> [UInt8] {
        switch key.material {
        case .rsa(_, let modulus):
            return try padded(sha512(message), length: modulus.count)
        case .ecdsa(.p256, _):
            return SHA256Digest(hashing: message).bytes
        case .ecdsa(.p384, _):
            return sha384(message)
        case .ed25519:
            guard message.count <= maximumMessageLength else {
                throw TokenError(
                    .unsupported,
                    "message of \(message.count) bytes exceeds the \(maximumMessageLength) that "
                        + "a PIV card takes to sign with Ed25519",
                    hint: "sign it with a key of another kind, which gets a digest only")
            }
            return message
        case .ecdsa(.p521, _), .skECDSA, .skEd25519, .mldsa44Ed25519:
            throw TokenError(
                .unsupported, "a PIV card does not sign with a key of kind \(key.kind.shortName)")
        }
    }

    /// EMSA-PKCS1-v1_5, RFC 8017 section 9.2, of a SHA-512 digest.
    private static func padded(_ digest: [UInt8], length: Int) throws(TokenError) -> [UInt8] {
        let information = digestInfoSHA512 + digest
        let count = length - information.count - 3
        guard count >= 8 else {
            throw TokenError(.unsupported, "a modulus of \(length) bytes is too short to sign with")
        }
        return [0, 1] + [UInt8](repeating: 0xFF, count: count) + [0] + information
    }

    /// DER of the DigestInfo up to the digest, RFC 8017 section 9.2 note 1.
    private static let digestInfoSHA512: [UInt8] = [
        0x30, 0x51, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x03,
        0x05, 0x00, 0x04, 0x40,
    ]
}
