// SPDX-License-Identifier: Apache-2.0
import Ceremony
public import Documents
import Issuance
import Ledger
import LedgerStore

/// A batch as a list of all batches shows it.
public struct BatchListing: Sendable {
    /// What became of it.
    public let outline: BatchOutline
    /// When it expires.
    public let expires: UnixTime
    /// The number of its items.
    public let items: Int
    /// The number of certificates that were issued.
    public let issued: UInt64
}

extension Home {
    /// All batches, in the order of their numbers.
    ///
    /// A manifest is not read whole to be listed: its head says when it expires, and its items are
    /// counted.
    ///
    /// - Throws: what the ledger throws.
    public func listings() throws -> [BatchListing] {
        var listings: [BatchListing] = []
        try forEachOutline { outline in
            let manifest = try content(outline.id)
            let head = manifest.prefix(65_536).split(separator: 0x0A).prefix(16)
            let expires = head.first { $0.starts(with: Self.expires) }
                .flatMap { String(validating: $0.dropFirst(Self.expires.count), as: UTF8.self) }
                .flatMap { UnixTime(text: $0) }
            guard let expires else {
                throw RunnerError.damaged("batch \(outline.number) says not when it expires")
            }
            let issued =
                outline.closed?.record.certificates
                ?? UInt64(state.batch(number: outline.number)?.issued.count ?? 0)
            listings.append(
                BatchListing(
                    outline: outline, expires: expires,
                    items: Self.countItems(manifest), issued: issued))
        }
        return listings
    }

    /// How many lines begin an item.
    private static func countItems(_ manifest: [UInt8]) -> Int {
        let item = Self.item
        return manifest.indices.count { place in
            manifest[place] == 0x0A && manifest[(place + 1)...].starts(with: item)
        }
    }

    private static var expires: [UInt8] { Array("expires: ".utf8) }
    private static var item: [UInt8] { Array("item: ".utf8) }
}
