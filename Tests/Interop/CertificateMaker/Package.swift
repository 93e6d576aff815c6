// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0
import PackageDescription

let package = Package(
    name: "CertificateMaker",
    dependencies: [.package(name: "conclave", path: "../../..")],
    targets: [
        .executableTarget(
            name: "CertificateMaker",
            dependencies: [.product(name: "ConclaveFormats", package: "conclave")],
            swiftSettings: [
                .swiftLanguageMode(.v6),
                .enableUpcomingFeature("ExistentialAny"),
                .enableUpcomingFeature("MemberImportVisibility"),
                .enableUpcomingFeature("InternalImportsByDefault"),
                .strictMemorySafety(),
                .treatAllWarnings(as: .error),
            ])
    ]
)
