// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0
import PackageDescription

/// What every target of ours is built with: the strict language, and no warning left standing.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
]

/// Tests are as strict about warnings, but may reach for C without a mark on each line.
let strictTests: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

let argumentParser = Target.Dependency.product(
    name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
    name: "conclave",
    products: [
        .executable(name: "conclave", targets: ["conclave"]),
        .executable(name: "conclave-verify", targets: ["conclave-verify"]),
        // For the nested packages under Tests, which the main build doesn't pay for.
        .library(
            name: "ConclaveFormats",
            targets: [
                "CertificateLint", "Configuration", "Documents", "Issuance", "Ledger", "SSHCrypto",
                "SSHFormats", "Token", "TokenEvidence",
            ]),
        .library(
            name: "ConclaveTokens",
            targets: ["PIVToken", "PKCS11Token", "Token", "TokenEvidence"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2")
    ],
    targets: [
        // Bytes and texts: pure, no files, no clock, no randomness.
        .target(name: "SSHFormats", swiftSettings: strict),
        .target(name: "Documents", swiftSettings: strict),
        // Threads of our own, for work on all cores.
        .target(name: "Workers", swiftSettings: strict),
        .target(
            name: "SSHCrypto", dependencies: ["COpenSSL", "CSodium", "SSHFormats"],
            swiftSettings: strict),
        .target(
            name: "CertificateLint", dependencies: ["Documents", "SSHCrypto", "SSHFormats"],
            swiftSettings: strict),
        .target(
            name: "Ledger", dependencies: ["Documents", "SSHCrypto", "SSHFormats"],
            swiftSettings: strict),
        .target(
            name: "Issuance",
            dependencies: ["Documents", "SSHCrypto", "SSHFormats", "TokenEvidence"],
            swiftSettings: strict),
        .target(
            name: "Ceremony",
            dependencies: [
                "Documents", "Issuance", "Ledger", "SSHCrypto", "SSHFormats", "TokenEvidence",
            ],
            swiftSettings: strict),

        .target(
            name: "Reports", dependencies: ["Documents", "Ledger", "SSHCrypto", "SSHFormats"],
            swiftSettings: strict),
        .target(
            name: "TokenEvidence", dependencies: ["Documents", "SSHCrypto", "SSHFormats"],
            swiftSettings: strict),

        // The outside world, one seam each.
        .target(
            name: "Configuration", dependencies: ["CYAML", "Documents"], swiftSettings: strict),
        .target(
            name: "LedgerStore",
            dependencies: [
                "CSQLite", "CZstd", "Documents", "Ledger", "SSHCrypto", "Workers",
            ],
            swiftSettings: strict),
        .target(name: "Spool", dependencies: ["CLinux"], swiftSettings: strict),
        .target(
            name: "Token", dependencies: ["SSHCrypto", "SSHFormats", "TokenEvidence", "Workers"],
            swiftSettings: strict),
        .target(
            name: "PKCS11Token",
            dependencies: ["CPKCS11", "SSHCrypto", "SSHFormats", "Token", "TokenEvidence"],
            swiftSettings: strict),
        .target(
            name: "PIVToken",
            dependencies: ["CPCSC", "SSHCrypto", "SSHFormats", "Token", "TokenEvidence"],
            swiftSettings: strict),

        // The ceremony carried out, and the programs.
        .target(
            name: "CeremonyRunner",
            dependencies: [
                "CLinux", "Ceremony", "Documents", "Issuance", "Ledger", "LedgerStore",
                "Reports", "SSHCrypto", "SSHFormats", "Spool", "Token", "TokenEvidence", "Workers",
            ],
            swiftSettings: strict),
        .target(
            name: "ConclaveCommands",
            dependencies: [
                argumentParser, "Ceremony", "CeremonyRunner", "Configuration", "Documents",
                "Issuance", "Ledger", "LedgerStore", "PIVToken", "PKCS11Token", "Reports",
                "SSHCrypto", "SSHFormats", "Spool", "Token", "TokenEvidence",
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "conclave", dependencies: ["ConclaveCommands"], swiftSettings: strict),
        .executableTarget(
            name: "conclave-verify",
            dependencies: [
                argumentParser, "CertificateLint", "Documents", "Issuance", "Ledger", "SSHCrypto",
                "SSHFormats", "TokenEvidence", "Workers",
            ],
            swiftSettings: strict),

        // C, where it is declared and nowhere else.
        .systemLibrary(
            name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(
            name: "CSodium", pkgConfig: "libsodium", providers: [.apt(["libsodium-dev"])]),
        .systemLibrary(
            name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(
            name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
        .systemLibrary(
            name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
        .systemLibrary(name: "CLinux"),
        .target(name: "CPCSC", linkerSettings: [.linkedLibrary("pcsclite")]),
        .target(name: "CPKCS11"),

        // Tests: one target a module, and the house as a whole.
        .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: strictTests),
        .target(
            name: "SoftHSMSupport", dependencies: ["CPKCS11", "TestSupport"],
            path: "Tests/SoftHSMSupport", swiftSettings: strictTests),
        .testTarget(name: "ArchitectureTests", swiftSettings: strictTests),
        .testTarget(
            name: "SSHFormatsTests", dependencies: ["SSHFormats"], exclude: ["Vectors"],
            swiftSettings: strictTests),
        .testTarget(
            name: "SSHCryptoTests", dependencies: ["COpenSSL", "SSHCrypto", "SSHFormats"],
            swiftSettings: strictTests),
        .testTarget(
            name: "CertificateLintTests",
            dependencies: [
                "COpenSSL", "CertificateLint", "Documents", "SSHCrypto", "SSHFormats",
                "TestSupport",
            ],
            swiftSettings: strictTests),
        .testTarget(
            name: "DocumentsTests", dependencies: ["Documents"], swiftSettings: strictTests),
        .testTarget(
            name: "ConfigurationTests", dependencies: ["Configuration", "Documents"],
            swiftSettings: strictTests),
        .testTarget(
            name: "LedgerTests", dependencies: ["Documents", "Ledger", "SSHCrypto"],
            swiftSettings: strictTests),
        .testTarget(
            name: "LedgerStoreTests",
            dependencies: [
                "CSQLite", "CZstd", "Documents", "Ledger", "LedgerStore", "SSHCrypto",
            ],
            swiftSettings: strictTests),
        .testTarget(
            name: "SpoolTests", dependencies: ["Spool", "TestSupport"],
            swiftSettings: strictTests),
        .executableTarget(
            name: "home-maker",
            dependencies: [
                "COpenSSL", "Ceremony", "CeremonyRunner", "Documents", "HomeSupport", "Issuance",
                "Ledger", "LedgerStore", "SSHCrypto", "SSHFormats", "Spool",
            ],
            path: "Tests/HomeMaker", swiftSettings: strictTests),
        .target(
            name: "HomeSupport",
            dependencies: [
                "COpenSSL", "Ceremony", "Documents", "Issuance", "Ledger", "SSHCrypto",
                "SSHFormats", "TestSupport",
            ],
            path: "Tests/HomeSupport", swiftSettings: strictTests),
        .testTarget(
            name: "IssuanceTests",
            dependencies: [
                "Documents", "HomeSupport", "Issuance", "SSHCrypto", "SSHFormats", "TokenEvidence",
            ],
            swiftSettings: strictTests),
        .testTarget(
            name: "CeremonyRunnerTests",
            dependencies: [
                "Ceremony", "CeremonyRunner", "Documents", "HomeSupport", "Issuance", "Ledger",
                "LedgerStore", "SSHCrypto", "SSHFormats", "TestSupport",
            ],
            swiftSettings: strictTests),
        .testTarget(
            name: "CeremonyTests",
            dependencies: [
                "Ceremony", "Documents", "HomeSupport", "Issuance", "Ledger", "SSHCrypto",
                "SSHFormats",
            ],
            swiftSettings: strictTests),
        .testTarget(
            name: "ConclaveCommandsTests",
            dependencies: ["ConclaveCommands", "Documents", "SSHFormats", "Token"],
            swiftSettings: strictTests),
        .testTarget(
            name: "ConclaveTests",
            dependencies: ["conclave", "conclave-verify", "PIVCardSupport", "TestSupport"],
            swiftSettings: strictTests),
        .testTarget(
            name: "DocumentationTests",
            dependencies: [
                "Ceremony", "Configuration", "Documents", "Issuance", "Ledger", "SSHCrypto",
                "SSHFormats", "TestSupport", "Token", "TokenEvidence",
            ],
            swiftSettings: strictTests),
        .testTarget(
            name: "ReportsTests",
            dependencies: [
                "Documents", "Ledger", "Reports", "SSHCrypto", "SSHFormats", "TestSupport",
            ],
            swiftSettings: strictTests),
        .testTarget(
            name: "RequestMakerTests", dependencies: ["TestSupport"], swiftSettings: strictTests),
        .testTarget(
            name: "TokenTests", dependencies: ["SSHFormats", "Token", "TokenEvidence"],
            swiftSettings: strictTests),
        .target(
            name: "AttestationSupport",
            dependencies: ["SSHCrypto", "SSHFormats", "TestSupport", "TokenEvidence"],
            path: "Tests/AttestationSupport", swiftSettings: strictTests),
        .testTarget(
            name: "TokenEvidenceTests",
            dependencies: [
                "AttestationSupport", "Documents", "SSHCrypto", "SSHFormats", "TestSupport",
                "TokenEvidence",
            ],
            swiftSettings: strictTests),
        .testTarget(
            name: "ConclaveVerifyTests",
            dependencies: [
                "AttestationSupport", "conclave-verify", "CertificateLint", "Documents",
                "Issuance", "Ledger", "SSHCrypto", "SSHFormats", "TestSupport", "TokenEvidence",
                "Workers",
            ],
            swiftSettings: strictTests),
        .testTarget(
            name: "PKCS11TokenTests",
            dependencies: [
                "PKCS11Token", "SSHCrypto", "SSHFormats", "SoftHSMSupport", "TestSupport", "Token",
                "TokenEvidence",
            ],
            swiftSettings: strictTests),
        .target(
            name: "PIVCardSupport", dependencies: ["TestSupport"], path: "Tests/PIVCardSupport",
            swiftSettings: strictTests),
        .testTarget(
            name: "PIVCardTests", dependencies: ["PIVCardSupport", "TestSupport"],
            swiftSettings: strictTests),
        .testTarget(
            name: "PIVTokenTests",
            dependencies: [
                "COpenSSL", "PIVCardSupport", "PIVToken", "SSHCrypto", "SSHFormats", "TestSupport",
                "Token", "TokenEvidence",
            ],
            exclude: ["Transcripts"],
            swiftSettings: strictTests),
        .target(
            name: "TokenConformance",
            dependencies: [
                "PIVCardSupport", "PIVToken", "PKCS11Token", "SSHCrypto", "SSHFormats",
                "SoftHSMSupport", "TestSupport", "Token", "TokenEvidence",
            ],
            path: "Tests/TokenConformance", swiftSettings: strictTests),
        .executableTarget(
            name: "token-driver", dependencies: ["TokenConformance"], path: "Tests/TokenDriver",
            swiftSettings: strictTests),
        .testTarget(
            name: "TokenConformanceTests",
            dependencies: ["TestSupport", "TokenConformance", "token-driver"],
            swiftSettings: strictTests),
    ]
)
