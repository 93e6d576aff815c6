// SPDX-License-Identifier: Apache-2.0

import SSHFormats

/// How a PIV card writes public keys: SP 800-73-4 part 2 table 11.
enum PIVPublicKey {
    /// The template around the key that GENERATE ASYMMETRIC KEY PAIR answers with.
    static let template: UInt32 = 0x7F49

    private static let modulus: UInt32 = 0x81
    private static let exponent: UInt32 = 0x82
    private static let point: UInt32 = 0x86

    /// The key of an algorithm that the data objects form; nil where they form none.
    static func key(_ algorithm: PIVAlgorithm, _ bytes: ArraySlice<UInt8>) -> PublicKey? {
        guard let objects = TLVReader.objects(in: bytes) else { return nil }
        let material: PublicKey.Material
        switch algorithm {
        case .rsa1024, .rsa2048, .rsa3072, .rsa4096:
            guard let modulus = objects.value(modulus), let exponent = objects.value(exponent)
            else { return nil }
            material = .rsa(
                exponent: Array(exponent.drop { $0 == 0 }), modulus: Array(modulus.drop { $0 == 0 })
            )
        case .p256, .p384:
            guard let point = objects.value(point), let curve = algorithm.curve else { return nil }
            material = .ecdsa(curve, point: Array(point))
        case .ed25519:
            guard let point = objects.value(point) else { return nil }
            material = .ed25519(Array(point))
        case .x25519:
            return nil
        }
        // Numbers that form no key are no key.
        guard let key = try? PublicKey(material) else { return nil }
        guard algorithm == .rsa1024 || PIVAlgorithm(key) == algorithm else { return nil }
        return key
    }
}
