// SPDX-License-Identifier: Apache-2.0
import Ceremony
import Documents
import HomeSupport
import Issuance
import Ledger
import SSHCrypto
import SSHFormats
import Testing

@Suite("A state that goes on from the text of another")
struct HomeBaseTests {
    private static let noon = "2026-11-22T12:00:00Z"

    /// A ledger with renewals, revocations, an abandoned ceremony and batches that wait.
    private static func ledger() throws -> MemoryLedger {
        var ledger = try MemoryLedger()
        let keys = try ["alice", "bob", "web1", "web2"].map { try SoftwareKey($0) }
        let alice = try ledger.admit(.user(keys[0]), for: keys[0])
        let bob = try ledger.admit(.user(keys[1], principal: "bob", nonce: 3), for: keys[1])
        let web = try ledger.admit(
            RequestDraft.host(keys[2]).adding("renewable-until", "2027-11-22T00:00:00Z"),
            for: keys[2])
        try ledger.complete(ledger.draft(.init(requests: [alice, web])), at: noon)
        let waiting = try ledger.draft(.init(requests: [bob]), at: noon)
        try ledger.approve(waiting, by: "pavel", at: noon)
        try ledger.complete(
            ledger.draft(
                .init(revocations: [
                    RevokeItem(
                        authority: "users@example.org", target: .serials(1...1),
                        riskClass: "revocation", reason: "laptop lost")
                ]), at: noon))
        try ledger.approve(waiting, by: "quinn", at: noon)
        try ledger.open(waiting)
        try ledger.carryOut(waiting)
        try ledger.complete(ledger.draft(.init(renewals: [web]), at: noon))
        try ledger.admit(
            .host(keys[3], principal: "web2.example.org", nonce: 5), for: keys[3],
            at: noon)
        let last = try ledger.draftPending(at: noon)
        try ledger.approve(last, by: "pavel", "quinn", at: noon)
        return ledger
    }

    /// The state that goes on from the end of a ceremony.
    private static func resumed(
        _ ledger: MemoryLedger, at end: LedgerEntry,
        _ change: (String) -> String = { $0 }
    ) throws -> HomeState {
        let text = ledger.contents[try CeremonyClosedRecord(end).state] ?? []
        let state = try StateText(text: Array(change(String(decoding: text, as: UTF8.self)).utf8))
        var tree = MerkleFrontier()
        for entry in ledger.entries.prefix(Int(end.index) + 1) { tree.append(entry.leafHash) }
        return try HomeState(
            founding: HomeState(ledger.entries[0]) { ledger.contents[$0] }, text: state, end: end,
            tree: tree,
            underWay: state.underWay.map { batch in
                (
                    ledger.entries[Int(batch.entry)],
                    batch.approvals.map { ledger.entries[Int($0)] }
                )
            }, content: { ledger.contents[$0] }, past: ledger.past(before: end.index + 1))
    }

    @Test("from the end of any ceremony on, it is the same state that all entries give")
    func same() throws {
        let ledger = try Self.ledger()
        let ends = ledger.entries.filter { $0.kind == .ceremonyClosed }
        #expect(ends.count == 4)
        let now = try time(Self.noon)
        for end in ends {
            let past = ledger.past(before: end.index + 1)
            var state = try Self.resumed(ledger, at: end)
            for entry in ledger.entries.dropFirst(Int(end.index) + 1) {
                try state.apply(entry, content: { ledger.contents[$0] }, past: past)
            }
            for index in state.forgottenWaiting { state.recall(try past.request(index)) }
            #expect(state.digest == ledger.state.digest)
            #expect(state.root == ledger.state.root)
            #expect(state.nextSerials == ledger.state.nextSerials)
            #expect(
                state.pendingRequests(at: now).map(\.entry)
                    == ledger.state.pendingRequests(at: now).map(\.entry))
            let last = try #require(state.batches.last)
            #expect(last.number == 5)
            for case .issue(let item) in last.manifest.items {
                guard let entry = try past.admission(item.request) else { continue }
                state.recall(try past.request(entry))
            }
            let opened = try state.approve(last.manifest.id, at: now).orders()
            #expect(opened.map(\.item.request).count == 1)
        }
    }

    @Test("a request of before is not admitted again, and is answered anew where it consented")
    func requests() throws {
        let ledger = try Self.ledger()
        let end = try #require(ledger.entries.last { $0.kind == .ceremonyClosed })
        let past = ledger.past(before: end.index + 1)
        let state = try Self.resumed(ledger, at: end)
        let first = try #require(ledger.state.requestOrder.first)
        let again = RequestRecord(
            try #require(ledger.state.requests[first]).request, name: "again.req")
        let entry = try again.draft.entry(index: state.size, time: time(Self.noon))
        let told = try violations {
            var state = state
            try state.apply(entry, content: { ledger.contents[$0] }, past: past)
        }
        #expect(
            told == ["entry \(state.size): the request is there already (RECORD)"])
    }

    @Test(
        "a text that is not of this home is refused",
        arguments: [
            ("genesis: ", "genesis"), ("policy: ", "policy"), ("roster: ", "roster"),
            ("authority: users", "authorities, ca-key"), ("next-serial: 3\nca-key: ", "ca-key"),
        ])
    func foreign(_ line: String, _ what: String) throws {
        let ledger = try Self.ledger()
        let end = try #require(ledger.entries.last { $0.kind == .ceremonyClosed })
        let key = try SoftwareKey("hosts-ca").publicKey.line
        let told = try violations {
            _ = try Self.resumed(ledger, at: end) { text in
                guard let place = text.range(of: line) else { return text }
                let rest = text[place.upperBound...]
                let next = rest.first ?? "0"
                return switch what {
                case "authorities, ca-key":
                    text.replacing(line, with: "authority: visitors")
                case "ca-key": text.replacing(rest.prefix { $0 != "\n" }, with: key)
                default:
                    text.replacingCharacters(at: place.upperBound, with: next == "0" ? "1" : "0")
                }
            }
        }
        #expect(
            told == [
                "the state of entry \(end.index) is not one of this home: \(what) (STATE-DIGEST)"
            ])
    }
}

extension String {
    fileprivate func range(of part: String) -> Range<String.Index>? { firstRange(of: part) }

    fileprivate func replacingCharacters(at place: Index, with other: Character) -> String {
        var text = self
        text.replaceSubrange(place...place, with: [other])
        return text
    }
}
