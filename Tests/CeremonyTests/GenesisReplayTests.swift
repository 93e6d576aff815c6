// SPDX-License-Identifier: Apache-2.0
import Ceremony
import Documents
import HomeSupport
import Issuance
import Ledger
import SSHCrypto
import Testing

@Suite("The beginning of a home")
struct GenesisReplayTests {
    @Test("a home begins with its genesis, and knows nothing else")
    func beginning() throws {
        let state = try MemoryLedger().state
        let text = state.genesis.text
        #expect(state.id == SHA256Digest(hashing: text))
        #expect(state.size == 1)
        #expect(state.lastTime == (try time("2026-11-22T08:00:00Z")))
        #expect(state.nextSerials == ["users@example.org": 1, "hosts@example.org": 1])
        #expect(state.requests.isEmpty)
        #expect(state.batches.isEmpty)
        #expect(state.revocations.version == 0)
        #expect(
            state.authorityKeys("users@example.org") == [try SoftwareKey("users-ca").publicKey])
        #expect(state.authorityKeys("guests@example.org") == [])
        #expect(
            state.history.authorityKeys == [
                try SoftwareKey("users-ca").publicKey, try SoftwareKey("hosts-ca").publicKey,
            ])
    }

    @Test("the first of several CA keys of an authority signs")
    func severalKeys() throws {
        let state = try MemoryLedger(keys: [
            "users-ca users@example.org", "hosts-ca hosts@example.org",
            "users-ca-2 users@example.org",
        ]).state
        #expect(
            state.authorityKeys("users@example.org") == [
                try SoftwareKey("users-ca").publicKey, try SoftwareKey("users-ca-2").publicKey,
            ])
    }

    @Test("every officer has signed the genesis")
    func missingOfficer() throws {
        #expect(
            try violations { try MemoryLedger(signedBy: ["olivia", "olivia-spare"]) } == [
                "the genesis lacks the signature of Pavel Nov\u{E1}k, Quinn Okafor "
                    + "(GENESIS-SIGNATURE)"
            ])
        #expect(
            try violations { try MemoryLedger(signedBy: ["olivia", "pavel", "quinn", "wim"]) } == [
                "key \(try SoftwareKey("wim").publicKey.fingerprint) belongs to no officer on the "
                    + "roster (GENESIS-SIGNATURE)"
            ])
    }

    @Test("policy, roster and keys of the genesis belong together")
    func parts() throws {
        #expect(
            try violations { try MemoryLedger(keys: ["users-ca users@example.org"]) }
                == ["authority \"hosts@example.org\" has no CA key (GENESIS-TEXT)"])
    }

    @Test("a ledger does not begin with anything else")
    func otherKind() throws {
        var draft = EntryDraft(.refusal)
        draft.field("name", "x")
        #expect(
            try violations { try MemoryLedger(draft, at: time("2026-11-22T08:00:00Z")) }
                == ["the ledger does not begin with a genesis (RECORD)"])
    }

    @Test("a genesis stands at the beginning and nowhere else")
    func secondGenesis() throws {
        let ledger = try MemoryLedger()
        let first = try #require(ledger.entries.first)
        let text = String(decoding: first.bytes, as: UTF8.self)
            .replacing("index: 0", with: "index: 1")
        let second = try LedgerEntry(parsing: Array(text.utf8))
        #expect(
            try violations { try HomeState(second) { ledger.contents[$0] } }
                == ["the ledger does not begin with a genesis (RECORD)"])
        var state = ledger.state
        #expect(
            try violations { try state.apply(second) { ledger.contents[$0] } }
                == ["entry 1: kind genesis is not expected here (RECORD)"])
    }

    @Test("each text that the genesis entry names is there")
    func missingContent() throws {
        let ledger = try MemoryLedger()
        for digest in ledger.contents.keys {
            var contents = ledger.contents
            contents[digest] = nil
            let faults = try violations { try ledger.replay(contents: contents) }
            #expect(faults?.count == 1)
            #expect(faults?.first?.hasSuffix("\(digest.hex) is not in the ledger (RECORD)") == true)
        }
    }

    @Test("each text that the genesis entry names is what its name says")
    func alteredContent() throws {
        let ledger = try MemoryLedger()
        for (digest, bytes) in ledger.contents {
            var contents = ledger.contents
            contents[digest] = bytes + [0x0A]
            let faults = try violations { try ledger.replay(contents: contents) }
            #expect(faults?.count == 1)
            #expect(
                faults?.first?.hasSuffix("\(digest.hex) is not what its name says (RECORD)")
                    == true)
        }
    }

    @Test("kinds of entry that this version does not write are refused")
    func reservedKinds() throws {
        for kind in [EntryKind.roster, .policy, .key] {
            var ledger = try MemoryLedger()
            var draft = EntryDraft(kind)
            draft.field("x", "y")
            #expect(
                try violations { try ledger.append(draft, at: time("2026-11-22T08:00:01Z")) }
                    == ["entry 1: kind \(kind.rawValue) is not expected here (RECORD)"])
        }
    }

    @Test("entries follow one another in number and time")
    func order() throws {
        var ledger = try MemoryLedger()
        let draft = RefusalRecord(name: "x", file: nil, violations: ["no"]).draft
        try ledger.append(draft, at: time("2026-11-22T08:00:00Z"))
        try ledger.append(draft, at: time("2026-11-22T08:00:01Z"))
        #expect(
            try violations { try ledger.append(draft, at: time("2026-11-22T08:00:00Z")) }
                == ["entry 3 does not follow entry 2 (RECORD)"])
        var state = ledger.state
        for index: UInt64 in [2, 4, 0, .max] {
            let entry = try draft.entry(index: index, time: time("2026-11-22T09:00:00Z"))
            #expect(
                try violations { try state.apply(entry) { _ in nil } }
                    == ["entry \(index) does not follow entry 2 (RECORD)"])
        }
        #expect(
            try violations { try ledger.replay { $0.index == 1 ? nil : $0 } }
                == ["entry 2 does not follow entry 0 (RECORD)"])
    }
}
