// SPDX-License-Identifier: Apache-2.0

/// The division of a serial set among the subsections of a KRL that takes the fewest bytes.
///
/// Each subsection costs its type (1 byte), its length (4) and its data:
///
/// * a list: 8 bytes for each serial. Subsections may come in any order, so one list is enough.
/// * a range: the first and the last serial.
/// * a bitmap of n bits: the first serial, and an `mpint` of 4 + n/8 + 1 bytes.
struct SerialPlan {
    /// The ranges, ascending.
    private(set) var ranges: [ClosedRange<UInt64>] = []
    /// The first and the last serial of each bitmap, ascending.
    private(set) var bitmaps: [ClosedRange<UInt64>] = []
    /// The number of serials that are listed one by one: those in no range and no bitmap.
    private(set) var listed = 0
    /// The bytes that all subsections take.
    private(set) var size = 0

    /// The most bits that a bitmap may have: OpenSSH reads no longer `mpint` (`SSHBUF_MAX_BIGNUM`),
    /// and refuses the whole file for one bit more.
    static let maximumBits: UInt64 = 16_384

    /// What a subsection takes before its data, in bytes.
    static let headerSize = 5
    /// What a serial takes in a list, in bytes.
    static let listedSize = 8
    /// What a range takes, in bytes.
    static let rangeSize = headerSize + 16
    /// What a bitmap of fewer than 8 bits takes, in bytes; each further 8 take one more.
    static let bitmapSize = headerSize + 8 + 4 + 1

    /// Makes the plan for a set.
    ///
    /// `maximumBits` is a multiple of 8, and 24 at least.
    init(_ set: SerialSet, maximumBits: UInt64 = Self.maximumBits) {
        // Whether the list's header is worth its bytes is known at the end only: both ways are
        // tried, but for where a lone serial is listed, which costs more any other way.
        var search = Search(maximumBits: maximumBits, mayList: true)
        search.cover(set)
        take(search)
        guard listed > 0 else { return }
        size += Self.headerSize
        guard !search.listsLoneSerial else { return }
        var other = Search(maximumBits: maximumBits, mayList: false)
        other.cover(set)
        if other.size <= size { take(other) }
    }

    private mutating func take(_ search: Search) {
        (ranges, bitmaps) = (search.ranges, search.bitmaps)
        (listed, size) = (search.listed, search.size)
    }

    /// The serials that are listed one by one, as ranges in ascending order.
    func list(of set: SerialSet) -> SerialSet.Difference {
        // Ranges and bitmaps never overlap, and a bitmap's span holds nothing that is listed.
        let spans = SerialSet(ranges + bitmaps)
        return set.subtracting(spans)
    }
}
