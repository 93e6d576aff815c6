// SPDX-License-Identifier: Apache-2.0
import Glibc

/// Writes a bundle: a new directory that is whole, or shows that it is not.
///
/// The files are written to OUTBOX`/.NAME.partial`, which bears a file `INCOMPLETE` from its first
/// moment. `finish()` writes all of it back, reads it again from the medium, renames the directory to
/// NAME, and last renames `INCOMPLETE` to `COMPLETE`. A bundle without `COMPLETE` counts for nothing.
public struct OutboxBundleWriter: ~Copyable {
    /// The file in a finished bundle that says so; it comes last.
    public static let completeName = "COMPLETE"
    /// The file in its place before.
    public static let incompleteName = "INCOMPLETE"
    /// The longest name of a bundle, in bytes.
    public static let maximumNameBytes = 100

    /// Where the finished bundle will be.
    public let path: String

    private let outboxPath: String
    private let outbox: Descriptor
    private let partial: Descriptor
    private let partialName: String
    private let name: String
    private var files: [(path: String, bytes: [UInt8])] = []
    private var directories: [String] = []
    /// Each path so far by its lower-case form: FAT does not tell `A` from `a`.
    private var spellings: [String: String] = [:]

    /// Begins a bundle, and removes first what a crash left of an unfinished one of this name.
    ///
    /// - Throws: `FileError`; EEXIST where there is a finished bundle, or anything else, of that name.
    public init(outbox: String, name: String) throws(FileError) {
        let path = joined(outbox, name)
        guard BundlePath.isSafe(name), name.utf8.count <= OutboxBundleWriter.maximumNameBytes else {
            throw FileError("mkdir", path, number: EINVAL, detail: BundlePath.fault)
        }
        let directory = try Descriptor.directory(outbox, path: outbox)
        let leftover = BundleLeftover(outbox: outbox, name: name)
        try leftover.remove(from: directory)
        let partialPath = joined(outbox, leftover.partialName)
        let entry = try DirectoryEntry(leftover.partialName, in: directory, path: partialPath)
        try entry.makeDirectory(mode: 0o755)
        let partial = try entry.openDirectory()
        let markerPath = joined(partialPath, OutboxBundleWriter.incompleteName)
        let marker = try DirectoryEntry(
            OutboxBundleWriter.incompleteName, in: partial, path: markerPath)
        let file = try marker.create(mode: 0o644)
        try file.write(leftover.marker, markerPath)
        try file.sync(markerPath)
        try file.close(markerPath)
        try partial.sync(partialPath)
        try directory.sync(outbox)
        self.path = path
        self.outbox = directory
        self.partial = partial
        self.name = name
        outboxPath = outbox
        partialName = leftover.partialName
    }

    /// Demands that the outbox is there and, as far as the system tells beforehand, can be written.
    ///
    /// - Throws: `FileError`; EROFS for a medium that is write-protected.
    public static func requireWritable(outbox: String) throws(FileError) {
        let directory = try Descriptor.directory(outbox, path: outbox)
        _ = try repeated("write to", outbox) {
            unsafe faccessat(directory.number, ".", W_OK | X_OK, AT_EACCESS)
        }
    }

    /// Whether the outbox holds a finished bundle of that name.
    ///
    /// - Throws: `FileError`.
    public static func isComplete(outbox: String, name: String) throws(FileError) -> Bool {
        let path = joined(outbox, name)
        let directory = try Descriptor.directory(outbox, path: outbox)
        let entry = try DirectoryEntry(name, in: directory, path: path)
        guard try entry.status()?.kind == .directory else { return false }
        let bundle = try entry.openDirectory()
        let complete = try DirectoryEntry(
            completeName, in: bundle, path: joined(path, completeName))
        return try complete.status()?.kind == .regular
    }

    /// Writes a file; `path` is relative to the bundle, its directories are made as needed.
    ///
    /// The bytes are kept until `finish()` has compared them with what the medium holds.
    ///
    /// - Throws: `FileError`; EINVAL for a path that FAT or Windows could not hold, EEXIST for one
    ///   that there is already, or that differs from one only by case.
    public mutating func add(path: String, _ bytes: [UInt8]) throws(FileError) {
        let whole = joined(joined(outboxPath, partialName), path)
        guard let components = BundlePath.components(of: path) else {
            throw FileError("open", whole, number: EINVAL, detail: BundlePath.fault)
        }
        let newDirectories = try claim(components, whole)
        for directory in newDirectories {
            let at = joined(joined(outboxPath, partialName), directory)
            try DirectoryEntry(directory, in: partial, path: at).makeDirectory(mode: 0o755)
            directories.append(directory)
        }
        let file = try DirectoryEntry(path, in: partial, path: whole).create(mode: 0o644)
        try file.write(bytes, whole)
        try file.close(whole)
        files.append((path, bytes))
    }

    /// Publishes the bundle.
    ///
    /// - Throws: `FileError`; the unfinished bundle stays, and the next of its name removes it.
    public consuming func finish() throws(FileError) {
        let partialPath = joined(outboxPath, partialName)
        try partial.syncFileSystem(partialPath)
        for file in files { try compare(file.path, file.bytes) }
        for directory in directories.reversed() {
            let at = joined(partialPath, directory)
            try DirectoryEntry(directory, in: partial, path: at).openDirectory().sync(at)
        }
        try partial.sync(partialPath)

        try DirectoryEntry(partialName, in: outbox, path: partialPath)
            .rename(to: DirectoryEntry(name, in: outbox, path: path))
        try outbox.sync(outboxPath)

        let incomplete = OutboxBundleWriter.incompleteName
        let complete = OutboxBundleWriter.completeName
        try DirectoryEntry(incomplete, in: partial, path: joined(path, incomplete))
            .rename(to: DirectoryEntry(complete, in: partial, path: joined(path, complete)))
        try partial.sync(path)
    }

    /// Takes the path and the directories above it, and answers which of these are new.
    private mutating func claim(
        _ components: [String], _ whole: String
    ) throws(FileError) -> [String] {
        func refuse(_ detail: String? = nil) -> FileError {
            FileError("open", whole, number: EEXIST, detail: detail)
        }
        let markers = [OutboxBundleWriter.completeName, OutboxBundleWriter.incompleteName]
        guard let first = components.first, !markers.contains(first.uppercased()) else {
            throw refuse("the name is kept for the bundle's own mark")
        }
        var new: [String] = []
        for depth in 1...components.count {
            let path = components.prefix(depth).joined(separator: "/")
            let isFile = depth == components.count
            let held = spellings[path.lowercased()]
            if let held, held != path {
                throw refuse("it differs from \"\(held)\" only by case")
            }
            guard held == nil || !isFile else { throw refuse() }
            guard held == nil else { continue }
            if !isFile { new.append(path) }
        }
        for depth in 1...components.count {
            let path = components.prefix(depth).joined(separator: "/")
            spellings[path.lowercased()] = path
        }
        return new
    }

    /// Reads a file again, from the medium where the kernel agrees to forget its own copy.
    private borrowing func compare(_ path: String, _ bytes: [UInt8]) throws(FileError) {
        let whole = joined(joined(outboxPath, partialName), path)
        let file = try DirectoryEntry(path, in: partial, path: whole).open()
        file.forgetCache()
        let found = try file.read(upTo: bytes.count, expecting: bytes.count, whole)
        guard found == bytes else {
            throw FileError(
                "read", whole, number: EIO, detail: "the file does not hold what was written")
        }
        try file.close(whole)
    }
}
