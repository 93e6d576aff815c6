// SPDX-License-Identifier: Apache-2.0

/// An OpenSSH certificate, read as the strictest of its readers does; draft-ietf-sshm-cert.
///
/// The value keeps its bytes: signatures are checked over them and never over a second encoding.
/// Reading says nothing about who signed; that the signature is genuine is for SSHCrypto to find out.
/// A certificate never changes, and is an object so that it is handed on without copies of its fields.
public final class Certificate: Hashable, Sendable {
    /// The certificate's wire encoding.
    public let blob: [UInt8]
    /// The values of all fields that the signature covers.
    public let fields: CertificateFields
    /// The bytes that the signature covers: from the type name to the signature key.
    public let toBeSigned: [UInt8]
    /// The authority's signature.
    public let signature: Signature

    /// Reads a certificate from its wire encoding.
    ///
    /// - Throws: ``FormatError`` where the bytes are not exactly one certificate, each field in the
    ///   one form that this implementation writes itself.
    public init(blob: [UInt8]) throws(FormatError) {
        guard blob.count <= Self.maximumLength else {
            throw FormatError(
                "certificate", at: 0, .tooLong(length: blob.count, limit: Self.maximumLength))
        }
        var reader = WireReader(blob)
        let fields = try CertificateFields(from: &reader)
        let signed = reader.consumed(from: 0)
        guard signed.count <= Self.maximumToBeSignedLength else {
            throw FormatError(
                "certificate", at: 0,
                .tooLong(length: signed.count, limit: Self.maximumToBeSignedLength))
        }
        let signatureBytes = try reader.string("signature")
        let signature = try Signature(bytes: signatureBytes)
        try signature.requireFit(fields.signatureKey, at: signatureBytes.startIndex)
        try reader.finish("certificate")
        self.blob = blob
        self.fields = fields
        toBeSigned = Array(signed)
        self.signature = signature
    }

    /// Joins the bytes that were signed and their signature.
    ///
    /// - Throws: ``FormatError`` where the whole would not be read as a certificate.
    public convenience init(toBeSigned: [UInt8], signature: Signature) throws(FormatError) {
        var writer = WireWriter()
        writer.raw(toBeSigned)
        writer.string(signature.blob)
        try self.init(blob: writer.bytes)
        guard self.toBeSigned == toBeSigned else {
            throw FormatError(
                "certificate", at: self.toBeSigned.count,
                .invalid("the signed bytes end elsewhere than given"))
        }
    }

    /// Reads a line of a certificate file: type name, Base64, and an optional comment.
    ///
    /// - Throws: ``FormatError`` where the line is anything else; offsets are those of the blob.
    public convenience init(line: String) throws(FormatError) {
        let parts = try KeyLine("certificate line", line)
        try self.init(blob: parts.blob)
        try parts.requireTypeName(fields.publicKey.kind.certificateTypeName)
    }

    /// The line of a certificate file, without its line end: type name, Base64 and the comment.
    ///
    /// Control characters in the comment become spaces, since they could end the line.
    public func line(comment: String = "") -> String {
        KeyLine.text(fields.publicKey.kind.certificateTypeName, blob, comment: comment)
    }

    /// The longest certificate, in bytes.
    public static let maximumLength = 65_536
    /// The most bytes to be signed: what leaves room for the longest signature, that of an RSA key
    /// of 16,384 bits.
    public static let maximumToBeSignedLength =
        maximumLength - (4 + 4 + Signature.Algorithm.rsaSHA512.rawValue.utf8.count + 4)
        - PublicKey.maximumModulusLength

    /// Two certificates are equal where their bytes are.
    public static func == (left: Certificate, right: Certificate) -> Bool {
        left.blob == right.blob
    }

    /// Hashes the certificate's bytes.
    public func hash(into hasher: inout Hasher) { hasher.combine(allOf: blob) }
}
