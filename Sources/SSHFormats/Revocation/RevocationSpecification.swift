// SPDX-License-Identifier: Apache-2.0

/// Reads what is to be revoked from lines, in the syntax of `ssh-keygen -k`.
///
/// The bytes come in pieces of any size, so that a file of a million lines is never in memory. Lines:
/// `serial: N`, `serial: N-M`, `id: TEXT`, `key: KEY`, `sha1: KEY`, `sha256: KEY`,
/// `hash: SHA256:BASE64`, and a key or a certificate alone; names in any case, blanks before and
/// behind them. A `#` begins a comment wherever it stands. One line is ours: `authority: KEY` or
/// `authority: any` says whose certificates the lines below it are about.
public struct RevocationSpecification {
    /// The file's name, for errors.
    private let name: String
    private let tools: RevocationTools
    /// The number of whole lines read.
    public private(set) var lines = 0
    /// The blob of the authority's key; empty for any, nil where none was named.
    private var authority: [UInt8]?
    /// The authority's number with the builder.
    private var authorityNumber: Int?
    /// The beginning of a line whose end has not come yet.
    private var begun: [UInt8] = []
    /// Whether the line whose end has not come yet is too long, and told of already.
    private var isOverlong = false
    /// The lines that could not be carried out so far.
    private var faults: [RevocationSpecificationError] = []
    /// The number of such lines beyond those.
    private var untold = 0

    /// The longest line, in bytes.
    public static let maximumLineLength = 1_048_576

    /// Reads a file of this name, about the certificates of this authority.
    ///
    /// The blob is that of its key, empty for any authority, or nil where none is known: serials and
    /// key IDs are refused then until a line names one.
    public init(name: String, authority: [UInt8]?, tools: RevocationTools) {
        self.name = name
        self.authority = authority
        self.tools = tools
    }

    /// Reads the next piece of the file; what is wrong with it is told at the end.
    public mutating func read(_ bytes: [UInt8], into builder: inout RevocationSet.Builder) {
        var start = 0
        while start < bytes.count {
            if begun.isEmpty, !isOverlong,
                let end = readSerial(bytes, from: start, into: &builder)
            {
                start = end
                continue
            }
            guard let end = bytes[start...].firstIndex(of: 0x0A) else { break }
            endLine(with: bytes[start..<end], into: &builder)
            start = end + 1
        }
        guard !isOverlong else { return }
        begun += bytes[start...]
        guard begun.count > Self.maximumLineLength else { return }
        begun = []
        isOverlong = true
        lines += 1
        note(fault(.line, "the line exceeds the limit of \(Self.maximumLineLength) bytes"))
        lines -= 1
    }

    /// Reads a line whose end has come, and which may have begun in an earlier piece.
    private mutating func endLine(
        with bytes: ArraySlice<UInt8>, into builder: inout RevocationSet.Builder
    ) {
        lines += 1
        guard !isOverlong else {
            isOverlong = false
            return
        }
        let line = begun.isEmpty ? bytes : (begun + bytes)[...]
        begun = []
        do throws(RevocationSpecificationError) {
            try readLine(line, into: &builder)
        } catch {
            note(error)
        }
    }

    private mutating func note(_ fault: RevocationSpecificationError) {
        if faults.count < RevocationSpecificationFaults.maximumCount {
            faults.append(fault)
        } else {
            untold += 1
        }
    }

    /// Reads what is left, once the file has ended.
    ///
    /// - Throws: ``RevocationSpecificationFaults`` where any line cannot be carried out.
    public mutating func finish(
        into builder: inout RevocationSet.Builder
    ) throws(RevocationSpecificationFaults) {
        if !begun.isEmpty || isOverlong { endLine(with: [], into: &builder) }
        guard faults.isEmpty else {
            throw RevocationSpecificationFaults(all: faults, untold: untold)
        }
    }

    /// Reads a line of the commonest form, digits behind `serial: `, and answers where the next begins.
    ///
    /// Nil stands for a line of another form.
    private mutating func readSerial(
        _ bytes: [UInt8], from start: Int, into builder: inout RevocationSet.Builder
    ) -> Int? {
        guard let number = authorityNumber, bytes.count - start > 9 else { return nil }
        var index = start
        for letter in "serial: ".utf8 {
            guard bytes[index] == letter else { return nil }
            index += 1
        }
        let first = index
        var serial: UInt64 = 0
        while index < bytes.count {
            let digit = UInt64(bytes[index] &- 0x30)
            guard digit < 10 else { break }
            let (product, carried) = serial.multipliedReportingOverflow(by: 10)
            let (sum, overflow) = product.addingReportingOverflow(digit)
            // The other way has the words for a number that is too large.
            guard !carried, !overflow else { return nil }
            serial = sum
            index += 1
        }
        // A leading zero means another base, and what isn't a number has words of its own.
        guard index < bytes.count, bytes[index] == 0x0A, index > first, bytes[first] != 0x30
        else { return nil }
        builder.insert(serials: serial...serial, of: number)
        lines += 1
        return index + 1
    }

