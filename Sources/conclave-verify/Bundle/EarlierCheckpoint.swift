// SPDX-License-Identifier: Apache-2.0
import Documents
import Ledger

/// A checkpoint that the auditor has from before: a file, or that of a bundle, which leads further back.
struct EarlierCheckpoint: Sendable {
    /// The bundle or the file.
    let path: String
    /// The checkpoint.
    let checkpoint: Checkpoint
    /// The one before the bundle's entries; nil for a file, and for a ledger's first bundle.
    let previous: Checkpoint?
    /// Where the bundle is; nil for a file.
    let folder: String?

    /// Takes a checkpoint.
    init(
        path: String, checkpoint: Checkpoint, previous: Checkpoint? = nil, folder: String? = nil
    ) {
        self.path = path
        self.folder = folder
        self.checkpoint = checkpoint
        self.previous = previous
    }

    /// Reads a checkpoint's file, or a bundle's three files of them.
    ///
    /// - Throws: `MachineFault` where the system does not let it be read, `RefusedFile` where it is no
    ///   checkpoint, or where the bundle's proof does not lead to it.
    init(reading path: String) throws {
        guard try FileHandle.file(path).kind(path: path) == .directory else {
            let bytes = try NamedFile(path, limit: Checkpoint.maximumBytes).contents
            self.init(
                path: path, checkpoint: try Self.parse(path, bytes, Checkpoint.init(parsing:)))
            return
        }
        let folder = ExportFolder(path: path)
        guard
            let checkpoint = try Self.read(
                "audit/checkpoint.txt", in: folder, Checkpoint.init(parsing:))
        else { throw RefusedFile(path, .checkpoint, "it has no audit/checkpoint.txt") }
        let previous = try Self.read(
            "audit/previous.txt", in: folder, Checkpoint.init(parsing:))
        if let previous {
            let growth = try Self.read("audit/growth.txt", in: folder, GrowthProof.init(parsing:))
            guard let growth, growth.checkpoint == checkpoint else {
                throw RefusedFile(
                    path, .proofHolds, "audit/growth.txt does not lead to its checkpoint")
            }
            do throws(Violations) {
                try growth.verify(from: previous)
            } catch {
                throw RefusedFile(path + "/audit/growth.txt", error)
            }
        }
        self.init(path: path, checkpoint: checkpoint, previous: previous, folder: path)
    }

    private static func read<Value>(
        _ file: String, in folder: ExportFolder, _ parse: ([UInt8]) throws(Violations) -> Value
    ) throws -> Value? {
        switch try folder.read(file, limit: 16_384) {
        case .missing: return nil
        case .refused(let reason):
            throw RefusedFile(folder.path + "/" + file, .plainFile, reason)
        case .bytes(let bytes): return try Self.parse(folder.path + "/" + file, bytes, parse)
        }
    }

    private static func parse<Value>(
        _ path: String, _ bytes: [UInt8], _ parse: ([UInt8]) throws(Violations) -> Value
    ) throws(RefusedFile) -> Value {
        do throws(Violations) {
            return try parse(bytes)
        } catch {
            throw RefusedFile(path, error)
        }
    }
}

extension BundleCheck {
    /// Checks that the ledger of each earlier checkpoint is this one's, before it grew.
    ///
    /// The bundle's own entries show it back to `audit/previous.txt`; from there on back, a bundle whose
    /// checkpoint that is.
    mutating func checkEarlier(_ trail: AuditTrail, _ checkpoint: Checkpoint?) {
        guard let checkpoint else {
            if !earlier.isEmpty { skip("the earlier checkpoints", for: "there is no sound one") }
            return
        }
        var reached = trail.base == nil ? nil : previous
        for old in earlier.sorted(by: { $0.checkpoint.size > $1.checkpoint.size }) {
            let size = old.checkpoint.size
            do throws(Violations) {
                try checkpoint.requireGrowth(from: old.checkpoint)
            } catch {
                findings.fail(old.path, error)
                continue
            }
            let root = trail.root(size: size) ?? (reached?.size == size ? reached?.root : nil)
            guard let root else {
                let last = reached.map { "entry \($0.size)" } ?? "nothing"
                findings.fail(
                    old.path, .proofHolds,
                    "it is of \(size) entries, and what is proven reaches back to \(last): give the "
                        + "bundles between, too")
                continue
            }
            guard root == old.checkpoint.root else {
                findings.fail(
                    old.path, .proofHolds,
                    "the ledger of this bundle is not that one, grown: its history was changed; keep "
                        + "both bundles, they are the evidence")
                continue
            }
            findings.ok("the ledger is that of \(shownPath(old.path)), \(size) entries, grown")
            if let further = old.previous, further.size < reached?.size ?? 0 { reached = further }
        }
        guard let previous, earlier.isEmpty else { return }
        findings.note(
            "not proven: that the \(previous.size) entries before these are those that you know; "
                + "give the bundle before with --previous, or compare its audit/checkpoint.txt with "
                + "audit/previous.txt")
    }
}
