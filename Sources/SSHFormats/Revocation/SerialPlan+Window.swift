// SPDX-License-Identifier: Apache-2.0

extension SerialPlan {
    /// The states from which one bitmap may yet reach the present run, and the cheapest of them.
    ///
    /// From `start` to `end` a bitmap has `end - start + 1` bits, and their number divided by 8
    /// falls apart into a share of the start and one of the end but for the remainders. So for each
    /// of the 8 remainders of the start there is a queue of the states that may still win, the
    /// cheapest first.
    struct Window {
        private let maximumBits: UInt64
        private var queues: [8 of Queue] = .init(repeating: Queue())
        /// Bit N is set where queue N may hold a state that still wins.
        private var occupied: UInt8 = 0

        private struct Queue {
            var items: [Item] = []
            var head = 0

            /// Drops the states from which no bitmap of `maximumBits` reaches `serial`.
            mutating func advance(to serial: UInt64, maximumBits: UInt64) {
                while head < items.count, serial - items[head].start >= maximumBits { head += 1 }
                guard head > 64, head * 2 > items.count else { return }
                items.removeFirst(head)
                head = 0
            }
        }

        private struct Item {
            let share: Int
            let start: UInt64
            let index: Int
        }

        init(maximumBits: UInt64) {
            self.maximumBits = maximumBits
        }

        /// Drops all states.
        mutating func removeAll() {
            while occupied != 0 {
                let remainder = occupied.trailingZeroBitCount
                queues[remainder].items.removeAll(keepingCapacity: true)
                queues[remainder].head = 0
                occupied &= occupied - 1
            }
        }

        /// Adds a state that lies behind those that were added before.
        mutating func append(_ state: Search.State, at index: Int) {
            let remainder = Int(state.start & 7)
            let share = state.cost - Int(state.start >> 3)
            occupied |= 1 << UInt8(remainder)
            // Of two that are equally cheap, the later one reaches further.
            while queues[remainder].items.count > queues[remainder].head,
                let last = queues[remainder].items.last, last.share >= share
            {
                queues[remainder].items.removeLast()
            }
            queues[remainder].items.append(Item(share: share, start: state.start, index: index))
        }

        /// The least cost of covering all serials up to `end`, the last ones by a bitmap; more than
        /// any other where no bitmap reaches so far.
        mutating func best(endingAt end: UInt64) -> (cost: Int, parent: Int, means: Search.Means) {
            let remainder = Int(end & 7)
            var best = (share: Int.max, index: 0)
            var rest = occupied
            while rest != 0 {
                let start = rest.trailingZeroBitCount
                rest &= rest - 1
                queues[start].advance(to: end, maximumBits: maximumBits)
                let head = queues[start].head
                guard head < queues[start].items.count else { continue }
                let item = queues[start].items[head]
                let share = item.share + ((remainder + 1 - start) >> 3)
                if share < best.share || share == best.share && item.index > best.index {
                    best = (share, item.index)
                }
            }
            guard best.share != .max else { return (.max, 0, .bitmap) }
            return (best.share + Int(end >> 3) + SerialPlan.bitmapSize, best.index, .bitmap)
        }
    }
}
