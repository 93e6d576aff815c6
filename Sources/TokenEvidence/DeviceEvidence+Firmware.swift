// SPDX-License-Identifier: Apache-2.0

extension DeviceEvidence {
    /// The firmware's version as its maker numbers it.
    ///
    /// PKCS#11 has room for two numbers; the modules of YubiKeys and YubiHSMs put the third into
    /// the second, so that 5.4.3 arrives as 5.43. No version of theirs has a second number above 9.
    public var publishedFirmware: FirmwareVersion? {
        guard let firmware, firmware.minor >= 10, firmware.patch == 0,
            model.lowercased().contains("yubi")
        else { return firmware }
        return FirmwareVersion(firmware.major, firmware.minor / 10, firmware.minor % 10)
    }
}
