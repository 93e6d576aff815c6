// SPDX-License-Identifier: Apache-2.0
import Ceremony
import Documents
import HomeSupport
import Issuance
import Ledger
import SSHCrypto
import SSHFormats
import Testing

@Suite("The choice among an authority's CA keys")
struct KeyChoiceTests {
    private var ledger: MemoryLedger
    private let first: PublicKey
    private let spare: PublicKey

    init() throws {
        ledger = try MemoryLedger(keys: [
            "users-ca users@example.org", "hosts-ca hosts@example.org",
            "users-ca-2 users@example.org",
        ])
        first = try SoftwareKey("users-ca").publicKey
        spare = try SoftwareKey("users-ca-2").publicKey
        let alice = try SoftwareKey("alice")
        try ledger.admit(.user(alice), for: alice)
    }

    private func drafted(_ keys: [String: PublicKey]) throws -> BatchDraft {
        let pending = ledger.state.pendingRequests(at: try time("2026-11-22T10:00:00Z"))
        return try ledger.drafted(
            BatchDraft.Order(requests: pending.map(\.request), signatureKeys: keys))
    }

    @Test(
        "the first one signs where nobody chooses, and the one that is chosen where somebody does")
    func chosen() throws {
        func key(_ draft: BatchDraft) -> PublicKey? {
            draft.manifest.items.first?.issuing?.fields.signatureKey
        }
        #expect(try key(drafted([:])) == first)
        #expect(try key(drafted(["users@example.org": spare])) == spare)
    }

    @Test("a key of another authority, or of none, is not taken")
    func foreign() throws {
        let hosts = try SoftwareKey("hosts-ca").publicKey
        for (authority, key) in [
            ("users@example.org", hosts), ("users@example.org", try SoftwareKey("alice").publicKey),
            ("hosts@example.org", spare),
        ] {
            #expect(
                try violations { try drafted([authority: key]) } == [
                    "key \(key.fingerprint) is no CA key of \(authority) (KEY-CHOICE)"
                ])
        }
    }

    @Test("a batch on the spare key passes the gate and is issued by it")
    func carriedOut() throws {
        var ledger = ledger
        let manifest = try drafted(["users@example.org": spare]).manifest
        try ledger.append(BatchRecord(manifest).draft, at: time("2026-11-22T10:00:00Z"))
        try ledger.approve(manifest, by: "pavel", "quinn")
        #expect(try ledger.gate(manifest, at: "2026-11-22T12:00:00Z").signatureKeys == [spare])
        try ledger.open(manifest)
        try ledger.carryOut(manifest)
        #expect(ledger.issued.first?.fields.signatureKey == spare)
    }

    @Test("a ceremony that goes on needs the keys of what is left alone")
    func remainingKeys() throws {
        var ledger = ledger
        let web1 = try SoftwareKey("web1")
        try ledger.admit(.host(web1), for: web1)
        let manifest = try ledger.draftPending()
        try ledger.approve(manifest, by: "pavel", "quinn")
        let hosts = try SoftwareKey("hosts-ca").publicKey
        #expect(
            try ledger.gate(manifest, at: "2026-11-22T12:00:00Z").signatureKeys == [first, hosts])
        try ledger.open(manifest)
        try ledger.sign(1, of: manifest)
        #expect(try ledger.gate(manifest, at: "2026-11-22T12:00:00Z").signatureKeys == [hosts])
        try ledger.sign(1, of: manifest)
        #expect(try ledger.gate(manifest, at: "2026-11-22T12:00:00Z").signatureKeys == [])
    }

    @Test("a key is named by six characters of its fingerprint, with or without the label")
    func named() throws {
        let state = ledger.state
        let digits = String(spare.fingerprint.dropFirst(7))
        for name in [
            spare.fingerprint, digits, String(digits.prefix(6)), "SHA256:\(digits.prefix(6))",
        ] {
            #expect(try state.authorityKey(named: name).publicKey == spare)
        }
        #expect(
            try violations { try state.authorityKey(named: String(digits.prefix(5))) } == [
                "\"\(digits.prefix(5))\" is too short for the beginning of a fingerprint, which takes "
                    + "6 characters (KEY-CHOICE)"
            ])
        #expect(
            try violations { try state.authorityKey(named: digits + "A") }
                == ["\"\(digits)A\" is no CA key of this home (KEY-CHOICE)"])
    }

    @Test("one key for each authority")
    func onePerAuthority() throws {
        let keys = ledger.state.genesis.keys
        #expect(
            try ledger.state.choice(of: [keys[1], keys[2]]) == [
                "hosts@example.org": keys[1].publicKey, "users@example.org": spare,
            ])
        #expect(
            try violations { try ledger.state.choice(of: keys) } == [
                "\(first.fingerprint) and \(spare.fingerprint) are both keys of users@example.org; "
                    + "one signs for it in a batch (KEY-CHOICE)"
            ])
    }

    // MARK: - Tokens that take over

    @Test("an interrupted ceremony may go on with another token of the same key, and of no other")
    func takeover() throws {
        var ledger = ledger
        let manifest = try ledger.draftPending()
        try ledger.approve(manifest, by: "pavel", "quinn")
        func record(_ key: PublicKey) -> EntryDraft {
            TokenRecord(
                CeremonyOpenedRecord(
                    batch: manifest.id, tier: "T1", tool: "conclave test",
                    devices: [
                        .init(
                            publicKey: key, token: "pkcs11:token=copy", module: "/m", evidence: "x")
                    ])
            ).draft
        }
        func told(_ draft: EntryDraft) throws -> [String]? {
            var ledger = ledger
            return try violations { try ledger.append(draft, at: time("2026-11-22T12:00:00Z")) }
        }
        #expect(try told(record(first)) == ["entry 5: a token outside a ceremony (RECORD)"])
        try ledger.open(manifest)
        #expect(
            try told(record(spare))
                == ["entry 6: the tokens are not those of the batch's CA keys (RECORD)"])
        let entry = try ledger.append(record(first), at: time("2026-11-22T12:00:00Z"))
        #expect(entry.kind == .token)
        let devices = try #require(ledger.state.batch(manifest.id)).devices
        #expect(devices.map(\.device.token) == ["pkcs11:", "pkcs11:token=copy"])
        #expect(devices.map(\.entry) == [5, 6])
        #expect(try ledger.replay().digest == ledger.state.digest)
    }
}
