// SPDX-License-Identifier: Apache-2.0
import CSodium

/// The quick check of Ed25519 signatures: by libsodium, in half of the time that libcrypto takes.
///
/// It solves the equation that OpenSSH and libcrypto solve, RFC 8032 section 5.1.7 without the cofactor,
/// and asks for more: that neither the key nor the signature's point is of small order. So a yes
/// is theirs as well, and after a no it is libcrypto that decides.
enum Ed25519Verifier {
    /// Whether `signature`, of 64 bytes, is one over `message` by the key of these 32 bytes, and nothing
    /// about either is unusual.
    static func accepts(
        _ signature: [UInt8], over message: [UInt8], by key: [UInt8]
    ) -> Bool {
        guard isReady, signature.count == 64, key.count == 32 else { return false }
        return unsafe crypto_sign_ed25519_verify_detached(
            signature, message, UInt64(message.count), key) == 0
    }

    /// Whether libsodium has chosen what it computes with on this machine.
    private static let isReady = sodium_init() >= 0
}
