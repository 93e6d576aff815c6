// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Where Debian installs what stands between a card and its users.
public enum PIVPrograms {
    /// The service for smart cards.
    public static let pcscd = "/usr/sbin/pcscd"
    /// The driver of a virtual reader.
    public static let virtualReader = "/usr/lib/pcsc/drivers/serial/libifdvpcd.so"
}

extension PIVPrograms {
    /// The path of a PKCS#11 module by its file's name.
    public static func module(_ name: String) -> String {
        let folders = [
            "/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib",
        ]
        let paths = folders.flatMap { ["\($0)/\(name)", "\($0)/pkcs11/\(name)"] }
        return paths.first { access($0, R_OK) == 0 } ?? paths[0]
    }
}
