// SPDX-License-Identifier: Apache-2.0
import CFuzzing
import SSHCrypto
import SSHFormats

/// The bytes that a writer was given.
func wire(_ body: (inout WireWriter) -> Void) -> [UInt8] {
    var writer = WireWriter()
    body(&writer)
    return writer.bytes
}

/// A text of `count` parts, numbered from 0.
func repeated(_ count: Int, separator: String = "", _ part: (Int) -> String) -> String {
    (0..<count).map(part).joined(separator: separator)
}

/// Numbers that look random and are the same in each run.
struct Numbers {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state = state &+ 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// The bytes of keys, well formed and nothing more.
enum KeyBytes {
    /// An Ed25519 key of this number.
    static func ed25519(_ number: Int) -> [UInt8] {
        wire {
            $0.string("ssh-ed25519")
            $0.string(SHA256Digest(hashing: wire { $0.uint64(UInt64(number)) }).bytes)
        }
    }

    /// The line of that key.
    static func line(_ number: Int) -> String {
        "ssh-ed25519 \(Base64.encode(ed25519(number)))"
    }

    /// An RSA key with a modulus of so many bytes.
    static func rsa(modulus count: Int) -> [UInt8] {
        wire {
            $0.string("ssh-rsa")
            $0.positiveInteger([1, 0, 1])
            $0.positiveInteger([UInt8](repeating: 0xC3, count: count))
        }
    }

    /// Signature bytes of an Ed25519 key, which hold over nothing.
    static let signature = wire {
        $0.string("ssh-ed25519")
        $0.string([UInt8](repeating: 0x33, count: 64))
    }
}

/// The one key that targets sign with, so that texts get past the check of their signature.
enum SigningKey {
    /// The public half.
    static let publicKey: PublicKey? = {
        var bytes = [UInt8](repeating: 0, count: 32)
        guard fuzzing_public_key(&bytes) == 1 else { return nil }
        return try? PublicKey(.ed25519(bytes))
    }()

    /// The armored signature over a text; nil where libcrypto failed.
    static func seal(_ text: [UInt8], namespace: String) -> [UInt8]? {
        guard let publicKey else { return nil }
        let signed = SSHSIG.signedData(
            namespace: namespace, hashAlgorithm: .sha256,
            messageHash: SHA256Digest(hashing: text).bytes)
        var bytes = [UInt8](repeating: 0, count: 64)
        guard fuzzing_sign(signed, signed.count, &bytes) == 1,
            let signature = try? Signature(algorithm: .ed25519, value: .ed25519(bytes)),
            let sealed = try? SSHSIG(
                publicKey: publicKey, namespace: namespace, hashAlgorithm: .sha256,
                signature: signature)
        else { return nil }
        return Array(sealed.armored.utf8)
    }
}
