// SPDX-License-Identifier: Apache-2.0
import SSHFormats
import Testing

@Suite("armor")
struct ArmorTests {
    private let begin = "-----BEGIN SSH SIGNATURE-----"
    private let end = "-----END SSH SIGNATURE-----"
    private let signature: SSHSIG
    private let base64: String

    init() throws {
        signature = try SSHSIG(armored: try Vectors.bytes("signatures/ed25519.sig"))
        base64 = Base64.encode(signature.blob)
    }

    private func read(_ text: String) -> String {
        fault { try SSHSIG(armored: Array(text.utf8)) == signature }
    }

    @Test("lines of Base64 may have any length", arguments: [1, 4, 63, 64, 70, 76, 100_000])
    func wraps(width: Int) {
        var lines: [String] = []
        var rest = base64[...]
        while !rest.isEmpty {
            lines.append(String(rest.prefix(width)))
            rest = rest.dropFirst(width)
        }
        for lineEnd in ["\n", "\r\n"] {
            let text = ([begin] + lines + [end]).joined(separator: lineEnd)
            #expect(read(text + lineEnd) == "taken: true")
            #expect(read(text) == "taken: true")
        }
    }

    @Test("lines are written with 70 characters")
    func written() {
        let lines = signature.armored.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.first.map(String.init) == begin)
        #expect(lines.dropLast().last.map(String.init) == end)
        #expect(lines.last == "")
        #expect(lines.dropFirst().dropLast(3).allSatisfy { $0.count == 70 })
        #expect(lines.dropFirst().dropLast(2).joined() == base64)
    }

    @Test("what does not begin with the first line is refused")
    func before() {
        let fault = "armor at byte 0: it does not begin with the line BEGIN SSH SIGNATURE"
        let body = "\(base64)\n\(end)\n"
        #expect(read("\(begin)\n\(body)") == "taken: true")
        for first in [
            "\n\(begin)\n", " \(begin)\n", "\(begin) \n", "x\n\(begin)\n", "\(begin)\r\r\n",
            "\(begin)\r", "\(begin)", "", "-----BEGIN SSH SIGNATURE----\n", "\u{FEFF}\(begin)\n",
        ] {
            #expect(read(first + body) == fault)
        }
        #expect(read("") == fault)
        #expect(read("\n") == fault)
        #expect(read("\r\n") == fault)
    }

    @Test("what follows the last line is refused")
    func after() {
        let text = "\(begin)\n\(base64)\n\(end)\n"
        let count = text.utf8.count
        #expect(read(text + "\n") == "armor at byte \(count): 1 bytes are left over")
        #expect(read(text + "x") == "armor at byte \(count): 1 bytes are left over")
        #expect(read(text + "\r\n") == "armor at byte \(count): 2 bytes are left over")
        #expect(read(text + text) == "armor at byte \(count): \(count) bytes are left over")
    }

    @Test("armor without its last line is refused")
    func unended() {
        func fault(_ text: String) -> String {
            "armor at byte \(text.utf8.count): it has no line END SSH SIGNATURE"
        }
        for text in [
            begin, "\(begin)\n", "\(begin)\n\(base64)", "\(begin)\n\(base64)\n",
            "\(begin)\n\(base64)\n\(end) \n", "\(begin)\n\(base64)\n\(end)\r",
            "\(begin)\n\(base64)\n\(end)x", "\(begin)\n\(base64)\(end)\n",
            "\(begin)\n\(base64)\n \(end)\n",
        ] {
            #expect(read(text) == fault(text))
        }
    }

    @Test("between the lines stands canonical Base64 and nothing else")
    func between() {
        let fault = "armor at byte 30: Base64 is not canonical"
        #expect(read("\(begin)\n\(end)\n") == fault)
        #expect(read("\(begin)\n\(base64)=\n\(end)\n") == fault)
        #expect(read("\(begin)\n\(base64)====\n\(end)\n") == fault)
        #expect(read("\(begin)\n \(base64)\n\(end)\n") == fault)
        #expect(read("\(begin)\n\(base64)\t\n\(end)\n") == fault)
        #expect(read("\(begin)\n\(base64.dropLast())\n\(end)\n") == fault)
        #expect(read("\(begin)\nVersion: 1\n\(base64)\n\(end)\n") == fault)
        #expect(read("\(begin)\n\(begin)\n\(base64)\n\(end)\n") == fault)
        #expect(read("\(begin)\r\n\(base64)\r\r\n\(end)\n") == fault)
        #expect(
            read("\(begin)\n\n\(base64)\n\(end)\n") == "armor at byte 30: a line is empty")
        #expect(
            read("\(begin)\n\(base64)\n\n\(end)\n")
                == "armor at byte \(31 + base64.utf8.count): a line is empty")
    }

    @Test("armor has 192 KiB at most")
    func length() {
        #expect(
            fault { try SSHSIG(armored: [UInt8](repeating: 0x41, count: 196_609)) }
                == "armor at byte 0: 196609 bytes exceed the limit of 196608")
        #expect(
            fault { try SSHSIG(armored: [UInt8](repeating: 0x41, count: 196_608)) }
                == "armor at byte 0: it does not begin with the line BEGIN SSH SIGNATURE")
    }

    private func split(_ text: String) -> [String]? {
        SSHSIG.splitArmor(from: Array(text.utf8)).map {
            [String(decoding: $0.text, as: UTF8.self), String(decoding: $0.armor, as: UTF8.self)]
        }
    }

    @Test("a file is parted before the first line that begins armor")
    func split() throws {
        let armored = signature.armored
        #expect(split("a: b\nc: d\n\(armored)") == ["a: b\nc: d\n", armored])
        #expect(split(armored) == ["", armored])
        #expect(split("a\n\(armored)\(armored)") == ["a\n", "\(armored)\(armored)"])
        #expect(split("a\n\(begin)") == ["a\n", begin])
        #expect(split("a\r\n\(begin)\r\nx") == ["a\r\n", "\(begin)\r\nx"])
        #expect(split("\n\n\(begin)\n") == ["\n\n", "\(begin)\n"])
    }

    @Test("a line that only looks like the first one does not part a file")
    func notSplit() {
        #expect(split("") == nil)
        #expect(split("a: b\n") == nil)
        #expect(split("a \(begin)\n") == nil)
        #expect(split(" \(begin)\n") == nil)
        #expect(split("\(begin) \n") == nil)
        #expect(split("\(begin)x\n") == nil)
        #expect(split("a\r\(begin)\n") == nil)
        #expect(split("\(end)\n") == nil)
        #expect(split("\(begin) \n\(begin)\n") == ["\(begin) \n", "\(begin)\n"])
    }
}
