// SPDX-License-Identifier: Apache-2.0

extension Signature {
    /// The signature algorithms that this implementation reads and writes.
    ///
    /// `ssh-rsa`, which signs with SHA-1, is not among them and never will be.
    public enum Algorithm: String, CaseIterable, Hashable, Sendable {
        /// RSA PKCS#1 v1.5 with SHA-256, RFC 8332 section 3.
        case rsaSHA256 = "rsa-sha2-256"
        /// RSA PKCS#1 v1.5 with SHA-512, RFC 8332 section 3.
        case rsaSHA512 = "rsa-sha2-512"
        /// ECDSA over NIST P-256 with SHA-256, RFC 5656 section 6.2.1.
        case ecdsaP256 = "ecdsa-sha2-nistp256"
        /// ECDSA over NIST P-384 with SHA-384, RFC 5656 section 6.2.1.
        case ecdsaP384 = "ecdsa-sha2-nistp384"
        /// ECDSA over NIST P-521 with SHA-512, RFC 5656 section 6.2.1.
        case ecdsaP521 = "ecdsa-sha2-nistp521"
        /// Ed25519, RFC 8709 section 6.
        case ed25519 = "ssh-ed25519"
        /// ECDSA over NIST P-256 by a FIDO token, OpenSSH PROTOCOL.u2f.
        case skECDSA = "sk-ecdsa-sha2-nistp256@openssh.com"
        /// Ed25519 by a FIDO token, OpenSSH PROTOCOL.u2f.
        case skEd25519 = "sk-ssh-ed25519@openssh.com"
        /// ECDSA over NIST P-256 by a FIDO token behind a web browser, OpenSSH PROTOCOL.u2f.
        case webAuthnECDSA = "webauthn-sk-ecdsa-sha2-nistp256@openssh.com"
        /// ML-DSA-44 and Ed25519 side by side, OpenSSH 10.4; carried, and not verified yet.
        case mldsa44Ed25519 = "ssh-mldsa44-ed25519@openssh.com"

        /// The algorithm of this name on the wire.
        init?(name: ArraySlice<UInt8>) {
            guard let algorithm = Self.known.first(where: { name.spells($0.rawValue) }) else {
                return nil
            }
            self = algorithm
        }

        /// All algorithms, in one array and not a new one each time.
        fileprivate static let known = allCases

        /// The kind of key that signs so.
        public var keyKind: KeyKind {
            switch self {
            case .rsaSHA256, .rsaSHA512: .rsa
            case .ecdsaP256: .ecdsaP256
            case .ecdsaP384: .ecdsaP384
            case .ecdsaP521: .ecdsaP521
            case .ed25519: .ed25519
            case .skECDSA, .webAuthnECDSA: .skECDSA
            case .skEd25519: .skEd25519
            case .mldsa44Ed25519: .mldsa44Ed25519
            }
        }
    }
}

extension KeyKind {
    /// The algorithms by which a key of this kind signs.
    public var signatureAlgorithms: [Signature.Algorithm] {
        Signature.Algorithm.known.filter { $0.keyKind == self }
    }
}
