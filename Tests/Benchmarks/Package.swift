// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0
import PackageDescription

// What is measured is built as the programs are: in release mode, by `make bench`.
let package = Package(
    name: "conclave-benchmarks",
    dependencies: [
        .package(name: "conclave", path: "../..")
    ],
    targets: [
        .systemLibrary(
            name: "CBenchmarks", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .target(name: "CTokenLoop"),
        .executableTarget(
            name: "conclave-bench",
            dependencies: [
                "CBenchmarks", "CTokenLoop",
                .product(name: "ConclaveFormats", package: "conclave"),
                .product(name: "ConclaveTokens", package: "conclave"),
            ],
            swiftSettings: [
                .swiftLanguageMode(.v6),
                .enableUpcomingFeature("ExistentialAny"),
                .enableUpcomingFeature("MemberImportVisibility"),
                .treatAllWarnings(as: .error),
            ]),
    ]
)
