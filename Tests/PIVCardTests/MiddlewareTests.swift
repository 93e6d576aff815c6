// SPDX-License-Identifier: Apache-2.0

import PIVCardSupport
import TestSupport
import Testing

@Suite("PIV card: PKCS#11 modules and OpenSC's tools judge")
struct MiddlewareTests {
    private static let managementKey = "010203040506070801020304050607080102030405060708"

    @Test("OpenSC takes the card for what it is, and signs with 9a and 9c")
    func openSC() throws {
        let bench = try ReaderWorkbench()
        try bench.furnish("9a", "ECCP256")
        try bench.furnish("9c", "ECCP384")
        #expect(
            try bench.run("opensc-tool", ["-n"]).contains("Personal Identity Verification Card"))
        let objects = try bench.pkcs11("opensc", ["--login", "--pin", "123456", "-O"])
        #expect(objects.contains("Access:     always authenticate"))
        #expect(try bench.signs("opensc", id: "01", slot: "9a", size: 32))
        #expect(try bench.signs("opensc", id: "02", slot: "9c", size: 48))
        let version = try bench.run("piv-tool", ["-s", "00FD000000"])
        #expect(version.contains("(SW1=0x90, SW2=0x00):\n05 04 03 ...\n"))
    }

    @Test("OpenSC shows retired keys that the key history object announces")
    func retired() throws {
        let bench = try ReaderWorkbench()
        try bench.furnish("82", "ECCP256")
        let without = try bench.pkcs11("opensc", ["--login", "--pin", "123456", "-O"])
        #expect(!without.contains("CN=key 82"))
        try bench.card.send("history 1")
        let with = try bench.pkcs11("opensc", ["--login", "--pin", "123456", "-O"])
        #expect(with.contains("CN=key 82"))
    }

    @Test("OpenSC's piv-tool shows management keys of all four kinds")
    func managementKeys() throws {
        let bench = try ReaderWorkbench()
        var (algorithm, key) = ("03", bytes(Self.managementKey))
        for (next, size) in [("08", 16), ("0A", 24), ("0C", 32), ("03", 24)] {
            let nextKey = (0..<size).map { UInt8($0 + 32) }
            let data = next + "9B" + digits([UInt8(size)] + nextKey)
            _ = try sendManaged(
                bench, algorithm, key, "00FFFFFF" + digits([UInt8(size + 3)]) + data)
            (algorithm, key) = (next, nextKey)
        }
        // Debian's piv-tool makes keys and then fails to write them; so it sends the bare command.
        let made = try sendManaged(bench, algorithm, key, "0047009E05AC03800111")
        #expect(made.contains("7F 49 43 86 41 04"))
    }

    private func writeKey(_ bench: ReaderWorkbench, _ key: [UInt8]) throws -> String {
        try bench.readers.directory.write(
            "key", key.map { digits([$0]) }.joined(separator: ":") + "\n")
    }

    /// What piv-tool shows of a command that it sends after mutual authentication.
    private func sendManaged(
        _ bench: ReaderWorkbench, _ algorithm: String, _ key: [UInt8], _ command: String
    ) throws -> String {
        let outcome = try Subprocess.run(
            "/usr/bin/piv-tool", ["-A", "M:9B:\(algorithm)", "-s", command],
            environment: bench.readers.environment.merging([
                "PIV_EXT_AUTH_KEY": try writeKey(bench, key)
            ]) { $1 })
        #expect(outcome.output.contains("(SW1=0x90, SW2=0x00)"), "\(algorithm): \(outcome)")
        return outcome.output
    }

    @Test("ykcs11 makes keys, and signs with 9a and by context login with 9c")
    func ykcs11() throws {
        let bench = try ReaderWorkbench([PIVCardSettings(serial: 4711)])
        for (id, slot, curve) in [("01", "9a", "prime256v1"), ("02", "9c", "secp384r1")] {
            try bench.pkcs11(
                "ykcs11",
                [
                    "--login", "--login-type", "so", "--so-pin", Self.managementKey,
                    "--keypairgen", "--id", id, "--key-type", "EC:\(curve)",
                ])
            try bench.yubico("-a", "attest", "-s", slot, "-o", bench.path("leaf"))
            try bench.readers.directory.write(
                "\(slot).pem",
                try bench.run("openssl", ["x509", "-in", bench.path("leaf"), "-noout", "-pubkey"]))
        }
        #expect(try bench.pkcs11("ykcs11", ["-L"]).contains("YubiKey PIV #4711"))
        #expect(try bench.signs("ykcs11", id: "01", slot: "9a", size: 32))
        #expect(try bench.signs("ykcs11", id: "02", slot: "9c", size: 48))
        #expect(try bench.signs("opensc", id: "02", slot: "9c", size: 48))
    }

    @Test("a wrong PIN through a module costs one try, and the right one brings them back")
    func wrongPIN() throws {
        let bench = try ReaderWorkbench()
        try bench.furnish("9a", "ECCP256")
        for (module, left) in [("opensc", 2), ("ykcs11", 1)] {
            let outcome = try bench.readers.run(
                "pkcs11-tool",
                ["--module", ReaderWorkbench.modules[module] ?? "", "--login", "--pin", "999999"]
                    + ["-O"])
            #expect(outcome.errors.contains("CKR_PIN_INCORRECT"))
            #expect(try bench.card.tries().pin == left)
        }
        #expect(try bench.signs("ykcs11", id: "01", slot: "9a", size: 32))
        #expect(try bench.card.tries().pin == 3)
    }

    @Test("a key that wants a touch waits in the middle of a module's signature")
    func touch() throws {
        let bench = try ReaderWorkbench()
        try bench.furnish("9a", "ECCP256", "--touch-policy=always")
        let signature = try OwnThread {
            try bench.signs("opensc", id: "01", slot: "9a", size: 32)
        }
        try bench.card.awaitTouch()
        try bench.card.touch()
        #expect(try signature.wait())
    }
}
