// SPDX-License-Identifier: Apache-2.0
import Documents
import Testing

@Suite struct HexTests {
    @Test("every byte is two lower-case digits, and comes back")
    func roundTrip() {
        let bytes = (0...255).map { UInt8($0) }
        let text = Hex.encode(bytes)
        #expect(text.hasPrefix("000102") && text.hasSuffix("fdfeff"))
        #expect(Hex.decode(text) == bytes)
        #expect(Hex.decode("") == [])
    }

    @Test(
        "an odd number of digits, upper case and other characters are refused",
        arguments: ["0", "000", "0A", "AB", "0g", "0x", " 00", "00 ", "é"])
    func refused(text: String) {
        #expect(Hex.decode(text) == nil)
    }
}
