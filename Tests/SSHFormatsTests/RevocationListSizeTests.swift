// SPDX-License-Identifier: Apache-2.0
import SSHFormats
import Testing

/// Lists of many shapes, as we write them and as ssh-keygen does.
@Suite struct RevocationListSizeTests {
    /// Serials that come in bursts, at random, in rows, or in all of these.
    private func serials(_ seed: UInt64) -> [ClosedRange<UInt64>] {
        var random = RevocationJudge.Random(state: seed &* 977)
        var serial: UInt64 = seed % 7 == 0 ? .max - 400_000 : 1
        var ranges: [ClosedRange<UInt64>] = []
        for _ in 0..<Int(random.next() % 40 + 1) {
            let share = Double.random(in: 0.001...0.999, using: &random)
            switch random.next() % 4 {
            case 0:
                let length = random.next() % 500
                ranges.append(serial...serial + length)
                serial += length + 1
            case 1: serial += random.next() % 20_000
            default:
                for _ in 0..<random.next() % 900 {
                    serial += 1
                    if Double.random(in: 0..<1, using: &random) < share {
                        ranges.append(serial...serial)
                    }
                }
            }
        }
        return ranges
    }

    @Test("no list that ssh-keygen writes readably is shorter than ours", arguments: UInt64(0)..<60)
    func sizes(seed: UInt64) throws {
        let judge = try RevocationJudge()
        let list = RevocationList(
            version: 0, generated: 1, authorities: [.init(key: nil, serials: serials(seed))])
        guard !list.isEmpty else { return }
        let made = try judge.makeList(revocationListing(list), authority: "none")
        let bytes = try list.encoded()
        #expect(try judge.listing(bytes) == revocationListing(list))
        guard try judge.listing(made) != nil else { return }
        #expect(bytes.count <= made.count)
        #expect(
            try RevocationListReading(parsing: made).list.revokesTheSame(as: list.contents()))
    }
}
