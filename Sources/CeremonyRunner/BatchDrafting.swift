// SPDX-License-Identifier: Apache-2.0
public import Ceremony
public import Documents
import Glibc
public import Issuance
import LedgerStore
public import SSHFormats
import Spool

/// Freezes what is pending into a batch, and writes the manifest that officers read.
public struct BatchDrafting {
    /// What came of it.
    public struct Outcome {
        /// The batch, with what could not go in.
        public let draft: BatchDraft
        /// Where the manifest is.
        public let path: String
        /// The epoch that lost serials had come to, where it is behind the home's.
        public internal(set) var lostEpoch: UInt64?
    }

    let home: Home

    /// Drafts batches of this home.
    public init(home: Home) {
        self.home = home
    }

    /// Drafts a batch of what was admitted and waits: at most so many requests, the oldest first.
    ///
    /// - Throws: `Violations` where nothing waits or can go in.
    public func draftPending(
        atMost limit: Int, signatureKeys: [String: PublicKey] = [:]
    ) throws -> Outcome {
        let time = home.now()
        try home.recallWaiting()
        let pending = home.state.pendingRequests(at: time).prefix(limit).map(\.request)
        return try draft(
            BatchDraft.Order(requests: pending, signatureKeys: signatureKeys), at: time)
    }

    /// Drafts the renewals of host certificates that end within `span`, those that end first.
    ///
    /// - Throws: `Violations` where none can be renewed.
    public func draftRenewals(
        within span: TimeSpan, atMost limit: Int, signatureKeys: [String: PublicKey] = [:]
    ) throws -> (outcome: Outcome?, renewals: Renewals) {
        let time = home.now()
        try home.recallWaiting()
        let renewals = try home.readingAtOnce {
            try Renewals(
                home.radarPast, state: home.state, within: span, at: time, atMost: limit)
        }
        guard !renewals.requests.isEmpty else { return (nil, renewals) }
        try home.recall(renewals.requests.map(\.id))
        let order = BatchDraft.Order(renewals: renewals.requests, signatureKeys: signatureKeys)
        let outcome = try draft(order, at: time)
        return (outcome, renewals)
    }

    /// Drafts a batch that revokes, and releases a new revocation list.
    ///
    /// - Throws: `Violations` where something cannot be revoked.
    public func draftRevocations(_ items: [RevokeItem]) throws -> Outcome {
        for item in items { try Self.check(reason: item.reason) }
        try home.recall(keyIDsOf: items)
        return try draft(BatchDraft.Order(revocations: items), at: home.now())
    }

    /// Drafts the batch that abandons an interrupted ceremony.
    ///
    /// - Throws: `RunnerError` where there is nothing to abandon, or another batch does it already;
    ///   `Violations` where the reason cannot be written.
    public func draftAbandonment(of batch: BatchState, reason: String) throws -> Outcome {
        try Self.check(reason: reason)
        let time = home.now()
        let other = home.state.batches.first {
            $0.abandonment?.manifest == batch.manifest.id
                && [.gathering, .open].contains($0.phase(at: time))
        }
        if let other {
            throw RunnerError.refused(
                subject: "batch \(batch.number)",
                [
                    Violation(
                        .abandonTarget,
                        "batch \(other.number) is there to abandon batch \(batch.number) already",
                        hint: "approve it: conclave approve \(other.number); or reject it first")
                ])
        }
        let draft: BatchDraft
        do throws(Violations) {
            draft = try BatchDraft(
                abandoning: batch, reason: reason, state: home.state,
                circumstances: circumstances(at: time))
        } catch {
            throw RunnerError.refused(subject: "batch \(batch.number)", error.all)
        }
        return try record(draft, at: time)
    }

    /// In a manifest a reason would be unreadable; here it has no line yet.
    static func check(reason: String) throws(Violations) {
        var writer = DocumentWriter(kind: "revocation")
        writer.field("reason", reason)
        try Violations.raise(
            writer.faults.map { Violation($0.rule, $0.message, hint: "say why in a line") })
    }

    /// Writes the manifests that are missing of batches that gather approvals, and answers where.
    ///
    /// The ledger has a batch before its manifest is written; a crash between the two leaves none.
    ///
    /// - Throws: `FileError`.
    public func restoreManifests() throws -> [String] {
        let time = home.now()
        return try home.state.batches
            .filter { $0.phase(at: time) == .gathering }
            .map(\.manifest)
            .filter { manifest in unsafe access(path(of: manifest), F_OK) != 0 }
            .map(writeManifest)
    }

    private func draft(_ order: BatchDraft.Order, at time: UnixTime) throws -> Outcome {
        // Nonces are drawn first: the draft itself is a pure function.
        let count = order.requests.count + order.renewals.count
        var nonces = try (0..<count).map { _ in try home.surroundings.random(32) }
        let draft = try BatchDraft(
            order, state: home.state, circumstances: circumstances(at: time),
            nonce: { nonces.popLast() ?? [] })
        return try record(draft, at: time)
    }

    func circumstances(at time: UnixTime) -> BatchDraft.Circumstances {
        BatchDraft.Circumstances(
            time: time, ledgerRoot: home.store.checkpointRoot(), tool: Tool.name)
    }

    func record(_ draft: BatchDraft, at time: UnixTime) throws -> Outcome {
        try home.append([BatchRecord(draft.manifest).draft], time: time)
        return Outcome(draft: draft, path: try writeManifest(draft.manifest))
    }

    private func writeManifest(_ manifest: BatchManifest) throws -> String {
        if unsafe access(directory, F_OK) != 0 { try DurableFile.createDirectory(directory) }
        let path = path(of: manifest)
        try DurableFile.replace(path, manifest.text)
        return path
    }

    private var directory: String { home.path + "/batches" }

    private func path(of manifest: BatchManifest) -> String {
        directory + "/" + padded(manifest.header.number, to: 4) + ".batch"
    }
}

/// A number in decimal, filled with zeros to `width`.
func padded(_ number: UInt64, to width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
}
