// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Documents
import Token
import TokenEvidence

/// Where on a PIV card a key is made, and what it is to want of people.
struct KeyPolicyOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The slot of a PIV card: 9a, 9c, 9d, 9e, 82 to 95; 9c unless given.",
            valueName: "slot"), transform: Self.slot)
    var slot: PIVSlot?

    @Option(
        help: ArgumentHelp(
            "When a key on a PIV card wants the PIN: never, once, always, match-once, match-always.",
            valueName: "policy"), transform: Self.pinPolicy)
    var pinPolicy: PINPolicy?

    @Option(
        help: ArgumentHelp(
            "When a key on a PIV card wants a touch: never, always, cached.", valueName: "policy"),
        transform: Self.touchPolicy)
    var touchPolicy: TouchPolicy?

    /// Whether anything was given that only a PIV card has.
    var isGiven: Bool { slot != nil || pinPolicy != nil || touchPolicy != nil }

    static func slot(_ text: String) throws -> PIVSlot {
        guard let slot = PIVSlot(text: text), slot != .attestation else {
            throw ValidationError("\(quoted(text)) is not one of 9a, 9c, 9d, 9e, 82 to 95")
        }
        return slot
    }

    private static func pinPolicy(_ text: String) throws -> PINPolicy {
        try one(of: PINPolicy.allCases, text)
    }

    private static func touchPolicy(_ text: String) throws -> TouchPolicy {
        try one(of: TouchPolicy.allCases, text)
    }

    private static func one<Policy: CustomStringConvertible>(
        of all: [Policy], _ text: String
    ) throws -> Policy {
        guard let policy = all.first(where: { $0.description == text }) else {
            let known = all.map(\.description).joined(separator: ", ")
            throw ValidationError("\(quoted(text)) is not one of \(known)")
        }
        return policy
    }
}
