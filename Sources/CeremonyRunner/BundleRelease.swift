// SPDX-License-Identifier: Apache-2.0
public import Ceremony
import Documents
import Issuance
import SSHCrypto
import SSHFormats
import Spool

/// Hands out a ceremony's bundle: after the ledger, never before, and never over another.
public struct BundleRelease {
    private let home: Home
    private let outbox: String

    /// Releases bundles of this home into `outbox`.
    public init(home: Home, outbox: String) {
        self.home = home
        self.outbox = outbox
    }

    /// Refuses, before anything is signed, where the sealers would not be enough, the bundle's
    /// place is taken, or the outbox cannot be written.
    ///
    /// - Throws: `RunnerError` naming what is wrong; `FileError` of the outbox.
    public func check(_ sealers: [Sealer], for batch: BatchState) throws {
        try OutboxBundleWriter.requireWritable(outbox: outbox)
        if batch.closed == nil, try isReleased(batch) {
            throw RunnerError.refused(
                subject: "outbox \"\(outbox)\"",
                [
                    Violation(
                        .bundlePlace,
                        "it holds a bundle \(BundleContents.name(of: batch)) already, and nothing "
                            + "is ever overwritten",
                        hint: "give another --outbox; that bundle is of another home")
                ])
        }
        var persons: Set<String> = []
        for sealer in sealers {
            guard let person = home.state.roster.person(holding: sealer.publicKey) else {
                throw RunnerError.refused(
                    subject: "bundle signature",
                    [
                        Violation(
                            .approvalStranger,
                            "key \(sealer.publicKey.fingerprint) belongs to nobody on the roster",
                            hint: "seal with the key of an officer or witness")
                    ])
            }
            do throws(Violations) {
                try home.state.roster.requireCurrent(sealer.publicKey, at: home.now())
            } catch {
                throw RunnerError.refused(subject: "bundle signature", error.all)
            }
            persons.insert(person.name)
        }
        let needed = home.state.roster.bundleSignatures
        guard persons.count >= needed else {
            throw RunnerError.refused(
                subject: "bundle signature",
                [
                    Violation(
                        .bundleSignatures,
                        "\(persons.count) of \(needed) persons are there to sign the bundle",
                        hint: "add --seal-with KEY for an officer or witness who is there")
                ])
        }
    }

    /// Whether the bundle of a batch is in the outbox.
    ///
    /// - Throws: `FileError`.
    public func isReleased(_ batch: BatchState) throws -> Bool {
        try OutboxBundleWriter.isComplete(outbox: outbox, name: BundleContents.name(of: batch))
    }

    /// Writes the bundle of a batch whose ceremony has ended, and answers where it is.
    ///
    /// - Parameters:
    ///   - batch: The batch.
    ///   - sealers: Who signs the bundle.
    ///   - progress: Is told how many files are written, of how many.
    /// - Returns: The bundle's path.
    /// - Throws: `FileError`; where a sealer's signature cannot be made or does not hold.
    public func release(
        _ batch: BatchState, sealers: [Sealer], progress: (Int, Int) -> Void = { _, _ in }
    ) async throws -> String {
        let contents = try BundleContents(home: home, batch: batch)
        let sums = contents.sums
        var signatures: [[UInt8]] = []
        for sealer in sealers {
            signatures.append(
                try await sealer.sign(
                    sums, namespace: BundleContents.namespace, what: "the bundle"))
        }
        if let size = batch.closed.map({ $0.entry + 1 }) {
            try CheckpointFile.write(of: home, size: size)
            try CheckpointFile.seal(of: home, size: size, sums: sums, signatures: signatures)
        }
        var writer = try OutboxBundleWriter(
            outbox: outbox, name: BundleContents.name(of: batch))
        for (place, file) in contents.files.enumerated() {
            try writer.add(path: file.path, file.bytes)
            progress(place + 1, contents.files.count)
        }
        try writer.add(path: BundleContents.sumsName, sums)
        for (place, armored) in signatures.enumerated() {
            let suffix = place == 0 ? "" : "-\(place + 1)"
            try writer.add(path: "\(BundleContents.sumsName)\(suffix).sig", armored)
        }
        let path = writer.path
        try writer.finish()
        return path
    }
}
