// SPDX-License-Identifier: Apache-2.0
public import Issuance

/// Which serials were reserved and never recorded as signed, and which epochs have begun.
public struct EpochState: Hashable, Sendable {
    /// An epoch that began.
    public struct Beginning: Hashable, Sendable {
        /// The ledger entry that records it.
        public let entry: UInt64
        /// The number of the batch that decided it.
        public let batch: UInt64

        /// Names an epoch's beginning.
        public init(entry: UInt64, batch: UInt64) {
            self.entry = entry
            self.batch = batch
        }
    }

    /// The epochs that began after the first, in order.
    public private(set) var begun: [Beginning]
    /// The checkpoints that were given up with them, in order, each once.
    public private(set) var anchors: [NewEpochItem.Anchor]
    /// By authority, the serials of its epoch that batches reserved, for which no certificate is
    /// recorded and that were not given up: ascending, none touching the next.
    public private(set) var unissued: [String: [ClosedRange<UInt64>]]

    /// Begins with a home, or goes on from what a state tells.
    public init(
        begun: [Beginning] = [], anchors: [NewEpochItem.Anchor] = [],
        unissued: [String: [ClosedRange<UInt64>]] = [:]
    ) {
        self.begun = begun
        self.anchors = anchors
        self.unissued = unissued
    }

    /// What an authority gives up when an epoch begins: what is unissued, and all from `next` on up to
    /// that epoch.
    public func givenUp(
        of authority: String, next: UInt64, before epoch: UInt16
    ) -> [AuthoritySerials] {
        let last = (UInt64(epoch) << 48) &- 1
        var ranges = unissued[authority] ?? []
        Self.append(next...max(next, last), to: &ranges)
        return ranges.map { AuthoritySerials(authority: authority, serials: $0) }
    }

    /// A batch reserves the next serial of an authority.
    mutating func reserve(_ serial: UInt64, of authority: String) {
        Self.append(serial...serial, to: &unissued[authority, default: []])
    }

    /// A certificate was recorded.
    mutating func issue(_ serial: UInt64, of authority: String) {
        remove(serial...serial, of: authority)
    }

    /// Serials were given up, and are revoked.
    mutating func giveUp(_ serials: [AuthoritySerials]) {
        for given in serials { remove(given.serials, of: given.authority) }
    }

    /// An epoch began: what was unissued belongs to the one before.
    mutating func begin(_ beginning: Beginning, givingUp anchors: [NewEpochItem.Anchor]) {
        begun.append(beginning)
        for anchor in anchors where !self.anchors.contains(anchor) { self.anchors.append(anchor) }
        unissued = [:]
    }

    private static func append(_ range: ClosedRange<UInt64>, to ranges: inout [ClosedRange<UInt64>])
    {
        if let last = ranges.last, last.upperBound < range.lowerBound,
            range.lowerBound - last.upperBound == 1
        {
            ranges[ranges.count - 1] = last.lowerBound...range.upperBound
        } else {
            ranges.append(range)
        }
    }

    private mutating func remove(_ serials: ClosedRange<UInt64>, of authority: String) {
        guard var ranges = unissued[authority] else { return }
        unissued[authority] = nil
        // The first range that does not end before these serials, found by halving.
        var (low, high) = (0, ranges.count)
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].upperBound < serials.lowerBound {
                low = middle + 1
            } else {
                high = middle
            }
        }
        var end = low
        var rest: [ClosedRange<UInt64>] = []
        while end < ranges.count, ranges[end].lowerBound <= serials.upperBound {
            let range = ranges[end]
            if range.lowerBound < serials.lowerBound {
                rest.append(range.lowerBound...(serials.lowerBound - 1))
            }
            if range.upperBound > serials.upperBound {
                rest.append((serials.upperBound + 1)...range.upperBound)
            }
            end += 1
        }
        ranges.replaceSubrange(low..<end, with: rest)
        if !ranges.isEmpty { unissued[authority] = ranges }
    }
}
