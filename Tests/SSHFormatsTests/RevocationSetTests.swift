// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import SSHFormats

/// Large sets: sorted, told apart, compared and written in pieces.
@Suite struct RevocationSetTests {
    @Test("numbers are sorted whatever they are", arguments: 0..<40)
    func sorting(seed: UInt64) {
        var random = RevocationJudge.Random(state: seed)
        let mask: UInt64 = [.max, 0xFF, 0xFFFF, 0xFF00_0000_0000_00FF, 1][Int(seed % 5)]
        let count = [0, 1, 2, 48, 49, 50, 1000, 5000][Int(seed % 8)]
        var numbers = (0..<count).map { _ in random.next() & mask }
        let sorted = numbers.sorted()
        numbers.sortInPlace()
        #expect(numbers == sorted)
        numbers.sortInPlace()
        #expect(numbers == sorted)
        numbers.reverse()
        numbers.sortInPlace()
        #expect(numbers == sorted)
    }

    private func some(_ random: inout RevocationJudge.Random) -> SerialSet {
        SerialSet(
            (0..<Int(random.next() % 60)).map { _ in
                let low = random.next() % 700
                return low...low + random.next() % [1, 3, 200][Int(random.next() % 3)]
            })
    }

    @Test(
        "a set without another, and its count, are what walking all serials gives",
        arguments: 0..<60)
    func difference(seed: UInt64) {
        var random = RevocationJudge.Random(state: seed)
        let (left, right) = (some(&random), some(&random))
        let expected = SerialSet(
            (UInt64(0)...1000).filter { left.contains($0) && !right.contains($0) }.map { $0...$0 })
        #expect(SerialSet(left.subtracting(right)) == expected)
        #expect(left.subtracting(right).reduce(0) { $0 + $1.count } == Int(expected.count))
        #expect(left.count == UInt64(left.ranges.reduce(0) { $0 + $1.count }))
        #expect(Array(left.subtracting(left)).isEmpty)
        #expect(Array(left.subtracting([])) == Array(left.ranges))
    }

    @Test("sets at both ends of 64 bits have their count and their difference")
    func ends() {
        let all: SerialSet = [1...UInt64.max]
        #expect(all.count == .max)
        #expect(
            Array(all.subtracting([5...5, UInt64.max...UInt64.max])) == [1...4, 6...UInt64.max - 1])
        #expect(SerialSet([UInt64.max...UInt64.max]).count == 1)
        #expect(Array(SerialSet([UInt64.max...UInt64.max]).subtracting(all)).isEmpty)
    }

    @Test("a set's mark doesn't depend on how its ranges are cut", arguments: 0..<60)
    func marks(seed: UInt64) {
        var random = RevocationJudge.Random(state: seed)
        let set = some(&random)
        var mark = SerialSet.Mark()
        for range in set.ranges.shuffled(using: &random) {
            guard range.count > 1 else {
                mark.add(range)
                continue
            }
            let cut = range.lowerBound + random.next() % UInt64(range.count - 1)
            mark.add(cut + 1...range.upperBound)
            mark.add(range.lowerBound...cut)
        }
        #expect(mark == SerialSet.Mark(set))
        let other = some(&random)
        #expect((mark == SerialSet.Mark(other)) == (set == other))
        var ranges = set.ranges
        guard let first = ranges.next() else { return }
        mark.add(first)
        #expect(mark != SerialSet.Mark(set), "a range twice")
    }

    @Test("byte strings are in order, each once")
    func byteStrings() throws {
        let set = try ByteStringSet(
            ["b", "", "a", "b", "ab", "\u{FF}", "a"].map { Array($0.utf8) })
        #expect(set.map { String(decoding: $0, as: UTF8.self) } == ["", "a", "ab", "b", "\u{FF}"])
        #expect(set.contains(Array("ab".utf8)) && set.contains([]) && !set.contains([0x62, 0]))
        #expect(set.count == 5 && set.byteCount == 6)
        #expect(!ByteStringSet().contains([]))
        // A slice is looked for in the same way, and not one string after the other.
        let many = try ByteStringSet((0..<200_000).map { Array("key id \($0)".utf8) })
        #expect(many.allSatisfy { many.contains($0) })
        #expect(try ByteStringSet([[UInt8](), []]).count == 1)
    }

    @Test("the pieces that are written are the whole, however many serials there are")
    func pieces() throws {
        var builder = RevocationSet.Builder()
        let number = builder.authority([])
        for serial in UInt64(1)...30_000 {
            builder.insert(serials: serial * 999...serial * 999, of: number)
        }
        for serial in UInt64(1)...30_000 {
            try builder.insert(keyID: Array("user-\(serial)".utf8), of: number)
        }
        let set = builder.finish(version: 1, generated: 2, comment: Array("x".utf8))
        let writer = try RevocationListWriter(set)
        var pieces: [[UInt8]] = []
        writer.write { (piece) throws(Never) in pieces.append(piece) }
        #expect(pieces.count > 10)
        #expect(pieces.allSatisfy { $0.count < 70_000 })
        let bytes = Array(pieces.joined())
        #expect(bytes.count == writer.length)
        #expect(bytes == (try set.encoded()))
        let read = try RevocationListReading(parsing: bytes)
        #expect(read.list.revokesTheSame(as: set))
        #expect(try RevocationJudge().listing(bytes)?.count == 60_000)
    }

    @Test("a list that differs from what was to be written is noticed", arguments: 0..<20)
    func check(seed: UInt64) throws {
        let list = try RevocationListTests.random(seed: seed)
        let set = try list.contents()
        let bytes = try set.encoded()
        func difference(_ bytes: [UInt8]) -> String? {
            var scanner = RevocationListScanner(RevocationListCheck(set), rules: .openSSH)
            guard (try? scanner.scan(bytes)) != nil else { return "unreadable" }
            return scanner.withVisitor { $0.difference() }
        }
        #expect(difference(bytes) == nil)
        var random = RevocationJudge.Random(state: seed)
        for _ in 0..<40 {
            var changed = bytes
            let place = Int.random(in: bytes.indices, using: &random)
            changed[place] ^= 1 << UInt8.random(in: 0...7, using: &random)
            let read = try? RevocationListReading(parsing: changed).list
            let isSame =
                read.map {
                    $0.revokesTheSame(as: set) && $0.version == set.version
                        && $0.generated == set.generated && $0.comment == set.comment
                } ?? false
            // A change of the flags or a reserved text is none of the content.
            #expect((difference(changed) == nil) == isSame, "byte \(place)")
        }
    }
}
