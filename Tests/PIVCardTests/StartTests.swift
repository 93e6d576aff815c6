// SPDX-License-Identifier: Apache-2.0

import PIVCardSupport
import TestSupport
import Testing

@Suite("PIV card: start")
struct StartTests {
    @Test("a card that listens answers commands")
    func cardListens() throws {
        let card = try PIVCard()
        let connection = try card.connect()
        #expect(try connection.answerToReset()?.count == 23)
        #expect(
            try connection.transmit("00a4040005a000000308")
                == "61114f0600001000010079074f05a0000003089000")
        #expect(try connection.transmit("00fd000000") == "0504039000")
    }

    @Test("two cards are seen in two readers of one service")
    func twoCards() throws {
        let readers = try PIVCardReaders([
            PIVCardSettings(serial: 1), PIVCardSettings(serial: 2),
        ])
        for (index, name) in PIVCardReaders.readerNames.enumerated() {
            let outcome = try readers.run("yubico-piv-tool", ["-r", name, "-a", "status"])
            #expect(outcome.output.contains("Serial Number:\t\(index + 1)\n"), "\(outcome)")
        }
    }
}
