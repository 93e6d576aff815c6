// SPDX-License-Identifier: Apache-2.0
import SSHCrypto
import SSHFormats
import Token
import TokenEvidence

/// Signatures made with a CA key to see that they come, and how fast; nothing else is made of them.
struct TokenTrial {
    /// The token, logged in.
    let token: any Token
    /// The key.
    let key: TokenKey

    /// How many signatures were made, and how long the token took for them alone.
    struct Outcome {
        var count = 0
        var seconds = 0.0

        /// The signatures of a second; nil where it was too quick to tell.
        var rate: Double? { seconds > 0 && count > 0 ? Double(count) / seconds : nil }
    }

    /// Whether each signature wants a person's hand.
    var wantsTouches: Bool { key.evidence.metadata?.touchPolicy == .always }

    /// What is signed: a text that is no certificate, no list and no signed file.
    ///
    /// Read as any of these it would begin with a length of more than a billion bytes. It is as long
    /// as an ordinary certificate.
    static func message(_ number: Int) -> [UInt8] {
        let text = "conclave: a trial of this key, and no certificate; number \(number). "
        let bytes = Array(text.utf8)
        return bytes + [UInt8](repeating: UInt8(ascii: "."), count: max(0, 480 - bytes.count))
    }

    /// Signs until `count` signatures are made or `seconds` have gone, and verifies each.
    ///
    /// The first comes alone, so that what each one costs is known before many are asked for.
    ///
    /// - Throws: `TokenError` at the first signature that does not come or is wrong.
    func run(
        count: Int, seconds: Double, progress: (Int) -> Void = { _ in }
    ) async throws(TokenError) -> Outcome {
        let verifier: VerificationKey
        do throws(SSHCryptoError) {
            verifier = try VerificationKey(key.publicKey)
        } catch {
            throw TokenError(.unsupported, "key \(key.publicKey.fingerprint): \(error)")
        }
        try await token.prepare(key.publicKey)
        var outcome = Outcome()
        var size = 1
        while outcome.count < count, outcome.seconds < seconds {
            let group = (0..<min(size, count - outcome.count)).map {
                Self.message(outcome.count + $0)
            }
            let started = monotonicSeconds()
            let signatures = try await token.sign(group, with: key.publicKey)
            outcome.seconds += monotonicSeconds() - started
            try await verify(signatures, over: group, by: verifier)
            outcome.count += group.count
            progress(outcome.count)
            // About a fifth of a second at once, so that slow tokens stop near their time.
            let each = outcome.seconds / Double(outcome.count)
            size = each > 0 ? Int(min(64, max(1, 0.2 / each))) : 64
        }
        return outcome
    }

    private func verify(
        _ signatures: [Signature], over messages: [[UInt8]], by verifier: VerificationKey
    ) async throws(TokenError) {
        let identity = await token.identity
        guard signatures.count == messages.count else {
            throw TokenError(
                .wrongSignature,
                "\(identity) gave \(signatures.count) signatures for \(messages.count) messages")
        }
        for (signature, message) in zip(signatures, messages) {
            do throws(SSHCryptoError) {
                try verifier.verify(signature, over: message)
            } catch {
                throw TokenError(
                    .wrongSignature,
                    "a signature of \(identity) is not one of key \(key.publicKey.fingerprint): "
                        + "\(error)",
                    hint: "do not use this token until it is known why")
            }
        }
    }
}
