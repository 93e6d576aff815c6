// SPDX-License-Identifier: Apache-2.0
import Ledger
import SSHCrypto

/// How the look through a ledger is divided: stretches of entries, and to each a share of the contents.
struct VerificationPlan: Sendable {
    /// A piece of the work.
    struct Part: Sendable {
        /// The entries; nil where there are contents alone.
        let stretch: EntryStretch?
        /// The last entry of the ledger when the work was planned.
        let lastEntry: UInt64
        /// The rows of contents.
        let contents: ClosedRange<Int64>?
    }

    /// The pieces, in order.
    let parts: [Part]

    /// Plans on what the connection of `store` sees.
    init(_ store: LedgerStore) throws(LedgerStoreError) {
        let stretches = try EntryStretch.all(in: store)
        let last = try store.database.integer("SELECT max(idx) FROM entry") ?? 0
        // They are numbered from 1; whoever numbers them otherwise only shares the work out badly.
        let first = try store.database.integer("SELECT min(id) FROM content")
        let final = try store.database.integer("SELECT max(id) FROM content")
        var parts: [Part] = []
        var from = first ?? 0
        for (number, stretch) in stretches.enumerated() {
            var share: ClosedRange<Int64>?
            if let final, from <= final {
                let left = Int64(stretches.count - number)
                let (span, overflow) = final.subtractingReportingOverflow(from)
                let end = left == 1 || overflow ? final : from + span / left
                share = from...end
                from = end == Int64.max ? end : end + 1
                if end == final { from = .max }
            }
            parts.append(
                Part(stretch: stretch, lastEntry: UInt64(clamping: last), contents: share))
        }
        if parts.isEmpty, let first, let final {
            parts.append(Part(stretch: nil, lastEntry: 0, contents: first...max(first, final)))
        }
        self.parts = parts
    }
}

/// What was found in one piece of the work.
struct PartFindings: Sendable {
    /// What the stretch of entries gave.
    var stretch: StretchFindings?
    /// The contents that are wrong.
    var contentFaults: [LedgerFault] = []
    /// What leads to the contents of this part, as their digests say.
    var lookUps = HandleSum()
}
