// SPDX-License-Identifier: Apache-2.0

/// A certificate of any maker, read as far as it can be read.
///
/// ``Certificate`` refuses whatever some reader would refuse; this takes what OpenSSH takes and more,
/// so that a person can be told what is wrong with it. Every byte belongs to exactly one field. Time
/// and memory are a small multiple of the length.
public final class CertificateDissection: Sendable {
    /// The bytes.
    public let blob: [UInt8]
    /// The fields in the order of the bytes, without a gap between them; empty where they were not
    /// asked for.
    public let fields: [DissectedField]
    /// Where the structure breaks: lengths that reach beyond what is there.
    public let faults: [FormatError]
    /// What was found.
    public let parts: CertificateParts

    /// Reads bytes that should be a certificate; without the list of fields where speed matters.
    public init(_ blob: [UInt8], listsFields: Bool = true) {
        var reader = DissectionReader(blob, keepsFields: listsFields)
        parts = Self.parts(from: &reader)
        self.blob = blob
        fields = reader.fields
        faults = reader.faults
    }

    private static func parts(from reader: inout DissectionReader) -> CertificateParts {
        var parts = CertificateParts()
        read(&parts, from: &reader)
        if reader.remaining > 0 { parts.trailing = reader.rest("trailing") }
        return parts
    }

    /// How deep certificates as signature keys are looked into.
    static let maximumDepth = 8

    private static func read(_ parts: inout CertificateParts, from reader: inout DissectionReader) {
        let start = reader.offset
        guard let typeName = reader.string("certificate type", .text) else { return }
        parts.typeName = typeName
        guard let (layout, standing) = KeyLayout.ofCertificate(named: typeName) else { return }
        parts.standing = standing
        guard let nonce = reader.string("nonce", .bytes) else { return }
        parts.nonce = nonce
        var key = KeyParts(typeName: typeName, layout: layout)
        let isWhole = readFields(of: &key, from: &reader)
        parts.key = key
        guard isWhole, readMiddle(&parts, from: &reader) else { return }
        guard readSignatureKey(&parts, from: &reader) else { return }
        parts.toBeSigned = reader.consumed(from: start)
        readSignature(&parts, from: &reader)
    }

    private static func readMiddle(
        _ parts: inout CertificateParts, from reader: inout DissectionReader
    ) -> Bool {
        guard let serial = reader.number("serial", 8) else { return false }
        parts.serial = .init(value: serial.value, offset: serial.offset)
        guard let kind = reader.number("type", 4) else { return false }
        parts.kind = .init(value: kind.value, offset: kind.offset)
        guard let keyID = reader.string("key id", .text) else { return false }
        parts.keyID = keyID
        guard let list = reader.enter("valid principals") else { return false }
        parts.principalsOffset = reader.offset
        while reader.remaining > 0, let name = reader.string("principal", .text) {
            parts.principals.append(name)
        }
        guard reader.leave(list) else { return false }
        guard let after = reader.number("valid after", 8, .time) else { return false }
        parts.validAfter = .init(value: after.value, offset: after.offset)
        guard let before = reader.number("valid before", 8, .time) else { return false }
        parts.validBefore = .init(value: before.value, offset: before.offset)
        guard let options = reader.enter("critical options") else { return false }
        parts.criticalOptionsOffset = reader.offset
        parts.criticalOptions = pairs("critical option", from: &reader)
        guard reader.leave(options) else { return false }
        guard let extensions = reader.enter("extensions") else { return false }
        parts.extensionsOffset = reader.offset
        parts.extensions = pairs("extension", from: &reader)
        guard reader.leave(extensions) else { return false }
        parts.reserved = reader.string("reserved", .unread)
        return parts.reserved != nil
    }

    private static func pairs(
        _ field: String, from reader: inout DissectionReader
    ) -> [CertificateParts.Pair] {
        var pairs: [CertificateParts.Pair] = []
        while reader.remaining > 0 {
            guard let name = reader.string(field, .text), let scope = reader.enter("data") else {
                return pairs
            }
            let start = reader.offset
            let text = reader.holdsOneString ? reader.string("value", .text) : nil
            if text == nil { _ = reader.rest("data") }
            pairs.append(.init(name: name, data: reader.consumed(from: start), text: text))
            guard reader.leave(scope) else { return pairs }
        }
        return pairs
    }

