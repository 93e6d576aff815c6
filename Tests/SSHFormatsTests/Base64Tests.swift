// SPDX-License-Identifier: Apache-2.0
import SSHFormats
import Testing

@Suite("Base64")
struct Base64Tests {
    @Test(
        "the examples of RFC 4648 section 10 hold both ways",
        arguments: [
            ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
        ])
    func examples(plain: String, text: String) {
        #expect(Base64.encode(Array(plain.utf8)) == text)
        #expect(Base64.decode(text) == Array(plain.utf8))
    }

    @Test("every byte in every position comes back")
    func everyByte() {
        for byte in UInt8.min...UInt8.max {
            for length in 0...6 {
                let bytes = [UInt8](repeating: byte, count: length)
                #expect(Base64.decode(Base64.encode(bytes)) == bytes)
            }
        }
        let all = Array(UInt8.min...UInt8.max)
        #expect(Base64.decode(Base64.encode(all)) == all)
        #expect(Base64.encode([0xFB, 0xEF, 0xFF]) == "++//")
    }

    @Test(
        "a text that is not canonical is refused",
        arguments: [
            "Z", "Zg", "Zg=", "Zg===", "Zh==", "Zm9=", "Zm8", "Zm9v=", "=", "==", "====", "Zg=v",
            "Zm9vZg==Zm9v", "Zm9v\n", "Zm 9v", " Zm9", "Zm9-", "Zm9_", "Zm9é", "Zm\u{0}v", "Z===",
            "ZgA=====",
        ])
    func refused(text: String) {
        #expect(Base64.decode(text) == nil)
    }

    @Test("of the four characters that end a text, exactly one in each place is canonical")
    func canonicalEnd() {
        let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        #expect(alphabet.count { Base64.decode("A\($0)==") != nil } == 4)
        #expect(alphabet.count { Base64.decode("AA\($0)=") != nil } == 16)
        #expect(alphabet.count { Base64.decode("AAA\($0)") != nil } == 64)
    }

    @Test("a slice counts from its own start")
    func slice() {
        let bytes = Array("xxZm9vyy".utf8)
        #expect(Base64.decode(bytes[2..<6]) == Array("foo".utf8))
        #expect(Base64.encode(bytes[2..<4]) == "Wm0=")
    }
}
