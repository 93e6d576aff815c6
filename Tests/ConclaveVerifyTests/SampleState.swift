// SPDX-License-Identifier: Apache-2.0
import Documents
import Issuance
import Ledger
import SSHCrypto
import SSHFormats

/// The state of a sample's home, made anew from all of its entries by `Docs/Formats/LedgerEntry.md`.
struct SampleState {
    private struct Batch {
        let entry: UInt64
        let manifest: BatchManifest
        var approvals: [UInt64] = []
        var isOpen = false
        var isRejected = false
    }

    private let home: SampleHome
    private var drafted: [Batch] = []
    private var abandoned: [(UInt64, UInt64)] = []
    private var epochs: [(entry: UInt64, batch: UInt64)] = []
    private var givenUp: [String] = []
    private var version: UInt64 = 0
    private var list: SHA256Digest
    private var revoked: [String] = []
    private var requests: [String: UInt64] = [:]
    private var next: [String: UInt64] = [:]
    private var unissued: [String: Set<UInt64>] = [:]
    private var setAside: Set<String> = []

    /// Follows the entries, and a batch's end behind them.
    init(_ home: SampleHome, ending batch: SHA256Digest, by decision: SHA256Digest? = nil) throws {
        self.home = home
        list = SHA256Digest(hashing: try home.genesis.firstRevocationList())
        for entry in home.entries {
            var fields: [String: String] = [:]
            for field in entry.blocks.flatMap(\.fields) { fields[field.name] = field.value }
            try take(entry, fields)
        }
        try end(batch, by: decision)
    }

    private mutating func take(_ entry: LedgerEntry, _ fields: [String: String]) throws {
        let id = fields["batch"].flatMap { SHA256Digest(hex: $0) }
        let place = drafted.firstIndex { $0.manifest.id == id }
        switch entry.kind {
        case .request: requests[fields["request"] ?? ""] = entry.index
        case .batch:
            guard let text = id.flatMap({ home.contents[$0] }) else { return }
            let manifest = try BatchManifest(text: text)
            drafted.append(Batch(entry: entry.index, manifest: manifest))
            for case .issue(let item) in manifest.items {
                next[item.authority] = item.fields.serial + 1
                unissued[item.authority, default: []].insert(item.fields.serial)
            }
        case .approval: if let place { drafted[place].approvals.append(entry.index) }
        case .rejection: if let place { drafted[place].isRejected = true }
        case .ceremonyOpened: if let place { drafted[place].isOpen = true }
        case .issued:
            let certificate = try Certificate(line: fields["certificate"] ?? "")
            requests[fields["request"] ?? ""] = nil
            unissued[fields["authority"] ?? ""]?.remove(certificate.fields.serial)
            setAside.remove(certificate.fields.signatureKey.line)
        case .krl:
            version = fields["version"].flatMap { UInt64($0) } ?? 0
            list = fields["list"].flatMap { SHA256Digest(hex: $0) } ?? list
        case .epoch:
            guard let place else { return }
            let manifest = drafted[place].manifest
            epochs.append((entry.index, manifest.header.number))
            for case .newEpoch(let item) in manifest.items {
                next[item.authority] = item.nextSerial
            }
            for anchor in manifest.newEpochs.first?.anchors ?? []
            where !givenUp.contains(anchor.text) {
                givenUp.append(anchor.text)
            }
            unissued = [:]
            for other in drafted.indices where !drafted[other].isOpen {
                drafted[other].isRejected = true
            }
        case .ceremonyClosed:
            guard let id else { return }
            try end(id, by: fields["abandoned-by"].flatMap { SHA256Digest(hex: $0) })
        default: break
        }
    }

    private mutating func end(_ batch: SHA256Digest, by decision: SHA256Digest?) throws {
        guard let place = drafted.firstIndex(where: { $0.manifest.id == batch }) else { return }
        let manifest = drafted[place].manifest
        if let other = drafted.first(where: { $0.manifest.id == decision })?.manifest {
            abandoned.append((manifest.header.number, other.header.number))
            for case .issue(let item) in manifest.items
            where unissued[item.authority]?.remove(item.fields.serial) != nil {
                setAside.insert(item.fields.signatureKey.line)
            }
        }
        for case .revoke(let item) in manifest.items {
            revoked.append("\(manifest.header.number) \(item.authority) \(item.target.text)")
        }
        drafted[place].isRejected = true
        drafted[place].isOpen = false
    }

    /// The text.
    var text: [UInt8] {
        var text = DocumentWriter(kind: "state")
        text.field("genesis", home.genesis.id.hex)
        text.field("governing-head", home.governing?.digest.hex ?? "")
        text.field("policy", home.policy.digest.hex)
        text.field("roster", home.roster.digest.hex)
        text.field("batches", String(drafted.count))
        for (batch, by) in abandoned { text.field("abandoned", "\(batch) by \(by)") }
        for (entry, batch) in epochs { text.field("epoch", "\(entry) by \(batch)") }
        for anchor in givenUp { text.field("given-up", anchor) }
        text.field("krl-version", String(version))
        text.field("krl", list.hex)
        for line in revoked { text.field("revoked", line) }
        for range in Self.ranges(of: requests.values) { text.field("waiting", range) }
        for key in home.genesis.keys {
            text.block()
            text.field("authority", key.authority)
            text.field("next-serial", String(next[key.authority] ?? 1))
            for range in Self.ranges(of: unissued[key.authority] ?? []) {
                text.field("unissued", range)
            }
            text.field("ca-key", key.publicKey.line)
            if setAside.contains(key.publicKey.line) {
                text.field("set-aside", key.publicKey.line)
            }
        }
        for batch in drafted
        where batch.isOpen || !batch.isRejected && home.now < batch.manifest.header.expires {
            text.block()
            text.field("batch-entry", String(batch.entry))
            for entry in batch.approvals { text.field("approval-entry", String(entry)) }
        }
        return text.bytes
    }

    private static func ranges(of numbers: some Collection<UInt64>) -> [String] {
        var ranges: [(UInt64, UInt64)] = []
        for number in numbers.sorted() {
            if let last = ranges.last, last.1 + 1 == number {
                ranges[ranges.count - 1].1 = number
            } else {
                ranges.append((number, number))
            }
        }
        return ranges.map { $0 == $1 ? "\($0)" : "\($0)-\($1)" }
    }
}
