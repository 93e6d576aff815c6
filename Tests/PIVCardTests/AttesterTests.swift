// SPDX-License-Identifier: Apache-2.0

import PIVCardSupport
import TestSupport
import Testing

@Suite("PIV card: kinds of attestations and keys")
struct AttesterTests {
    @Test(
        "attestation keys are marked or not, on a curve, or below another authority",
        arguments: ["marked", "unmarked", "curve", "below"])
    func attesters(kind: String) throws {
        let bench = try Workbench(PIVCardSettings(quirks: ["f9": kind]))
        try bench.manage()
        try bench.generate("9a", "11")
        let leaf = try bench.card.directory.write("leaf", bytes(try bench.demand("00f99a0000")))
        let object = bytes(try bench.demand("00cb3fff055c035fff01"))
        // 53 and 70 with long lengths before it, 71 and FE behind.
        let certificate = try bench.card.directory.write(
            "f9", Array(object.dropFirst(8).dropLast(5)))
        let text = try bench.openssl(
            ["x509", "-inform", "DER", "-in", certificate, "-noout", "-text"])
        let shown = String(decoding: text, as: UTF8.self)
        #expect(shown.contains("CA:TRUE") == (kind != "unmarked"))
        #expect(shown.contains("ASN1 OID: secp384r1") == (kind == "curve"))
        #expect(shown.contains("Issuer: CN = Simulated PIV Attestation B 1") == (kind == "below"))
        let pem = try bench.card.directory.write(
            "f9.pem", try bench.openssl(["x509", "-inform", "DER", "-in", certificate]))
        // Each certificate against its issuer alone; OpenSSL wants authorities to be marked.
        let issued = ["verify", "-partial_chain", "-CAfile", pem, leaf]
        if kind == "unmarked" {
            #expect(throws: Workbench.Refused.self) { try bench.openssl(issued) }
        } else {
            try bench.openssl(issued)
        }
        if kind != "below" { try bench.openssl(["verify", "-CAfile", bench.card.rootPath, pem]) }
    }

    @Test("a card of the FIPS series says so in its attestations")
    func fips() throws {
        let bench = try Workbench(PIVCardSettings(quirks: ["fips": "on"]))
        try bench.manage()
        try bench.generate("9a", "11")
        let leaf = try bench.demand("00f99a0000")
        #expect(leaf.contains("2b0601040182c40a0309" + "040181"))
        #expect(leaf.contains("2b0601040182c40a030a"))
    }

    @Test("RSA keys have the structure of CVE-2017-15361 where the card is told so")
    func roca() throws {
        for isWeak in [true, false] {
            let bench = try Workbench(
                PIVCardSettings(firmware: "4.3.4", quirks: ["roca": isWeak ? "on" : "off"]))
            try bench.manage()
            let answer = bytes(try bench.generate("9e", "07"))
            let modulus = answer.dropFirst(9).prefix(256)
            #expect(Self.smallPrimes.allSatisfy { Self.isPower(modulus, of: $0) } == isWeak)
            let block = [0, 1] + [UInt8](repeating: 0xFF, count: 254)
            let signature = try bench.sign("9e", "07", block)
            let recovered = try bench.openssl(
                [
                    "pkeyutl", "-verifyrecover", "-pubin", "-inkey", try bench.publicKey("9e"),
                    "-pkeyopt", "rsa_padding_mode:none",
                ], input: bytes(signature))
            #expect(recovered == block)
        }
    }

    private static let smallPrimes = (2...701).filter { number in
        !(2..<number).prefix { $0 * $0 <= number }.contains { number % $0 == 0 }
    }

    /// Whether the number, by the prime, leaves a power of 65537.
    private static func isPower(_ number: some Sequence<UInt8>, of prime: Int) -> Bool {
        let rest = number.reduce(0) { ($0 << 8 | Int($1)) % prime }
        var power = 1
        repeat {
            if power == rest { return true }
            power = power * 65_537 % prime
        } while power != 1 && power != 0
        return false
    }
}
