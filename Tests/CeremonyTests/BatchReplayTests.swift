// SPDX-License-Identifier: Apache-2.0
import Ceremony
import Documents
import HomeSupport
import Issuance
import Ledger
import SSHCrypto
import SSHFormats
import Testing

@Suite("Requests and batches in the replay")
struct BatchReplayTests {
    private let alice: SoftwareKey
    private let web1: SoftwareKey
    private var ledger: MemoryLedger
    private let user: CertificateRequest
    private let host: CertificateRequest

    init() throws {
        alice = try SoftwareKey("alice")
        web1 = try SoftwareKey("web1")
        ledger = try MemoryLedger()
        user = try ledger.admit(.user(alice), for: alice)
        host = try ledger.admit(
            .host(web1).adding("renewable-until", "2027-11-22T00:00:00Z"), for: web1)
    }

    private func faults(recording manifest: BatchManifest, number: UInt64? = nil) throws
        -> [String]?
    {
        var ledger = ledger
        return try violations {
            try ledger.append(
                BatchRecord(manifest).draft, at: time("2026-11-22T10:00:00Z"))
        }
    }

    // MARK: - Requests

    @Test("an admitted request is known, and waits")
    func admitted() throws {
        #expect(ledger.state.requestOrder == [user.id, host.id])
        #expect(ledger.state.requests[user.id]?.entry == 1)
        #expect(ledger.state.requests[host.id]?.name == "x.req")
        let now = try time("2026-11-22T10:00:00Z")
        #expect(ledger.state.pendingRequests(at: now).map(\.request) == [user, host])
        #expect(ledger.state.history.admittedRequests == [user.id, host.id])
    }

