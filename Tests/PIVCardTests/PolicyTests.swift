// SPDX-License-Identifier: Apache-2.0

import PIVCardSupport
import TestSupport
import Testing

@Suite("PIV card: policies")
struct PolicyTests {
    private let digest = [UInt8](repeating: 3, count: 32)

    @Test("PIN policies never, once and always")
    func pinPolicies() throws {
        let bench = try Workbench()
        try bench.manage()
        try bench.generate("9a", "11", policies: "aa0101")
        try bench.generate("9d", "11", policies: "aa0102")
        try bench.generate("9c", "11")
        #expect(try bench.sign("9a", "11", digest).count > 100)
        #expect(try bench.sign("9d", "11", digest) == "6982")
        #expect(try bench.verifyPIN() == "9000")
        #expect(try bench.sign("9c", "11", digest).count > 100)
        #expect(try bench.sign("9c", "11", digest) == "6982")
        #expect(try bench.sign("9d", "11", digest).count > 100)
        #expect(try bench.verifyPIN() == "9000")
        #expect(try bench.sign("9c", "11", digest).count > 100)
        try bench.card.control.send("logout")
        #expect(try bench.sign("9d", "11", digest) == "6982")
        #expect(try bench.verifyPIN() == "9000")
        try bench.connection.reset()
        try bench.select()
        #expect(try bench.sign("9d", "11", digest) == "6982")
    }

    @Test("a key that wants a touch waits for it, and refuses when none comes in time")
    func touch() throws {
        let bench = try Workbench()
        let control = bench.card.control
        let digest = digest
        try bench.manage()
        try bench.generate("9e", "11", policies: "aa0101ab0102")
        // Nobody touches.
        try control.send("touch limit 30")
        #expect(try bench.sign("9e", "11", digest) == "6982")
        // The test touches.
        try control.send("touch limit 60000")
        let signature = try OwnThread { try bench.sign("9e", "11", digest) }
        try control.awaitTouch()
        try control.touch()
        #expect(try signature.wait().count > 100)
        #expect(throws: PIVCardError.self) { try control.touch() }
        // The card touches itself.
        try control.send("touch auto 1")
        #expect(try bench.sign("9e", "11", digest).count > 100)
    }

    @Test("a cached touch counts for the next signature too, until the card loses its power")
    func cachedTouch() throws {
        let bench = try Workbench()
        try bench.manage()
        try bench.generate("9e", "11", policies: "aa0101ab0103")
        try bench.card.control.send("touch auto 0")
        #expect(try bench.sign("9e", "11", digest).count > 100)
        try bench.card.control.send("touch never")
        try bench.card.control.send("touch limit 10")
        #expect(try bench.sign("9e", "11", digest).count > 100)
        try bench.connection.reset()
        try bench.select()
        #expect(try bench.sign("9e", "11", digest) == "6982")
    }

