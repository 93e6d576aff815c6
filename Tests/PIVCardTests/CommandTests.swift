// SPDX-License-Identifier: Apache-2.0

import PIVCardSupport
import Testing

@Suite("PIV card: commands")
struct CommandTests {
    @Test("a card answers a reset and a selection as a YubiKey 5 does, and tells what it is")
    func identity() throws {
        let bench = try Workbench(PIVCardSettings(firmware: "5.4.3", serial: 258))
        #expect(
            digits(try bench.connection.answerToReset() ?? [])
                == "3bfd1300008131fe158073c021c057597562694b657940")
        #expect(
            try bench.send("00a404000ba00000030800001000010000")
                == "61114f0600001000010079074f05a0000003089000")
        #expect(try bench.send("00fd000000") == "0504039000")
        #expect(try bench.send("00f8000000") == "000001029000")
        #expect(try bench.send("00a4040007d2760000850101") == "6a82")
    }

    @Test("instructions are there from the firmware that brought them")
    func firmware() throws {
        let old = try Workbench(PIVCardSettings(firmware: "5.2.9"))
        #expect(try old.send("00f7008000") == "6d00")
        let newer = try Workbench(PIVCardSettings(firmware: "5.3.0"))
        #expect(try newer.send("00f7008000") == "0101ff050101060203039000")
        try newer.manage()
        #expect(try newer.send("0047009a05ac038001e0") == "6a80")
        let newest = try Workbench(PIVCardSettings(firmware: "5.7.0"))
        #expect(try newest.send("0087039b047c028100") == "6a86")
        try newest.manage(algorithm: "0a")
        #expect(try newest.generate("9a", "e0").hasPrefix("7f49228620"))
    }

    @Test("wrong PINs are counted, and the count comes back with the right one")
    func tries() throws {
        let bench = try Workbench()
        #expect(try bench.send("0020008000") == "63c3")
        #expect(try bench.verifyPIN("111111") == "63c2")
        #expect(try bench.verifyPIN("111111") == "63c1")
        #expect(try bench.card.control.tries() == PIVCardControl.Tries(pin: 1, puk: 3))
        #expect(try bench.verifyPIN() == "9000")
        #expect(try bench.send("0020008000") == "9000")
        for answer in ["63c2", "63c1", "63c0", "6983"] {
            #expect(try bench.verifyPIN("111111") == answer)
        }
        #expect(try bench.verifyPIN() == "6983")
        #expect(try bench.send("0020008000") == "6983")
        #expect(try bench.send("002c0080103132333435363738363534333231ffff") == "9000")
        #expect(try bench.verifyPIN("654321") == "9000")
        #expect(try bench.send("0020008007 31323334353637") == "6a80")
        #expect(try bench.card.control.tries() == PIVCardControl.Tries(pin: 3, puk: 3))
    }

    @Test("a card with PIN and PUK blocked can be reset, and no other")
    func reset() throws {
        let bench = try Workbench()
        try bench.manage()
        try bench.generate("9a", "11")
        #expect(try bench.send("00fb0000") == "6985")
        for _ in 0..<3 { _ = try bench.verifyPIN("111111") }
        #expect(try bench.send("00fb0000") == "6985")
        for _ in 0..<3 { _ = try bench.send("002c008010 3131313131313131 3132333435363738") }
        #expect(try bench.send("00fb0000") == "9000")
        #expect(try bench.send("00f7009a00") == "6a88")
        #expect(try bench.card.control.tries() == PIVCardControl.Tries(pin: 3, puk: 3))
    }

    @Test(
        "signatures of keys made on the card are right",
        arguments: [("9a", "11", 32), ("9d", "14", 48), ("82", "14", 32), ("95", "11", 20)])
    func ecdsa(slot: String, algorithm: String, size: Int) throws {
        let bench = try Workbench()
        try bench.manage()
        try bench.generate(slot, algorithm)
        #expect(try bench.verifyPIN() == "9000")
        let digest = [UInt8](repeating: 0x5A, count: size)
        let signature = try bench.sign(slot, algorithm, digest)
        #expect(try bench.verifies(slot, digest, signature))
        #expect(
            try bench.sign(slot, algorithm, digest + [UInt8](repeating: 1, count: 48)) == "6a80")
    }

    @Test("Ed25519 signs the whole message, or its beginning where it is told to lie")
    func ed25519() throws {
        let bench = try Workbench(PIVCardSettings(firmware: "5.7.1"))
        try bench.manage(algorithm: "0a")
        try bench.generate("9a", "e0")
        #expect(try bench.verifyPIN() == "9000")
        let message = (0..<500).map { UInt8($0 & 0xFF) }
        let signature = try bench.sign("9a", "e0", message)
        #expect(try bench.verifies("9a", message, signature, raw: true))
        try bench.card.control.quirk("signature", "prefix")
        let short = try bench.sign("9a", "e0", message)
        #expect(try bench.verifies("9a", message, short, raw: true) == false)
        #expect(try bench.verifies("9a", Array(message.prefix(32)), short, raw: true))
    }

    @Test("RSA applies the private key to a whole block", arguments: ["07", "05", "16"])
    func rsa(algorithm: String) throws {
        let bench = try Workbench(PIVCardSettings(firmware: "5.7.1"))
        try bench.manage(algorithm: "0a")
        try bench.generate("9e", algorithm)
        let size = ["07": 256, "05": 384, "16": 512][algorithm] ?? 0
        let block = [0, 1] + [UInt8](repeating: 0xFF, count: size - 2)
        let signature = try bench.sign("9e", algorithm, block)
        #expect(signature.count == 2 * size)
        let recovered = try bench.openssl(
            [
                "pkeyutl", "-verifyrecover", "-pubin", "-inkey", try bench.publicKey("9e"),
                "-pkeyopt", "rsa_padding_mode:none",
            ], input: bytes(signature))
        #expect(recovered == block)
        #expect(try bench.sign("9e", algorithm, Array(block.dropLast())) == "6a80")
    }

    @Test("long answers come in pieces, and commands may")
    func pieces() throws {
        let bench = try Workbench()
        try bench.manage()
        let value = [UInt8](repeating: 0x77, count: 700)
        let data = "5c035fc105" + "538202bc" + digits(value)
        let pieces = stride(from: 0, to: data.count, by: 400).map {
            String(data.dropFirst($0).prefix(400))
        }
        for piece in pieces.dropLast() {
            #expect(try bench.send("10db3fffc8" + piece) == "9000")
        }
        let last = pieces.last ?? ""
        #expect(try bench.send("00db3fff" + digits([UInt8(last.count / 2)]) + last) == "9000")
        let first = try bench.send("00cb3fff055c035fc10500")
        #expect(first.count == 2 * 258 && first.hasSuffix("6100"))
        let second = try bench.send("00c0000000")
        #expect(second.count == 2 * 258 && second.hasSuffix("61c0"))
        let third = try bench.send("00c00000c0")
        #expect(first.dropLast(4) + second.dropLast(4) + third == data.dropFirst(10) + "9000")
        #expect(try bench.send("00c0000000") == "6985")
        #expect(
            try bench.send("00cb3fff0000055c035fc1050000") == data.dropFirst(10) + "9000")
    }

    @Test("a command that fits no form is refused, and the card goes on")
    func brokenCommands() throws {
        let bench = try Workbench()
        for command in ["00a4", "00a404", "00cb3fff065c035fc105", "00cb3fff00000a5c03", "00"] {
            if command == "00" { continue }
            #expect(try bench.send(command) == "6700", "\(command)")
        }
        #expect(try bench.send("80cb3fff055c035fc105") == "6e00")
        #expect(try bench.send("00cb3fff055c045fc105") == "6a80")
        #expect(try bench.send("00cb3fff055c035fc105") == "6a82")
        #expect(try bench.send("0099000000") == "6d00")
    }
}
