// SPDX-License-Identifier: Apache-2.0

import PIVCardSupport
import TestSupport
import Testing

@Suite("PIV card: yubico-piv-tool judges")
struct YubicoToolTests {
    @Test("it sees version, serial number, PIN tries and certificates")
    func status() throws {
        let bench = try ReaderWorkbench([PIVCardSettings(firmware: "5.4.3", serial: 7)])
        let fresh = try bench.yubico("-a", "status")
        #expect(fresh.contains("Version:\t5.4.3\nSerial Number:\t7\n"))
        #expect(fresh.contains("CHUID:\tNo data available\n"))
        try bench.yubico("-a", "set-chuid", "-a", "set-ccc")
        try bench.furnish("9a", "ECCP256")
        let furnished = try bench.yubico("-a", "status")
        #expect(furnished.contains("Slot 9a:\t\n\tAlgorithm:\tECCP256\n\tSubject DN:\tCN=key 9a\n"))
        #expect(furnished.contains("CHUID:\t3019d4e739da739ced39ce739d836858"))
        #expect(furnished.hasSuffix("PIN tries left:\t3\n"))
    }

    @Test(
        "it makes keys whose test signatures and attestations are right",
        arguments: [("9a", "ECCP256"), ("9c", "ECCP384"), ("9d", "RSA2048"), ("85", "ECCP384")])
    func keys(slot: String, algorithm: String) throws {
        let bench = try ReaderWorkbench()
        try bench.furnish(slot, algorithm, "--pin-policy=always", "--touch-policy=never")
        let signed = try bench.yubico(
            "-P", "123456", "-a", "verify-pin", "-a", "test-signature", "-s", slot, "-i",
            bench.path("\(slot).crt"))
        #expect(
            signed.contains("Successful \(algorithm.hasPrefix("R") ? "RSA" : "ECDSA") verification")
        )
        try bench.yubico("-a", "attest", "-s", slot, "-o", bench.path("leaf"))
        try bench.yubico("-a", "read-certificate", "-s", "f9", "-o", bench.path("f9"))
        let verified = try bench.run(
            "openssl",
            [
                "verify", "-CAfile", bench.readers.rootPath, "-untrusted", bench.path("f9"),
                bench.path("leaf"),
            ])
        #expect(verified.hasSuffix(": OK\n"))
    }

    @Test("it imports keys of others, which sign and are not attested")
    func imports() throws {
        let bench = try ReaderWorkbench()
        for (slot, options) in [
            ("9e", ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"]),
            ("82", ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"]),
        ] {
            let key = bench.path("\(slot).key")
            try bench.run("openssl", ["genpkey", "-out", key] + options)
            try bench.run(
                "openssl", ["pkey", "-in", key, "-pubout", "-out", bench.path("\(slot).pem")])
            try bench.yubico("-a", "import-key", "-s", slot, "-i", key)
            try bench.certify(slot)
            let signed = try bench.yubico(
                "-P", "123456", "-a", "verify-pin", "-a", "test-signature", "-s", slot, "-i",
                bench.path("\(slot).crt"))
            #expect(signed.contains("verification"))
            #expect(
                try bench.yubicoRefuses("-a", "attest", "-s", slot) == "Failed to attest data.\n")
        }
    }

    @Test("it changes PIN, PUK and management key, unblocks, sets tries and resets")
    func references() throws {
        let bench = try ReaderWorkbench()
        try bench.yubico("-a", "change-pin", "-P", "123456", "-N", "654321")
        try bench.yubico("-a", "change-puk", "-P", "12345678", "-N", "87654321")
        #expect(
            try bench.yubicoRefuses("-a", "verify-pin", "-P", "123456").contains("2 tries left"))
        #expect(try bench.card.tries() == PIVCardControl.Tries(pin: 2, puk: 3))
        try bench.yubico("-a", "unblock-pin", "-P", "87654321", "-N", "123456")
        #expect(try bench.card.tries() == PIVCardControl.Tries(pin: 3, puk: 3))
        let key = String(repeating: "0123456789abcdef", count: 3)
        try bench.yubico("-a", "set-mgm-key", "-n", key)
        #expect(try bench.yubicoRefuses("-a", "generate", "-s", "9a", "-A", "ECCP256") != "")
        try bench.yubico("-k\(key)", "-a", "generate", "-s", "9a", "-A", "ECCP256")
        try bench.yubico(
            "-k\(key)", "-P", "123456", "-a", "verify-pin", "-a", "pin-retries", "--pin-retries",
            "2",
            "--puk-retries", "1")
        #expect(try bench.card.tries() == PIVCardControl.Tries(pin: 2, puk: 1))
        #expect(try bench.yubicoRefuses("-a", "reset") != "")
        for _ in 0..<2 { _ = try bench.yubicoRefuses("-a", "verify-pin", "-P", "111111") }
        _ = try bench.yubicoRefuses("-a", "unblock-pin", "-P", "11111111", "-N", "123456")
        #expect(try bench.yubicoRefuses("-a", "verify-pin", "-P", "123456").contains("blocked"))
        try bench.yubico("-a", "reset")
        #expect(try bench.card.tries() == PIVCardControl.Tries(pin: 3, puk: 3))
        #expect(try bench.yubicoRefuses("-a", "attest", "-s", "9a") != "")
    }
}
