// SPDX-License-Identifier: Apache-2.0
import Testing
import TokenEvidence

@Suite struct FirmwareVersionTests {
    @Test("versions are ordered by their numbers, the first one first")
    func ordered() {
        #expect(FirmwareVersion(4, 3, 4) < FirmwareVersion(4, 3, 5))
        #expect(FirmwareVersion(4, 10, 0) < FirmwareVersion(5, 2, 0))
        #expect(FirmwareVersion(5, 9, 0) < FirmwareVersion(5, 10, 0))
        #expect(!(FirmwareVersion(5, 7, 0) < FirmwareVersion(5, 7, 0)))
    }

    @Test("two or three numbers from 0 to 255 are a version", arguments: ["0.0", "255.255.255"])
    func read(_ text: String) {
        #expect(FirmwareVersion(text: text) != nil)
    }

    @Test("the third number is zero where it is left out")
    func twoNumbers() {
        #expect(FirmwareVersion(text: "2.40") == FirmwareVersion(2, 40, 0))
        #expect(FirmwareVersion(2, 40, 0).description == "2.40.0")
    }

    @Test(
        "anything else is none",
        arguments: ["", "5", "5.", ".5", "5.7.1.1", "256.0", "5.-1", "5.+1", "5. 1", "5.0001"])
    func refused(_ text: String) {
        #expect(FirmwareVersion(text: text) == nil)
    }
}
