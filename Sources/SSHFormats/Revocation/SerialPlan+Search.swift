// SPDX-License-Identifier: Apache-2.0

extension SerialPlan {
    /// A dynamic programme over the runs of a serial set, in time proportional to their number.
    ///
    /// A state says "all serials before this one are covered, for so many bytes". Most stand at the
    /// start of a run, since dividing a run pays only where a bitmap ends within it that is as long
    /// as it can be: were it shorter, its end could move by 8 serials for one byte more, and what
    /// follows would become one byte shorter or vanish. "As long as it can be" means the limit or
    /// one bit less, for a bitmap of 8k bits takes one byte more than one of 8k - 1.
    ///
    /// No bitmap is worth its bytes across a wide gap, nor across a long run, so that what lies on
    /// the two sides is searched on its own; and states to which no way leads back that may yet be
    /// continued are forgotten. So the states that are kept are few, however large the set.
    struct Search {
        /// The ranges found, ascending.
        private(set) var ranges: [ClosedRange<UInt64>] = []
        /// The first and the last serial of each bitmap found, ascending.
        private(set) var bitmaps: [ClosedRange<UInt64>] = []
        /// The number of serials to be listed.
        private(set) var listed = 0
        /// The bytes that all subsections take, but for the header of the list.
        private(set) var size = 0
        /// Whether a serial is listed that has no neighbour within the reach of a bitmap.
        private(set) var listsLoneSerial = false

        /// All serials before `start` are covered, for `cost` bytes.
        struct State {
            let start: UInt64
            let cost: Int
            /// How many states further back the way came from; 0 where it begins.
            var back: UInt32 = 0
            /// The serials between what was covered last and `start`.
            var gap: UInt8 = 0
            /// How the serials from the state further back were covered.
            var means = Means.list
        }

        /// The kinds of subsection.
        enum Means: UInt8 {
            case list
            case range
            case bitmap
        }

        private let maximumBits: UInt64
        private let mayList: Bool
        private var states: [State] = []
        /// The number of the first state that is kept.
        private var base = 0
        private var window: Window
        /// The longest bitmaps, and for each the first state that has not been continued by one.
        private var longest: [2 of (bits: UInt64, next: Int)]
        /// The number of states beyond which some are forgotten.
        private var forgetting = Self.block

        /// A bitmap across so many serials that are not in the set takes more bytes than two: 19
        /// bytes for the gap against 18 for a second bitmap, whatever the remainders by 8.
        private static let widestGap: UInt64 = 159
        /// A bitmap across so many serials in a row takes more bytes than a bitmap before, a range
        /// and a bitmap behind: 40 bytes against 21 + 18.
        private static let longestRun: UInt64 = 327
        /// How many states are added before some are forgotten.
        private static let block = 4096

        init(maximumBits: UInt64, mayList: Bool) {
            self.maximumBits = maximumBits
            self.mayList = mayList
            window = Window(maximumBits: maximumBits)
            longest = [(maximumBits - 1, 0), (maximumBits, 0)]
        }

        /// Finds the cheapest way to cover a whole set.
        mutating func cover(_ set: SerialSet) {
            var runs = set.ranges
            var isFirst = true
            var run = runs.next()
            while let present = run {
                let next = runs.next()
                let isLast = next.map { Self.parts(present, from: $0) } ?? true
                switch (isFirst, isLast) {
                case (true, true): coverAlone(present)
                default:
                    if isFirst { begin(at: present.lowerBound) }
                    step(over: present, to: isLast ? nil : next?.lowerBound)
                    if isLast { end() }
                }
                isFirst = isLast
                run = next
            }
        }

        /// Whether no bitmap is worth its bytes across both runs and what lies between them.
        private static func parts(
            _ run: ClosedRange<UInt64>, from next: ClosedRange<UInt64>
        ) -> Bool {
            next.lowerBound - run.upperBound > widestGap
                || run.upperBound - run.lowerBound >= longestRun
                || next.upperBound - next.lowerBound >= longestRun
        }

        private mutating func coverAlone(_ run: ClosedRange<UInt64>) {
            let more = run.upperBound - run.lowerBound
            var best = (cost: SerialPlan.rangeSize, means: Means.range)
            if more < min(maximumBits, 31) {
                let bitmap = SerialPlan.bitmapSize + Int(more + 1) / 8
                if bitmap <= best.cost { best = (bitmap, .bitmap) }
            }
            if mayList, more < 2, SerialPlan.listedSize * Int(more + 1) < best.cost {
                best = (SerialPlan.listedSize * Int(more + 1), .list)
                if more == 0 { listsLoneSerial = true }
            }
            size += best.cost
            take(best.means, run)
        }

        private mutating func take(_ means: Means, _ span: ClosedRange<UInt64>) {
            switch means {
            case .list: listed += Int(span.upperBound - span.lowerBound) + 1
            case .range: ranges.append(span)
            case .bitmap: bitmaps.append(span)
            }
        }

