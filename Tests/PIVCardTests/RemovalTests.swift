// SPDX-License-Identifier: Apache-2.0

import PIVCardSupport
import TestSupport
import Testing

@Suite("PIV card: readers")
struct RemovalTests {
    @Test("two cards are seen in two readers of one service")
    func twoCards() throws {
        let bench = try ReaderWorkbench([PIVCardSettings(serial: 1), PIVCardSettings(serial: 2)])
        #expect(try bench.readers.present() == [true, true])
        for (index, name) in PIVCardReaders.readerNames.enumerated() {
            let status = try bench.run("yubico-piv-tool", ["-r", name, "-a", "status"])
            #expect(status.contains("Serial Number:\t\(index + 1)\n"))
        }
    }

    @Test("a card that is taken out and put in again, or another one, is seen to be")
    func removal() throws {
        let bench = try ReaderWorkbench([
            PIVCardSettings(serial: 1), PIVCardSettings(serial: 2, isInserted: false),
        ])
        #expect(try bench.readers.present() == [true, false])
        try bench.yubico("-a", "generate", "-s", "9a", "-A", "ECCP256", "-o", bench.path("9a.pem"))
        try bench.card.remove()
        try bench.readers.awaitRemoved()
        try bench.card.insert()
        try bench.readers.awaitSeen(bench.card)
        #expect(try bench.readers.present() == [true, false])
        #expect(try bench.yubico("-a", "attest", "-s", "9a").contains("BEGIN CERTIFICATE"))
        try bench.readers.reinsert(statePath: bench.readers.statePath(1))
        #expect(try bench.yubico("-a", "status").contains("Serial Number:\t2\n"))
    }

    @Test("a card that vanishes in the middle of a command fails it, and works when it is back")
    func vanishing() throws {
        let bench = try ReaderWorkbench()
        try bench.furnish("9a", "ECCP256")
        try bench.card.fault("vanish-before ins 87")
        let outcome = try bench.readers.run(
            "pkcs11-tool",
            ["--module", ReaderWorkbench.modules["opensc"] ?? "", "--login", "--pin", "123456"]
                + ["--sign", "-m", "ECDSA", "--id", "01", "-i", bench.path("9a.pem")])
        #expect(outcome.status != .exited(0))
        try bench.readers.reinsert()
        #expect(try bench.signs("opensc", id: "01", slot: "9a", size: 32))
    }

    @Test("a service that ended and is started again sees the card again")
    func serviceRestarts() throws {
        let bench = try ReaderWorkbench()
        try bench.readers.stopService()
        let outcome = try bench.readers.run("opensc-tool", ["-l"])
        #expect(!outcome.output.contains("Yubico"))
        try bench.readers.startService()
        try bench.readers.awaitSeen(bench.card)
        #expect(try bench.readers.present() == [true, false])
    }
}
