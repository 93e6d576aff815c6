// SPDX-License-Identifier: Apache-2.0

/// Reads KRL files front to back; made without regard to the writer, so that each checks the other.
///
/// Everything that a list says goes to the visitor, so that a reader keeps no more than it needs.
public struct RevocationListScanner<Visitor: RevocationListVisitor> {
    /// Takes in what the list says.
    public internal(set) var visitor: Visitor
    /// What is remarkable about the list, in the order in which it was found.
    public internal(set) var remarks = RevocationListRemarks()
    /// The sections and subsections, where they are asked for.
    public private(set) var sections: [RevocationListSection] = []
    private let rules: RevocationListRules
    private let keepsSections: Bool
    private let authorityFault: (PublicKey) -> String?
    private var authorities: Set<[UInt8]> = []
    private var hasSignature = false

    /// Reads into `visitor`, by these rules.
    ///
    /// A list is refused where `authorityFault` says what is wrong with an authority's key: what only
    /// a crypto library finds, such as that it is no point of its curve.
    public init(
        _ visitor: Visitor, rules: RevocationListRules, keepsSections: Bool = false,
        authorityFault: @escaping (PublicKey) -> String? = { _ in nil }
    ) {
        self.authorityFault = authorityFault
        self.visitor = visitor
        self.rules = rules
        self.keepsSections = keepsSections
    }

    /// Reads a whole file, once.
    ///
    /// - Throws: ``FormatError`` where the bytes are not exactly one KRL by the rules.
    public mutating func scan(_ bytes: [UInt8]) throws(FormatError) {
        guard bytes.count <= RevocationList.maximumLength else {
            throw FormatError(
                "KRL", at: 0,
                .tooLong(length: bytes.count, limit: RevocationList.maximumLength))
        }
        var reader = WireReader(bytes)
        guard try reader.take(8, "magic").elementsEqual("SSHKRL\n\0".utf8) else {
            throw FormatError("magic", at: 0, .invalid("the file is not a KRL"))
        }
        let format = try reader.uint32("format_version")
        guard format == 1 else {
            throw FormatError("format_version", at: 8, .invalid("\(format) is not 1"))
        }
        let version = try reader.uint64("krl_version")
        let generated = try reader.uint64("generated_date")
        if try reader.uint64("flags") != 0 { remarks.add(.flags, at: 28) }
        try readReserved(from: &reader)
        let comment = try text("comment", from: &reader, .commentText)
        try visitor.read(
            heading: RevocationListHeading(
                version: version, generated: generated, comment: Array(comment)))
        var isEmpty = true
        while reader.remaining > 0 {
            if try readSection(from: &reader) { isEmpty = false }
        }
        if isEmpty { remarks.add(.nothingRevoked, at: reader.offset) }
    }

    /// Lets the visitor end its work, without a copy of what it holds.
    public mutating func withVisitor<Result>(_ body: (inout Visitor) -> Result) -> Result {
        body(&visitor)
    }

    /// Reads a section, and answers whether it revokes anything.
    private mutating func readSection(from reader: inout WireReader) throws(FormatError) -> Bool {
        let start = reader.offset
        let type = try reader.byte("section_type")
        var data = try reader.nested("section_data", limit: .max)
        note(type, at: start, data, isNested: false)
        if hasSignature, type != 4 { remarks.add(.sectionAfterSignature, at: start) }
        let isEmpty = data.remaining == 0
        switch type {
        case 1: return try readCertificates(from: &data)
        case 2: while data.remaining > 0 { try readKey(from: &data) }
        case 3:
            if !isEmpty { remarks.add(.sha1Hashes, at: start) }
            while data.remaining > 0 {
                try visitor.read(sha1: Self.hash("SHA-1 hash", length: 20, from: &data))
            }
        case 5:
            while data.remaining > 0 {
                try visitor.read(sha256: Self.hash("SHA-256 hash", length: 32, from: &data))
            }
        case 4:
            guard rules == .openSSH else {
                throw FormatError("section_type", at: start, .invalid("signatures are not read"))
            }
            // The section's data is the key; a second string, outside of it, is the signature.
            _ = data.rest()
            _ = try reader.string("signature", limit: .max)
            hasSignature = true
            remarks.add(.signature, at: start)
            return false
        case 255:
            try readExtension(from: &data, "section_type", at: start)
            try data.finish("section_data")
            return false
        default:
            throw FormatError("section_type", at: start, .unknown("\(type)"))
        }
        try data.finish("section_data")
        if isEmpty { remarks.add(.emptySection, at: start) }
        return !isEmpty
    }

