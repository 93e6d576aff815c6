// SPDX-License-Identifier: Apache-2.0
import Documents
import Glibc
import Issuance
import Ledger
import SSHCrypto
import Spool

/// A checkpoint of a home that lies outside its disk, where a restored backup does not reach it.
struct Anchor {
    /// Where a checkpoint lies, and with it what says that persons of the roster made it.
    private enum Source {
        case bundle
        case export
        case file
    }

    /// The checkpoint.
    let checkpoint: Checkpoint
    /// The file or folder in which it was found.
    let place: String
    private let source: Source

    /// The anchors of a home that are at a path: a bundle, a folder of bundles, an export, or the text of
    /// a checkpoint, as a witness's memory is one; those of other homes are left out.
    ///
    /// - Throws: `FileError`; `Violations` where a checkpoint's text is none.
    static func find(at path: String, of genesis: SHA256Digest) throws -> [Anchor] {
        guard isDirectory(path) else {
            return [try Anchor(path, path, .file)].filter { $0.checkpoint.genesis == genesis }
        }
        var found: [Anchor] = []
        if exists(path + "/" + ReleasedBundle.checkpointName) {
            found.append(try Anchor(path + "/" + ReleasedBundle.checkpointName, path, .bundle))
        } else {
            if exists(path + "/checkpoint") {
                found.append(try Anchor(path + "/checkpoint", path, .export))
            }
            // What cannot be read here is no bundle of ours, or one that its verifier refuses.
            found += try ReleasedBundle.places(in: path).compactMap { bundle in
                try? Anchor(bundle + "/" + ReleasedBundle.checkpointName, bundle, .bundle)
            }
        }
        return found.filter { $0.checkpoint.genesis == genesis }
    }

    private init(_ file: String, _ place: String, _ source: Source) throws {
        let text = try DurableFile.read(file, limit: Checkpoint.maximumBytes)
        do throws(Violations) {
            checkpoint = try Checkpoint(parsing: text)
        } catch {
            throw RunnerError.refused(subject: quoted(file), error.all)
        }
        self.place = place
        self.source = source
    }

    /// What is known of it where a person of the roster has signed it, as far as what lies beside it
    /// shows; nil where nobody has.
    func signed(_ roster: Roster) -> AnchorNote? {
        switch source {
        case .bundle:
            let bundle = try? ReleasedBundle(
                place, genesis: checkpoint.genesis, roster: roster)
            return bundle.map { AnchorNote(checkpoint, epoch: try? $0.epoch()) }
        case .export, .file:
            let path = source == .export ? place + "/checkpoint.sig" : place + ".sig"
            guard let armored = try? DurableFile.read(path, limit: 65_536),
                let signature = try? OfficerSignature(
                    armored: armored, message: checkpoint.bytes,
                    namespace: LedgerExport.namespace, what: "the checkpoint")
            else { return nil }
            return roster.person(holding: signature.key)
                .map { _ in AnchorNote(checkpoint, epoch: nil) }
        }
    }

    private static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

    private static func isDirectory(_ path: String) -> Bool {
        var status = stat()
        return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }
}
