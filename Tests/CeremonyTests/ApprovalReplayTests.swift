// SPDX-License-Identifier: Apache-2.0
import Ceremony
import Documents
import HomeSupport
import Issuance
import Ledger
import SSHCrypto
import SSHFormats
import Testing

@Suite("Approvals and rejections in the replay")
struct ApprovalReplayTests {
    private var ledger: MemoryLedger
    private let manifest: BatchManifest

    init() throws {
        let alice = try SoftwareKey("alice")
        ledger = try MemoryLedger()
        try ledger.admit(.user(alice), for: alice)
        manifest = try ledger.draftPending()
    }

    private func approvalDraft(
        batch: String? = nil, officer: String, signedBy key: String, fingerprint: String? = nil,
        over text: [UInt8]? = nil
    ) throws -> EntryDraft {
        let key = try SoftwareKey(key)
        let armored = try key.seal(
            text ?? manifest.text, namespace: BatchManifest.namespace)
        var draft = EntryDraft(.approval)
        draft.field("batch", batch ?? manifest.id.hex)
        draft.field("officer", officer)
        draft.field("key", fingerprint ?? key.publicKey.fingerprint)
        draft.field("signature", Content(armored).digest.hex)
        draft.contents = [Content(armored)]
        return draft
    }

    private func faults(_ draft: EntryDraft, at time: String = "2026-11-22T11:00:00Z") throws
        -> [String]?
    {
        var ledger = ledger
        return try violations { try ledger.append(draft, at: HomeSupport.time(time)) }
    }

    // MARK: - Approvals

    @Test("an approval that the ledger keeps counts for its officer")
    func approval() throws {
        var ledger = ledger
        try ledger.approve(manifest, by: "olivia-spare")
        let batch = try #require(ledger.state.batch(manifest.id))
        #expect(batch.approvals.map(\.approval.officer) == ["Olivia Lind"])
        #expect(batch.approvals.map(\.entry) == [3])
        #expect(!batch.quorum(roster: ledger.state.roster).isReached)
    }

