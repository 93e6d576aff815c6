// SPDX-License-Identifier: Apache-2.0

extension SerialPlan {
    /// The states from which one bitmap may yet reach the present run, and the cheapest of them.
    ///
    /// From `start` to `end` a bitmap has `end - start + 1` bits, and their number divided by 8
    /// falls apart into a share of the start and one of the end but for the remainders. So for each
    /// of the 8 remainders of the end there is a queue of the states that may still win, the
    /// cheapest first.
    struct Window {
        private let maximumBits: UInt64
        private var queues = Array(repeating: Queue(), count: 8)

        private struct Queue {
            var items: [(share: Int, start: UInt64, index: Int)] = []
            var head = 0

            /// Drops the states from which no bitmap of `maximumBits` reaches `serial`.
            mutating func advance(to serial: UInt64, maximumBits: UInt64) {
                while head < items.count, serial - items[head].start >= maximumBits { head += 1 }
                guard head > 64, head * 2 > items.count else { return }
                items.removeFirst(head)
                head = 0
            }
        }

        init(maximumBits: UInt64) {
            self.maximumBits = maximumBits
        }

        /// Drops all states.
        mutating func removeAll() {
            for remainder in queues.indices {
                queues[remainder].items.removeAll(keepingCapacity: true)
                queues[remainder].head = 0
            }
        }

        /// Adds a state that lies behind those that were added before.
        mutating func append(_ state: Search.State, at index: Int) {
            for remainder in 0..<8 {
                let spare = (remainder + 1 - Int(state.start & 7)) >> 3
                let share = state.cost - Int(state.start >> 3) + spare
                queues[remainder].advance(to: state.start, maximumBits: maximumBits)
                while queues[remainder].items.count > queues[remainder].head,
                    let last = queues[remainder].items.last, last.share >= share
                {
                    queues[remainder].items.removeLast()
                }
                queues[remainder].items.append((share, state.start, index))
            }
        }

        /// The least cost of covering all serials up to `end`, the last ones by a bitmap; more than
        /// any other where no bitmap reaches so far.
        mutating func best(endingAt end: UInt64) -> (cost: Int, parent: Int, means: Search.Means) {
            let remainder = Int(end & 7)
            queues[remainder].advance(to: end, maximumBits: maximumBits)
            guard queues[remainder].head < queues[remainder].items.count else {
                return (.max, 0, .bitmap)
            }
            let item = queues[remainder].items[queues[remainder].head]
            return (item.share + Int(end >> 3) + SerialPlan.bitmapSize, item.index, .bitmap)
        }
    }
}
