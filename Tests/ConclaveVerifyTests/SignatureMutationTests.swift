// SPDX-License-Identifier: Apache-2.0
import SSHFormats
import TestSupport
import Testing

@Suite("Lists and signatures with random changes, as ssh-keygen -Y verify judges them")
struct SignatureMutationTests {
    /// Numbers that look random and are the same in each run; xorshift64.
    private struct Numbers {
        var state: UInt64 = 0x9E37_79B9_7F4A_7C15

        mutating func next(below limit: Int) -> Int {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return Int(state % UInt64(max(limit, 1)))
        }
    }

    private let message = Array("the text of the year\n".utf8)
    /// Bytes that mean something somewhere.
    private let telling = Array(" \t\"\\,=!*?#Zz0123A\r\u{B}\u{1}".utf8) + [0xC3]

    /// The text with one or two changes before `end`: a byte put in, taken out or replaced.
    private func mutated(_ text: [UInt8], _ numbers: inout Numbers, before end: Int) -> [UInt8] {
        var bytes = text
        for _ in 0...numbers.next(below: 2) {
            let index = numbers.next(below: end)
            let byte = telling[numbers.next(below: telling.count)]
            switch numbers.next(below: 3) {
            case 0: bytes.insert(byte, at: index)
            case 1: bytes.remove(at: index)
            default: bytes[index] = byte
            }
        }
        return bytes
    }

    @Test("no change of a line lets pass what ssh-keygen refuses", arguments: [false, true])
    func lines(certified: Bool) throws {
        let workshop = try SignerWorkshop()
        let key = try workshop.makeKey("key", kind: "ed25519")
        let authority = try workshop.makeKey("ca", kind: "ed25519")
        try workshop.certify("key", by: "ca")
        let file = try workshop.sign(
            message, with: certified ? "key-cert.pub" : "key", as: "message")
        let options =
            "namespaces=\"f*,!git\",valid-after=\"20260101Z\",valid-before=\"202603010000Z\""
        let text =
            certified
            ? "bob,al?ce cert-authority,\(options) \(authority.line) c"
            : "bob,al?ce \(options) \(key.line) c"
        var numbers = Numbers()
        var taken = 0
        for _ in 0..<3_000 {
            let line = mutated(
                Array(text.utf8), &numbers, before: text.utf8.count - key.line.utf8.count + 10)
            var judge = SignatureJudge(workshop: workshop, message: message, signature: file)
            judge.listBytes = line + [0x0A]
            guard try judge.ours().isEmpty else { continue }
            taken += 1
            #expect(try judge.openSSH().isTaken, "\(String(decoding: line, as: UTF8.self))")
        }
        #expect(taken > 20, "the changes break too much to show anything")
    }
}