    @Test("a key approves and rejects before its end, and not from then on")
    func endedKey() throws {
        let spare = try SoftwareKey("olivia-spare").publicKey
        let alice = try SoftwareKey("alice")
        var ledger = try MemoryLedger(
            roster: SampleTexts.replace(
                "key: \(spare.line)", with: "key-until: 2026-11-22T11:00:00Z \(spare.line)",
                in: SampleTexts.roster()))
        try ledger.admit(.user(alice), for: alice)
        let manifest = try ledger.draftPending()
        let before = ledger
        try ledger.approve(manifest, by: "olivia-spare", at: "2026-11-22T10:59:59Z")
        ledger = before
        let ended = [
            "key \(spare.fingerprint) of Olivia Lind ended 2026-11-22T11:00:00Z; it is "
                + "2026-11-22T11:00:00Z (ROSTER-KEY-ENDED)"
        ]
        #expect(
            try violations {
                try ledger.approve(manifest, by: "olivia-spare", at: "2026-11-22T11:00:00Z")
            } == ended)
        ledger = before
        #expect(
            try violations {
                try ledger.reject(manifest, by: "olivia-spare", at: "2026-11-22T11:00:00Z")
            } == ended)
    }

    @Test("an approval names a batch that is there")
    func unknownBatch() throws {
        #expect(
            try faults(
                approvalDraft(
                    batch: String(repeating: "0", count: 64), officer: "Olivia Lind",
                    signedBy: "olivia")) == ["entry 3: it names a batch that is not there (RECORD)"]
        )
    }

    @Test("the entry names the officer and the key that signed, byte for byte")
    func recordedOfficer() throws {
        let pavel = try SoftwareKey("pavel").publicKey.fingerprint
        let olivia = try SoftwareKey("olivia").publicKey.fingerprint
        #expect(
            try faults(approvalDraft(officer: "Quinn Okafor", signedBy: "olivia")) == [
                "entry 3: the approval is by Olivia Lind with \(olivia), not by Quinn Okafor with "
                    + "\(olivia) (RECORD)"
            ])
        #expect(
            try faults(
                approvalDraft(officer: "Olivia Lind", signedBy: "olivia", fingerprint: pavel)) == [
                    "entry 3: the approval is by Olivia Lind with \(olivia), not by Olivia Lind "
                        + "with \(pavel) (RECORD)"
                ])
        #expect(
            try faults(approvalDraft(officer: "Pavel Nova\u{301}k", signedBy: "pavel"))?.count == 1)
        #expect(try faults(approvalDraft(officer: "Pavel Nov\u{E1}k", signedBy: "pavel")) == nil)
    }

    @Test("a witness, a stranger, and a signature over something else do not approve")
    func badApprovals() throws {
        #expect(
            try faults(approvalDraft(officer: "Wim Peeters", signedBy: "wim"))
                == ["Wim Peeters is a witness and has no vote (APPROVAL-STRANGER)"])
        #expect(
            try faults(approvalDraft(officer: "Olivia Lind", signedBy: "mallory"))?.first?
                .hasSuffix("belongs to no officer on the roster (APPROVAL-STRANGER)") == true)
        #expect(
            try faults(
                approvalDraft(
                    officer: "Olivia Lind", signedBy: "olivia", over: Array("x".utf8)))?.first?
                .hasSuffix("signature does not verify (APPROVAL-SIGNATURE)") == true)
    }

    @Test("an officer approves a batch once, with whatever key")
    func twice() throws {
        var ledger = ledger
        try ledger.approve(manifest, by: "olivia")
        for key in ["olivia", "olivia-spare"] {
            #expect(
                try violations { try ledger.approve(manifest, by: key) }
                    == ["entry 4: Olivia Lind approved twice (RECORD)"])
        }
    }

    @Test("approvals are taken until the second before the batch expires")
    func expired() throws {
        let draft = try approvalDraft(officer: "Olivia Lind", signedBy: "olivia")
        #expect(try faults(draft, at: "2026-11-29T09:59:59Z") == nil)
        #expect(
            try faults(draft, at: "2026-11-29T10:00:00Z")
                == ["entry 3: the batch no longer gathers approvals (RECORD)"])
    }

    @Test("a batch that was rejected, opened or closed takes no approval")
    func otherPhases() throws {
        let refused = ["the batch no longer gathers approvals (RECORD)"]
        func told(_ ledger: MemoryLedger) throws -> [String]? {
            var ledger = ledger
            return try violations {
                try ledger.approve(manifest, by: "olivia", at: "2026-11-22T12:00:00Z")
            }?.map { String($0.split(separator: ": ", maxSplits: 1)[1]) }
        }
        var rejected = ledger
        try rejected.reject(manifest, by: "quinn")
        #expect(try told(rejected) == refused)
        var opened = ledger
        try opened.approve(manifest, by: "pavel", "quinn")
        try opened.open(manifest)
        #expect(try told(opened) == refused)
        try opened.carryOut(manifest)
        #expect(try told(opened) == refused)
    }

    // MARK: - Rejections

    private func rejection(
        _ text: [UInt8], by key: String = "quinn"
    ) throws -> (rejection: Rejection, armored: [UInt8]) {
        let armored = try SoftwareKey(key).seal(text, namespace: Rejection.namespace)
        return (
            try Rejection(
                text: text, armored: armored, manifest: manifest, roster: ledger.state.roster),
            armored
        )
    }

    private func text(reason: String = "no") throws -> [UInt8] {
        Rejection.Text(
            genesis: ledger.state.id, batch: manifest.id,
            created: try time("2026-11-22T11:00:00Z"), reason: reason
        ).bytes
    }

    @Test("one rejection stops a batch, whatever approvals it has, and frees its requests")
    func rejected() throws {
        var ledger = ledger
        try ledger.approve(manifest, by: "olivia", "pavel", "quinn")
        try ledger.reject(manifest, by: "quinn")
        let now = try time("2026-11-22T11:00:00Z")
        #expect(ledger.state.batch(manifest.id)?.phase(at: now) == .rejected)
        #expect(ledger.state.batch(manifest.id)?.rejection?.rejection.officer == "Quinn Okafor")
        #expect(ledger.state.pendingRequests(at: now).count == 1)
        #expect(ledger.state.nextSerials["users@example.org"] == 2)
    }

    @Test("a rejection whose fields stand in another order replays as it was signed")
    func otherOrder() throws {
        let lines = String(decoding: try text(), as: UTF8.self).split(separator: "\n")
        let reordered = ([lines[0]] + lines.dropFirst().reversed()).joined(separator: "\n") + "\n"
        let made = try rejection(Array(reordered.utf8))
        var ledger = ledger
        try ledger.append(
            RejectionRecord(made.rejection).draft, at: time("2026-11-22T11:00:00Z"))
        #expect(try ledger.replay().batch(manifest.id)?.rejection?.rejection.text.reason == "no")
    }

    @Test("the entry names the officer and the reason that were signed")
    func recordedRejection() throws {
        let made = try rejection(text())
        for (officer, reason) in [("Olivia Lind", "no"), ("Quinn Okafor", "yes")] {
            var draft = EntryDraft(.rejection)
            draft.field("batch", manifest.id.hex)
            draft.field("officer", officer)
            draft.field("reason", reason)
            draft.field("text", SHA256Digest(hashing: made.rejection.bytes).hex)
            draft.field("signature", SHA256Digest(hashing: made.armored).hex)
            draft.contents = [Content(made.rejection.bytes), Content(made.armored)]
            #expect(
                try faults(draft) == ["entry 3: the rejection is by Quinn Okafor: no (RECORD)"])
        }
    }

    @Test("a batch is rejected once, and not once its ceremony has begun")
    func rejectedTwice() throws {
        var ledger = ledger
        var opened = ledger
        try ledger.reject(manifest, by: "quinn")
        #expect(
            try violations { try ledger.reject(manifest, by: "pavel") }
                == ["entry 4: the batch can no longer be rejected (RECORD)"])
        try opened.approve(manifest, by: "pavel", "quinn")
        try opened.open(manifest)
        #expect(
            try violations { try opened.reject(manifest, by: "olivia", at: "2026-11-22T12:00:00Z") }
                == ["entry 6: the batch can no longer be rejected (RECORD)"])
    }

    @Test("a rejection names a batch that is there")
    func rejectionOfNothing() throws {
        let other = try SampleBatch.manifest(SampleBatch.list())
        let text = Rejection.Text(
            genesis: other.header.genesis, batch: other.id,
            created: try time("2026-11-22T11:00:00Z"), reason: "no")
        let rejection = try Rejection(
            text: text.bytes,
            armored: SoftwareKey("quinn").seal(text.bytes, namespace: Rejection.namespace),
            manifest: other, roster: ledger.state.roster)
        #expect(
            try faults(RejectionRecord(rejection).draft)
                == ["entry 3: it names a batch that is not there (RECORD)"])
    }
}
