// SPDX-License-Identifier: Apache-2.0

/// Reads bytes front to back, whatever they are, and gives each of them to one field.
///
/// Where something is longer than what is left, the fault is kept, the rest becomes a field that was
/// not read, and nothing is thrown away.
struct DissectionReader {
    /// A string that was entered: where the reader goes on when it leaves.
    struct Scope {
        fileprivate let end: Int
        fileprivate let isWhole: Bool
        fileprivate let depth: Int
    }

    private let blob: [UInt8]
    private let keepsFields: Bool
    private var end: Int
    /// The next byte to be read.
    private(set) var offset = 0
    /// How many strings the reader is inside of.
    private(set) var depth = 0
    /// The fields so far: their ranges follow one another without a gap.
    private(set) var fields: [DissectedField] = []
    /// Where the structure breaks.
    private(set) var faults: [FormatError] = []

    /// Reads `blob`; where the fields are not asked for, only values and faults are found.
    init(_ blob: [UInt8], keepsFields: Bool) {
        self.blob = blob
        self.keepsFields = keepsFields
        end = blob.count
    }

    /// The bytes that are left of the string that the reader is in.
    var remaining: Int { end - offset }

    /// The bytes from `start` to the next byte to be read.
    func consumed(from start: Int) -> ArraySlice<UInt8> {
        blob[min(max(start, 0), offset)..<offset]
    }

    /// Reads a string; nil where it is not whole, and then nothing is left of the outer one.
    mutating func string(_ name: String, _ form: DissectedField.Form) -> ArraySlice<UInt8>? {
        guard let length = length(name) else { return nil }
        guard length <= remaining else {
            cutOff(name, needed: length)
            return nil
        }
        return leaf(name, form, length)
    }

    /// Reads a number of `count` bytes, 8 at most; nil where fewer are left.
    mutating func number(
        _ name: String, _ count: Int, _ form: DissectedField.Form = .number
    ) -> (value: UInt64, offset: Int)? {
        guard count <= remaining else {
            cutOff(name, needed: count)
            return nil
        }
        let bytes = leaf(name, form, count)
        return (bytes.reduce(0) { $0 << 8 | UInt64($1) }, bytes.startIndex)
    }

    /// Reads a string's length and goes inside; nil where not even the length is whole.
    mutating func enter(_ name: String) -> Scope? {
        guard let length = length(name) else { return nil }
        let isWhole = length <= remaining
        if !isWhole {
            faults.append(
                FormatError(
                    name, at: offset, .truncated(needed: length, available: remaining)))
        }
        let scope = Scope(end: end, isWhole: isWhole, depth: depth)
        if isWhole { end = offset + length }
        depth += 1
        return scope
    }

    /// Leaves a string, and says whether it was whole; what is left in it was not read.
    mutating func leave(_ scope: Scope) -> Bool {
        _ = rest("left over")
        end = scope.end
        depth = scope.depth
        return scope.isWhole
    }

    /// Takes all that is left of the string that the reader is in, as bytes that were not read.
    mutating func rest(_ name: String) -> ArraySlice<UInt8> {
        remaining == 0 ? blob[offset..<offset] : leaf(name, .unread, remaining)
    }

    /// Whether what is left is exactly one string.
    var holdsOneString: Bool {
        guard remaining >= 4 else { return false }
        return blob[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) } == remaining - 4
    }

    private mutating func length(_ name: String) -> Int? {
        guard remaining >= 4 else {
            cutOff(name, needed: 4)
            return nil
        }
        return leaf(name, .length, 4).reduce(0) { $0 << 8 | Int($1) }
    }

    private mutating func cutOff(_ name: String, needed: Int) {
        faults.append(
            FormatError(name, at: offset, .truncated(needed: needed, available: remaining)))
        _ = rest(name)
    }

    private mutating func leaf(
        _ name: String, _ form: DissectedField.Form, _ count: Int
    ) -> ArraySlice<UInt8> {
        let start = offset
        offset += count
        if keepsFields {
            fields.append(
                DissectedField(name: name, range: start..<offset, depth: depth, form: form))
        }
        return blob[start..<offset]
    }
}
