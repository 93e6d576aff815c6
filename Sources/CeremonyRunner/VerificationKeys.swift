// SPDX-License-Identifier: Apache-2.0
import Ceremony
import Issuance
import SSHCrypto
import SSHFormats
import Synchronization

/// Verification keys, each made once.
enum VerificationKeys {
    private static let known = Mutex<[PublicKey: VerificationKey]>([:])
    private static let knownForMany = Mutex<[PublicKey: (key: VerificationKey?, uses: Int)]>([:])
    /// From how many signatures on a key is made ready for many.
    private static let many = 1_000

    static func key(for publicKey: PublicKey) throws(SSHCryptoError) -> VerificationKey {
        if let key = known.withLock({ $0[publicKey] }) { return key }
        let key = try VerificationKey(publicKey)
        known.withLock { $0[publicKey] = key }
        return key
    }

    /// The key for one more signature of very many.
    static func keyForMany(_ publicKey: PublicKey) throws(SSHCryptoError) -> VerificationKey {
        let (ready, uses) = knownForMany.withLock { keys in
            keys[publicKey, default: (nil, 0)].uses += 1
            return keys[publicKey] ?? (nil, 0)
        }
        if let ready { return ready }
        guard uses == many else { return try key(for: publicKey) }
        let made = try VerificationKey(forMany: publicKey)
        knownForMany.withLock { $0[publicKey]?.key = made }
        return made
    }
}
