// SPDX-License-Identifier: Apache-2.0
import SSHFormats

extension X509Certificate {
    /// What its `basicConstraints` say, RFC 5280 section 4.2.1.9.
    public struct Authority: Hashable, Sendable {
        /// Whether the subject may sign certificates.
        public let isAuthority: Bool
        /// How many further authorities may stand between it and the end; nil for any number.
        public let pathLength: Int?
    }

    /// What the certificate says of its subject's right to sign others; no right where it is silent.
    ///
    /// - Throws: ``SSHCryptoError`` where the extension is not DER.
    public func authority() throws(SSHCryptoError) -> Authority {
        guard let value = value(ofExtension: "2.5.29.19") else {
            return Authority(isAuthority: false, pathLength: nil)
        }
        let what = "the basic constraints"
        var outside = DERReader(value)
        var reader = DERReader(try outside.element(DERReader.Tag.sequence, what).contents)
        try outside.finish(what)
        var isAuthority = false
        if let flag = try reader.optional(DERReader.Tag.boolean, what) {
            guard flag.contents.elementsEqual([0]) || flag.contents.elementsEqual([0xFF]) else {
                throw DERReader.refusal("\(what) say neither yes nor no")
            }
            isAuthority = flag.contents.first == 0xFF
        }
        var length: Int?
        if !reader.isAtEnd {
            let digits = try reader.positiveInteger(what)
            guard digits.count <= 2 else {
                throw DERReader.refusal("\(what) allow a path of more than 65535")
            }
            length = digits.reduce(0) { $0 << 8 | Int($1) }
        }
        try reader.finish(what)
        return Authority(isAuthority: isAuthority, pathLength: length)
    }

    /// Verifies that the key signed this certificate; names, dates and rights are the caller's.
    ///
    /// RSA with PKCS#1 v1.5 padding and ECDSA, with SHA-256, SHA-384 or SHA-512, and Ed25519. The
    /// key's numbers are not judged: old devices attest with RSA keys that ROCA concerns, which is
    /// told by other means.
    ///
    /// - Throws: ``SSHCryptoError`` where it did not, or the algorithm is another.
    public func verify(signedBy key: SubjectPublicKeyInfo) throws(SSHCryptoError) {
        guard let algorithm = Self.algorithms[signatureAlgorithm] else {
            throw DERReader.refusal(
                "the signature's algorithm \(signatureAlgorithm) is not known")
        }
        let publicKey = try key.publicKey()
        let fits =
            switch publicKey.material {
            case .rsa: algorithm.family == .rsa
            case .ecdsa: algorithm.family == .ecdsa
            case .ed25519: algorithm.family == .ed25519
            case .skECDSA, .skEd25519, .mldsa44Ed25519: false
            }
        guard fits else {
            throw SSHCryptoError(
                .algorithmMismatch(found: signatureAlgorithm, key: publicKey.kind.rawValue))
        }
        let verifier = try LibraryVerifier(
            try LibraryKey(publicKey.material), digest: algorithm.digest)
        guard try verifier.accepts(signature, over: toBeSigned) else {
            throw SSHCryptoError(.wrongSignature)
        }
    }

    /// Whether the key signed this certificate.
    public func isSigned(by key: SubjectPublicKeyInfo) -> Bool {
        do throws(SSHCryptoError) {
            try verify(signedBy: key)
            return true
        } catch {
            return false
        }
    }

    private enum Family {
        case rsa
        case ecdsa
        case ed25519
    }

    /// RFC 4055 section 5, RFC 5758 section 3.2, RFC 8410 section 3.
    private static let algorithms: [String: (family: Family, digest: String?)] = [
        "1.2.840.113549.1.1.11": (.rsa, DigestAlgorithm.sha256.name),
        "1.2.840.113549.1.1.12": (.rsa, DigestAlgorithm.sha384.name),
        "1.2.840.113549.1.1.13": (.rsa, DigestAlgorithm.sha512.name),
        "1.2.840.10045.4.3.2": (.ecdsa, DigestAlgorithm.sha256.name),
        "1.2.840.10045.4.3.3": (.ecdsa, DigestAlgorithm.sha384.name),
        "1.2.840.10045.4.3.4": (.ecdsa, DigestAlgorithm.sha512.name),
        "1.3.101.112": (.ed25519, nil),
    ]
}
