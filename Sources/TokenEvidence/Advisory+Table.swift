// SPDX-License-Identifier: Apache-2.0
import SSHFormats

extension Advisory {
    private static let ecdsa: Set<KeyKind> = [.ecdsaP256, .ecdsaP384, .ecdsaP521]

    /// All advisories that this program knows, the newest first.
    public static let all: [Advisory] = [
        Advisory(
            id: "YSA-2024-03",
            title: "EUCLEAK: who holds the device can measure ECDSA keys out of it",
            source: "https://www.yubico.com/support/security-advisories/ysa-2024-03/",
            keyKinds: ecdsa,
            affected: [
                Affected(words: ["yubikey"], firmware: [(version(0), version(5, 7))]),
                Affected(words: ["yubihsm"], firmware: [(version(2), version(2, 4))]),
            ],
            severity: .warns),
        Advisory(
            id: "CVE-2019-16863",
            title: "TPM-FAIL: the time of signatures gives ECDSA keys away",
            source: "https://www.st.com/content/st_com/en/campaigns/tpm-update.html",
            keyKinds: ecdsa,
            affected: [
                Affected(
                    words: ["st33tphf2"],
                    firmware: [
                        (version(71), version(71, 16)), (version(73), version(73, 10)),
                        (version(74), version(74, 20)),
                    ])
            ],
            severity: .forbids),
        Advisory(
            id: "YSA-2019-02",
            title: "the first random numbers after power-up are partly predictable",
            source: "https://www.yubico.com/support/security-advisories/ysa-2019-02/",
            keyKinds: ecdsa.union([.rsa]),
            affected: [
                Affected(words: ["yubikey"], firmware: [(version(4, 4, 2), version(4, 4, 5))])
            ],
            severity: .forbids),
        Advisory(
            id: "YSA-2017-01",
            title: "ROCA: RSA keys made on the device can be factored",
            source: "https://www.yubico.com/support/security-advisories/ysa-2017-01/",
            keyKinds: [.rsa],
            affected: [
                Affected(words: ["yubikey"], firmware: [(version(4), version(4, 3, 5))])
            ],
            severity: .forbids),
        Advisory(
            id: "CVE-2017-15361",
            title: "ROCA: RSA keys made on the TPM can be factored",
            source: "https://www.infineon.com/TPM-update",
            keyKinds: [.rsa],
            affected: [
                Affected(
                    words: ["infineon", "ifx", "slb96"],
                    firmware: [
                        (version(4), version(4, 34)), (version(4, 40), version(4, 43)),
                        (version(5), version(5, 62)), (version(6), version(6, 43)),
                        (version(7), version(7, 62)), (version(133), version(133, 33)),
                    ])
            ],
            severity: .forbids),
    ]

    private static func version(
        _ major: UInt8, _ minor: UInt8 = 0, _ patch: UInt8 = 0
    ) -> FirmwareVersion {
        FirmwareVersion(major, minor, patch)
    }
}
