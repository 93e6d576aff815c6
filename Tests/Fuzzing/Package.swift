// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0
import PackageDescription

/// What the program is built with: libFuzzer brings the function main.
///
/// The flag for that bars this package from being depended on, which is why it stands apart. There
/// is one thread, so the language of before concurrency will do.
let fuzzed: [SwiftSetting] = [
    .swiftLanguageMode(.v5),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
    .unsafeFlags(["-parse-as-library"]),
]

let package = Package(
    name: "fuzzing",
    dependencies: [.package(name: "conclave", path: "../..")],
    targets: [
        .target(name: "CFuzzing", linkerSettings: [.linkedLibrary("crypto")]),
        .executableTarget(
            name: "conclave-fuzz",
            dependencies: ["CFuzzing", .product(name: "ConclaveFormats", package: "conclave")],
            path: "Sources/Fuzz", swiftSettings: fuzzed),
    ]
)
