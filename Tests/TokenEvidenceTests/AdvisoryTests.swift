// SPDX-License-Identifier: Apache-2.0
import SSHFormats
import Testing
import TokenEvidence

@Suite("Advisories") struct AdvisoryTests {
    @Test(
        "an advisory meets the versions that it names, and neither the one before nor after",
        arguments: [
            ("YSA-2024-03", "YubiKey", "5.4.3", KeyKind.ecdsaP384, true),
            ("YSA-2024-03", "YubiKey YK5", "5.6.255", .ecdsaP256, true),
            ("YSA-2024-03", "YubiKey", "5.7.0", .ecdsaP384, false),
            ("YSA-2024-03", "YubiKey", "5.4.3", .rsa, false),
            ("YSA-2024-03", "YubiHSM", "2.3.2", .ecdsaP256, true),
            ("YSA-2024-03", "YubiHSM", "2.4.0", .ecdsaP256, false),
            ("YSA-2024-03", "SoftHSM v2", "2.6.0", .ecdsaP256, false),
            ("YSA-2019-02", "YubiKey FIPS", "4.4.1", .rsa, false),
            ("YSA-2019-02", "YubiKey FIPS", "4.4.2", .rsa, true),
            ("YSA-2019-02", "YubiKey FIPS", "4.4.4", .ecdsaP256, true),
            ("YSA-2019-02", "YubiKey FIPS", "4.4.5", .ecdsaP256, false),
            ("YSA-2017-01", "YubiKey", "4.3.4", .rsa, true),
            ("YSA-2017-01", "YubiKey", "4.3.5", .rsa, false),
            ("YSA-2017-01", "YubiKey", "4.3.4", .ecdsaP256, false),
            ("CVE-2017-15361", "SLB9665", "5.61", .rsa, true),
            ("CVE-2017-15361", "SLB9665", "5.62", .rsa, false),
            ("CVE-2017-15361", "SLB9670", "7.61", .rsa, true),
            ("CVE-2017-15361", "SLB9670", "7.62", .rsa, false),
            ("CVE-2019-16863", "ST33TPHF2ESPI", "71.12", .ecdsaP256, true),
            ("CVE-2019-16863", "ST33TPHF2ESPI", "71.16", .ecdsaP256, false),
            ("CVE-2019-16863", "ST33TPHF2EI2C", "73.9", .ecdsaP256, true),
            ("CVE-2019-16863", "ST33TPHF2EI2C", "73.20", .ecdsaP256, false),
        ])
    func versions(
        _ id: String, _ model: String, _ version: String, _ kind: KeyKind, _ isMet: Bool
    ) throws {
        let advisory = try #require(Advisory.named(id))
        let match = advisory.match(
            manufacturer: "maker", model: model,
            firmware: FirmwareVersion(text: version), kind: kind)
        #expect(match == (isMet ? .certain : nil))
    }

    @Test("where the firmware is not told, the model alone raises a warning")
    func unknown() throws {
        let advisory = try #require(Advisory.named("YSA-2017-01"))
        #expect(
            advisory.match(
                manufacturer: "Yubico (www.yubico.com)", model: "YubiKey YK4", firmware: nil,
                kind: .rsa) == .firmwareUnknown)
    }

    @Test("each advisory has an ID of its own, and a source")
    func table() {
        #expect(Set(Advisory.all.map(\.id)).count == Advisory.all.count)
        #expect(Advisory.all.allSatisfy { $0.source.hasPrefix("https://") })
    }

    @Test("two numbers of a YubiKey's module are read as the three that they stand for")
    func packed() {
        func published(_ model: String, _ version: FirmwareVersion) -> FirmwareVersion? {
            DeviceEvidence(model: model, serial: "1", firmware: version).publishedFirmware
        }
        #expect(published("YubiKey YK5", FirmwareVersion(5, 43, 0)) == FirmwareVersion(5, 4, 3))
        #expect(published("YubiKey", FirmwareVersion(5, 7, 1)) == FirmwareVersion(5, 7, 1))
        #expect(published("YubiHSM", FirmwareVersion(2, 32, 0)) == FirmwareVersion(2, 3, 2))
        #expect(published("SoftHSM v2", FirmwareVersion(2, 61, 0)) == FirmwareVersion(2, 61, 0))
    }
}
