// SPDX-License-Identifier: Apache-2.0

/// What a device says of itself: claims, as long as no attestation proves them.
///
/// What the device does not tell is nil.
public struct DeviceEvidence: Hashable, Sendable {
    /// The model's name: `YubiKey`, `SoftHSM v2`.
    public let model: String
    /// The serial number, as text.
    public let serial: String
    /// The firmware's version.
    public let firmware: FirmwareVersion?
    /// The tries that the PIN has.
    public var pinTries: TryCount?
    /// What the module's flags say of the tries, where it tells no number.
    public var pinRemark: String?
    /// The tries that the PUK has.
    public var pukTries: TryCount?
    /// The secrets that the device says are still those from the factory; nil where it cannot tell.
    public var defaultSecrets: [DefaultSecret]?
    /// How many of how many must be present for the key to be used, where the device counts them.
    public var quorum: String?

    /// Makes the evidence of what is told.
    public init(
        model: String, serial: String, firmware: FirmwareVersion?, pinTries: TryCount? = nil,
        pinRemark: String? = nil, pukTries: TryCount? = nil,
        defaultSecrets: [DefaultSecret]? = nil, quorum: String? = nil
    ) {
        self.model = model
        self.serial = serial
        self.firmware = firmware
        self.pinTries = pinTries
        self.pinRemark = pinRemark
        self.pukTries = pukTries
        self.defaultSecrets = defaultSecrets
        self.quorum = quorum
    }
}
