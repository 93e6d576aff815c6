// SPDX-License-Identifier: Apache-2.0

/// Where Debian installs what stands between a card and its users.
public enum PIVPrograms {
    /// The service for smart cards.
    public static let pcscd = "/usr/sbin/pcscd"
    /// The driver of a virtual reader.
    public static let virtualReader = "/usr/lib/pcsc/drivers/serial/libifdvpcd.so"
}