    @Test("a request is admitted once, whatever the bytes of its signature")
    func admittedTwice() throws {
        var ledger = ledger
        let other = try CertificateRequest(
            file: user.text,
            signatureFile: user.armoredSignature.flatMap { $0 == 0x0A ? [0x0D, 0x0A] : [$0] })
        #expect(other.file != user.file)
        for request in [user, other] {
            #expect(
                try violations { try ledger.admit(.user(alice), for: alice) }
                    == ["entry 3: the request is there already (RECORD)"])
            #expect(
                try violations {
                    try ledger.append(
                        RequestRecord(request, name: "y").draft, at: time("2026-11-22T09:30:00Z"))
                } == ["entry 3: the request is there already (RECORD)"])
        }
    }

    @Test("an entry that names a request and keeps another is refused")
    func otherRequest() throws {
        var ledger = ledger
        let third = try RequestDraft.user(alice, nonce: 3).request(signedBy: alice)
        var draft = EntryDraft(.request)
        draft.field("request", user.id.hex)
        draft.field("file", Content(third.file).digest.hex)
        draft.field("name", "x")
        draft.contents = [Content(third.file)]
        #expect(
            try violations { try ledger.append(draft, at: time("2026-11-22T09:30:00Z")) }
                == ["entry 3: the request is another (RECORD)"])
    }

    @Test("a request is verified again in every replay")
    func badRequest() throws {
        let forged = RequestDraft.user(alice, nonce: 3).text + user.armoredSignature
        var draft = EntryDraft(.request)
        draft.field("request", SHA256Digest(hashing: forged).hex)
        draft.field("file", Content(forged).digest.hex)
        draft.field("name", "x")
        draft.contents = [Content(forged)]
        var ledger = ledger
        #expect(
            try violations { try ledger.append(draft, at: time("2026-11-22T09:30:00Z")) } == [
                "the signature does not hold over this text (REQUEST-POSSESSION)"
            ])
    }

    // MARK: - Where a batch stands

    @Test("a batch uses up its serials with its entry, for each authority its own")
    func serials() throws {
        var ledger = ledger
        let first = try ledger.draftPending()
        #expect(ledger.state.nextSerials == ["users@example.org": 2, "hosts@example.org": 2])
        #expect(ledger.state.batch(first.id)?.entry == 3)
        #expect(ledger.state.batch(number: 1)?.manifest == first)
        #expect(ledger.state.batch(number: 0)?.number == nil)
        #expect(ledger.state.batch(number: 2)?.number == nil)
        #expect(ledger.state.batch(number: .max)?.number == nil)
        #expect(ledger.state.requests[user.id]?.batches == [1])
        try ledger.admit(.user(alice, nonce: 3), for: alice, at: "2026-11-22T10:00:00Z")
        let second = try ledger.draftPending()
        let item = try #require(second.items.first?.issuing)
        #expect(item.fields.serial == 2)
        #expect(second.header.number == 2)
    }

    @Test(
        "a batch is drafted on the ledger as it stands",
        arguments: [
            ("batch", "2"), ("batch", "0"), ("ledger-size", "2"), ("ledger-size", "4"),
            ("ledger-root", zeros), ("genesis", zeros), ("governing-head", zeros),
            ("roster", zeros), ("policy", zeros), ("created", "2026-11-22T09:59:59Z"),
            ("created", "2026-11-22T10:00:01Z"), ("expires", "2026-11-29T10:00:01Z"),
        ])
    func foundation(name: String, value: String) throws {
        let manifest = try ledger.drafted(.init(requests: [user])).manifest
        #expect(try faults(recording: manifest) == nil)
        var told = try faults(recording: ManifestForge.forge(manifest, (name, value)))
        if name == "created", value < "2026-11-22T10" {
            #expect(told?.first?.hasSuffix("as it stands: created, expires (RECORD)") == true)
            told = try faults(
                recording: ManifestForge.forge(
                    manifest, (name, value), ("expires", "2026-11-29T09:59:59Z")))
        }
        #expect(
            told == [
                "entry 3: the batch was not drafted on the ledger as it stands: \(name) (RECORD)"
            ])
    }

    private static let zeros = String(repeating: "0", count: 64)

    @Test("a batch may expire sooner than the policy allows, and not later")
    func expiry() throws {
        let manifest = try ledger.drafted(.init(requests: [user])).manifest
        let sooner = try ManifestForge.forge(manifest, ("expires", "2026-11-29T09:59:59Z"))
        #expect(try faults(recording: sooner) == nil)
    }

    @Test("everything in which a batch does not fit the ledger is told at once")
    func allAtOnce() throws {
        let manifest = try ledger.drafted(.init(requests: [user])).manifest
        let forged = try ManifestForge.forge(
            manifest, ("batch", "7"), ("roster", Self.zeros), ("ledger-root", Self.zeros))
        #expect(
            try faults(recording: forged) == [
                "entry 3: the batch was not drafted on the ledger as it stands: batch, "
                    + "ledger-root, roster (RECORD)"
            ])
    }

    @Test("the entry states the manifest's own number")
    func recordedNumber() throws {
        let manifest = try ledger.drafted(.init(requests: [user])).manifest
        var draft = EntryDraft(.batch)
        draft.field("batch", manifest.id.hex)
        draft.field("number", "2")
        draft.contents = [Content(manifest.text)]
        var ledger = ledger
        #expect(
            try violations { try ledger.append(draft, at: time("2026-11-22T10:00:00Z")) } == [
                "entry 3: the batch was not drafted on the ledger as it stands: batch (RECORD)"
            ])
    }

    // MARK: - What a batch answers

    @Test("each serial is the next of its authority", arguments: ["2", "18446744073709551615"])
    func serialGap(serial: String) throws {
        let manifest = try ledger.drafted(.init(requests: [user])).manifest
        let forged = try ManifestForge.forge(
            manifest, ("serial", serial), ("key-id", "Alice_Adams/staff/\(serial)"))
        #expect(
            try faults(recording: forged) == [
                "entry 3: serial \(serial) of \"users@example.org\" is not the next (RECORD)"
            ])
    }

    @Test("a serial is used once, though its batch was rejected")
    func serialAgain() throws {
        var ledger = ledger
        let first = try ledger.draft(.init(requests: [user]))
        try ledger.reject(first, by: "quinn")
        let second = try ledger.drafted(
            .init(requests: [user]), at: "2026-11-22T11:30:00Z"
        ).manifest
        let forged = try ManifestForge.forge(second, ("serial", "1"))
        #expect(
            try violations {
                try ledger.append(BatchRecord(forged).draft, at: time("2026-11-22T11:30:00Z"))
            } == ["entry 5: serial 1 of \"users@example.org\" is not the next (RECORD)"])
        try ledger.append(BatchRecord(second).draft, at: time("2026-11-22T11:30:00Z"))
    }

    @Test(
        "an item answers an admitted request, for its key and its principals",
        arguments: [
            ("request", String(repeating: "0", count: 64)), ("principal", "bob"),
            ("authority", "hosts@example.org"), ("public-key", "mallory"),
        ])
    func otherAnswer(name: String, value: String) throws {
        let manifest = try ledger.drafted(.init(requests: [user])).manifest
        let value = name == "public-key" ? try SoftwareKey(value).publicKey.line : value
        let authority = name == "authority" ? value : "users@example.org"
        #expect(
            try faults(recording: ManifestForge.forge(manifest, (name, value))) == [
                "entry 3: serial 1 of \(authority) answers no request that waits (RECORD)"
            ])
    }

    @Test("a request is answered once in a batch")
    func twiceInOneBatch() throws {
        let manifest = try ledger.drafted(.init(requests: [user])).manifest
        let item = try #require(manifest.items.first?.issuing)
        let twice = BatchManifest(
            header: manifest.header, items: [manifest.items[0], manifest.items[0]])
        let lines = String(decoding: twice.text, as: UTF8.self)
        let place = try #require(lines.firstRange(of: "item: 2"))
        let second = lines[place.lowerBound...].replacing(
            "serial: \(item.fields.serial)", with: "serial: 2")
        let forged = try BatchManifest(text: Array((lines[..<place.lowerBound] + second).utf8))
        #expect(
            try faults(recording: forged) == [
                "entry 3: serial 2 of users@example.org answers no request that waits (RECORD)"
            ])
    }

    @Test("a request that another batch answers is not answered again, unless that one is dead")
    func twiceInTwoBatches() throws {
        var ledger = ledger
        let first = try ledger.draft(.init(requests: [user]))
        // A manifest made as if the first batch were not there.
        let again = try self.ledger.drafted(.init(requests: [user])).manifest
        func second(at time: String, expires: String) throws -> [String]? {
            var ledger = ledger
            let manifest = try ManifestForge.forge(
                again, ("batch", "2"), ("serial", "2"),
                ("ledger-size", String(ledger.state.size)),
                ("ledger-root", ledger.state.root.hex), ("created", time), ("expires", expires))
            return try violations {
                try ledger.append(BatchRecord(manifest).draft, at: HomeSupport.time(time))
            }
        }
        let refused = [
            "entry 4: serial 2 of users@example.org answers no request that waits (RECORD)"
        ]
        #expect(
            try second(at: "2026-11-29T09:59:59Z", expires: "2026-11-30T00:00:00Z") == refused)
        #expect(try second(at: "2026-11-29T10:00:00Z", expires: "2026-11-30T00:00:00Z") == nil)
        try ledger.reject(first, by: "quinn")
        #expect(try second(at: "2026-11-22T12:00:00Z", expires: "2026-11-29T12:00:00Z") == nil)
    }
}
