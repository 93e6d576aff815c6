// SPDX-License-Identifier: Apache-2.0
import Glibc

/// Writes a directory of many files that is whole, or shows that it is not; none is kept in memory.
///
/// The files are written to `.NAME.partial` beside the directory's place, which bears a file
/// `INCOMPLETE` from its first moment. Whoever writes gives every file two times: first to
/// ``add(path:_:)``, and after ``sync()`` to ``compare(path:_:)``, which reads it again from the
/// medium. ``finish()`` then gives the directory its name and renames `INCOMPLETE` to `COMPLETE`, as
/// ``OutboxBundleWriter`` does.
public struct ExportWriter: ~Copyable {
    /// Where the finished directory will be.
    public let path: String

    private let place: FilePlace
    private let parent: Descriptor
    private let partial: Descriptor
    private let partialPath: String
    private var directories: [String] = []
    private var known: Set<String> = []
    private var written = 0
    private var compared = 0

    /// Begins a directory, and removes first what a crash left of an unfinished one of this name.
    ///
    /// - Parameters:
    ///   - path: Where the directory will be.
    ///   - mark: What `COMPLETE` will say.
    /// - Throws: `FileError`; EEXIST where there is anything of that name.
    public init(path: String, mark: String) throws(FileError) {
        let trimmed = path.hasSuffix("/") && path.utf8.count > 1 ? String(path.dropLast()) : path
        let place = try FilePlace(trimmed, "mkdir")
        guard BundlePath.isSafe(place.name),
            place.name.utf8.count <= OutboxBundleWriter.maximumNameBytes
        else {
            throw FileError("mkdir", path, number: EINVAL, detail: BundlePath.fault)
        }
        let parent = try Descriptor.directory(place.directory, path: place.directory)
        let leftover = BundleLeftover(
            outbox: place.directory, name: place.name, marker: Array("\(mark)\n".utf8))
        try leftover.remove(from: parent)
        let partialPath = place.sibling(leftover.partialName)
        let entry = try DirectoryEntry(leftover.partialName, in: parent, path: partialPath)
        try entry.makeDirectory(mode: 0o755)
        let partial = try entry.openDirectory()
        let markerPath = joined(partialPath, OutboxBundleWriter.incompleteName)
        let file = try DirectoryEntry(
            OutboxBundleWriter.incompleteName, in: partial, path: markerPath
        ).create(mode: 0o644)
        try file.write(leftover.marker, markerPath)
        try file.sync(markerPath)
        try file.close(markerPath)
        try partial.sync(partialPath)
        try parent.sync(place.directory)
        self.path = trimmed
        self.place = place
        self.parent = parent
        self.partial = partial
        self.partialPath = partialPath
    }

    /// Writes a file; `path` is relative to the directory, the ones between are made as needed.
    ///
    /// - Throws: `FileError`; EINVAL for a path that FAT or Windows could not hold, EEXIST for one
    ///   that there is already.
    public mutating func add(path: String, _ bytes: [UInt8]) throws(FileError) {
        let whole = joined(partialPath, path)
        guard let components = BundlePath.components(of: path) else {
            throw FileError("open", whole, number: EINVAL, detail: BundlePath.fault)
        }
        for depth in 1..<max(components.count, 1) {
            let directory = components.prefix(depth).joined(separator: "/")
            guard known.insert(directory).inserted else { continue }
            try DirectoryEntry(directory, in: partial, path: joined(partialPath, directory))
                .makeDirectory(mode: 0o755)
            directories.append(directory)
        }
        let file = try DirectoryEntry(path, in: partial, path: whole).create(mode: 0o644)
        try file.write(bytes, whole)
        try file.close(whole)
        written += 1
    }

    /// Brings everything that was written onto the medium.
    ///
    /// - Throws: `FileError`.
    public mutating func sync() throws(FileError) {
        try partial.syncFileSystem(partialPath)
    }

    /// Reads a file again, from the medium where the kernel agrees to forget its own copy.
    ///
    /// - Throws: `FileError`; EIO where it doesn't hold these bytes.
    public mutating func compare(path: String, _ bytes: [UInt8]) throws(FileError) {
        let whole = joined(partialPath, path)
        let file = try DirectoryEntry(path, in: partial, path: whole).open()
        file.forgetCache()
        let found = try file.read(upTo: bytes.count, expecting: bytes.count, whole)
        guard found == bytes else {
            throw FileError(
                "read", whole, number: EIO, detail: "the file does not hold what was written")
        }
        try file.close(whole)
        compared += 1
    }

    /// Publishes the directory.
    ///
    /// - Throws: `FileError`; EIO where not every file was compared. What is unfinished stays, and the
    ///   next of its name removes it.
    public consuming func finish() throws(FileError) {
        guard compared == written else {
            throw FileError(
                "read", partialPath, number: EIO,
                detail: "\(compared) of \(written) files were read again")
        }
        for directory in directories.reversed() {
            let at = joined(partialPath, directory)
            try DirectoryEntry(directory, in: partial, path: at).openDirectory().sync(at)
        }
        try partial.sync(partialPath)
        let name = ".\(place.name).partial"
        try DirectoryEntry(name, in: parent, path: partialPath)
            .rename(to: DirectoryEntry(place.name, in: parent, path: path))
        try parent.sync(place.directory)
        let incomplete = OutboxBundleWriter.incompleteName
        let complete = OutboxBundleWriter.completeName
        try DirectoryEntry(incomplete, in: partial, path: joined(path, incomplete))
            .rename(to: DirectoryEntry(complete, in: partial, path: joined(path, complete)))
        try partial.sync(path)
    }
}
