// SPDX-License-Identifier: Apache-2.0

extension CertificateFields {
    /// Reads all that is signed, in the order of the wire, and refuses what the strictest of the
    /// known readers refuses.
    init(from reader: inout WireReader) throws(FormatError) {
        let keyKind = try Self.keyKind(from: &reader)
        let nonce = try Self.nonce(from: &reader)
        let publicKey = try PublicKey(keyKind, from: &reader)
        let serial = try reader.uint64("serial")
        let kind = try Self.kind(from: &reader)
        let keyID = try Self.keyID(from: &reader)
        let validPrincipals = try Self.validPrincipals(from: &reader)
        let (validAfter, validBefore) = try Self.validity(from: &reader)
        let criticalOptions = try Self.criticalOptions(kind, from: &reader)
        let extensions = try Self.extensions(kind, from: &reader)
        let reserved = try reader.string("reserved")
        guard reserved.isEmpty else {
            throw FormatError(
                "reserved", at: reserved.startIndex, .trailing(count: reserved.count))
        }
        self.init(
            nonce: nonce, publicKey: publicKey, serial: serial, kind: kind, keyID: keyID,
            validPrincipals: validPrincipals, validAfter: validAfter, validBefore: validBefore,
            criticalOptions: criticalOptions, extensions: extensions,
            signatureKey: try Self.signatureKey(from: &reader))
    }

    private static func keyKind(from reader: inout WireReader) throws(FormatError) -> KeyKind {
        let start = reader.offset
        let nameBytes = try reader.textBytes(
            "certificate type", limit: PublicKey.maximumNameLength)
        guard let kind = KeyKind(certificateName: nameBytes) else {
            let name = String(decoding: nameBytes, as: UTF8.self)
            throw FormatError(
                "certificate type", at: start + 4,
                KeyKind(rawValue: name) == nil
                    ? .unknown(name) : .invalid("\(name) is a plain key, not a certificate"))
        }
        guard kind.isCertifiable else {
            throw FormatError(
                "certificate type", at: start + 4,
                .invalid("\(kind.certificateTypeName) is not certified yet"))
        }
        return kind
    }

    private static func nonce(from reader: inout WireReader) throws(FormatError) -> [UInt8] {
        let nonce = try reader.string("nonce")
        guard nonce.count >= minimumNonceLength else {
            throw FormatError(
                "nonce", at: nonce.startIndex,
                .invalid("\(nonce.count) bytes are fewer than \(minimumNonceLength)"))
        }
        return Array(nonce)
    }

    private static func kind(from reader: inout WireReader) throws(FormatError) -> CertificateKind {
        let start = reader.offset
        let number = try reader.uint32("type")
        guard let kind = CertificateKind(rawValue: number) else {
            throw FormatError("type", at: start, .invalid("\(number) is neither 1 nor 2"))
        }
        return kind
    }

    private static func keyID(from reader: inout WireReader) throws(FormatError) -> String {
        try PrintableText.read(
            "key id", try reader.string("key id"), limit: maximumKeyIDLength)
    }

    private static func validPrincipals(
        from reader: inout WireReader
    ) throws(FormatError) -> [String] {
        var list = try reader.nested("valid principals")
        let start = list.offset
        var names: [String] = []
        while list.remaining > 0 {
            let bytes = try list.string("principal")
            let name = try PrintableText.read("principal", bytes, limit: bytes.count)
            if let comma = bytes.firstIndex(of: UInt8(ascii: ",")) {
                throw FormatError("principal", at: comma, .invalid("it has a comma"))
            }
            // They are so few that a search through them costs less than a table would.
            guard !names.contains(name) else {
                throw FormatError(
                    "principal", at: bytes.startIndex,
                    .invalid("\(PrintableText.quoted(name)) is there twice"))
            }
            guard names.count < maximumPrincipals else {
                throw FormatError(
                    "valid principals", at: bytes.startIndex,
                    .invalid("more than \(maximumPrincipals) principals"))
            }
            names.append(name)
        }
        guard !names.isEmpty else {
            throw FormatError("valid principals", at: start, .invalid("there is none"))
        }
        return names
    }

