// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import SSHFormats

/// Lists that we write and ssh-keygen reads, and the other way round.
@Suite struct RevocationListJudgeTests {
    /// So many serials of a space, chosen at random.
    private static func sample(
        _ count: Int, of space: Int, seed: UInt64 = 1
    ) -> [ClosedRange<UInt64>] {
        var random = RevocationJudge.Random(state: seed)
        var sample: [ClosedRange<UInt64>] = []
        for serial in 1...UInt64(space) {
            let left = UInt64(space) - serial + 1
            if random.next() % left < UInt64(count - sample.count) {
                sample.append(serial...serial)
            }
        }
        return sample
    }

    static let serials: [(name: String, ranges: [ClosedRange<UInt64>])] = [
        ("one", [1...1]),
        ("the last", [UInt64.max...UInt64.max]),
        ("the first and the last", [1...1, UInt64.max...UInt64.max]),
        ("all", [1...UInt64.max]),
        (
            "every other one at the end of 64 bits",
            stride(from: UInt64.max - 200, through: .max - 2, by: 2).map { $0...$0 }
                + [UInt64.max...UInt64.max]
        ),
        ("contiguous", [1...1_000_000]),
        ("ranges apart", (1...50).map { $0 * 1_000_000...$0 * 1_000_000 + 5000 }),
        ("1 in 100", sample(300, of: 30_000)),
        ("1 in 10", sample(3_000, of: 30_000)),
        ("1 in 2", sample(20_000, of: 40_000)),
        ("9 in 10", sample(36_000, of: 40_000)),
        ("999 in 1,000", sample(39_960, of: 40_000)),
        (
            "anywhere in 64 bits",
            sample(500, of: 500).map { range in
                let serial = range.lowerBound &* 0x9E37_79B9_7F4A_7C15
                return serial...serial
            }
        ),
    ]

    @Test("ssh-keygen lists the very serials that were written", arguments: serials.indices)
    func serialsWritten(index: Int) throws {
        let (name, ranges) = Self.serials[index]
        let list = RevocationList(
            version: 1, generated: 2, authorities: [.init(key: nil, serials: ranges)])
        let bytes = try list.encoded()
        #expect(try RevocationJudge().listing(bytes) == revocationListing(list), "\(name)")
        #expect(try RevocationList(parsing: bytes) == list, "\(name)")
    }

    @Test("what ssh-keygen writes is read, and is never shorter", arguments: serials.indices)
    func serialsRead(index: Int) throws {
        let (name, ranges) = Self.serials[index]
        let judge = try RevocationJudge()
        let list = RevocationList(
            version: 9, generated: 2, authorities: [.init(key: nil, serials: ranges)])
        let made = try judge.makeList(
            revocationListing(list), authority: "none",
            version: 9)
        guard try judge.listing(made) != nil else {
            // ssh-keygen knows no bound for bitmaps when it writes, only when it reads.
            #expect(throws: FormatError.self) { try RevocationList(parsing: made) }
            return
        }
        let read = try RevocationList(parsing: made)
        #expect(read.authorities == list.authorities, "\(name)")
        #expect(read.version == 9)
        #expect(try list.encoded().count <= made.count, "\(name)")
    }

    @Test(
        "revoked serials take no more bytes than are known to do",
        arguments: [
            (1_000, 100_000, 7_669), (1_000, 2_000, 267), (6_000, 300_000, 34_452),
            (15_000, 300_000, 37_522), (30_000, 300_000, 37_688), (100_000, 200_000, 25_209),
        ])
    func size(count: Int, space: Int, known: Int) {
        let serials = SerialSet(Self.sample(count, of: space))
        let size = SerialPlan(serials).size
        // The known sizes are those of other random samples: a thousandth is their spread.
        #expect(size <= known + known / 1000)
        #expect(size < 5 + 8 * count)
        #expect(size <= space / 8 + 18 * (space / 16_384 + 1))
    }

    @Test("a bitmap of 16,384 bits is read, one of 16,385 by nobody")
    func bitmapBound() throws {
        let judge = try RevocationJudge()
        for (last, readable) in [(UInt64(16_384), true), (16_385, false)] {
            let ranges = stride(from: 1, to: last - 1, by: 2).map { $0...$0 } + [last...last]
            let made = try judge.makeList(
                ranges.map { "serial: \($0.lowerBound)" }, authority: "none")
            #expect((try judge.listing(made) != nil) == readable)
            #expect(((try? RevocationList(parsing: made)) != nil) == readable)
            let list = RevocationList(
                version: 1, generated: 2, authorities: [.init(key: nil, serials: ranges)])
            #expect(try judge.listing(list.encoded()) == revocationListing(list))
        }
    }
}
