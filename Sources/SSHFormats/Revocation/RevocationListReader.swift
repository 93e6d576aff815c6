// SPDX-License-Identifier: Apache-2.0

extension RevocationList {
    /// Reads a KRL file that may be published.
    ///
    /// What OpenSSH refuses is refused, and so are: sections that only some of its releases read
    /// (signatures, extensions), keys of unknown kinds, NUL bytes and what isn't UTF-8 in texts.
    /// Content may be unsorted, repeated and spread over many sections. A file that is cut off where
    /// a section ends reads as a shorter list, here as by OpenSSH: only its digest tells.
    ///
    /// - Throws: ``FormatError`` where the bytes are not exactly one KRL.
    public init(parsing bytes: [UInt8]) throws(FormatError) {
        var scanner = RevocationListScanner(RevocationListCollector(), rules: .strict)
        try scanner.scan(bytes)
        let set = scanner.withVisitor { $0.finish() }
        var authorities: [Authority] = []
        for part in set.authorities {
            // The scan has read each key and each text once already.
            let key = try part.keyBlob.isEmpty ? nil : PublicKey(blob: part.keyBlob)
            authorities.append(
                Authority(
                    key: key, serials: part.serials,
                    keyIDs: part.keyIDs.map { String(decoding: $0, as: UTF8.self) }))
        }
        var keys: [PublicKey] = []
        for blob in set.keys { keys.append(try PublicKey(blob: Array(blob))) }
        self.init(
            version: set.version, generated: set.generated,
            comment: String(decoding: set.comment, as: UTF8.self), authorities: authorities,
            keys: keys, keyHashes: set.sha256Hashes.map { Array($0) },
            sha1KeyHashes: set.sha1Hashes.map { Array($0) })
    }
}

/// A revocation list as it was read, with what is remarkable about it.
public struct RevocationListReading: Sendable {
    /// What the list revokes.
    public let list: RevocationSet
    /// What is remarkable, and what each release of OpenSSH makes of it.
    public let remarks: RevocationListRemarks
    /// The sections and subsections, in the order of the file.
    public let sections: [RevocationListSection]

    /// Reads a KRL file as any release of OpenSSH since 9.2 would, and remarks where they differ.
    ///
    /// Refused is what every one of them refuses, extensions marked as critical included.
    ///
    /// - Throws: ``FormatError`` where the bytes are not exactly one KRL.
    public init(
        parsing bytes: [UInt8], keepsSections: Bool = false,
        authorityFault: @escaping (PublicKey) -> String? = { _ in nil }
    ) throws(FormatError) {
        var scanner = RevocationListScanner(
            RevocationListCollector(), rules: .openSSH, keepsSections: keepsSections,
            authorityFault: authorityFault)
        try scanner.scan(bytes)
        remarks = scanner.remarks
        sections = scanner.sections
        list = scanner.withVisitor { $0.finish() }
    }
}

extension RevocationSet.Builder {
    /// Adds all that a list revokes, read as ``RevocationListReading`` does; answers its heading.
    ///
    /// - Throws: ``FormatError`` where the bytes are not exactly one KRL; nothing is added then.
    public mutating func insert(
        parsing bytes: [UInt8]
    ) throws(FormatError) -> RevocationListHeading {
        var check = RevocationListScanner(RevocationListSilence(), rules: .openSSH)
        try check.scan(bytes)
        var scanner = RevocationListScanner(
            RevocationListCollector(into: self), rules: .openSSH)
        self = Self()
        defer { self = scanner.withVisitor { $0.builder } }
        try scanner.scan(bytes)
        return scanner.visitor.heading
    }
}

/// Collects all that a list says.
struct RevocationListCollector: RevocationListVisitor {
    private(set) var builder: RevocationSet.Builder
    private(set) var heading = RevocationListHeading(version: 0, generated: 0, comment: [])
    private var authority = 0

    /// Adds to what has been collected elsewhere.
    init(into builder: RevocationSet.Builder = RevocationSet.Builder()) {
        self.builder = builder
    }

    mutating func read(heading: RevocationListHeading) { self.heading = heading }

    mutating func read(authority keyBlob: [UInt8]) { authority = builder.authority(keyBlob) }

    mutating func read(serials: ClosedRange<UInt64>) {
        builder.insert(serials: serials, of: authority)
    }

    mutating func read(serials mask: UInt64, from start: UInt64) {
        builder.insert(serials: mask, from: start, of: authority)
    }

    mutating func read(keyID: ArraySlice<UInt8>) throws(FormatError) {
        try builder.insert(keyID: keyID, of: authority)
    }

    mutating func read(key blob: ArraySlice<UInt8>) throws(FormatError) {
        try builder.insert(key: blob)
    }

    mutating func read(sha1 hash: ArraySlice<UInt8>) throws(FormatError) {
        try builder.insert(sha1: hash)
    }

    mutating func read(sha256 hash: ArraySlice<UInt8>) throws(FormatError) {
        try builder.insert(sha256: hash)
    }

    /// All that the list revokes.
    mutating func finish() -> RevocationSet {
        builder.finish(
            version: heading.version, generated: heading.generated, comment: heading.comment)
    }
}

/// Takes in nothing: a scan into it finds out whether a list can be read.
private struct RevocationListSilence: RevocationListVisitor {
    func read(heading: RevocationListHeading) {}
    func read(authority keyBlob: [UInt8]) {}
    func read(serials: ClosedRange<UInt64>) {}
    func read(serials mask: UInt64, from start: UInt64) {}
    func read(keyID: ArraySlice<UInt8>) {}
    func read(key blob: ArraySlice<UInt8>) {}
    func read(sha1 hash: ArraySlice<UInt8>) {}
    func read(sha256 hash: ArraySlice<UInt8>) {}
}