    /// Reads a key's fields; false where one is not whole.
    private static func readFields(
        of key: inout KeyParts, from reader: inout DissectionReader
    ) -> Bool {
        let start = reader.offset
        defer { key.bytes = reader.consumed(from: start) }
        for part in key.layout?.parts ?? [] {
            guard let value = reader.string(part.name, part.form) else { return false }
            key.values.append(value)
        }
        return true
    }

    private static func readSignatureKey(
        _ parts: inout CertificateParts, from reader: inout DissectionReader
    ) -> Bool {
        guard let scope = reader.enter("signature key") else { return false }
        let start = reader.offset
        if let name = reader.string("public key type", .text) {
            var key = KeyParts(typeName: name, layout: KeyLayout.ofKey(named: name))
            if key.layout != nil {
                _ = readFields(of: &key, from: &reader)
            } else if let (layout, _) = KeyLayout.ofCertificate(named: name) {
                parts.isSignedByCertificate = true
                readNested(layout, from: &reader)
            }
            key.leftOver = reader.rest("left over")
            parts.signatureKey = key
        }
        parts.signatureKeyBytes = reader.consumed(from: start)
        return reader.leave(scope)
    }

    /// Gives the bytes of a certificate behind its type name their fields; the values are not kept.
    private static func readNested(_ layout: KeyLayout, from reader: inout DissectionReader) {
        guard reader.depth < maximumDepth, reader.string("nonce", .bytes) != nil else { return }
        var inner = CertificateParts()
        var key = KeyParts(typeName: [], layout: layout)
        guard readFields(of: &key, from: &reader), readMiddle(&inner, from: &reader),
            readSignatureKey(&inner, from: &reader)
        else { return }
        readSignature(&inner, from: &reader)
    }
}

extension CertificateDissection {
    /// What stands in a signature behind the algorithm's name.
    private enum SignatureForm {
        case bytes
        case pair
        case tokenBytes
        case tokenPair
        case webauthn
    }

    private static let signatureForms: [String: SignatureForm] = [
        "ssh-rsa": .bytes, "rsa-sha2-256": .bytes, "rsa-sha2-512": .bytes, "ssh-dss": .bytes,
        "ecdsa-sha2-nistp256": .pair, "ecdsa-sha2-nistp384": .pair, "ecdsa-sha2-nistp521": .pair,
        "ssh-ed25519": .bytes, KeyLayout.compositeName: .bytes,
        "sk-ssh-ed25519@openssh.com": .tokenBytes,
        "sk-ecdsa-sha2-nistp256@openssh.com": .tokenPair,
        "webauthn-sk-ecdsa-sha2-nistp256@openssh.com": .webauthn,
    ]

    private static func readSignature(
        _ parts: inout CertificateParts, from reader: inout DissectionReader
    ) {
        guard let scope = reader.enter("signature") else { return }
        let start = reader.offset
        var signature = SignatureParts()
        readSignatureFields(&signature, from: &reader)
        signature.leftOver = reader.rest("left over")
        parts.signatureBytes = reader.consumed(from: start)
        parts.signature = signature
        _ = reader.leave(scope)
    }

    private static func readSignatureFields(
        _ signature: inout SignatureParts, from reader: inout DissectionReader
    ) {
        guard let name = reader.string("signature algorithm", .text) else { return }
        signature.algorithm = name
        guard name.count <= PublicKey.maximumNameLength,
            let form = signatureForms[String(decoding: name, as: UTF8.self)]
        else { return }
        switch form {
        case .bytes, .tokenBytes:
            signature.value = reader.string("signature", .bytes)
            guard signature.value != nil else { return }
        case .pair, .tokenPair, .webauthn:
            guard let scope = reader.enter("signature") else { return }
            let start = reader.offset
            signature.r = reader.string("r", .integer)
            if signature.r != nil { signature.s = reader.string("s", .integer) }
            signature.valueLeftOver = reader.rest("left over")
            signature.value = reader.consumed(from: start)
            guard reader.leave(scope) else { return }
        }
        guard form != .bytes, form != .pair, let flags = reader.number("flags", 1) else { return }
        signature.flags = UInt8(truncatingIfNeeded: flags.value)
        guard reader.number("counter", 4) != nil, form == .webauthn else { return }
        for field in ["origin", "client data", "extensions"]
        where reader.string(field, field == "extensions" ? .bytes : .text) == nil { return }
    }
}