    @Test("metadata tell what is default, how many tries are left, and what a key is")
    func metadata() throws {
        let bench = try Workbench()
        #expect(try bench.send("00f7009b00") == "010103020200010501019000")
        _ = try bench.verifyPIN("111111")
        #expect(try bench.send("00f7008000") == "0101ff050101060203029000")
        #expect(try bench.send("002400801031323334 3536ffff 363534333231ffff") == "9000")
        #expect(try bench.send("00f7008000") == "0101ff050100060203039000")
        try bench.manage()
        let made = try bench.generate("9c", "11", policies: "ab0103")
        #expect(
            try bench.send("00f7009c00") == "01011102020303030101" + "0443" + made.dropFirst(6)
                + "9000")
        #expect(try bench.send("00fe119a22 0620" + String(repeating: "11", count: 32)) == "9000")
        #expect(try bench.send("00f7009a00").hasPrefix("0101110202020103010204"))
        #expect(try bench.send("00f99a0000") == "6a80")
        #expect(try bench.demand("00f700f900").hasPrefix("01010702020101030101"))
    }

    @Test(
        "each kind of management key opens the card, and the one before does not",
        arguments: [
            ("08", 16), ("0a", 24), ("0c", 32), ("03", 24),
        ])
    func managementKeys(algorithm: String, size: Int) throws {
        let bench = try Workbench()
        try bench.manage()
        let key = digits((0..<size).map { UInt8($0 + 100) })
        try bench.demand(
            "00ffffff" + digits([UInt8(size + 3)]) + algorithm + "9b" + digits([UInt8(size)]) + key)
        try bench.connection.reset()
        try bench.select()
        #expect(throws: Workbench.Refused.self) { try bench.manage() }
        #expect(try bench.send("0047009a05ac03800111") == "6982")
        try bench.manage(algorithm: algorithm, key: key)
        try bench.generate("9a", "11")
        #expect(try bench.send("00f7009b00") == "0101\(algorithm)0202000105010" + "09000")
    }

    @Test("a management key may want a touch too")
    func managementTouch() throws {
        let bench = try Workbench()
        try bench.manage()
        try bench.demand("00fffffe1b039b18" + Workbench.managementKey)
        #expect(try bench.send("00f7009b00") == "010103020200020501019000")
        try bench.connection.reset()
        try bench.select()
        try bench.card.control.send("touch never")
        try bench.card.control.send("touch limit 10")
        #expect(throws: Workbench.Refused.self) { try bench.manage() }
        #expect(try bench.send("0047009a05ac03800111") == "6982")
        try bench.card.control.send("touch auto 0")
        try bench.manage()
        try bench.generate("9a", "11")
    }

    @Test("keys, policies, objects and tries are found again in the card's file")
    func persistence() throws {
        let bench = try Workbench()
        try bench.manage()
        try bench.generate("9c", "14", policies: "ab0103")
        try bench.demand("00db3fff0d5c035fc10a5306700400112233")
        _ = try bench.verifyPIN("111111")
        let metadata = try bench.demand("00f7009c00")
        let next = try Workbench(PIVCardSettings(serial: 2, isInserted: false))
        try next.card.control.insert(bench.card.statePath)
        let again = try next.card.connect()
        _ = try again.transmit("00a4040005a000000308")
        #expect(try again.transmit("00f7009c00") == metadata + "9000")
        #expect(try again.transmit("00cb3fff055c035fc10a") == "53067004001122339000")
        #expect(try next.card.control.tries() == PIVCardControl.Tries(pin: 2, puk: 3))
    }

    @Test("a key is moved to another slot, or removed, from firmware 5.7 on")
    func move() throws {
        let bench = try Workbench(PIVCardSettings(firmware: "5.7.0"))
        #expect(try bench.send("00f6829a00") == "6982")
        try bench.manage(algorithm: "0a")
        #expect(try bench.send("00f6829a00") == "6a88")
        try bench.generate("9a", "11")
        try bench.generate("83", "11")
        let metadata = try bench.demand("00f7009a00")
        #expect(try bench.send("00f6839a00") == "6985")
        #expect(try bench.send("00f6829a00") == "9000")
        #expect(try bench.send("00f7009a00") == "6a88")
        #expect(try bench.demand("00f7008200") == metadata)
        #expect(try bench.send("00f6ff8200") == "9000")
        #expect(try bench.send("00f7008200") == "6a88")
    }

    @Test("attestations lead to the root, and name slot, serial number, firmware and policies")
    func attestation() throws {
        let bench = try Workbench(PIVCardSettings(serial: 258))
        try bench.manage()
        try bench.generate("9c", "14", policies: "ab0102")
        let leaf = try bench.card.directory.write("leaf", bytes(try bench.demand("00f99c0000")))
        let f9 = bytes(try bench.demand("00cb3fff055c035fff01"))
        let intermediate = try bench.card.directory.write(
            "f9.der", Array(f9.dropFirst(8).dropLast(5)))
        let text = try bench.openssl(["x509", "-inform", "DER", "-in", intermediate])
        let chain = try bench.card.directory.write("f9.pem", text)
        let shown = String(
            decoding: try bench.openssl(
                ["x509", "-inform", "DER", "-in", leaf, "-noout", "-subject", "-text"]),
            as: UTF8.self)
        #expect(shown.hasPrefix("subject=CN = YubiKey PIV Attestation 9c\n"))
        let encoded = digits(try bench.card.directory.read("leaf"))
        #expect(encoded.contains("2b0601040182c40a0303" + "0403050403"))
        #expect(encoded.contains("2b0601040182c40a0307" + "040402020102"))
        #expect(encoded.contains("2b0601040182c40a0308" + "04020302"))
        try bench.openssl(
            ["verify", "-CAfile", bench.card.rootPath, "-untrusted", chain, leaf])
    }
}
