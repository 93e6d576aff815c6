// SPDX-License-Identifier: Apache-2.0
import Glibc

/// What a crash can leave of a bundle, and its removal; whatever else bears the name is left alone.
struct BundleLeftover {
    let outbox: String
    let name: String
    /// What the mark says, before and after the directory is complete.
    let marker: [UInt8]

    /// Looks for what is left of a bundle of this name, or of another directory with its own mark.
    init(outbox: String, name: String, marker: [UInt8]? = nil) {
        self.outbox = outbox
        self.name = name
        self.marker = marker ?? Array("conclave-bundle \(name)\n".utf8)
    }

    /// The name under which a bundle is written.
    var partialName: String { ".\(name).partial" }

    /// How many names a directory of a bundle may hold, in a tree that is to be removed.
    private static let maximumNames = 10_000_000

    /// Removes an unfinished bundle under either of its names.
    func remove(from directory: borrowing Descriptor) throws(FileError) {
        let path = joined(outbox, name)
        let partialPath = joined(outbox, partialName)
        let partial = try DirectoryEntry(partialName, in: directory, path: partialPath)
        let final = try DirectoryEntry(name, in: directory, path: path)
        if let status = try partial.status() {
            guard status.kind == .directory, try isOurs(partial, whenEmpty: true) else {
                throw FileError(
                    "open", partialPath, number: EEXIST,
                    detail: "it stands in the way, and is no unfinished bundle")
            }
            try removeTree(partial, depth: 0)
            try directory.sync(outbox)
        }
        if let status = try final.status() {
            guard status.kind == .directory, try isOurs(final, whenEmpty: false) else {
                throw FileError("mkdir", path, number: EEXIST)
            }
            // Back to the hidden name first: half removed, it must not be taken for a bundle.
            try final.rename(to: partial)
            try directory.sync(outbox)
            try removeTree(partial, depth: 0)
            try directory.sync(outbox)
        }
    }

    /// Whether the directory bears the mark of an unfinished bundle of this name, which a crash may
    /// have cut short; or is empty, since the mark goes in first and out last.
    private func isOurs(_ entry: DirectoryEntry, whenEmpty: Bool) throws(FileError) -> Bool {
        let directory = try entry.openDirectory()
        let names = try DirectoryNames.list(
            directory, limit: BundleLeftover.maximumNames, path: entry.path)
        guard !names.isEmpty else { return whenEmpty }
        let markerPath = joined(entry.path, OutboxBundleWriter.incompleteName)
        let mark = try DirectoryEntry(
            OutboxBundleWriter.incompleteName, in: directory, path: markerPath)
        guard try mark.status()?.kind == .regular else { return false }
        let file = try mark.open()
        let text = try file.read(upTo: marker.count, expecting: marker.count, markerPath)
        try file.close(markerPath)
        return marker.starts(with: text) && (text == marker || names.count == 1)
    }

    /// Removes a directory of regular files and directories, the mark last.
    private func removeTree(_ entry: DirectoryEntry, depth: Int) throws(FileError) {
        let directory = try entry.openDirectory()
        let names = try DirectoryNames.list(
            directory, limit: BundleLeftover.maximumNames, path: entry.path)
        let mark = Array(OutboxBundleWriter.incompleteName.utf8)
        for name in names where name != mark {
            try remove(name, of: directory, entry, depth: depth)
        }
        if names.contains(mark) {
            // The rest is gone on the medium too before the mark goes.
            try directory.sync(entry.path)
            try remove(mark, of: directory, entry, depth: depth)
        }
        try directory.close(entry.path)
        try entry.remove(directory: true)
    }

    private func remove(
        _ name: [UInt8], of directory: borrowing Descriptor, _ parent: DirectoryEntry, depth: Int
    ) throws(FileError) {
        let text = String(decoding: name, as: UTF8.self)
        let path = joined(parent.path, text)
        let entry = try DirectoryEntry(text, in: directory, path: path)
        let kind = BundlePath.isSafe(text) ? try entry.status()?.kind : nil
        switch kind {
        case .regular: try entry.remove()
        case .directory where depth < BundlePath.maximumDepth:
            try removeTree(entry, depth: depth + 1)
        default:
            throw FileError(
                "unlink", path, number: EPERM,
                detail: "it is in an unfinished bundle, and no bundle holds such a thing")
        }
    }
}
