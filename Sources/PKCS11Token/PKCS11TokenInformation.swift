// SPDX-License-Identifier: Apache-2.0
import CPKCS11
public import Token

/// What a module tells of a token before anyone logs in.
public struct PKCS11TokenInformation: Hashable, Sendable {
    /// The texts that tell one token from another.
    public let identity: TokenIdentity
    /// What the token is and can do.
    public let flags: PKCS11TokenFlags
    /// The hardware's version, `major.minor`.
    public let hardwareVersion: String
    /// The firmware's version, `major.minor`.
    public let firmwareVersion: String
    /// The shortest PIN, in bytes; nil where the token doesn't say.
    public let minimumPINLength: Int?
    /// The longest PIN, in bytes; nil where the token doesn't say.
    public let maximumPINLength: Int?

    init(_ information: CK_TOKEN_INFO) {
        identity = TokenIdentity(
            label: fixedText(information.label), serial: fixedText(information.serialNumber),
            model: fixedText(information.model),
            manufacturer: fixedText(information.manufacturerID))
        flags = PKCS11TokenFlags(rawValue: information.flags)
        hardwareVersion = information.hardwareVersion.text
        firmwareVersion = information.firmwareVersion.text
        minimumPINLength = Int(exactly: information.ulMinPinLen)
        maximumPINLength = Int(exactly: information.ulMaxPinLen)
    }
}
