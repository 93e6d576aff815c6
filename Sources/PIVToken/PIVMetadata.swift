// SPDX-License-Identifier: Apache-2.0

import SSHFormats
import TokenEvidence

/// What Yubico's GET METADATA answers: of a key, of a PIN or of the management key.
///
/// What is not there is nil; what is there and not understood makes the whole of it none.
struct PIVMetadata: Hashable, Sendable {
    /// The number of the algorithm, which is always told; FF for a PIN or PUK.
    let algorithm: UInt8
    /// When the key wants the PIN.
    let pinPolicy: PINPolicy?
    /// When the key wants a touch.
    let touchPolicy: TouchPolicy?
    /// Where the key comes from.
    let origin: KeyOrigin?
    /// The public key; nil also where it is of a kind that SSH does not have.
    let publicKey: PublicKey?
    /// Whether the secret is the one from the factory.
    let isDefault: Bool?
    /// The tries of a PIN or PUK.
    let tries: TryCount?

    /// Reads an answer; nil where it is none.
    init?(_ bytes: [UInt8]) {
        guard let objects = TLVReader.objects(in: bytes[...]),
            Set(objects.map(\.tag)).count == objects.count
        else { return nil }
        var values: [UInt32: [UInt8]] = [:]
        for object in objects { values[object.tag] = Array(object.value) }
        // Fields that are there have one length each.
        let lengths: [UInt32: Int] = [1: 1, 2: 2, 3: 1, 5: 1, 6: 2]
        guard values.allSatisfy({ (lengths[$0.key] ?? $0.value.count) == $0.value.count }) else {
            return nil
        }
        guard let number = values[1]?.first else { return nil }
        algorithm = number
        pinPolicy = values[2]?.first.flatMap(PINPolicy.init(rawValue:))
        touchPolicy = values[2]?.last.flatMap(TouchPolicy.init(rawValue:))
        origin = values[3]?.first.flatMap(KeyOrigin.init(rawValue:))
        isDefault = values[5]?.first.map { $0 != 0 }
        tries = values[6].flatMap { pair in
            guard let total = pair.first, let left = pair.last else { return nil }
            return TryCount(left: Int(left), total: Int(total))
        }
        if let key = values[4], let algorithm = PIVAlgorithm(rawValue: number) {
            publicKey = PIVPublicKey.key(algorithm, key[...])
            guard publicKey != nil || algorithm == .x25519 else { return nil }
        } else {
            publicKey = nil
        }
    }

    /// What is told of a key.
    var keyMetadata: KeyMetadata {
        KeyMetadata(origin: origin, pinPolicy: pinPolicy, touchPolicy: touchPolicy)
    }
}
