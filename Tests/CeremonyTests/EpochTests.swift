// SPDX-License-Identifier: Apache-2.0
import Documents
import HomeSupport
import Issuance
import Ledger
import SSHCrypto
import SSHFormats
import Testing

@testable import Ceremony

@Suite("A new epoch of serials")
struct EpochTests {
    private static let noon = "2026-11-22T12:00:00Z"
    private static let last: UInt64 = 281_474_976_710_655
    private static let users = "users@example.org"
    private static let hosts = "hosts@example.org"

    private var ledger: MemoryLedger

    /// Alice has serial 1; Bob's serial 2 was in a batch that was rejected, and 3 is in one that
    /// gathers approvals.
    init() throws {
        ledger = try MemoryLedger()
        let (alice, bob) = (try SoftwareKey("alice"), try SoftwareKey("bob"))
        try ledger.admit(.user(alice), for: alice)
        try ledger.complete(try ledger.draftPending(), at: Self.noon)
        try ledger.admit(.user(bob, principal: "bob", nonce: 2), for: bob, at: Self.noon)
        let rejected = try ledger.draftPending(at: Self.noon)
        try ledger.reject(rejected, by: "olivia", at: Self.noon)
        let waiting = try ledger.draftPending(at: Self.noon)
        try ledger.approve(waiting, by: "pavel", "quinn", at: Self.noon)
    }

    private func faults(_ ledger: MemoryLedger, _ draft: EntryDraft) throws -> [String]? {
        var ledger = ledger
        return try violations { try ledger.append(draft, at: time(Self.noon)) }
    }

    /// The epoch, drafted and approved.
    private func decided(
        givingUp anchors: [NewEpochItem.Anchor] = []
    ) throws -> (ledger: MemoryLedger, decision: BatchManifest) {
        var ledger = ledger
        let decision = try ledger.newEpoch(givingUp: anchors)
        try ledger.approve(decision, by: "pavel", "quinn", at: Self.noon)
        return (ledger, decision)
    }

    /// The epoch, begun.
    private func begun(
        givingUp anchors: [NewEpochItem.Anchor] = []
    ) throws -> (ledger: MemoryLedger, decision: BatchManifest) {
        var (ledger, decision) = try decided(givingUp: anchors)
        try ledger.open(decision)
        try ledger.carryOut(decision)
        return (ledger, decision)
    }

    // MARK: - The draft

