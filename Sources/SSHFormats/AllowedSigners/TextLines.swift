// SPDX-License-Identifier: Apache-2.0

/// The lines of a file one after the other, without an array of them all.
struct TextLines: Sequence, IteratorProtocol {
    /// A line without its LF.
    struct Line {
        /// The line's number, from 1.
        let number: Int
        /// The bytes; a CR before the LF is among them.
        let bytes: ArraySlice<UInt8>
    }

    private var rest: ArraySlice<UInt8>
    private var number = 0

    /// Takes a file apart at each LF; behind the last one no line begins where nothing follows it.
    init(_ bytes: [UInt8]) {
        rest = bytes[...]
    }

    mutating func next() -> Line? {
        guard !rest.isEmpty else { return nil }
        number += 1
        let line = rest.prefix { $0 != 0x0A }
        rest = rest[line.endIndex...].dropFirst()
        return Line(number: number, bytes: line)
    }
}
