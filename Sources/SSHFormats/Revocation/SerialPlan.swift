// SPDX-License-Identifier: Apache-2.0

/// The division of a serial set among the subsections of a KRL that takes the fewest bytes.
///
/// Each subsection costs its type (1 byte), its length (4) and its data:
///
/// * a list: 8 bytes for each serial. Subsections may come in any order, so one list is enough.
/// * a range: the first and the last serial.
/// * a bitmap of n bits: the first serial, and an `mpint` of 4 + n/8 + 1 bytes.
struct SerialPlan {
    /// The serials that are listed one by one, ascending.
    private(set) var list: [UInt64] = []
    /// The ranges, ascending.
    private(set) var ranges: [ClosedRange<UInt64>] = []
    /// The first and the last serial of each bitmap, ascending.
    private(set) var bitmaps: [ClosedRange<UInt64>] = []
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

    /// Makes the plan for `runs`, which ascend and don't touch each other.
    ///
    /// `maximumBits` is a multiple of 8, and 24 at least.
    init(_ runs: [ClosedRange<UInt64>], maximumBits: UInt64 = Self.maximumBits) {
        // Whether the list's header is worth its bytes is known at the end only: both ways are tried.
        let search = Search(runs, maximumBits: maximumBits, mayList: true)
        take(search)
        guard !list.isEmpty else { return }
        size += Self.headerSize
        let other = Search(runs, maximumBits: maximumBits, mayList: false)
        if other.size <= size { take(other) }
    }

    /// Takes over the cheapest way that a search has found, last subsection first.
    private mutating func take(_ search: Search) {
        (list, ranges, bitmaps, size) = ([], [], [], search.size)
        var state = search.states.last
        while let step = state?.step {
            let start = search.states[step.parent].start
            switch step.means {
            case .list: list.append(contentsOf: (start...step.end).reversed())
            case .range: ranges.append(start...step.end)
            case .bitmap: bitmaps.append(start...step.end)
            }
            state = search.states[step.parent]
        }
        list.reverse()
        ranges.reverse()
        bitmaps.reverse()
    }
}
