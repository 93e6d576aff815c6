// SPDX-License-Identifier: Apache-2.0

import PIVCardSupport
import TestSupport
import Testing

@Suite("PIV card: misbehaviour")
struct MisbehaviourTests {
    private let digest = [UInt8](repeating: 3, count: 32)

    @Test("a card vanishes before or after a command, and comes back with what it keeps")
    func vanishes() throws {
        let bench = try Workbench()
        let control = bench.card.control
        try control.fault("vanish-before ins 20 nth 2")
        #expect(try bench.verifyPIN("111111") == "63c2")
        #expect(try bench.verifyPIN("111111") == "")
        #expect(try control.tries().pin == 2)
        #expect(try bench.card.connect().transmit("00fd000000") == nil)
        try control.insert()
        try control.fault("vanish-after ins 20")
        let second = try bench.card.connect()
        #expect(try second.transmit("00a4040005a000000308")?.hasSuffix("9000") == true)
        #expect(try second.transmit("0020008008 313131313131ffff") == nil)
        #expect(try control.tries().pin == 1)
    }

    @Test("a card that is removed while it waits for a touch says nothing")
    func removedInWaiting() throws {
        let bench = try Workbench()
        let control = bench.card.control
        let digest = digest
        try bench.manage()
        try bench.generate("9e", "11", policies: "aa0101ab0102")
        let signature = try OwnThread { try bench.sign("9e", "11", digest) }
        try control.awaitTouch()
        try control.remove()
        try control.insert()
        #expect(try signature.wait() == "")
        #expect(
            try bench.card.connect().transmit("00a4040005a000000308")?.hasSuffix("9000") == true)
    }

    @Test("another card is in the reader after the next insertion, and the first one later")
    func anotherCard() throws {
        let bench = try Workbench(PIVCardSettings(serial: 1))
        let other = try PIVCard(PIVCardSettings(serial: 2))
        let control = bench.card.control
        func serial() throws -> String? {
            let connection = try bench.card.connect()
            _ = try connection.transmit("00a4040005a000000308")
            return try connection.transmit("00f8000000")
        }
        #expect(try bench.send("00f8000000") == "000000019000")
        try control.remove()
        try control.insert(other.statePath)
        #expect(try serial() == "000000029000")
        #expect(throws: PIVCardError.self) { try control.insert() }
        try control.remove()
        try control.insert(bench.card.statePath)
        #expect(try serial() == "000000019000")
    }

    @Test("signatures are wrong, empty or written in other ways when the card is told so")
    func signatures() throws {
        let bench = try Workbench()
        let control = bench.card.control
        try bench.manage()
        try bench.generate("9e", "11")
        try control.quirk("signature", "wrong")
        #expect(try bench.verifies("9e", digest, try bench.sign("9e", "11", digest)) == false)
        try control.quirk("signature", "empty")
        #expect(try bench.send("0087119e08 7c06 8200 8102 0505") == "7c0282009000")
        try control.quirk("signature", "honest")
        for (form, length) in [("raw", 64...64), ("minimal", 66...72), ("padded", 70...74)] {
            try control.quirk("ecdsa", form)
            #expect(length.contains(try bench.sign("9e", "11", digest).count / 2), "\(form)")
        }
        try control.quirk("ecdsa", "long-length")
        #expect(try bench.sign("9e", "11", digest).hasPrefix("308200"))
        try control.quirk("ecdsa", "minimal")
        #expect(try bench.verifies("9e", digest, try bench.sign("9e", "11", digest)))
    }

    @Test(
        "attestations lie when the card is told so",
        arguments: [
            "other-key", "other-slot", "other-serial", "other-policy", "bad-signature",
            "no-extensions", "garbage",
        ])
    func attestations(fault: String) throws {
        let bench = try Workbench()
        try bench.manage()
        try bench.generate("9a", "11")
        let key = try bench.publicKey("9a")
        let honest = try Self.contents(try bench.demand("00f99a0000"))
        try bench.card.control.quirk("attestation", fault)
        let lying = try bench.demand("00f99a0000")
        if fault == "garbage" {
            #expect(lying == "30820100" + digits("garbage".utf8))
            return
        }
        // All but a wrong signature shows in what is said.
        #expect((try Self.contents(lying) == honest) == (fault == "bad-signature"))
        try bench.card.control.quirk("attestation", "honest")
        #expect(try bench.publicKey("9a") == key)
        #expect(try Self.contents(try bench.demand("00f99a0000")) == honest)
    }

    /// What a certificate says, without its number and its signature.
    private static func contents(_ certificate: String) throws -> String {
        let outcome = try Subprocess.run(
            "/usr/bin/openssl",
            [
                "x509", "-inform", "DER", "-noout", "-text", "-certopt",
                "no_serial,no_sigdump,no_signame,ext_dump",
            ], input: bytes(certificate))
        guard outcome.status == .exited(0) else {
            throw Workbench.Refused(reason: outcome.errors)
        }
        return outcome.output
    }

    @Test("status words, answers, cut answers, waiting and a lost login come as they are told")
    func faults() throws {
        let bench = try Workbench()
        let control = bench.card.control
        try control.fault("status 6f00 ins fd times 2")
        #expect(try bench.send("00fd000000") == "6f00")
        #expect(try bench.send("00f8000000").hasSuffix("9000"))
        #expect(try bench.send("00fd000000") == "6f00")
        #expect(try bench.send("00fd000000") == "0504039000")
        try control.fault("answer 00")
        #expect(try bench.send("00fd000000") == "00")
        try control.fault("truncate 1")
        #expect(try bench.send("00fd000000") == "05")
        try control.fault("delay 5 ins fd")
        #expect(try bench.send("00fd000000") == "0504039000")
        #expect(try bench.verifyPIN() == "9000")
        try control.fault("logout ins 20")
        #expect(try bench.send("0020008000") == "63c3")
        try control.fault("deselect")
        #expect(try bench.send("00fd000000") == "6d00")
        try control.fault("status 6f00")
        try control.clearFaults()
        try bench.select()
        #expect(throws: PIVCardError.self) { try control.fault("explode") }
        #expect(throws: PIVCardError.self) { try control.fault("status 6f00 ins 100") }
        #expect(throws: PIVCardError.self) { try control.quirk("signature", "fine") }
    }

    @Test("what was said can be read again, with the number of commands")
    func log() throws {
        let bench = try Workbench()
        let control = bench.card.control
        try control.clearLog()
        let before = try control.count()
        _ = try bench.verifyPIN("111111")
        #expect(
            try control.exchanges() == [
                PIVCardControl.Exchange(command: "0020008008313131313131ffff", answer: "63c2")
            ])
        #expect(try control.count() == before + 1)
        #expect(try control.count(instruction: 0x20) == 1)
        try control.awaitCount(1, instruction: 0x20)
    }

    @Test("a card can lack what Yubico added, or parts of it")
    func plainCards() throws {
        let plain = try Workbench(PIVCardSettings(quirks: ["no-yubico": "on"]))
        for command in ["00fd000000", "00f8000000", "00f7008000", "00f99a0000"] {
            #expect(try plain.send(command) == "6d00", "\(command)")
        }
        #expect(try plain.send("00a4040008a000000527471117") == "6a82")
        let parts = ["no-metadata": "00f7008000", "no-serial": "00f8000000"]
        for (quirk, command) in parts {
            let card = try Workbench(PIVCardSettings(quirks: [quirk: "on"]))
            #expect(try card.send(command) == "6d00", "\(quirk)")
        }
        let triple = try Workbench(PIVCardSettings(quirks: ["only-3des": "on"]))
        try triple.manage()
        #expect(try triple.send("00ffffff13089b10" + String(repeating: "11", count: 16)) == "6a80")
    }

    @Test("a broken file is told, and no card comes of it")
    func brokenFile() throws {
        let directory = try TemporaryDirectory()
        let state = try directory.write("state", "piv-card 1\nfirmware 5 4 3\nkey 154 17 1\n")
        let outcome = try Subprocess.run(
            try PIVCardProgram.path(), ["--state", state, "--listen", directory.file("socket")])
        #expect(outcome.status == .exited(1))
        #expect(outcome.errors == "piv-card: \(state): line 3 is broken\n")
    }

    @Test("garbage never ends the card")
    func garbage() throws {
        let bench = try Workbench()
        var generator = SeededGenerator(state: 4)
        try bench.manage()
        let commands = [
            "00a4040005a000000308", "0047009a05ac03800111", "0087119a067c0482008101",
            "00cb3fff055c035fc105", "00db3fff095c035fc10553020101", "00fe119a03060101",
            "0087039b047c028100", "00f7009a00", "00ffffff04039b1801", "0024008010",
        ].map(bytes)
        for _ in 0..<2000 {
            var command = commands.randomElement(using: &generator) ?? []
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                let byte = UInt8.random(in: 0...255, using: &generator)
                let index = Int.random(in: 0..<command.count, using: &generator)
                if Bool.random(using: &generator) {
                    command[index] = byte
                } else {
                    command.insert(byte, at: index)
                }
            }
            let answer = try bench.connection.transmit(command)
            #expect((answer?.count ?? 0) >= 2, "\(digits(command))")
        }
        try bench.select()
    }
}

/// Random numbers that are the same each time.
private struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state ^ state >> 29
    }
}
