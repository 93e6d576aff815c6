// SPDX-License-Identifier: Apache-2.0

/// A set of byte strings, in ascending order, all in one piece of memory.
///
/// A string takes its bytes and four more, where an array of arrays would take some fifty.
public struct ByteStringSet: Sendable {
    /// The strings one behind the other.
    private var bytes: [UInt8] = []
    /// Where each string ends.
    private var ends: [UInt32] = []

    /// Makes the set without strings.
    public init() {}

    /// Makes the set of these strings, given in any order.
    ///
    /// - Throws: ``FormatError`` where together they are longer than a file that OpenSSH loads.
    public init(_ strings: some Sequence<some Collection<UInt8>>) throws(FormatError) {
        var builder = Builder()
        for string in strings { try builder.insert(string) }
        self = builder.finish()
    }

    /// The number of strings.
    public var count: Int { ends.count }
    /// Whether there are no strings.
    public var isEmpty: Bool { ends.isEmpty }
    /// The number of bytes of all strings.
    public var byteCount: Int { bytes.count }

    /// Whether `string` is in the set; takes logarithmic time.
    ///
    /// It stands here for slices alone, because a sequence's own way to look for an element would be
    /// taken before the one for all collections, and it looks at each.
    public func contains(_ string: ArraySlice<UInt8>) -> Bool { holds(string) }

    /// Whether `string` is in the set; takes logarithmic time.
    public func contains(_ string: some Collection<UInt8>) -> Bool { holds(string) }

    private func holds(_ string: some Collection<UInt8>) -> Bool {
        var low = 0
        var high = ends.count
        while low < high {
            let middle = low + (high - low) / 2
            if self[middle].lexicographicallyPrecedes(string) {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return low < ends.count && self[low].elementsEqual(string)
    }
}

extension ByteStringSet: RandomAccessCollection {
    /// The first index.
    public var startIndex: Int { 0 }
    /// The index behind the last.
    public var endIndex: Int { ends.count }

    /// The string at an index, in ascending order of bytes.
    public subscript(index: Int) -> ArraySlice<UInt8> {
        bytes[(index == 0 ? 0 : Int(ends[index - 1]))..<Int(ends[index])]
    }
}

extension ByteStringSet: Hashable {
    /// Two sets are equal where their strings are.
    public static func == (left: Self, right: Self) -> Bool {
        left.ends == right.ends && left.bytes == right.bytes
    }
}

extension ByteStringSet {
    /// The strings that are in this set and not in `other`.
    public func subtracting(_ other: ByteStringSet) -> [ArraySlice<UInt8>] {
        filter { !other.contains($0) }
    }
}

extension ByteStringSet {
    /// Collects strings in any order and makes the set of them.
    struct Builder {
        private var strings = ByteStringSet()
        private var ascends = true

        /// Starts with the strings of a set.
        init(_ strings: ByteStringSet = ByteStringSet()) {
            self.strings = strings
        }

        /// Adds a string.
        ///
        /// - Throws: ``FormatError`` where all together are longer than a file that OpenSSH loads.
        mutating func insert(_ string: some Collection<UInt8>) throws(FormatError) {
            let limit = RevocationList.maximumLength
            if strings.bytes.count + string.count > limit {
                // Repetitions count no more than once.
                let known = finish()
                self = Builder(known)
                guard strings.bytes.count + string.count <= limit else {
                    throw FormatError(
                        "KRL", at: 0,
                        .tooLong(length: strings.bytes.count + string.count, limit: limit))
                }
            }
            if ascends, let last = strings.last, !last.lexicographicallyPrecedes(string) {
                ascends = false
            }
            strings.bytes.append(contentsOf: string)
            strings.ends.append(UInt32(truncatingIfNeeded: strings.bytes.count))
        }

        /// The set of all strings that were added; the builder is empty then.
        mutating func finish() -> ByteStringSet {
            let all = strings
            defer { self = Builder() }
            guard !ascends else { return all }
            var order = [Int32](0..<Int32(truncatingIfNeeded: all.count))
            order.sort { all[Int($0)].lexicographicallyPrecedes(all[Int($1)]) }
            var sorted = ByteStringSet()
            sorted.bytes.reserveCapacity(all.bytes.count)
            sorted.ends.reserveCapacity(all.ends.count)
            for index in order {
                let string = all[Int(index)]
                if sorted.last == string { continue }
                sorted.bytes.append(contentsOf: string)
                sorted.ends.append(UInt32(truncatingIfNeeded: sorted.bytes.count))
            }
            return sorted
        }
    }
}