    private mutating func readCertificates(
        from reader: inout WireReader
    ) throws(FormatError) -> Bool {
        let start = reader.offset
        let key = try readAuthority(from: &reader)
        if !authorities.insert(key).inserted { remarks.add(.authorityRepeated, at: start) }
        try readReserved(from: &reader)
        try visitor.read(authority: key)
        var isEmpty = true
        while reader.remaining > 0 {
            let start = reader.offset
            let type = try reader.byte("cert_section_type")
            var data = try reader.nested("cert_section_data", limit: .max)
            note(type, at: start, data, isNested: true)
            if data.remaining == 0 {
                remarks.add(.emptySection, at: start)
            } else if type != 0x39 {
                isEmpty = false
            }
            switch type {
            case 0x20: try readList(from: &data)
            case 0x21: try visitor.read(serials: Self.range(from: &data))
            case 0x22: try readBitmap(from: &data)
            case 0x23:
                while data.remaining > 0 {
                    try visitor.read(keyID: text("key_id", from: &data, .keyIDText))
                }
            case 0x39: try readExtension(from: &data, "cert_section_type", at: start)
            default:
                throw FormatError("cert_section_type", at: start, .unknown("\(type)"))
            }
            try data.finish("cert_section_data")
        }
        return !isEmpty
    }

    /// Reads an authority's key; an empty one stands for any.
    private mutating func readAuthority(
        from reader: inout WireReader
    ) throws(FormatError) -> [UInt8] {
        let start = reader.offset
        let blob = try reader.string("ca_key", limit: .max)
        guard !blob.isEmpty else { return [] }
        switch rules {
        case .strict: return try RevocationListKey.strict(blob, "ca_key", at: start)
        case .openSSH:
            let (key, remark) = try RevocationListKey.authority(blob, at: start)
            if let remark { remarks.add(remark, at: start) }
            if let known = try? PublicKey(blob: key), let fault = authorityFault(known) {
                throw FormatError("ca_key", at: start, .invalid(fault))
            }
            return key
        }
    }

    private mutating func readKey(from reader: inout WireReader) throws(FormatError) {
        let blob = try reader.string("public_key", limit: .max)
        switch rules {
        case .strict: try RevocationListKey.check(blob, "public_key")
        case .openSSH:
            if let remark = RevocationListKey.remark(explicit: blob) {
                remarks.add(remark, at: blob.startIndex)
            }
        }
        try visitor.read(key: blob)
    }

    private mutating func readExtension(
        from reader: inout WireReader, _ field: String, at start: Int
    ) throws(FormatError) {
        guard rules == .openSSH else {
            throw FormatError(field, at: start, .invalid("extensions are not read"))
        }
        let name = try text("extension_name", from: &reader, .extensionText)
        let place = reader.offset
        let isCritical = try reader.byte("is_critical") != 0
        _ = try reader.string("extension_contents", limit: .max)
        guard !isCritical else {
            let shown = PrintableText.quoted(String(decoding: name, as: UTF8.self))
            throw FormatError(
                "is_critical", at: place, .invalid("the extension \(shown) is critical"))
        }
        remarks.add(field == "section_type" ? .extension : .certificatesExtension, at: start)
    }

    private mutating func readReserved(from reader: inout WireReader) throws(FormatError) {
        let start = reader.offset
        if try !reader.string("reserved", limit: .max).isEmpty {
            remarks.add(.reserved, at: start)
        }
    }

    /// Reads what OpenSSH takes for a C string: it drops one NUL at the end, and refuses others.
    private mutating func text(
        _ field: String, from reader: inout WireReader, _ remark: RevocationListRemark.Kind
    ) throws(FormatError) -> ArraySlice<UInt8> {
        var bytes = try reader.string(field, limit: .max)
        let start = bytes.startIndex
        if rules == .openSSH, bytes.last == 0 {
            remarks.add(.finalNUL, at: start)
            bytes = bytes.dropLast()
        }
        var highest: UInt8 = 0
        for byte in bytes {
            guard byte != 0 else {
                throw FormatError(field, at: start, .invalid("text has a NUL byte"))
            }
            highest |= byte
        }
        // Most texts are ASCII, and need no second look.
        guard highest >= 0x80, String(validating: bytes, as: UTF8.self) == nil else { return bytes }
        guard rules == .openSSH else {
            throw FormatError(field, at: start, .invalid("text is not UTF-8"))
        }
        remarks.add(remark, at: start)
        return bytes
    }

    private static func hash(
        _ field: String, length: Int, from reader: inout WireReader
    ) throws(FormatError) -> ArraySlice<UInt8> {
        let hash = try reader.string(field, limit: .max)
        guard hash.count == length else {
            throw FormatError(
                field, at: hash.startIndex, .invalid("\(hash.count) bytes are not \(length)"))
        }
        return hash
    }

    private mutating func note(
        _ type: UInt8, at offset: Int, _ data: WireReader, isNested: Bool
    ) {
        guard keepsSections else { return }
        sections.append(
            RevocationListSection(
                offset: offset, type: type, isNested: isNested, length: data.remaining))
    }
}
