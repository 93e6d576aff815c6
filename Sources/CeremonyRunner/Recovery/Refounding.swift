// SPDX-License-Identifier: Apache-2.0
import Ceremony
import Documents
import Glibc
import Issuance
import Ledger
public import SSHCrypto
import Spool

/// Makes a home again of which nothing is left but its bundles.
///
/// What makes it that home is its identity, which a person names: the genesis text has this digest, and
/// bears the signatures of all its officers. Only the first entry is taken here; the home is behind then,
/// and holds the bundles as anchors until ``Recovery`` has taken back the rest.
public struct Refounding {
    /// Where the home was, and will be.
    private let home: String
    private let genesis: SHA256Digest

    /// Prepares to make the home with this identity.
    public init(home: String, genesis: SHA256Digest) {
        self.home = home
        self.genesis = genesis
    }

    /// Makes the home, from the bundle with its first entry.
    ///
    /// - Parameters:
    ///   - paths: Bundles, or folders of bundles.
    ///   - surroundings: The machine's time, for whoever finds the making locked.
    /// - Throws: `RunnerError` where the first entry is in none of them, or a bundle is not sound;
    ///   `Violations` where it does not begin a home; what lock, files and ledger throw.
    public func run(_ paths: [String], surroundings: Surroundings) throws {
        let places = try ReleasedBundle.places(under: paths)
        guard let (entry, contents) = try places.lazy.compactMap(first).first else {
            throw RunnerError.refused(
                subject: "home \(quoted(home))",
                [
                    Violation(
                        .recoveryGap,
                        "no bundle here has the first entry of home \(genesis.hex)",
                        hint: "name the first bundle as well, and the home by its right identity")
                ])
        }
        let founding = try HomeState(entry) { digest in
            contents.first { $0.digest == digest }?.bytes
        }
        let bundles = try places.map {
            try ReleasedBundle($0, genesis: genesis, roster: founding.roster)
        }
        let directory = home + ".recovery"
        if unsafe access(directory, F_OK) != 0 { try DurableFile.createDirectory(directory) }
        let lock = try HomeLock(
            home: directory, program: "conclave recover", started: surroundings.now().text)
        guard unsafe access(home, F_OK) != 0 else { throw RunnerError.homeExists(home) }
        let draft = try EntryDraft(restoring: entry, contents: contents)
        try HomeFounding.make(home, in: directory, beginning: draft, at: entry.time) { making in
            for bundle in bundles {
                let note = AnchorNote(bundle.checkpoint, epoch: try? bundle.epoch())
                try AnchorMemory.keep(note, in: making)
            }
        }
        try lock.release()
        // It holds nothing but the lock's file; one that stays does no harm.
        unsafe unlink(directory + "/lock")
        unsafe rmdir(directory)
    }

    /// The first entry of the home with its contents, where this bundle has it.
    private func first(_ place: String) throws -> (LedgerEntry, [Content])? {
        let names = try DurableFile.names(in: place + "/" + EntryFile.directory.dropLast())
        guard
            let file = names.lazy.compactMap({ EntryFile(path: EntryFile.directory + $0) })
                .first(where: { $0.first == 0 })
        else { return nil }
        let bytes = try DurableFile.read(
            place + "/" + file.path, limit: EntryFile.maximumBytes)
        guard let entry = try file.entries(in: bytes).first, entry.kind == .genesis,
            try GenesisRecord(entry).genesis == genesis
        else { return nil }
        let contents = try entry.namedDigests.map { digest in
            Content(
                try DurableFile.read(
                    place + "/audit/contents/" + digest.hex, limit: Content.maximumBytes))
        }
        return (entry, contents)
    }
}
