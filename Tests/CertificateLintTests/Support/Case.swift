// SPDX-License-Identifier: Apache-2.0
import Testing

/// A certificate with something wrong, and exactly what the linter says of it.
struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let change: @Sendable (inout CraftedCertificate) throws -> Void
    let expected: [String]

    init(
        _ name: String, _ expected: String...,
        change: @escaping @Sendable (inout CraftedCertificate) throws -> Void
    ) {
        testDescription = name
        self.expected = expected
        self.change = change
    }

    init(
        _ name: String, _ expected: [String],
        change: @escaping @Sendable (inout CraftedCertificate) throws -> Void
    ) {
        testDescription = name
        self.expected = expected
        self.change = change
    }

    /// Every case of every suite.
    static let all =
        FormCases.all + KeyCases.all + NameCases.all + OptionCases.all + SignatureCases.all
}
