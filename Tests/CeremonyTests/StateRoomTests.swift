// SPDX-License-Identifier: Apache-2.0
import Ceremony
import Documents
import HomeSupport
import Issuance
import Ledger
import Testing

@Suite("The room that a state has to grow")
struct StateRoomTests {
    private static let noon = "2026-11-22T12:00:00Z"

    @Test("a batch with certificates stops at twelve MiB, any other at fourteen")
    func bounds() {
        let (ordinary, relief) = (12_582_912, 14_680_064)
        #expect(StateRoom.fault(of: ordinary, issues: true) == nil)
        #expect(StateRoom.fault(of: relief, issues: false) == nil)
        #expect(
            StateRoom.fault(of: ordinary + 1, issues: true)?.description
                == "the state would have 12582913 bytes when the batch has ended, more than 12582912 "
                + "for one with certificates (STATE-SIZE)")
        #expect(
            StateRoom.fault(of: relief + 1, issues: false)?.description
                == "the state would have 14680065 bytes when the batch has ended, more than 14680064 "
                + "(STATE-SIZE)")
    }

    @Test("a batch that would leave too little of it is not drafted")
    func drafted() throws {
        let error = #expect(throws: Violations.self) {
            _ = try Self.draft(Self.state(bytes: 12_582_912))
        }
        #expect(error?.all.map(\.rule) == [.stateSize], "\(String(describing: error))")
    }

    private static func draft(_ state: HomeState) throws -> BatchDraft {
        try BatchDraft(
            BatchDraft.Order(
                requests: state.pendingRequests(at: time(noon)).map(\.request)),
            state: state,
            circumstances: BatchDraft.Circumstances(
                time: time(noon), ledgerRoot: state.root, tool: "conclave test"),
            nonce: { [UInt8](repeating: 7, count: 32) })
    }

    /// A home with a request, of which so many revocations are told that its state has this many bytes.
    private static func state(bytes: Int) throws -> HomeState {
        var ledger = try MemoryLedger()
        let (one, two) = (try SoftwareKey("alice"), try SoftwareKey("bob"))
        let alice = try ledger.admit(.user(one), for: one)
        try ledger.complete(ledger.draft(.init(requests: [alice])), at: noon)
        let end = try #require(ledger.entries.last)
        let bob = try RequestDraft.user(two, principal: "bob", nonce: 3).request(signedBy: two)
        let record = try CeremonyClosedRecord(end)
        let text = String(decoding: try #require(ledger.contents[record.state]), as: UTF8.self)
        let lead = "\nrevoked: 1 users@example.org key-id "
        var lines = ""
        while text.utf8.count + lines.utf8.count < bytes {
            let rest = bytes - text.utf8.count - lines.utf8.count
            let length = min(60_000, max(rest, lead.utf8.count + 1))
            lines += lead + String(repeating: "k", count: length - lead.utf8.count)
        }
        let place = try #require(text.firstRange(of: "\n\nauthority: "))
        let grown = text[..<place.lowerBound] + lines + text[place.lowerBound...]
        var tree = MerkleFrontier()
        for entry in ledger.entries { tree.append(entry.leafHash) }
        var contents = ledger.contents
        var state = try HomeState(
            founding: HomeState(ledger.entries[0]) { contents[$0] },
            text: StateText(text: Array(grown.utf8)), end: end, tree: tree, underWay: [],
            content: { contents[$0] }, past: .none)
        let draft = RequestRecord(bob, name: "x.req").draft
        for content in draft.contents { contents[content.digest] = content.bytes }
        let entry = try draft.entry(index: state.size, time: time(noon))
        try state.apply(entry) { contents[$0] }
        return state
    }
}
