// SPDX-License-Identifier: Apache-2.0
import Ceremony
import Documents
import HomeSupport
import Issuance
import Ledger
import SSHCrypto
import SSHFormats
import Testing

@Suite("A replay that forgets what is over")
struct FlatReplayTests {
    private static let noon = "2026-11-22T12:00:00Z"

    /// A ledger with ceremonies that ended in every way, and a host that is renewed each time.
    private static func ledger() throws -> MemoryLedger {
        var ledger = try MemoryLedger()
        let keys = try ["alice", "bob", "carol", "web1"].map { try SoftwareKey($0) }
        let alice = try ledger.admit(.user(keys[0]), for: keys[0])
        let bob = try ledger.admit(.user(keys[1], principal: "bob", nonce: 3), for: keys[1])
        let web = try ledger.admit(
            RequestDraft.host(keys[3]).adding("renewable-until", "2027-11-22T00:00:00Z"),
            for: keys[3])
        try ledger.complete(ledger.draft(.init(requests: [alice, web])), at: noon)
        let rejected = try ledger.draft(.init(requests: [bob]), at: noon)
        try ledger.reject(rejected, by: "pavel", at: noon)
        let interrupted = try ledger.draft(.init(requests: [bob], renewals: [web]), at: noon)
        try ledger.approve(interrupted, by: "pavel", "quinn", at: noon)
        try ledger.open(interrupted)
        try ledger.sign(1, of: interrupted)
        try ledger.complete(ledger.abandon(interrupted), at: noon)
        try ledger.complete(ledger.draft(.init(renewals: [web]), at: noon), at: noon)
        let carol = try ledger.admit(
            .user(keys[2], principal: "carol", nonce: 4), for: keys[2], at: noon)
        try ledger.complete(
            ledger.draft(.init(requests: [carol], renewals: [web]), at: noon), at: noon)
        return ledger
    }

    /// The state that follows `entries` of a ledger, which knew no more than `requests` at the end of
    /// any of them.
    @discardableResult
    private static func state(
        _ ledger: MemoryLedger, following entries: some Collection<LedgerEntry>,
        keeping requests: Int = 0, adding contents: [Content] = [],
        after: (HomeState) throws -> Void = { _ in }
    ) throws -> HomeState {
        var texts = ledger.contents
        for content in contents { texts[content.digest] = content.bytes }
        var state = try HomeState(ledger.entries[0]) { texts[$0] }
        for entry in entries.dropFirst() {
            try state.follow(
                ExaminedEntry(entry) { texts[$0] }, past: ledger.past(before: state.size),
                keeping: requests)
            try after(state)
        }
        return state
    }

    /// The ends of ceremonies: what is behind the first of them is known of the past alone.
    private static func ends(_ ledger: MemoryLedger) -> [Int] {
        ledger.entries.indices.filter { ledger.entries[$0].kind == .ceremonyClosed }
    }

    @Test("it decides what a replay decides that forgets nothing", arguments: [0, 1, 2, 100])
    func same(requests: Int) throws {
        let ledger = try Self.ledger()
        var whole = try HomeState(ledger.entries[0]) { ledger.contents[$0] }
        try Self.state(ledger, following: ledger.entries, keeping: requests) { state in
            try whole.apply(ledger.entries[Int(whole.size)]) { ledger.contents[$0] }
            #expect(state.digest == whole.digest)
            #expect(state.root == whole.root)
        }
    }

    @Test("it keeps no batch that is over, no certificate, and as many requests as it is told")
    func forgotten() throws {
        let ledger = try Self.ledger()
        var most = 0
        let state = try Self.state(ledger, following: ledger.entries, keeping: 1) { state in
            most = max(most, state.requests.count)
        }
        #expect(state.batchCount == 6)
        #expect(state.batches.isEmpty && state.requestOrder.isEmpty)
        #expect(most <= 2)
        #expect(state.base == state.size)
    }

