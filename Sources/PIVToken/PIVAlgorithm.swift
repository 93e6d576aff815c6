// SPDX-License-Identifier: Apache-2.0

import SSHFormats
import Token

/// The algorithms of private keys on a PIV card, SP 800-78-4 table 6-2, with Yubico's own numbers.
enum PIVAlgorithm: UInt8, CaseIterable, Hashable, Sendable {
    case rsa1024 = 0x06
    case rsa2048 = 0x07
    case rsa3072 = 0x05
    case rsa4096 = 0x16
    case p256 = 0x11
    case p384 = 0x14
    case ed25519 = 0xE0
    case x25519 = 0xE1

    /// The algorithm of keys of a kind; nil where no PIV card has it.
    init?(_ kind: CAKeyKind) {
        switch kind {
        case .rsa2048: self = .rsa2048
        case .rsa3072: self = .rsa3072
        case .rsa4096: self = .rsa4096
        case .ecdsaP256: self = .p256
        case .ecdsaP384: self = .p384
        case .ed25519: self = .ed25519
        case .ecdsaP521: return nil
        }
    }

    /// The algorithm by which a public key's other half signs; nil where no PIV card has it.
    init?(_ key: PublicKey) {
        guard let kind = CAKeyKind.allCases.first(where: { $0.describes(key) }) else { return nil }
        self.init(kind)
    }

    /// The bytes of a coordinate; nil for what is on no NIST curve.
    var curve: EllipticCurve? {
        switch self {
        case .p256: .p256
        case .p384: .p384
        default: nil
        }
    }

    /// The name that people use.
    var name: String {
        switch self {
        case .rsa1024: "RSA-1024"
        case .rsa2048: "RSA-2048"
        case .rsa3072: "RSA-3072"
        case .rsa4096: "RSA-4096"
        case .p256: "P-256"
        case .p384: "P-384"
        case .ed25519: "Ed25519"
        case .x25519: "X25519"
        }
    }
}