        private mutating func begin(at start: UInt64) {
            states.removeAll(keepingCapacity: true)
            states.append(State(start: start, cost: 0))
            base = 0
            window.removeAll()
            longest = [(maximumBits - 1, 0), (maximumBits, 0)]
            forgetting = Self.block
        }

        private mutating func end() {
            guard let last = states.indices.last else { return }
            size += states[last].cost
            settle(last)
        }

        private mutating func step(over run: ClosedRange<UInt64>, to next: UInt64?) {
            let opening = states.count - 1
            addDivisions(of: run, opening: states[opening])
            for index in opening..<states.count { window.append(states[index], at: base + index) }

            var best = window.best(endingAt: run.upperBound)
            for index in opening..<states.count {
                let state = states[index]
                let more = run.upperBound - state.start
                let range = state.cost + SerialPlan.rangeSize
                if range < best.cost { best = (range, base + index, .range) }
                // Three serials in a list take more than a range.
                guard mayList, more < 2 else { continue }
                let list = state.cost + SerialPlan.listedSize * Int(more + 1)
                if list < best.cost { best = (list, base + index, .list) }
            }
            let start = next ?? run.upperBound &+ 1
            states.append(
                State(
                    start: start, cost: best.cost,
                    back: UInt32(truncatingIfNeeded: base + states.count - best.parent),
                    gap: UInt8(truncatingIfNeeded: start &- run.upperBound &- 1),
                    means: best.means))
            if states.count > forgetting { forgetSome() }
        }

        /// Adds the states within a run that are reached by the longest bitmaps and are worth their
        /// bytes: cheaper than a range over the whole run, and than any state further on.
        private mutating func addDivisions(of run: ClosedRange<UInt64>, opening: State) {
            var found: [(state: State, parent: Int)] = []
            while let division = nextDivision(upTo: run.upperBound) {
                guard division.state.start > run.lowerBound,
                    division.state.cost < opening.cost + SerialPlan.rangeSize
                else { continue }
                while let last = found.last, last.state.cost >= division.state.cost {
                    found.removeLast()
                }
                found.append(division)
            }
            for (state, parent) in found {
                states.append(state)
                states[states.count - 1].back = UInt32(
                    truncatingIfNeeded: base + states.count - 1 - parent)
            }
        }

        /// The next state that is reached by one of the longest bitmaps, in ascending order.
        private mutating func nextDivision(upTo limit: UInt64) -> (state: State, parent: Int)? {
            var nearest: (state: State, parent: Int, kind: Int)?
            for kind in 0..<2 {
                let (bits, parent) = longest[kind]
                guard parent - base < states.count else { continue }
                let origin = states[parent - base]
                let (start, overflow) = origin.start.addingReportingOverflow(bits)
                guard !overflow, start <= limit else { continue }
                if let other = nearest?.state.start, other <= start { continue }
                let cost = origin.cost + SerialPlan.bitmapSize + Int(bits / 8)
                nearest = (State(start: start, cost: cost, means: .bitmap), parent, kind)
            }
            guard let nearest else { return nil }
            longest[nearest.kind].next += 1
            return (nearest.state, nearest.parent)
        }
    }
}

extension SerialPlan.Search {
    /// Forgets the states to which no way leads back that may yet be continued.
    private mutating func forgetSome() {
        // From an earlier state no bitmap reaches as far as what is yet to be covered.
        let live = min(longest[0].next - base, longest[1].next - base, states.count - 1)
        var isKept = [Bool](repeating: false, count: states.count)
        for index in (0..<states.count).reversed() {
            if index >= live { isKept[index] = true }
            if isKept[index] { isKept[index - Int(states[index].back)] = true }
        }
        // Each state's new place, by its old one.
        var places = [Int32](repeating: 0, count: live)
        var kept = 0
        for index in states.indices where isKept[index] {
            var state = states[index]
            let parent = index - Int(state.back)
            let place = parent < live ? Int(places[parent]) : kept - Int(state.back)
            if state.back > 0 { state.back = UInt32(truncatingIfNeeded: kept - place) }
            if index < live { places[index] = Int32(truncatingIfNeeded: kept) }
            states[kept] = state
            kept += 1
        }
        base += states.count - kept
        states.removeSubrange(kept...)
        forgetting = states.count + Self.block
    }

    /// Takes over the subsections by which a state was reached.
    private mutating func settle(_ last: Int) {
        var way: [Int] = []
        var index = last
        while states[index].back > 0 {
            way.append(index)
            index -= Int(states[index].back)
        }
        for next in way.reversed() {
            let state = states[next]
            take(state.means, states[index].start...(state.start &- 1 &- UInt64(state.gap)))
            index = next
        }
    }
}
