// SPDX-License-Identifier: Apache-2.0
import SSHFormats
import Testing

/// Files that are cut off or changed on their way.
@Suite struct RevocationListDamageTests {
    @Test("every prefix is refused but for those that end where a section does")
    func prefixes() throws {
        let list = try RevocationListTests.random(seed: 77)
        let bytes = try list.encoded()
        var whole: Set<Int> = []
        var offset = 8 + 4 + 8 + 8 + 8 + 4 + 4 + list.comment.utf8.count
        while offset < bytes.count {
            whole.insert(offset)
            offset += 5 + bytes[offset + 1..<offset + 5].reduce(0) { $0 << 8 | Int($1) }
        }
        #expect(offset == bytes.count)
        #expect(whole.count == list.authorities.count + 3)
        for length in bytes.indices {
            let read = try? RevocationList(parsing: Array(bytes[..<length]))
            #expect((read != nil) == whole.contains(length), "\(length)")
            #expect(read != list)
        }
    }

    @Test("changed bytes never trap, and what is read then is a list like others")
    func flips() throws {
        var random = RevocationJudge.Random(state: 3)
        var read = 0
        for seed in UInt64(0)..<4 {
            let bytes = try RevocationListTests.random(seed: seed).encoded()
            for _ in 0..<150 {
                var changed = bytes
                for _ in 0...Int.random(in: 0...2, using: &random) {
                    let place = Int.random(in: changed.indices, using: &random)
                    changed[place] ^= 1 << UInt8.random(in: 0...7, using: &random)
                }
                guard let list = try? RevocationList(parsing: changed) else { continue }
                read += 1
                #expect(try RevocationList(parsing: list.encoded()) == list)
            }
        }
        #expect(read > 50)
    }

    @Test("whatever is read of changed bytes, OpenSSH reads the same")
    func flipsByOpenSSH() throws {
        let judge = try RevocationJudge()
        var random = RevocationJudge.Random(state: 4)
        // Small, so that lengths, types and serials are hit often.
        let list = RevocationList(
            version: 3, generated: 4,
            authorities: [
                .init(
                    key: nil, serials: [1...1, 3...3, 5...6, 20...20, 22...24, 1000...1_000_000],
                    keyIDs: ["a"])
            ])
        let bytes = try list.encoded()
        var both = 0
        for _ in 0..<100 {
            var changed = bytes
            let place = Int.random(in: 28..<changed.count, using: &random)
            changed[place] ^= 1 << UInt8.random(in: 0...7, using: &random)
            let listing = try judge.listing(changed)
            guard let ours = try? RevocationList(parsing: changed) else { continue }
            #expect(listing == revocationListing(ours), "byte \(place): \(changed[place])")
            both += 1
        }
        #expect(both > 20)
    }
}
