// SPDX-License-Identifier: Apache-2.0

/// A place in the bytes of a line, which only goes forward.
struct ByteScanner {
    private let bytes: ArraySlice<UInt8>
    private var place: Int

    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        place = bytes.startIndex
    }

    /// What is still to come.
    var rest: ArraySlice<UInt8> { bytes[place...] }

    /// The next byte, or nil at the end.
    var next: UInt8? { place < bytes.endIndex ? bytes[place] : nil }

    /// Passes one byte, if it is this one.
    mutating func skip(_ byte: UInt8) -> Bool {
        guard next == byte else { return false }
        place += 1
        return true
    }

    /// Passes these bytes, if they come next.
    mutating func skip(_ text: StaticString) -> Bool {
        let rest = rest
        let count = text.utf8CodeUnitCount
        guard rest.count >= count else { return false }
        let matches = unsafe UnsafeBufferPointer(start: text.utf8Start, count: count)
            .elementsEqual(rest.prefix(count))
        if matches { place += count }
        return matches
    }

    /// Passes and answers what stands before the next such byte, which is passed as well.
    ///
    /// Nil, with nothing passed, where there is none, or nothing before it.
    mutating func word(before end: UInt8 = UInt8(ascii: " ")) -> ArraySlice<UInt8>? {
        guard let found = rest.firstIndex(of: end), found > place else { return nil }
        defer { place = found + 1 }
        return bytes[place..<found]
    }

    /// Passes and answers a number of so many digits; nil, with nothing passed, where it is another.
    mutating func number(_ digits: ClosedRange<Int>) -> UInt64? {
        let found = rest.prefix { (0x30...0x39).contains($0) }
        guard digits.contains(found.count), let number = decimal(found) else { return nil }
        place = found.endIndex
        return number
    }
}

/// The number that digits write, leading zeros allowed; nil for other bytes or above 64 bits.
func decimal(_ digits: ArraySlice<UInt8>) -> UInt64? {
    guard !digits.isEmpty else { return nil }
    var number: UInt64 = 0
    for digit in digits {
        guard (0x30...0x39).contains(digit) else { return nil }
        let (product, overflow) = number.multipliedReportingOverflow(by: 10)
        let (sum, carry) = product.addingReportingOverflow(UInt64(digit - 0x30))
        if overflow || carry { return nil }
        number = sum
    }
    return number
}

extension ArraySlice<UInt8> {
    /// The place of the first such bytes.
    func firstPlace(of text: StaticString) -> Range<Int>? {
        let wanted = unsafe UnsafeBufferPointer(
            start: text.utf8Start, count: text.utf8CodeUnitCount)
        guard let first = unsafe wanted.first else { return nil }
        var rest = self
        while let found = rest.firstIndex(of: first) {
            let tail = rest[found...]
            guard tail.count >= text.utf8CodeUnitCount else { return nil }
            if unsafe wanted.elementsEqual(tail.prefix(text.utf8CodeUnitCount)) {
                return found..<found + text.utf8CodeUnitCount
            }
            rest = tail.dropFirst()
        }
        return nil
    }

    /// The place of the last such bytes.
    func lastPlace(of text: StaticString) -> Range<Int>? {
        let wanted = unsafe UnsafeBufferPointer(
            start: text.utf8Start, count: text.utf8CodeUnitCount)
        guard let first = unsafe wanted.first else { return nil }
        var rest = self
        while let found = rest.lastIndex(of: first) {
            let tail = self[found...]
            if tail.count >= text.utf8CodeUnitCount,
                unsafe wanted.elementsEqual(tail.prefix(text.utf8CodeUnitCount))
            {
                return found..<found + text.utf8CodeUnitCount
            }
            rest = rest[..<found]
        }
        return nil
    }

    /// The bytes as text; what is not UTF-8 is replaced.
    var text: String { String(decoding: self, as: UTF8.self) }
}
