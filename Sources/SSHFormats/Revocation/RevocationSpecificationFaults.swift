// SPDX-License-Identifier: Apache-2.0

/// All lines of a specification that cannot be carried out: nothing of it is.
public struct RevocationSpecificationFaults: Error, Equatable, Sendable, CustomStringConvertible {
    /// The lines in their order, at most ``maximumCount``.
    public let all: [RevocationSpecificationError]
    /// The number of such lines beyond those.
    public let untold: Int

    /// The most lines that are told one by one.
    public static let maximumCount = 1_000

    /// The lines, one a line.
    public var description: String {
        let told = all.map(\.description).joined(separator: "\n")
        return untold == 0 ? told : told + "\nand \(untold) more"
    }
}
