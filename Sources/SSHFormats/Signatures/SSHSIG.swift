// SPDX-License-Identifier: Apache-2.0

/// A signature over a text or file, with its key and the purpose it was made for; OpenSSH
/// PROTOCOL.sshsig.
///
/// Such signatures can be altered without becoming wrong: name a text by its digest, never by that
/// of its signature.
public struct SSHSIG: Hashable, Sendable {
    /// The hashes by which a message enters the signed data.
    public enum HashAlgorithm: String, CaseIterable, Hashable, Sendable {
        /// SHA-256.
        case sha256
        /// SHA-512.
        case sha512
    }

    /// The signature's wire encoding.
    public let blob: [UInt8]
    /// Who is said to have signed.
    public let signer: Signer
    /// What the signature is for, so that it counts for nothing else.
    public let namespace: String
    /// The hash by which the message enters the signed data.
    public let hashAlgorithm: HashAlgorithm
    /// The signature over ``signedData(namespace:hashAlgorithm:messageHash:)``.
    public let signature: Signature

    /// Reads a signature from its wire encoding.
    ///
    /// - Throws: ``FormatError`` where the bytes are not exactly one signature of version 1, or
    ///   where the signer's key cannot have made it.
    public init(blob: [UInt8]) throws(FormatError) {
        guard blob.count <= Self.maximumLength else {
            throw FormatError(
                "SSHSIG", at: 0, .tooLong(length: blob.count, limit: Self.maximumLength))
        }
        var reader = WireReader(blob)
        guard try reader.take(Self.magic.count, "magic").elementsEqual(Self.magic) else {
            throw FormatError("magic", at: 0, .invalid("it is not SSHSIG"))
        }
        let versionOffset = reader.offset
        let version = try reader.uint32("version")
        guard version == 1 else {
            throw FormatError("version", at: versionOffset, .invalid("\(version) is not 1"))
        }
        let signer = try Signer(bytes: try reader.string("public key"))
        let namespace = try PrintableText.read(
            "namespace", try reader.string("namespace"), limit: Self.maximumNamespaceLength)
        let reserved = try reader.string("reserved")
        guard reserved.isEmpty else {
            throw FormatError(
                "reserved", at: reserved.startIndex, .trailing(count: reserved.count))
        }
        let hashOffset = reader.offset + 4
        let hashName = try reader.text("hash algorithm", limit: PublicKey.maximumNameLength)
        guard let hashAlgorithm = HashAlgorithm(rawValue: hashName) else {
            throw FormatError("hash algorithm", at: hashOffset, .unknown(hashName))
        }
        let signatureBytes = try reader.string("signature")
        let signature = try Signature(bytes: signatureBytes)
        try signature.requireFit(signer.publicKey, at: signatureBytes.startIndex)
        try reader.finish("SSHSIG")
        self.blob = blob
        self.signer = signer
        self.namespace = namespace
        self.hashAlgorithm = hashAlgorithm
        self.signature = signature
    }

    /// Reads a signature from its text form: what `ssh-keygen -Y sign` writes, in lines of any
    /// length, ended by LF or CRLF, and nothing else.
    ///
    /// - Throws: ``FormatError``; the field `armor` is at fault in the text, every other in the blob.
    public init(armored: [UInt8]) throws(FormatError) {
        try self.init(blob: try Armor.decode(armored))
    }

    /// Puts a signature together with what it was made for.
    ///
    /// - Throws: ``FormatError`` where the namespace is empty, longer than 256 bytes or not printable
    ///   ASCII, or where the signer's key cannot have made the signature.
    public init(
        signer: Signer, namespace: String, hashAlgorithm: HashAlgorithm, signature: Signature
    ) throws(FormatError) {
        var writer = WireWriter()
        writer.raw(Self.magic)
        writer.uint32(1)
        writer.string(signer.blob)
        writer.string(namespace)
        writer.string([])
        writer.string(hashAlgorithm.rawValue)
        writer.string(signature.blob)
        try self.init(blob: writer.bytes)
    }

    /// Puts a signature by a plain key together with what it was made for.
    ///
    /// - Throws: ``FormatError`` where the namespace is empty, longer than 256 bytes or not printable
    ///   ASCII, or where the key cannot have made the signature.
    public init(
        publicKey: PublicKey, namespace: String, hashAlgorithm: HashAlgorithm,
        signature: Signature
    ) throws(FormatError) {
        try self.init(
            signer: .key(publicKey), namespace: namespace, hashAlgorithm: hashAlgorithm,
            signature: signature)
    }

    /// The key that is said to have signed: the signer itself, or the key that the signer's
    /// certificate is for.
    public var publicKey: PublicKey { signer.publicKey }

    /// The text form, as `ssh-keygen -Y sign` writes it: lines of 70 characters, LF at the end.
    public var armored: String { Armor.encode(blob) }

    /// The bytes that are signed for a message whose hash is given.
    public static func signedData(
        namespace: String, hashAlgorithm: HashAlgorithm, messageHash: [UInt8]
    ) -> [UInt8] {
        var writer = WireWriter()
        writer.raw(magic)
        writer.string(namespace)
        writer.string([])
        writer.string(hashAlgorithm.rawValue)
        writer.string(messageHash)
        return writer.bytes
    }

    /// Parts a file into a text and the armored signature behind it.
    ///
    /// The text ends before the first line that begins armor; the armor is all the rest, and is not
    /// looked into. Nil where no such line is there.
    public static func splitArmor(
        from bytes: [UInt8]
    ) -> (text: ArraySlice<UInt8>, armor: ArraySlice<UInt8>)? {
        guard let start = Armor.firstLine(in: bytes) else { return nil }
        return (bytes[..<start], bytes[start...])
    }

    /// The longest signature with its signer and namespace, in bytes: the longest certificate, and
    /// 32 KiB for all else.
    public static let maximumLength = Certificate.maximumLength + 32_768
    /// The longest namespace, in bytes.
    public static let maximumNamespaceLength = 256

    private static let magic = Array("SSHSIG".utf8)

    /// Two signatures are equal where their bytes are.
    public static func == (left: Self, right: Self) -> Bool { left.blob == right.blob }

    /// Hashes the signature's bytes.
    public func hash(into hasher: inout Hasher) { hasher.combine(allOf: blob) }
}
