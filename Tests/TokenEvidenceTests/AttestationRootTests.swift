// SPDX-License-Identifier: Apache-2.0
import SSHCrypto
import Testing
import TokenEvidence

@Suite("Attestation roots") struct AttestationRootTests {
    @Test("the roots that Yubico published are known by the SHA-256 of their keys")
    func published() {
        #expect(
            AttestationRoot.yubico.map(\.digest.hex) == [
                "4b185b7783d792f902cd960cd1c9417977d88d3077b16bc9ebdcef7313f2e29e",
                "1f43e2b88e964a5d03b8058bbaaced68199c9256200f1bb28eaab2f82a1e06f2",
                "29412da192720e5f4f22a408559c057e4ff25347eafb20cfb15a047a07601935",
            ])
    }

    @Test(
        "each generation of firmware has its root",
        arguments: [
            (FirmwareVersion(4, 2, 9), nil), (FirmwareVersion(4, 3, 0), 0),
            (FirmwareVersion(5, 7, 3), 0), (FirmwareVersion(5, 7, 4), 1),
        ] as [(FirmwareVersion, Int?)])
    func generations(_ firmware: FirmwareVersion, _ place: Int?) {
        #expect(
            AttestationRoot.expected(for: firmware) == place.map { AttestationRoot.yubico[$0] })
    }
}
