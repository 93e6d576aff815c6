// SPDX-License-Identifier: Apache-2.0
import Glibc

/// Where makers and Debian put PKCS#11 modules.
///
/// Modules that show the tokens of others once more (p11-kit's proxy and its client), and those that
/// want settings before they start (NSS), are left out.
enum KnownModules {
    private static let architectures = ["x86_64-linux-gnu", "aarch64-linux-gnu"]

    private static let paths: [String] =
        ["/usr/lib/softhsm/libsofthsm2.so"]
        + architectures.flatMap { architecture in
            [
                "/usr/lib/\(architecture)/softhsm/libsofthsm2.so",
                "/usr/lib/\(architecture)/opensc-pkcs11.so",
                "/usr/lib/\(architecture)/libykcs11.so",
                "/usr/lib/\(architecture)/libykcs11.so.2",
                "/usr/lib/\(architecture)/pkcs11/libtpm2_pkcs11.so",
                "/usr/lib/\(architecture)/libtpm2_pkcs11.so.1",
                "/usr/lib/\(architecture)/pkcs11/libopencryptoki.so",
                "/usr/lib/\(architecture)/pkcs11/yubihsm_pkcs11.so",
            ]
        } + [
            "/opt/nfast/toolkits/pkcs11/libcknfast.so",
            "/usr/safenet/lunaclient/lib/libCryptoki2_64.so",
            "/opt/utimaco/lib/libcs_pkcs11_R3.so",
        ]

    /// The modules that are here, and those that were named, each file once.
    static func here(and named: [String]) -> [String] {
        var seen: Set<String> = []
        // What was named comes first, and also where it does not exist: that is told.
        return (named + paths.filter { unsafe access($0, F_OK) == 0 }).filter { path in
            seen.insert(resolved(path)).inserted
        }
    }

    /// The file that a path leads to, or the path where it leads to none.
    static func resolved(_ path: String) -> String {
        guard let found = unsafe realpath(path, nil) else { return path }
        defer { unsafe free(found) }
        return unsafe String(cString: found)
    }
}
