// SPDX-License-Identifier: Apache-2.0
import Ceremony
import Documents
import Glibc
public import Ledger
import LedgerStore
import SSHCrypto
import Spool

/// The checkpoints of a home, kept as files beside the ledger.
public enum CheckpointFile {
    /// The checkpoint of a home's ledger at `size` entries.
    ///
    /// - Throws: what the ledger throws.
    public static func checkpoint(of home: Home, size: UInt64) throws -> Checkpoint {
        Checkpoint(
            genesis: home.state.id, size: size,
            root: try home.store.checkpointRoot(size: size))
    }

    /// Writes the checkpoint into `HOME/checkpoints/`, where it is not there already.
    ///
    /// - Throws: `FileError`, and what the ledger throws.
    static func write(of home: Home, size: UInt64) throws {
        let directory = directory(home.path)
        if unsafe access(directory, F_OK) != 0 { try DurableFile.createDirectory(directory) }
        let path = directory + "/" + name(size)
        guard unsafe access(path, F_OK) != 0 else { return }
        // What officers signed of a bundle whose checkpoint was lost with it says nothing of this one.
        let sums = stem(home.path, size: size) + ".sums"
        if unsafe unlink(sums) == 0 { try DurableFile.syncDirectory(directory) }
        try DurableFile.create(path, Array(checkpoint(of: home, size: size).text.utf8))
    }

    /// Keeps what officers signed of a bundle beside the checkpoint that it holds: its sums, and the
    /// signatures.
    ///
    /// - Throws: `FileError`.
    static func seal(
        of home: Home, size: UInt64, sums: [UInt8], signatures: [[UInt8]]
    ) throws(FileError) {
        let stem = stem(home.path, size: size)
        for (place, armored) in signatures.enumerated() {
            try DurableFile.replace(stem + sealSuffix(place + 1), armored)
        }
        try DurableFile.replace(stem + ".sums", sums)
    }

    /// The sums that officers signed with the checkpoint of this size; nil where none are kept.
    static func sums(_ home: String, size: UInt64) throws(FileError) -> [UInt8]? {
        let path = stem(home, size: size) + ".sums"
        guard unsafe access(path, F_OK) == 0 else { return nil }
        return try DurableFile.read(path, limit: maximumSums)
    }

    /// The signatures over the sums with the checkpoint of this size.
    static func seals(_ home: String, size: UInt64) throws(FileError) -> [[UInt8]] {
        var seals: [[UInt8]] = []
        while true {
            let path = stem(home, size: size) + sealSuffix(seals.count + 1)
            guard unsafe access(path, F_OK) == 0 else { return seals }
            seals.append(try DurableFile.read(path, limit: 65_536))
        }
    }

    /// The name of a checkpoint's file.
    static func path(_ home: String, size: UInt64) -> String { stem(home, size: size) + ".txt" }

    /// The sizes of which the home keeps a checkpoint, in ascending order.
    ///
    /// - Throws: `FileError`.
    static func keptSizes(of home: Home) throws(FileError) -> [UInt64] {
        try keptSizes(in: home.path)
    }

    /// The sizes of which the home at `path` keeps a checkpoint, in ascending order.
    ///
    /// - Throws: `FileError`.
    static func keptSizes(in path: String) throws(FileError) -> [UInt64] {
        let directory = directory(path)
        guard unsafe access(directory, F_OK) == 0 else { return [] }
        return try DurableFile.names(in: directory).compactMap { file in
            let digits = file.prefix { $0 != "." }.drop { $0 == "0" }
            guard let size = parseDecimal(String(digits)), file == name(size) else { return nil }
            return size
        }.sorted()
    }

    /// The checkpoint that the home keeps of `size` entries; nil where its file holds none.
    ///
    /// - Throws: `FileError`.
    static func kept(of home: Home, size: UInt64) throws(FileError) -> Checkpoint? {
        let bytes = try DurableFile.read(
            path(home.path, size: size), limit: Checkpoint.maximumBytes)
        return try? Checkpoint(parsing: bytes)
    }

    /// Removes the checkpoint that the home keeps of `size` entries; what officers signed of its bundle
    /// stays, and says nothing without it.
    ///
    /// - Throws: `FileError`, `RunnerError`.
    static func remove(of home: Home, size: UInt64) throws {
        let path = path(home.path, size: size)
        guard unsafe unlink(path) == 0 || errno == ENOENT else {
            throw RunnerError.system("unlink \(quoted(path))", number: errno)
        }
        try DurableFile.syncDirectory(directory(home.path))
    }

    /// Why the checkpoint that the home keeps of `size` entries does not fit its ledger, or nil
    /// where it does.
    ///
    /// - Throws: `FileError`, and what the ledger throws.
    static func fault(of home: Home, size: UInt64) throws -> String? {
        try fault(in: home.path, size: size, ledgerSize: home.store.size) {
            try checkpoint(of: home, size: size)
        }
    }

    /// Why the checkpoint that the home at `home` keeps of `size` entries does not fit the ledger's
    /// own, or is not the one that officers signed; nil where it is.
    ///
    /// - Throws: `FileError`, and what `checkpoint` throws, which is asked where there are so many
    ///   entries.
    static func fault(
        in home: String, size: UInt64, ledgerSize: UInt64, checkpoint: () throws -> Checkpoint
    ) throws -> String? {
        let path = path(home, size: size)
        let kept: Checkpoint
        let bytes = try DurableFile.read(path, limit: 4096)
        do throws(Violations) {
            kept = try Checkpoint(parsing: bytes)
        } catch {
            return "\(path) is no checkpoint: \(error)\n"
                + "move this file out of the home; its bundle has it as audit/checkpoint.txt"
        }
        guard size <= ledgerSize else {
            return
                "\(path) does not fit the ledger, which has \(ledgerSize) entries: the last "
                + "were removed, or an older copy was put in its place"
        }
        guard try kept == checkpoint() else {
            return "\(path) does not fit the ledger: it has another history of its first "
                + "\(size) entries"
        }
        guard try sums(home, size: size).map({ names(bytes, $0) }) != false else {
            return
                "\(path) is not the checkpoint that stands in the sums beside it, which officers "
                + "signed: one of them was altered"
        }
        return nil
    }

    /// Whether the sums of a bundle name this checkpoint as its own.
    static func names(_ checkpoint: [UInt8], _ sums: [UInt8]) -> Bool {
        let line = Array("\(SHA256Digest(hashing: checkpoint).hex)  audit/checkpoint.txt".utf8)
        return sums.split(separator: 0x0A).contains { $0.elementsEqual(line) }
    }

    /// The most bytes of a bundle's sums.
    private static let maximumSums = 256 * 1_048_576

    private static func sealSuffix(_ number: Int) -> String {
        number == 1 ? ".sums.sig" : ".sums-\(number).sig"
    }

    private static func stem(_ home: String, size: UInt64) -> String {
        directory(home) + "/" + padded(size, to: 8)
    }

    private static func directory(_ home: String) -> String { home + "/checkpoints" }

    private static func name(_ size: UInt64) -> String { padded(size, to: 8) + ".txt" }
}
