// SPDX-License-Identifier: Apache-2.0
import Ceremony
import Issuance
import SSHCrypto
import SSHFormats
import Synchronization

/// Verification keys, each made once.
enum VerificationKeys {
    private static let known = Mutex<[PublicKey: VerificationKey]>([:])

    static func key(for publicKey: PublicKey) throws(SSHCryptoError) -> VerificationKey {
        if let key = known.withLock({ $0[publicKey] }) { return key }
        let key = try VerificationKey(publicKey)
        known.withLock { $0[publicKey] = key }
        return key
    }
}
