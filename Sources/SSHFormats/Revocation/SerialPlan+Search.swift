// SPDX-License-Identifier: Apache-2.0

extension SerialPlan {
    /// A dynamic programme over the runs of a serial set, in time proportional to their number.
    ///
    /// A state says "all serials before this one are covered, for so many bytes". Most stand at the
    /// start of a run, since dividing a run pays only where a bitmap ends within it that is as long
    /// as it can be: were it shorter, its end could move by 8 serials for one byte more, and what
    /// follows would become one byte shorter or vanish. "As long as it can be" means the limit or
    /// one bit less, for a bitmap of 8k bits takes one byte more than one of 8k - 1.
    struct Search {
        /// The states, in ascending order of their serials; the last has all runs covered.
        private(set) var states: [State] = []
        /// The bytes that all subsections take, but for the header of the list.
        private(set) var size = 0

        /// All serials before `start` are covered, for `cost` bytes.
        struct State {
            let start: UInt64
            let cost: Int
            let step: Step?
        }

        /// How a state was reached: the subsection from its parent's start to `end`.
        struct Step {
            let parent: Int
            let means: Means
            let end: UInt64
        }

        /// The kinds of subsection.
        enum Means {
            case list
            case range
            case bitmap
        }

        /// The longest bitmaps, and for each the first state that has not been continued by one.
        private var longest: [(bits: UInt64, next: Int)]

        init(_ runs: [ClosedRange<UInt64>], maximumBits: UInt64, mayList: Bool) {
            longest = [(maximumBits - 1, 0), (maximumBits, 0)]
            guard let first = runs.first else { return }
            states.append(State(start: first.lowerBound, cost: 0, step: nil))
            var window = Window(maximumBits: maximumBits)
            for (run, next) in zip(runs, runs.dropFirst().map(\.lowerBound) + [.max]) {
                let opening = states.count - 1
                states += divisions(of: run, opening: states[opening])
                for index in opening..<states.count { window.append(states[index], at: index) }

                var best = window.best(endingAt: run.upperBound)
                for index in opening..<states.count {
                    let state = states[index]
                    let more = run.upperBound - state.start
                    let range = state.cost + SerialPlan.rangeSize
                    if range < best.cost { best = (range, index, .range) }
                    // Three serials in a list take more than a range.
                    guard mayList, more < 2 else { continue }
                    let list = state.cost + SerialPlan.listedSize * Int(more + 1)
                    if list < best.cost { best = (list, index, .list) }
                }
                let step = Step(parent: best.parent, means: best.means, end: run.upperBound)
                states.append(State(start: next, cost: best.cost, step: step))
                size = best.cost
            }
        }

        /// The states within a run that are reached by the longest bitmaps and are worth their
        /// bytes: cheaper than a range over the whole run, and than any state further on.
        private mutating func divisions(
            of run: ClosedRange<UInt64>, opening: State
        ) -> [State] {
            var found: [State] = []
            while let state = nextDivision(upTo: run.upperBound) {
                guard state.start > run.lowerBound,
                    state.cost < opening.cost + SerialPlan.rangeSize
                else { continue }
                while let last = found.last, last.cost >= state.cost { found.removeLast() }
                found.append(state)
            }
            return found
        }

        /// The next state that is reached by one of the longest bitmaps, in ascending order.
        private mutating func nextDivision(upTo limit: UInt64) -> State? {
            var nearest: (state: State, kind: Int)?
            for (kind, (bits, parent)) in longest.enumerated() where parent < states.count {
                let (start, overflow) = states[parent].start.addingReportingOverflow(bits)
                guard !overflow, start <= limit else { continue }
                if let other = nearest?.state.start, other <= start { continue }
                let cost = states[parent].cost + SerialPlan.bitmapSize + Int(bits / 8)
                let step = Step(parent: parent, means: .bitmap, end: start - 1)
                nearest = (State(start: start, cost: cost, step: step), kind)
            }
            if let kind = nearest?.kind { longest[kind].next += 1 }
            return nearest?.state
        }
    }
}
