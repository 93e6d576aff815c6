// SPDX-License-Identifier: Apache-2.0
public import Documents
public import SSHCrypto
public import SSHFormats

/// The bytes that a CA key will sign, encoded for the strictest reader and linted.
public struct ToBeSignedCertificate: Hashable, Sendable {
    /// The longest certificate that is drafted, in bytes, its signature apart: every sshd, agent
    /// and ledger takes it with room to spare.
    public static let maximumLength = 32_768

    /// What the bytes say.
    public let fields: CertificateFields
    /// The bytes, from the type name up to and including the signature key.
    public let bytes: [UInt8]

    /// The SHA-256 of the bytes, which the manifest states and officers approve.
    public var digest: SHA256Digest { SHA256Digest(hashing: bytes) }

    /// Encodes and lints a certificate's fields.
    ///
    /// - Throws: `Violations` of `BATCH-LINT` where a reader would refuse or misread them.
    public init(_ fields: CertificateFields) throws(Violations) {
        var violations = Self.lint(fields)
        do throws(FormatError) {
            bytes = try fields.toBeSigned()
        } catch {
            violations.append(Violation(.batchLint, "certificate cannot be encoded: \(error)"))
            throw Violations(violations)
        }
        if bytes.count > Self.maximumLength {
            violations.append(
                Violation(
                    .batchLint,
                    "certificate has \(bytes.count) bytes, more than \(Self.maximumLength)"))
        }
        guard violations.isEmpty else { throw Violations(violations) }
        self.fields = fields
    }

    /// What OpenSSH would take, and yet not as meant.
    private static func lint(_ fields: CertificateFields) -> [Violation] {
        var faults: [String] = []
        if fields.serial == 0 { faults.append("serial 0 cannot be revoked by serial") }
        if fields.nonce.count != 32 {
            faults.append("nonce has \(fields.nonce.count) bytes, not 32")
        }
        for name in fields.validPrincipals {
            if let fault = Principal.fault(in: name, kind: fields.kind) { faults.append(fault) }
        }
        if fields.keyID.isEmpty || fields.keyID.utf8.count > KeyIDTemplate.maximumLength {
            faults.append("key ID has \(fields.keyID.utf8.count) bytes, not 1 to 256")
        }
        let latest: UInt64 = 253_402_300_799
        if fields.validBefore > latest { faults.append("validity never ends") }
        if !fields.criticalOptions.map(\.name).isAscending
            || !fields.extensions.map(\.rawValue).isAscending
        {
            faults.append("options are not in the order of their names")
        }
        if fields.publicKey == fields.signatureKey { faults.append("a CA key certifies itself") }
        return faults.map { Violation(.batchLint, $0) }
    }
}

extension [String] {
    /// Whether each text sorts before the next, byte by byte.
    fileprivate var isAscending: Bool {
        zip(self, dropFirst()).allSatisfy { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}
