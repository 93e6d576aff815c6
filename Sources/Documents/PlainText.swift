// SPDX-License-Identifier: Apache-2.0

/// Reads a text that has no fault and is in printable ASCII, as nearly all are, in one pass.
///
/// Of any other text it says nothing: ``DocumentParser`` finds out what it is about.
@safe struct PlainText {
    private let text: UnsafeBufferPointer<UInt8>
    private let limits: DocumentLimits
    private var place = 0
    private var line = 0

    /// The blocks of a text of this kind, or nil.
    static func blocks(
        of bytes: [UInt8], kind: String, limits: DocumentLimits
    ) -> [Block]? {
        unsafe bytes.withUnsafeBufferPointer { buffer in
            var reader = unsafe PlainText(text: buffer, limits: limits)
            return reader.blocks(kind)
        }
    }

    private init(text: UnsafeBufferPointer<UInt8>, limits: DocumentLimits) {
        unsafe self.text = text
        self.limits = limits
    }

    private mutating func blocks(_ kind: String) -> [Block]? {
        guard takeHeading(kind) else { return nil }
        var blocks: [Block] = []
        var fields: [Field] = []
        var blockLine = 1
        var isAfterEmptyLine = false
        while unsafe place < text.count {
            line += 1
            guard line <= limits.maximumLines else { return nil }
            if unsafe text[place] == Self.lineFeed {
                guard !isAfterEmptyLine else { return nil }
                isAfterEmptyLine = true
                blocks.append(Block(fields: fields, line: blockLine))
                fields = []
                place += 1
                continue
            }
            if isAfterEmptyLine { blockLine = line }
            isAfterEmptyLine = false
            guard let field = takeField() else { return nil }
            if fields.isEmpty { fields.reserveCapacity(16) }
            fields.append(field)
        }
        guard !isAfterEmptyLine else { return nil }
        blocks.append(Block(fields: fields, line: blockLine))
        return blocks
    }

    private mutating func takeHeading(_ kind: String) -> Bool {
        guard take(Document.headingPrefix), take(kind), take(Document.headingSuffix),
            unsafe place < text.count, unsafe text[place] == Self.lineFeed
        else { return false }
        place += 1
        line = 1
        return true
    }

    private mutating func take(_ expected: String) -> Bool {
        guard unsafe text[place...].starts(with: expected.utf8) else { return false }
        place += expected.utf8.count
        return true
    }

    /// Takes a line; what stands before `place` is as it was where there is a fault in it.
    private mutating func takeField() -> Field? {
        let start = place
        guard Self.isLetter(unsafe text[start]) else { return nil }
        var colon = start + 1
        while unsafe colon < text.count, unsafe Self.isOfName(text[colon]) { colon += 1 }
        // A colon, a space, a value that does not begin with a space, and a line end.
        guard colon - start <= Document.maximumNameBytes, unsafe colon + 3 < text.count,
            unsafe text[colon] == UInt8(ascii: ":"), unsafe text[colon + 1] == Self.space,
            unsafe text[colon + 2] != Self.space
        else { return nil }
        let first = colon + 2
        let end = endOfPrintable(from: first)
        guard unsafe end < text.count, unsafe text[end] == Self.lineFeed, end > first,
            unsafe text[end - 1] != Self.space, end - first <= limits.maximumValueBytes
        else { return nil }
        place = end + 1
        return Field(name: string(start..<colon), value: string(first..<end), line: line)
    }

    /// The characters of a range, which were found to be ASCII.
    private func string(_ range: Range<Int>) -> String {
        let bytes = unsafe UnsafeBufferPointer(rebasing: text[range])
        return unsafe String(copying: UTF8Span(unchecked: bytes.span, isKnownASCII: true))
    }

    /// The first place that has no printable character of ASCII; eight at once as long as they are.
    private func endOfPrintable(from start: Int) -> Int {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let highBits = ones << 7
        var place = start
        while unsafe place + 8 <= text.count {
            let eight = unsafe UnsafeRawBufferPointer(text)
                .loadUnaligned(fromByteOffset: place, as: UInt64.self)
            // A byte below 0x20 borrows, one above 0x7E carries into its highest bit.
            let outside = ((eight &- ones &* 0x20) | (eight &+ ones) | eight) & highBits
            guard outside == 0 else { break }
            place += 8
        }
        while unsafe place < text.count, unsafe (0x20...0x7E).contains(text[place]) { place += 1 }
        return place
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte) }

    private static func isOfName(_ byte: UInt8) -> Bool {
        isLetter(byte) || (0x30...0x39).contains(byte) || byte == 0x2D
    }

    private static let lineFeed = UInt8(ascii: "\n")
    private static let space = UInt8(ascii: " ")
}