    @Test("every authority loses what has no certificate, in the strictest class")
    func draft() throws {
        let (_, decision) = try decided()
        #expect(
            decision.newEpochs.map { "\($0.authority) \($0.epoch) \($0.riskClass)" } == [
                "users@example.org 1 elevated", "hosts@example.org 1 elevated",
            ])
        #expect(
            decision.newEpochs.flatMap(\.givenUp).map(\.text) == [
                "users@example.org 2-281474976710655", "hosts@example.org 1-281474976710655",
            ])
        #expect(
            decision.items.compactMap(\.revoking).map {
                "\($0.authority) \($0.target.text), \($0.riskClass): \($0.reason)"
            } == [
                "users@example.org serials 2-281474976710655, revocation: epoch 1 begins: "
                    + "the disk is lost",
                "hosts@example.org serials 1-281474976710655, revocation: epoch 1 begins: "
                    + "the disk is lost",
            ])
        let list = try #require(decision.items.last?.listing)
        #expect(try RevocationList(parsing: list.bytes).version == 1)
        #expect(list.bytes.count < 512)
    }

    @Test("it is not drafted while a ceremony is under way")
    func ceremonyOpen() throws {
        var ledger = ledger
        let waiting = try #require(ledger.state.batch(number: 3)).manifest
        let (_, decision) = try decided()
        try ledger.open(waiting)
        let told = try violations { try ledger.newEpoch() }
        #expect(told == ["the ceremony of batch 3 is not finished (CEREMONY-OPEN)"])
        // Nor does a forged one come into the ledger.
        let text = SampleTexts.replace(
            "ledger-size: \(decision.header.ledgerSize)\n",
            with: "ledger-size: \(ledger.state.size)\n",
            in: SampleTexts.replace(
                decision.header.ledgerRoot.hex, with: ledger.state.root.hex,
                in: String(decoding: decision.text, as: UTF8.self)))
        let forged = try BatchManifest(text: Array(text.utf8))
        #expect(
            try faults(ledger, BatchRecord(forged).draft) == [
                "entry \(ledger.state.size): the ceremony of batch 3 is not finished (RECORD)"
            ])
    }

    @Test("behind the last epoch there is none, and behind the last serial no certificate")
    func limits() throws {
        var state = ledger.state
        let circumstances = BatchDraft.Circumstances(
            time: try time(Self.noon), ledgerRoot: state.root, tool: "conclave test")
        func draft(_ next: UInt64) throws -> BatchManifest {
            state.nextSerials[Self.hosts] = next
            return try BatchDraft(
                newEpoch: "lost", givingUp: [], state: state, circumstances: circumstances
            ).manifest
        }
        let old = SerialNumber.serials(of: 65_534)
        #expect(try draft(old.upperBound).newEpochs[1].epoch == 65_535)
        for next in [SerialNumber.serials(of: 65_535).lowerBound, UInt64.max] {
            #expect(
                try violations { try draft(next) } == [
                    "epoch 65535 of hosts@example.org is the last, 65535 (EPOCH-LIMIT)"
                ])
        }
        let carol = try SoftwareKey("carol")
        var other = ledger
        let request = try other.admit(
            .user(carol, principal: "alice", nonce: 3), for: carol, at: Self.noon)
        state = other.state
        func serial(_ next: UInt64) throws -> UInt64? {
            state.nextSerials[Self.users] = next
            let draft = try BatchDraft(
                .init(requests: [request]), state: state,
                circumstances: BatchDraft.Circumstances(
                    time: try time(Self.noon), ledgerRoot: state.root, tool: "conclave test"),
                nonce: { [UInt8](repeating: 1, count: 32) })
            return draft.manifest.items.first?.issuing?.fields.serial
        }
        for epoch: UInt64 in [0, 65_535] {
            let end = epoch << 48 | Self.last
            #expect(try serial(end - 1) == end - 1)
            #expect(
                try violations { try serial(end) }?.last
                    == "serial \(end) is the last of epoch \(epoch) of users@example.org, and is given "
                    + "to no certificate (SERIAL-LIMIT)")
        }
    }

    @Test("behind lost epochs one begins that gives up all of them, at most 16 on")
    func severalEpochs() throws {
        var ledger = ledger
        let third = try ledger.newEpoch(behind: 2)
        #expect(
            third.newEpochs.flatMap(\.givenUp).map(\.text) == [
                "users@example.org 2-844424930131967", "hosts@example.org 1-844424930131967",
            ])
        try ledger.complete(third)
        #expect(ledger.state.epoch == 3 && ledger.state.epochs.begun.count == 1)
        #expect(ledger.state.nextSerials[Self.users] == 844_424_930_131_969)
        let text = ledger.state.deciding(at: try time(Self.noon))
        #expect(try StateText(text: text.bytes).epoch == 3)
        #expect(
            try ledger.replay().deciding(at: time(Self.noon)).digest == text.digest)
        for (lost, begun) in [
            (nil, 4), (0, 4), (2, 4), (3, 4), (4, 5), (18, 19), (19, 19), (65_535, 19),
        ] as [(UInt64?, UInt16)] {
            var other = ledger
            #expect(try other.newEpoch(behind: lost).newEpochs.map(\.epoch) == [begun, begun])
        }
        // A step too far is not made whole by giving up what lies between.
        var other = ledger
        let last = try other.newEpoch(behind: 18)
        let forged = String(decoding: last.text, as: UTF8.self)
            .replacing("epoch: 19\n", with: "epoch: 20\n")
            .replacing("epoch 19 begins", with: "epoch 20 begins")
            .replacing("-5348024557502463", with: "-5629499534213119")
        #expect(
            try violations {
                var ledger = ledger
                let forged = try BatchManifest(text: Array(forged.utf8))
                try ledger.append(BatchRecord(forged).draft, at: time(Self.noon))
            }?.first?.contains("does not begin one of the next 16 epochs of every authority")
                == true)
    }

    // MARK: - The gate

    @Test("it takes the quorum of its class, and no CA key")
    func gate() throws {
        var short = ledger
        let first = try short.newEpoch()
        try short.approve(first, by: "pavel", at: Self.noon)
        let told = try violations { try short.gate(first, at: Self.noon) }
        #expect(told?.first?.contains("1 of 2 approvals for class \"elevated\"") == true)
        let (ledger, decision) = try decided()
        let gate = try ledger.gate(decision, at: Self.noon)
        #expect(gate.signatureKeys.isEmpty && gate.orders.isEmpty)
    }

    @Test("it is overtaken when another batch is carried out before it, not when one is drafted")
    func overtaken() throws {
        var (ledger, decision) = try decided()
        let carol = try SoftwareKey("carol")
        try ledger.admit(
            .user(carol, principal: "alice", nonce: 3), for: carol, at: Self.noon)
        try ledger.draftPending(at: Self.noon)
        #expect(try ledger.gate(decision, at: Self.noon).orders.isEmpty)
        let waiting = try #require(ledger.state.batch(number: 3)).manifest
        try ledger.open(waiting)
        #expect(
            try violations { try ledger.gate(decision, at: Self.noon) }?.first
                == "the ceremony of batch 3 is not finished (CEREMONY-OPEN)")
        try ledger.carryOut(waiting)
        let told = [
            "item 1: users@example.org has other serials without a certificate now: "
                + "users@example.org 2, users@example.org 4-281474976710655 (BATCH-OVERTAKEN)"
        ]
        #expect(try violations { try ledger.gate(decision, at: Self.noon) } == told)
        #expect(try faults(ledger, ledger.opening(of: decision).draft) == told)
    }

    @Test(
        "a manifest that says something else never reaches the ledger",
        arguments: [
            ("class: elevated", "class: routine", "is not the strictest of the roster"),
            ("users@example.org 2-", "users@example.org 3-", "has other serials without"),
            ("serials 2-", "serials 3-", "does not revoke the serials that it gives up"),
            ("reason: epoch 1 begins", "reason: epoch", "does not revoke the serials"),
            ("epoch: 1\n", "epoch: 2\n", "not the last of the epoch before"),
        ])
    func forged(old: String, new: String, told: String) throws {
        let (_, decision) = try decided()
        let text = String(decoding: decision.text, as: UTF8.self).replacing(old, with: new)
        let found = try violations {
            let forged = try BatchManifest(text: Array(text.utf8))
            var ledger = ledger
            try ledger.append(BatchRecord(forged).draft, at: time(Self.noon))
        }
        #expect(found?.first?.contains(told) == true, "\(found ?? [])")
    }

    @Test("a batch for one of the authorities never reaches the ledger")
    func oneAuthority() throws {
        let (_, decision) = try decided()
        for gone in [Self.users, Self.hosts] {
            let items = decision.items.filter {
                $0.beginning?.authority != gone && $0.revoking?.authority != gone
            }
            let forged = BatchManifest(header: decision.header, items: items)
            let found = try faults(ledger, BatchRecord(forged).draft)
            #expect(
                found?.first?.contains(
                    "does not begin one of the next 16 epochs of every authority, in the policy's order: epoch "
                        + "1 of users@example.org, epoch 1 of hosts@example.org (RECORD)") == true)
        }
    }

    // MARK: - The beginning

    @Test("serials go on in the new epoch, and those of the old never come back")
    func end() throws {
        var (ledger, decision) = try begun()
        let state = ledger.state
        #expect(state.batch(decision.id)?.phase(at: try time(Self.noon)) == .closed)
        #expect(state.nextSerials[Self.users] == 281_474_976_710_657)
        #expect(state.nextSerials[Self.hosts] == 281_474_976_710_657)
        let entry = try #require(ledger.entries.first { $0.kind == .epoch })
        #expect(state.governingHead == entry.digest)
        #expect(state.epochs.begun == [.init(entry: entry.index, batch: 4)])
        #expect(state.epochs.unissued.isEmpty)
        #expect(
            try ledger.replay().deciding(at: time(Self.noon)).digest
                == state.deciding(at: time(Self.noon)).digest)
        let bob = try #require(state.pendingRequests(at: time(Self.noon)).first)
        #expect(bob.request.principals == ["bob"])
        let again = try ledger.draftPending(at: Self.noon)
        let fields = try #require(again.items.first?.issuing).fields
        #expect(fields.serial == 281_474_976_710_657)
        #expect(fields.keyID.hasSuffix("/281474976710657"))
        #expect(again.header.governingHead == entry.digest)
        // The old serial in the new epoch's batch.
        let forged = try ManifestForge.forge(again, ("serial", "2"))
        var before = try begun().ledger
        #expect(
            try violations { try before.append(BatchRecord(forged).draft, at: time(Self.noon)) }
                == [
                    "entry \(before.state.size): serial 2 of \"users@example.org\" is not the next "
                        + "(RECORD)"
                ])
        try ledger.complete(again)
        #expect(ledger.state.nextSerials[Self.users] == 281_474_976_710_658)
        #expect(ledger.state.epochs.unissued.isEmpty)
        // The revoked ones, and no others.
        for (serial, isRevoked) in [
            (UInt64(1), false), (2, true), (3, true), (Self.last, true), (Self.last + 2, false),
        ] {
            var fields = fields
            fields = CertificateFields(
                nonce: fields.nonce, publicKey: fields.publicKey, serial: serial,
                kind: fields.kind, keyID: "x", validPrincipals: fields.validPrincipals,
                validAfter: fields.validAfter, validBefore: fields.validBefore,
                criticalOptions: [], extensions: [], signatureKey: fields.signatureKey)
            let reason = ledger.state.revocations.reason(authority: Self.users, fields: fields)
            #expect((reason != nil) == isRevoked, "\(serial)")
        }
    }

    @Test("a batch that was under way is superseded, and its requests are free")
    func superseded() throws {
        var (ledger, _) = try begun()
        let now = try time(Self.noon)
        let waiting = try #require(ledger.state.batch(number: 3))
        #expect(waiting.phase(at: now) == .superseded && waiting.supersededBy == 4)
        #expect(ledger.state.batch(number: 2)?.phase(at: now) == .rejected)
        #expect(
            try violations { try ledger.gate(waiting.manifest, at: Self.noon) } == [
                "batch 3 was drafted before batch 4 began a new epoch of serials (BATCH-GOVERNING)"
            ])
        #expect(
            try faults(ledger, ledger.opening(of: waiting.manifest).draft) == [
                "entry \(ledger.state.size): the batch cannot be opened: it is superseded (RECORD)"
            ])
        #expect(
            try violations { try ledger.abandon(waiting.manifest) } == [
                "the ceremony of batch 3 never began: the batch was superseded (ABANDON-TARGET)"
            ])
        let approval = try SampleBatch.approval(
            of: waiting.manifest, by: "olivia", roster: ledger.state.roster)
        #expect(
            try faults(ledger, ApprovalRecord(approval, batch: waiting.manifest.id).draft) == [
                "entry \(ledger.state.size): the batch no longer gathers approvals (RECORD)"
            ])
        #expect(ledger.state.pendingRequests(at: now).count == 1)
    }

    @Test("the entry comes within the ceremony, once, as approved, and before the list")
    func order() throws {
        var (ledger, decision) = try decided()
        let record = EpochRecord(decision)
        let outside = "an epoch begins outside a ceremony, or twice (RECORD)"
        #expect(try faults(ledger, record.draft) == ["entry \(ledger.state.size): \(outside)"])
        try ledger.open(decision)
        let batch = try #require(ledger.state.batch(decision.id))
        let list = try #require(batch.revocationList)
        let release = RevocationListRecord(batch: decision.id, version: 1, list: list.bytes)
        #expect(
            try faults(ledger, release.draft) == [
                "entry \(ledger.state.size): the epoch has not begun (RECORD)"
            ])
        let other = "entry \(ledger.state.size): the epoch is not the approved one (RECORD)"
        for authorities in [
            Array(record.authorities.dropLast()), record.authorities.reversed(), [],
            record.authorities.map { .init(name: $0.name, epoch: 2, nextSerial: $0.nextSerial) },
            record.authorities.map { .init(name: $0.name, epoch: 1, nextSerial: 3) },
        ] {
            let changed = EpochRecord(batch: decision.id, authorities: authorities)
            #expect(try faults(ledger, changed.draft) == [other])
        }
        let alice = try #require(ledger.state.batch(number: 1)).manifest.id
        #expect(
            try faults(
                ledger, EpochRecord(batch: alice, authorities: record.authorities).draft
            ) == ["entry \(ledger.state.size): \(outside)"])
        try ledger.append(record.draft, at: time(Self.noon))
        #expect(try faults(ledger, record.draft) == ["entry \(ledger.state.size): \(outside)"])
        // Interrupted here, the same ceremony goes on.
        #expect(try ledger.gate(decision, at: Self.noon).isResumed)
        try ledger.append(release.draft, at: time(Self.noon))
        for closing in ledger.state.closingRecords(
            of: try #require(ledger.state.batch(decision.id)), at: try time(Self.noon))
        { try ledger.append(closing.draft, at: time(Self.noon)) }
        #expect(ledger.state.nextSerials[Self.users] == 281_474_976_710_657)
    }

    @Test("checkpoints that were given up are told, each once, and survive in the state's text")
    func anchors() throws {
        let lost = NewEpochItem.Anchor(size: 40, root: SHA256Digest(hashing: [1]))
        let other = NewEpochItem.Anchor(size: 38, root: SHA256Digest(hashing: [2]))
        var (ledger, _) = try begun(givingUp: [lost, other])
        let second = try ledger.newEpoch(givingUp: [other])
        #expect(second.newEpochs.map(\.epoch) == [2, 2])
        #expect(
            second.newEpochs.flatMap(\.givenUp).map(\.text) == [
                "users@example.org 281474976710657-562949953421311",
                "hosts@example.org 281474976710657-562949953421311",
            ])
        try ledger.complete(second)
        #expect(ledger.state.givenUpAnchors.map(\.size) == [40, 38])
        #expect(ledger.state.givenUpAnchors.map(\.root) == [lost.root, other.root])
        let text = ledger.state.deciding(at: try time(Self.noon))
        #expect(try StateText(text: text.bytes).epochs == ledger.state.epochs)
        let lines = String(decoding: text.bytes, as: UTF8.self)
        let entries = ledger.entries.filter { $0.kind == .epoch }.map(\.index)
        #expect(
            lines.contains(
                """
                batches: 5
                epoch: \(entries[0]) by 4
                epoch: \(entries[1]) by 5
                given-up: \(lost.text)
                given-up: \(other.text)
                krl-version: 2

                """))
    }

    @Test("what an abandoned ceremony gave up is not given up again")
    func abandonedBefore() throws {
        var ledger = ledger
        let waiting = try #require(ledger.state.batch(number: 3)).manifest
        try ledger.open(waiting)
        try ledger.complete(try ledger.abandon(waiting))
        #expect(ledger.state.epochs.unissued == [Self.users: [2...2]])
        let decision = try ledger.newEpoch()
        #expect(
            decision.newEpochs[0].givenUp.map(\.text)
                == ["users@example.org 2", "users@example.org 4-281474976710655"])
        try ledger.complete(decision)
        #expect(ledger.state.nextSerials[Self.users] == 281_474_976_710_657)
    }

    // MARK: - What is unissued

    @Test("what is unissued is kept as ranges that do not touch")
    func ranges() throws {
        var state = EpochState()
        for serial: UInt64 in [1, 2, 3, 4, 5, 6] { state.reserve(serial, of: "a") }
        #expect(state.unissued == ["a": [1...6]])
        for serial: UInt64 in [1, 6, 3, 9] { state.issue(serial, of: "a") }
        #expect(state.unissued == ["a": [2...2, 4...5]])
        state.reserve(7, of: "a")
        #expect(state.unissued == ["a": [2...2, 4...5, 7...7]])
        #expect(
            state.givenUp(of: "a", next: 8, before: 1).map(\.text)
                == ["a 2", "a 4-5", "a 7-281474976710655"])
        #expect(
            state.givenUp(of: "a", next: Self.last, before: 1).map(\.text)
                == ["a 2", "a 4-5", "a 7", "a 281474976710655"])
        state.giveUp([AuthoritySerials(authority: "a", serials: 2...4)])
        #expect(state.unissued == ["a": [5...5, 7...7]])
        state.giveUp([AuthoritySerials(authority: "a", serials: 1...Self.last)])
        state.issue(1, of: "b")
        #expect(state.unissued.isEmpty)
    }
}
