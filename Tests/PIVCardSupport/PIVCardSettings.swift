// SPDX-License-Identifier: Apache-2.0

/// What a card is like when it is made: the options of `piv-card`.
public struct PIVCardSettings: Sendable {
    /// The firmware's version, such as 5.4.3.
    public var firmware: String
    /// The serial number.
    public var serial: UInt32
    /// What the card does unlike others, by name: see the README beside its sources.
    public var quirks: [String: String]
    /// Whether the card is in its reader from the start.
    public var isInserted: Bool

    /// A card like a YubiKey 5 before 5.7, unless told otherwise.
    public init(
        firmware: String = "5.4.3", serial: UInt32 = 12_345_678, quirks: [String: String] = [:],
        isInserted: Bool = true
    ) {
        self.firmware = firmware
        self.serial = serial
        self.quirks = quirks
        self.isInserted = isInserted
    }

    var arguments: [String] {
        ["--firmware", firmware, "--serial", "\(serial)"]
            + quirks.sorted { $0.key < $1.key }.flatMap { ["--quirk", "\($0.key)=\($0.value)"] }
            + (isInserted ? [] : ["--out"])
    }
}