    private mutating func readLine(
        _ line: ArraySlice<UInt8>, into builder: inout RevocationSet.Builder
    ) throws(RevocationSpecificationError) {
        var text = line.prefix { $0 != UInt8(ascii: "#") }
        // ssh-keygen would read a line up to its NUL, and drop the rest in silence.
        guard !text.contains(0) else { throw fault(.line, "the line has a NUL byte") }
        text = text.drop(while: KeyText.isBlank)
        Self.trimEnd(of: &text)
        guard !text.isEmpty else { return }
        guard line.count <= Self.maximumLineLength else {
            throw fault(.line, "the line exceeds the limit of \(Self.maximumLineLength) bytes")
        }
        var (word, value) = Self.word(of: text)
        if value.last == 0x0D {
            // ssh-keygen would take it for a part of the key ID, which then matches nothing.
            guard !["serial", "id", "hash"].contains(word) else {
                throw fault(.line, "the line ends in CR LF; save the file with LF")
            }
            text.removeLast()
            Self.trimEnd(of: &text)
            (word, value) = Self.word(of: text)
        }
        switch word {
        case "serial":
            let range = try serials(value)
            builder.insert(serials: range, of: try number(in: &builder, for: "a serial"))
        case "id":
            let number = try number(in: &builder, for: "a key ID")
            try limited { () throws(FormatError) in
                try builder.insert(keyID: value, of: number)
            }
        case "hash":
            let hash = try hash(value)
            try limited { () throws(FormatError) in try builder.insert(sha256: hash) }
        case "key": try revoke(try subject(value).keyBlob, in: &builder)
        case "sha1":
            let hash = tools.sha1(try subject(value).keyBlob)
            try limited { () throws(FormatError) in try builder.insert(sha1: hash) }
        case "sha256":
            let hash = tools.sha256(try subject(value).keyBlob)
            try limited { () throws(FormatError) in try builder.insert(sha256: hash) }
        case "authority": try name(value)
        default: try revoke(try subject(text), in: &builder)
        }
    }

    private static func trimEnd(of text: inout ArraySlice<UInt8>) {
        while let last = text.last, KeyText.isBlank(last) { text.removeLast() }
    }

    /// The word before the colon, in lower case, and what follows; no word where none is known.
    private static func word(of text: ArraySlice<UInt8>) -> (String, ArraySlice<UInt8>) {
        guard let colon = text.prefix(10).firstIndex(of: UInt8(ascii: ":")) else {
            return ("", text)
        }
        let word = String(decoding: text[..<colon].map { $0 | 0x20 }, as: UTF8.self)
        return (word, text[(colon + 1)...].drop(while: KeyText.isBlank))
    }

    /// The number by which the builder knows the authority.
    private mutating func number(
        in builder: inout RevocationSet.Builder, for what: String
    ) throws(RevocationSpecificationError) -> Int {
        if let authorityNumber { return authorityNumber }
        guard let authority else {
            // Told once: the lines that follow are only looked at for what else is wrong.
            authority = []
            throw fault(.authority, "\(what) is revoked of an authority's certificates: whose?")
        }
        let number = builder.authority(authority)
        authorityNumber = number
        return number
    }

    /// Takes another authority for the lines that follow.
    private mutating func name(
        _ value: ArraySlice<UInt8>
    ) throws(RevocationSpecificationError) {
        authorityNumber = nil
        guard !value.map({ $0 | 0x20 }).elementsEqual("any".utf8) else {
            authority = []
            return
        }
        let subject = try subject(value)
        guard subject.certificate == nil else {
            throw fault(.authority, "an authority is named by its plain key, not by a certificate")
        }
        authority = subject.keyBlob
    }

    /// Revokes what a line without a word before it holds.
    private func revoke(
        _ subject: RevocationSubject, in builder: inout RevocationSet.Builder
    ) throws(RevocationSpecificationError) {
        guard let certificate = subject.certificate else {
            return try revoke(subject.keyBlob, in: &builder)
        }
        let number = builder.authority(certificate.authorityBlob)
        guard certificate.serial == 0 else {
            return builder.insert(serials: certificate.serial...certificate.serial, of: number)
        }
        try limited { () throws(FormatError) in
            try builder.insert(keyID: certificate.keyID, of: number)
        }
    }

    private func revoke(
        _ blob: [UInt8], in builder: inout RevocationSet.Builder
    ) throws(RevocationSpecificationError) {
        try limited { () throws(FormatError) in try builder.insert(key: blob) }
    }

    private func subject(
        _ line: ArraySlice<UInt8>
    ) throws(RevocationSpecificationError) -> RevocationSubject {
        let subject: RevocationSubject
        do throws(FormatError) {
            subject = try RevocationSubject(line: line)
        } catch {
            let (word, _) = Self.word(of: line)
            guard word.isEmpty else {
                let shown = PrintableText.quoted(String(decoding: line, as: UTF8.self))
                throw fault(.line, "\(shown) is neither a key nor a line that is known")
            }
            throw fault(.key, "the key cannot be read: \(error)")
        }
        if let certificate = subject.certificate, let why = tools.signatureFault(certificate) {
            throw fault(.key, "the certificate does not count: \(why)")
        }
        return subject
    }

    /// Does what fails only for want of room.
    private func limited(
        _ body: () throws(FormatError) -> Void
    ) throws(RevocationSpecificationError) {
        do throws(FormatError) {
            try body()
        } catch {
            throw fault(.line, "\(error)")
        }
    }

    func fault(
        _ rule: RevocationSpecificationError.Rule, _ reason: String
    ) -> RevocationSpecificationError {
        RevocationSpecificationError(file: name, line: lines, rule: rule, reason: reason)
    }
}
