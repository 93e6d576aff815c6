// SPDX-License-Identifier: Apache-2.0

public import Token

/// What the card keeps of homes: the last checkpoint of each, in data objects that neither SP 800-73-4
/// nor Yubico uses.
///
/// Everybody can read them, and the management key alone writes them. An object that holds anything
/// else is somebody else's, and never touched.
///
/// Format: `Docs/Formats/Checkpoint.md`.
extension PIVToken {
    private typealias Kept = (place: PIVObject, text: [UInt8])

    /// The texts of the checkpoints that the card keeps of a home.
    ///
    /// - Throws: ``Token/TokenError``, `unsupported` where the card has no such objects.
    public nonisolated func checkpoints(of home: String) async throws(TokenError) -> [[UInt8]] {
        try requireObjects()
        return try await timed { (token) throws(TokenError) in
            try token.onCard { card throws(TokenError) in
                try token.survey(card, home).kept.map(\.text)
            }
        }
    }

    /// Writes the text into an object that is empty, reads it back, and then empties those that held
    /// the ones before.
    ///
    /// Interrupted in between, the card has both, and each is a checkpoint that was.
    ///
    /// - Throws: ``Token/TokenError``, `unsupported` where the card takes none; the management key
    ///   comes first.
    public nonisolated func keepCheckpoint(
        _ text: [UInt8], of home: String
    ) async throws(TokenError) {
        try requireObjects()
        try await timed { (token) throws(TokenError) in
            try token.onCard { card throws(TokenError) in
                try token.keep(card, text, home)
            }
        }
    }

    private func keep(
        _ card: PIVApplication, _ text: [UInt8], _ home: String
    ) throws(TokenError) {
        let (before, free) = try survey(card, home)
        if before.count == 1, before.first?.text == text { return }
        try showManagementKey(card)
        guard let free else {
            throw TokenError(
                .unsupported,
                "\(identity) has no object left for a checkpoint: all \(Self.places.count) are in use"
            )
        }
        do throws(TokenError) {
            try card.write(Self.heading(home) + text, to: free)
        } catch {
            guard error.operation == Instruction.putData.name else { throw error }
            throw TokenError(
                .unsupported, "\(identity) takes no object for a checkpoint",
                operation: error.operation, status: error.status, statusName: error.statusName)
        }
        guard try card.object(free) == Self.heading(home) + text else {
            throw TokenError(.other, "\(identity) does not show the checkpoint that it took")
        }
        for (place, _) in before { try card.write([], to: place) }
    }

    /// What is kept of a home, and the first object that holds nothing.
    private func survey(
        _ card: PIVApplication, _ home: String
    ) throws(TokenError) -> (kept: [Kept], free: PIVObject?) {
        let heading = Self.heading(home)
        var kept: [Kept] = []
        var free: PIVObject?
        for place in Self.places {
            guard let value = try content(card, of: place) else {
                free = free ?? place
                continue
            }
            if value.starts(with: heading) {
                kept.append((place, Array(value.dropFirst(heading.count))))
            }
        }
        return (kept, free)
    }

    private func content(
        _ card: PIVApplication, of place: PIVObject
    ) throws(TokenError) -> [UInt8]? {
        do throws(TokenError) {
            return try card.object(place)
        } catch {
            guard error.operation == Instruction.getData.name else { throw error }
            throw TokenError(
                .unsupported, "\(identity) has no object for a checkpoint",
                operation: error.operation, status: error.status, statusName: error.statusName)
        }
    }

    /// Refuses cards that have the standard's objects alone.
    private nonisolated func requireObjects() throws(TokenError) {
        guard isExtended else {
            throw TokenError(.unsupported, "\(identity) can keep no checkpoint")
        }
    }

    /// What an object of ours begins with.
    private static func heading(_ home: String) -> [UInt8] { Array("conclave \(home)\n".utf8) }

    /// The objects that are looked at: `5FCA00` to `5FCA07`, room for seven homes.
    static let places = (0x5FCA00...0x5FCA07 as ClosedRange<UInt32>).compactMap(PIVObject.init)
}
