// SPDX-License-Identifier: Apache-2.0

/// Which module may import which: the arrows of the house, and they go one way.
///
/// A module that is not listed may not stand under `Sources`, and a listed one imports what stands
/// beside it and nothing else.
enum ImportTable {
    /// The modules that are C, declared for Swift and without a line of Swift in them.
    static let declarations: Set<String> = [
        "CLinux", "COpenSSL", "CPCSC", "CPKCS11", "CSQLite", "CSodium", "CYAML", "CZstd",
    ]

    /// The modules that know no file, no clock and no randomness.
    static let pure: Set<String> = [
        "Ceremony", "CertificateLint", "Documents", "Issuance", "Ledger", "Reports",
        "SSHCrypto", "SSHFormats", "TokenEvidence",
    ]

    /// Modules that no source of ours imports, the tests included.
    static let forbidden: Set<String> = [
        "Dispatch", "Foundation", "FoundationEssentials", "FoundationNetworking",
    ]

    /// What stands on the system's side of the seam: the C library and what comes with Swift.
    private static let system: Set<String> = ["CLinux", "Glibc", "Synchronization"]

    /// Each module with everything that it may import.
    static let allowed: [String: Set<String>] = [
        "SSHFormats": [],
        "Documents": [],
        "Workers": ["Glibc"],
        "SSHCrypto": ["COpenSSL", "CSodium", "SSHFormats", "Synchronization"],
        "CertificateLint": ["Documents", "SSHCrypto", "SSHFormats"],
        "Ledger": ["Documents", "SSHCrypto", "SSHFormats"],
        "TokenEvidence": ["Documents", "SSHCrypto", "SSHFormats"],
        "Issuance": ["Documents", "SSHCrypto", "SSHFormats", "TokenEvidence"],
        "Ceremony": [
            "Documents", "Issuance", "Ledger", "SSHCrypto", "SSHFormats", "TokenEvidence",
        ],

        "Reports": ["Documents", "Ledger", "SSHCrypto", "SSHFormats"],

        "Configuration": ["CYAML", "Documents"],
        "LedgerStore": [
            "CSQLite", "CZstd", "Documents", "Glibc", "Ledger", "SSHCrypto", "Workers",
        ],
        "Spool": system,
        "Token": system.union(["SSHCrypto", "SSHFormats", "TokenEvidence", "Workers"]),
        "PKCS11Token": system.union([
            "CPKCS11", "SSHCrypto", "SSHFormats", "Token", "TokenEvidence",
        ]),
        "PIVToken": system.union([
            "CPCSC", "SSHCrypto", "SSHFormats", "Token", "TokenEvidence",
        ]),

        "CeremonyRunner": system.union([
            "Ceremony", "Documents", "Issuance", "Ledger", "LedgerStore", "Reports", "SSHCrypto",
            "SSHFormats", "Spool", "Token", "TokenEvidence", "Workers",
        ]),
        "ConclaveCommands": system.union([
            "ArgumentParser", "Ceremony", "CeremonyRunner", "Configuration", "Documents",
            "Issuance", "Ledger", "LedgerStore", "PIVToken", "PKCS11Token", "Reports", "SSHCrypto",
            "SSHFormats", "Spool", "Token", "TokenEvidence",
        ]),
        "conclave": ["ConclaveCommands"],
        "conclave-verify": [
            "ArgumentParser", "CertificateLint", "Documents", "Glibc", "Issuance", "Ledger",
            "SSHCrypto", "SSHFormats", "Synchronization", "TokenEvidence", "Workers",
        ],
    ]

    /// The faults of one source file of `module`: each import that the table does not allow.
    static func faults(in text: String, module: String) -> [String] {
        guard let allowed = allowed[module] else {
            return ["module \(module) is not in the table of imports"]
        }
        return ImportScanner.imports(in: text).compactMap { found in
            guard forbidden.contains(found.module) || !allowed.contains(found.module) else {
                return nil
            }
            return "line \(found.line): \(module) imports \(found.module), which is not allowed"
        }
    }
}
