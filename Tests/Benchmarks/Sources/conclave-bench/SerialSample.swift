// SPDX-License-Identifier: Apache-2.0

/// Serials to be revoked, the same in every run.
enum SerialSample {
    /// So many serials of any size, in no order.
    static func anySerials(_ count: Int) -> [UInt64] {
        var generator = Sequence(state: UInt64(count))
        return (0..<count).map { _ in UInt64.random(in: 2...(.max), using: &generator) }
    }

    /// So many of the serials from 1 to `total`, ascending.
    static func serials(_ count: Int, of total: UInt64) -> [UInt64] {
        var generator = Sequence(state: total)
        var chosen: [UInt64] = []
        for serial in 1...total where chosen.count < count {
            // Each set of so many serials is as likely as any other (Knuth, algorithm S).
            let left = UInt64.random(in: 0...(total - serial), using: &generator)
            if left < UInt64(count - chosen.count) { chosen.append(serial) }
        }
        return chosen
    }

    /// Numbers that look random and are the same each time: SplitMix64.
    private struct Sequence: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
            return mixed ^ mixed >> 31
        }
    }
}
