// SPDX-License-Identifier: Apache-2.0

/// What reading specifications needs of a crypto library, which this module does without.
public struct RevocationTools: Sendable {
    /// Makes the SHA-1 digest of a key blob, 20 bytes.
    public let sha1: @Sendable ([UInt8]) -> [UInt8]
    /// Makes the SHA-256 digest of a key blob, 32 bytes.
    public let sha256: @Sendable ([UInt8]) -> [UInt8]
    /// What is wrong with a certificate's signature, or nil where its authority made it.
    public let signatureFault: @Sendable (RevocationSubject.Certification) -> String?

    /// Names the tools.
    public init(
        sha1: @escaping @Sendable ([UInt8]) -> [UInt8],
        sha256: @escaping @Sendable ([UInt8]) -> [UInt8],
        signatureFault: @escaping @Sendable (RevocationSubject.Certification) -> String?
    ) {
        self.sha1 = sha1
        self.sha256 = sha256
        self.signatureFault = signatureFault
    }
}
