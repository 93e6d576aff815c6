// SPDX-License-Identifier: Apache-2.0
import Documents
import Issuance
import Ledger
import SSHCrypto
import SSHFormats

/// The state that the end of a ceremony records, read from its text as far as that goes.
///
/// What cannot be read is left out: it then differs from what any entries lead to.
struct RecordedState: Sendable {
    /// A batch that can still be carried out.
    struct Batch: Hashable, Sendable {
        /// The entry that drafted it.
        let entry: UInt64
        /// The entries of its approvals.
        let approvals: [UInt64]
    }

    /// The most that a text of a state may be.
    private static let limits = DocumentLimits(
        maximumBytes: Content.maximumBytes, maximumLines: 1_048_576, maximumValueBytes: 65_536)

    /// What decides; home, rules and CA keys are those of the bundle.
    private(set) var state: DecidingState
    /// The batches that can still be carried out.
    private(set) var underWay: [Batch] = []
    /// The text in its parts.
    private let blocks: [Block]

    /// Reads the text of a state.
    ///
    /// - Throws: `Violations` where it is no such text.
    init(_ text: [UInt8], _ founding: Founding, governingHead: SHA256Digest) throws(Violations) {
        let document = try Document(parsing: text, kind: "state", limits: Self.limits)
        blocks = document.blocks
        state = DecidingState(founding, governingHead: governingHead)
        var unissued: [String: EntrySet] = [:]
        for block in document.sections {
            let serials = Self.ranges(block, "unissued")
            switch block.fields.first.map({ ($0.name, $0.value) }) {
            case ("authority", let name)?:
                unissued[name] = serials
                state.nextSerials[name] = Self.values(block, "next-serial", parseDecimal).first
                state.setAside.formUnion(
                    Self.values(block, "set-aside") { try? PublicKey(line: $0) })
            case ("batch-entry", let entry)?:
                guard let entry = parseDecimal(entry) else { continue }
                underWay.append(
                    Batch(
                        entry: entry,
                        approvals: Self.values(block, "approval-entry", parseDecimal)))
            default: continue
            }
        }
        readHeader(document.header, unissued)
    }

    private mutating func readHeader(_ header: Block, _ unissued: [String: EntrySet]) {
        state.batches = Self.values(header, "batches", parseDecimal).first ?? 0
        state.abandonments = Self.values(header, "abandoned", Self.pair).map { ($0, $1) }
        state.epochs = EpochLedger(
            begun: Self.values(header, "epoch", Self.pair).map { ($0, $1) },
            anchors: Self.values(header, "given-up") { NewEpochItem.Anchor(text: $0) },
            unissued: unissued)
        state.listVersion = Self.values(header, "krl-version", parseDecimal).first ?? 0
        state.list = Self.values(header, "krl") { SHA256Digest(hex: $0) }.first ?? state.list
        state.revoked = Self.values(header, "revoked") { text in
            let parts = text.split(separator: " ", maxSplits: 2).map(String.init)
            guard parts.count == 3, let batch = parseDecimal(parts[0]),
                let target = RevokeItem.Target(text: parts[2])
            else { return nil }
            return (
                RevokeItem(authority: parts[1], target: target, riskClass: "", reason: ""), batch
            )
        }
        state.waiting = Self.ranges(header, "waiting")
    }

    private static func values<Value>(
        _ block: Block, _ name: String, _ read: (String) -> Value?
    ) -> [Value] {
        block.fields.filter { $0.name == name }.compactMap { read($0.value) }
    }

    private static func ranges(_ block: Block, _ name: String) -> EntrySet {
        var set = EntrySet()
        for range in values(block, name, EntrySet.range) { _ = set.append(range) }
        return set
    }

    private static func pair(_ text: String) -> (UInt64, UInt64)? {
        let parts = text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3, parts[1] == "by", let first = parseDecimal(parts[0]),
            let second = parseDecimal(parts[2])
        else { return nil }
        return (first, second)
    }
}

extension RecordedState {
    /// Everything in which the text differs from one that was made anew.
    func differences(from text: [UInt8]) -> [String] {
        guard
            let expected = try? Document(parsing: text, kind: "state", limits: Self.limits).blocks
        else { return ["it cannot be made anew"] }
        var found: [String] = []
        for (place, (own, other)) in zip(blocks, expected).enumerated() {
            let names = (own.fields + other.fields).map(\.name).reduce(into: [String]()) {
                if $0.last != $1, !$0.contains($1) { $0.append($1) }
            }
            let part = place == 0 ? "" : other.fields.first.map { " of \($0.value)" } ?? ""
            for name in names {
                Self.compare(
                    name + part, Self.values(own, name) { $0 }, Self.values(other, name) { $0 },
                    &found)
            }
            if found.isEmpty, own.fields.map(\.name) != other.fields.map(\.name) {
                found.append("its fields\(part) are not in their order")
            }
        }
        if blocks.count != expected.count {
            found.append("it has \(blocks.count) parts, the entries lead to \(expected.count)")
        }
        return found
    }

    private static func compare(
        _ name: String, _ own: [String], _ expected: [String], _ found: inout [String]
    ) {
        guard own != expected else { return }
        if let value = own.first, let other = expected.first, own.count == 1, expected.count == 1 {
            found.append(
                "its \(name) is \(quoted(value)), the entries lead to \(quoted(other))")
            return
        }
        let (told, known) = (Set(own), Set(expected))
        let extra = own.first { !known.contains($0) }
        let missing = expected.first { !told.contains($0) }
        if let extra {
            found.append("its \(name) has \(quoted(extra)), to which the entries do not lead")
        }
        if let missing {
            found.append("its \(name) lacks \(quoted(missing)), to which the entries lead")
        }
        if extra == nil, missing == nil {
            found.append("its \(name) stands there twice, or in another order")
        }
    }
}
