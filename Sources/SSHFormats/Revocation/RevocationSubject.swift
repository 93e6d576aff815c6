// SPDX-License-Identifier: Apache-2.0

/// A key or a certificate as a revocation list is asked about it, read as widely as OpenSSH reads.
///
/// A certificate that ``Certificate`` refuses for its order of options or the like is none the less
/// one that sshd may be shown, and that a list may name.
public struct RevocationSubject: Hashable, Sendable {
    /// The blob of the plain key: of a certificate, the one that is certified.
    public let keyBlob: [UInt8]
    /// The plain key, or nil for one of a kind that is only carried.
    public let key: PublicKey?
    /// What makes it a certificate, or nil for a plain key.
    public let certificate: Certification?

    /// What a list may name of a certificate.
    public struct Certification: Hashable, Sendable {
        /// The serial number; 0 stands for none.
        public let serial: UInt64
        /// The key ID, without the NUL that may end it.
        public let keyID: [UInt8]
        /// The blob of the authority's key.
        public let authorityBlob: [UInt8]
        /// The authority's key, or nil for one of a kind that is only carried.
        public let authority: PublicKey?
        /// The bytes that the signature covers.
        public let toBeSigned: [UInt8]
        /// The signature's blob.
        public let signature: [UInt8]
    }

    /// Reads a key or a certificate from its wire encoding.
    ///
    /// - Throws: ``FormatError`` where no release of OpenSSH since 9.2 reads the bytes either, but
    ///   for what only its crypto library finds.
    public init(blob: [UInt8]) throws(FormatError) {
        var reader = WireReader(blob)
        let name = try reader.text("type", limit: PublicKey.maximumNameLength)
        guard let kind = Self.certifiedKind(name) else {
            let plain = try LenientKey(blob[...])
            (keyBlob, key, certificate) = (plain.blob, plain.publicKey, nil)
            return
        }
        _ = try reader.string("nonce")
        let certified = try PublicKey(try LenientKey.material(kind, from: &reader))
        let serial = try reader.uint64("serial")
        try Self.skipType(from: &reader)
        let keyID = try Self.text("key id", from: &reader)
        try Self.skipPrincipals(from: &reader)
        _ = try reader.take(16, "validity")
        try Self.skipPairs("critical options", from: &reader)
        try Self.skipPairs("extensions", from: &reader)
        _ = try reader.string("reserved")
        let authority = try LenientKey(try reader.string("signature key"))
        let signed = reader.consumed(from: 0)
        let signature = try reader.string("signature")
        try reader.finish("certificate")
        (keyBlob, key) = (certified.blob, certified)
        certificate = Certification(
            serial: serial, keyID: Array(keyID), authorityBlob: authority.blob,
            authority: authority.publicKey, toBeSigned: Array(signed), signature: Array(signature))
    }

    /// Reads a line of a key or certificate file: type name, Base64 and a comment, with blanks
    /// between them.
    ///
    /// - Throws: ``FormatError`` where the line is anything else; offsets are those of the blob.
    public init(line: ArraySlice<UInt8>) throws(FormatError) {
        self = try KeyText(line).subject()
    }

    /// The kind of key that a certificate of this type is for.
    private static func certifiedKind(_ name: String) -> KeyKind? {
        switch name {
        // Names of algorithms, which OpenSSH takes for types too.
        case "rsa-sha2-256-cert-v01@openssh.com", "rsa-sha2-512-cert-v01@openssh.com": .rsa
        default: KeyKind(certificateTypeName: name)
        }
    }

    private static func skipType(from reader: inout WireReader) throws(FormatError) {
        let start = reader.offset
        let type = try reader.uint32("type")
        guard type == 1 || type == 2 else {
            throw FormatError("type", at: start, .invalid("\(type) is neither 1 nor 2"))
        }
    }

    private static func skipPrincipals(from reader: inout WireReader) throws(FormatError) {
        var list = try reader.nested("valid principals")
        var count = 0
        while list.remaining > 0 {
            count += 1
            guard count <= CertificateFields.maximumPrincipals else {
                throw FormatError(
                    "valid principals", at: list.offset,
                    .invalid("more than \(CertificateFields.maximumPrincipals) principals"))
            }
            _ = try text("principal", from: &list)
        }
    }

    private static func skipPairs(
        _ field: String, from reader: inout WireReader
    ) throws(FormatError) {
        var list = try reader.nested(field)
        while list.remaining > 0 {
            _ = try list.string(field)
            _ = try list.string(field)
        }
    }

    /// Reads what OpenSSH takes for a C string: it drops one NUL at the end, and refuses others.
    private static func text(
        _ field: String, from reader: inout WireReader
    ) throws(FormatError) -> ArraySlice<UInt8> {
        var bytes = try reader.string(field)
        if bytes.last == 0 { bytes = bytes.dropLast() }
        guard !bytes.contains(0) else {
            throw FormatError(field, at: bytes.startIndex, .invalid("text has a NUL byte"))
        }
        return bytes
    }
}