    @Test("a request is not admitted twice, before what is forgotten or behind it")
    func twice() throws {
        let ledger = try Self.ledger()
        let first = try #require(ledger.state.requestOrder.first)
        let record = RequestRecord(
            try #require(ledger.state.requests[first]).request, name: "again.req")
        for end in [4] + Self.ends(ledger).map({ $0 + 1 }) {
            let before = ledger.entries.prefix(end)
            let entry = try record.draft.entry(
                index: UInt64(end), time: try #require(before.last).time)
            #expect(
                try violations { try Self.state(ledger, following: before + [entry]) }
                    == ["entry \(end): the request is there already (RECORD)"])
        }
    }

    @Test("a request whose signature is wrong is none, at whatever place")
    func signature() throws {
        let ledger = try Self.ledger()
        let key = try SoftwareKey("mallory")
        let good = try RequestDraft.user(key, nonce: 7).request(signedBy: key)
        let text = RequestDraft.user(key, nonce: 8).text
        let file = text + good.armoredSignature
        var draft = EntryDraft(.request)
        draft.field("request", SHA256Digest(hashing: text).hex)
        draft.field("file", Content(file).digest.hex)
        draft.field("name", "x.req")
        for end in [1] + Self.ends(ledger).map({ $0 + 1 }) {
            let before = ledger.entries.prefix(end)
            let entry = try draft.entry(
                index: UInt64(end), time: try #require(before.last).time)
            #expect(
                try violations {
                    try Self.state(
                        ledger, following: before + [entry], adding: [Content(file)])
                } == ["the signature does not hold over this text (REQUEST-POSSESSION)"])
        }
    }

    @Test("the end of every ceremony must state what decides")
    func digest() throws {
        let ledger = try Self.ledger()
        let other = Content([1])
        for end in Self.ends(ledger) {
            let entry = ledger.entries[end]
            let good = try CeremonyClosedRecord(entry).state.hex
            let text = String(decoding: entry.bytes, as: UTF8.self)
                .replacing(good, with: other.digest.hex)
            let changed = try LedgerEntry(parsing: Array(text.utf8))
            let told = try violations {
                try Self.state(
                    ledger, following: ledger.entries.prefix(end) + [changed], adding: [other])
            }
            #expect(
                told == [
                    "entry \(end) recorded state \(other.digest.hex), the replay gives \(good) "
                        + "(STATE-DIGEST)"
                ])
        }
    }

    @Test("a serial that is not the next is found, before what is forgotten and behind it")
    func serial() throws {
        let ledger = try Self.ledger()
        let drafts = ledger.entries.indices.filter { ledger.entries[$0].kind == .batch }
        for (place, end) in drafts.enumerated() {
            let record = try BatchRecord(ledger.entries[end])
            let manifest = try BatchManifest(text: ledger.contents[record.batch] ?? [])
            guard case .issue(let item)? = manifest.items.first else { continue }
            let forged = try ManifestForge.forge(
                manifest, ("serial", String(item.fields.serial + 1)))
            let entry = try BatchRecord(forged).draft.entry(
                index: UInt64(end), time: ledger.entries[end].time)
            let told = try violations {
                try Self.state(
                    ledger, following: ledger.entries.prefix(end) + [entry],
                    adding: [Content(forged.text)])
            }
            #expect(
                told == [
                    "entry \(end): serial \(item.fields.serial + 1) of "
                        + "\"\(item.authority)\" is not the next (RECORD)"
                ], "batch \(place + 1)")
        }
    }

    @Test("what names a batch that is over is refused")
    func overtaken() throws {
        let ledger = try Self.ledger()
        let end = try #require(Self.ends(ledger).last) + 1
        for kind in [EntryKind.approval, .rejection, .ceremonyOpened, .intent, .issued] {
            let old = try #require(ledger.entries.first { $0.kind == kind })
            let text = String(decoding: old.bytes, as: UTF8.self)
            let body = text.split(separator: "\n\n", maxSplits: 1)[1]
            let head = try EntryDraft(kind).entry(
                index: UInt64(end), time: try #require(ledger.entries.last).time)
            let entry = try LedgerEntry(
                parsing: head.bytes + Array("\n\(body)".utf8))
            #expect(
                try violations { try Self.state(ledger, following: ledger.entries + [entry]) }
                    == ["entry \(end): it names a batch that is not there (RECORD)"])
        }
    }
}