    private static func validity(
        from reader: inout WireReader
    ) throws(FormatError) -> (after: UInt64, before: UInt64) {
        let start = reader.offset
        let after = try reader.uint64("valid after")
        let before = try reader.uint64("valid before")
        // Several readers hold times as signed numbers; to them a later one is in the past.
        guard after <= latestTime else {
            throw FormatError("valid after", at: start, .invalid("\(after) is not below 2^63"))
        }
        guard before <= latestTime || before == .max else {
            throw FormatError(
                "valid before", at: start + 8,
                .invalid("\(before) is neither below 2^63 nor 2^64-1"))
        }
        guard after < before else {
            throw FormatError(
                "valid before", at: start + 8,
                .invalid("\(before) is not after the start \(after)"))
        }
        return (after, before)
    }

    private static func criticalOptions(
        _ kind: CertificateKind, from reader: inout WireReader
    ) throws(FormatError) -> [CriticalOption] {
        var options: [CriticalOption] = []
        try eachPair("critical options", kind, from: &reader) {
            name, data throws(FormatError) in
            options.append(
                try CriticalOption(
                    name: String(decoding: name, as: UTF8.self), at: name.startIndex, data: data))
        }
        return options
    }

    private static func extensions(
        _ kind: CertificateKind, from reader: inout WireReader
    ) throws(FormatError) -> [CertificateExtension] {
        var extensions: [CertificateExtension] = []
        try eachPair("extensions", kind, from: &reader) {
            name, data throws(FormatError) in
            guard let flag = CertificateExtension(name: name) else {
                throw FormatError(
                    "extension", at: name.startIndex,
                    .unknown(String(decoding: name, as: UTF8.self)))
            }
            guard data.isEmpty else {
                throw FormatError(flag.rawValue, at: data.startIndex, .trailing(count: data.count))
            }
            extensions.append(flag)
        }
        return extensions
    }

    /// Reads pairs of name and data whose names strictly ascend; a host's certificate has none.
    private static func eachPair(
        _ field: String, _ kind: CertificateKind, from reader: inout WireReader,
        _ body: (ArraySlice<UInt8>, ArraySlice<UInt8>) throws(FormatError) -> Void
    ) throws(FormatError) {
        var list = try reader.nested(field)
        guard kind == .user || list.remaining == 0 else {
            throw FormatError(
                field, at: list.offset, .invalid("a host certificate may have none"))
        }
        var last: ArraySlice<UInt8>?
        while list.remaining > 0 {
            let name = try list.textBytes(field, limit: PublicKey.maximumNameLength)
            if let last, !last.lexicographicallyPrecedes(name) {
                let shown = PrintableText.quoted(String(decoding: name, as: UTF8.self))
                throw FormatError(
                    field, at: name.startIndex,
                    .invalid(
                        name == last
                            ? "\(shown) is there twice" : "\(shown) is not in the order of names"))
            }
            try body(name, try list.string(field))
            last = name
        }
    }

    private static func signatureKey(from reader: inout WireReader) throws(FormatError) -> PublicKey
    {
        let bytes = try reader.string("signature key")
        let key = try PublicKey(bytes: bytes)
        guard !key.kind.isSecurityKey, key.kind.isCertifiable else {
            throw FormatError(
                "signature key", at: bytes.startIndex,
                .invalid("\(key.kind.rawValue) is no key of an authority"))
        }
        return key
    }

    /// The fewest bytes of a nonce, draft-ietf-sshm-cert section 2.1.
    public static let minimumNonceLength = 16
    /// The most principals that OpenSSH reads.
    public static let maximumPrincipals = 256
    /// The longest key ID, in bytes.
    public static let maximumKeyIDLength = 256
    /// The last second that every reader takes for what it is; 2^64-1 means for ever.
    public static let latestTime = UInt64(Int64.max)
}
