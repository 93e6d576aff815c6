// SPDX-License-Identifier: Apache-2.0
public import SSHCrypto
public import SSHFormats

extension CeremonyReport {
    /// A public key, as reports name it.
    public struct Key: Sendable {
        /// The fingerprint as OpenSSH writes it.
        public let fingerprint: String
        /// The kind, in a short word.
        public let kind: String
        /// The SHA-256 of the key as OpenSSH encodes it: what the fingerprint is in Base64.
        public let digest: SHA256Digest

        /// Names a key.
        public init(_ key: PublicKey) {
            fingerprint = key.fingerprint
            kind = key.kind.shortName
            digest = SHA256Digest(hashing: key.blob)
        }
    }

    /// A token that took part, and what speaks for it.
    public struct Token: Sendable {
        /// What was made of the device's own attestation.
        public struct Attestation: Sendable {
            /// Whether it was verified.
            public let isVerified: Bool
            /// What the device states; nil where it cannot be read.
            public let statement: String?
            /// The SHA-256 of the key of the root that the chain leads to; nil where it leads to none.
            public let root: SHA256Digest?
            /// How many certificates the ledger keeps of the chain.
            public let certificates: Int
            /// What speaks against it.
            public let faults: [String]

            /// Tells of an attestation.
            public init(
                isVerified: Bool, statement: String?, root: SHA256Digest?, certificates: Int,
                faults: [String]
            ) {
                self.isVerified = isVerified
                self.statement = statement
                self.root = root
                self.certificates = certificates
                self.faults = faults
            }
        }

        /// The authority that the key signs for.
        public let authority: String
        /// The CA key.
        public let key: Key
        /// The token: an RFC 7512 URI without a module path.
        public let uri: String
        /// The module's path.
        public let module: String
        /// The key's attributes as the module states them.
        public let claims: String
        /// The device's firmware, as it says itself.
        public let firmware: String?
        /// What was made of its attestation; nil where it gave none.
        public let attestation: Attestation?
        /// The advisories that meet the key.
        public let advisories: [String]
        /// When it took part; later than the opening where it took over from another.
        public let joined: Moment

        /// Tells of a token.
        public init(
            authority: String, key: Key, uri: String, module: String, claims: String,
            firmware: String?, attestation: Attestation?, advisories: [String], joined: Moment
        ) {
            self.authority = authority
            self.key = key
            self.uri = uri
            self.module = module
            self.claims = claims
            self.firmware = firmware
            self.attestation = attestation
            self.advisories = advisories
            self.joined = joined
        }
    }
}
