// SPDX-License-Identifier: Apache-2.0
import Glibc

/// One pass over a spool, which holds the contents of one file at a time.
public struct SpoolScan: ~Copyable {
    /// How many items the pass gives, those included that `next` gave already.
    public let count: Int

    private let path: String
    private let limit: Int
    private let directory: Descriptor
    private let present: Set<[UInt8]>
    private var waiting: ArraySlice<SpoolName>

    init(path: String, limit: Int) throws(FileError) {
        let directory = try Descriptor.directory(path, path: path)
        let names = try DirectoryNames.list(
            directory, limit: SpoolDirectory.maximumNames, path: path)
        let present = Set(names)
        let items = names.map(SpoolName.init).filter { name in
            // A signature goes with its text. One of a signature does not make a text of that.
            guard let text = name.signedName, text.signedName == nil else { return true }
            return !present.contains(text.bytes)
        }
        self.path = path
        self.limit = limit
        self.directory = directory
        self.present = present
        waiting = items[...]
        count = items.count
    }

    /// Reads the next item; nil after the last.
    public mutating func next() -> SpoolItem? {
        guard let name = waiting.popFirst() else { return nil }
        do throws(SpoolRefusal) {
            return SpoolItem(name: name.shown, result: .file(try file(name)))
        } catch {
            return SpoolItem(name: name.shown, result: .refused(error))
        }
    }

    /// Ends the pass.
    ///
    /// - Throws: `FileError`.
    public consuming func close() throws(FileError) {
        try directory.close(path)
    }

    private func file(_ name: SpoolName) throws(SpoolRefusal) -> SpoolFile {
        if let refusal = name.refusal { throw refusal }
        if let text = name.signedName {
            throw SpoolRefusal(
                name: name.shown, rule: "SPOOL-ORPHAN",
                message: "\"\(name.shown)\" has no text \"\(text.shown)\" beside it")
        }
        let bytes = try contents(of: name, item: name)
        var signature: [UInt8]?
        if present.contains(name.signatureName.bytes) {
            signature = try contents(of: name.signatureName, item: name)
        }
        return SpoolFile(name: name.shown, bytes: bytes, signature: signature)
    }

    /// Reads one file whose name is plain, and refuses on the part of `item`.
    private func contents(
        of name: SpoolName, item: SpoolName
    ) throws(SpoolRefusal) -> [UInt8] {
        let outcome: Outcome
        do throws(FileError) {
            let path = joined(path, name.shown)
            outcome = try read(DirectoryEntry(name.shown, in: directory, path: path))
        } catch {
            outcome = Outcome(error)
        }
        switch outcome {
        case .bytes(let bytes):
            return bytes
        case .refused(let rule, let reason):
            throw SpoolRefusal(
                name: item.shown, rule: rule, message: "\"\(name.shown)\" \(reason)")
        }
    }

    private func read(_ entry: DirectoryEntry) throws(FileError) -> Outcome {
        // Asked by name first, since merely opening a device or a FIFO can have an effect; then of
        // the open file, which is what counts.
        guard let named = try entry.status() else { return .changed }
        if let fault = Outcome(kind: named.kind) { return fault }
        let file = try entry.open()
        let before = try file.status(entry.path)
        if let fault = Outcome(kind: before.kind) { return fault }
        guard before.size <= limit else {
            return .refused(
                rule: "SPOOL-SIZE",
                reason: "has \(before.size) bytes, above the limit of \(limit)")
        }
        let bytes = try file.read(upTo: limit, expecting: before.size, entry.path)
        let after = try file.status(entry.path)
        try file.close(entry.path)
        return after == before && bytes.count == before.size ? .bytes(bytes) : .changed
    }

    /// What an attempt to read one file came to.
    private enum Outcome {
        case bytes([UInt8])
        case refused(rule: String, reason: String)

        static let changed = Outcome.refused(
            rule: "SPOOL-CHANGED", reason: "changed while it was read")

        /// The refusal of what is no regular file.
        init?(kind: FileStatus.Kind) {
            switch kind {
            case .regular:
                return nil
            case .symbolicLink:
                self = .refused(
                    rule: "SPOOL-LINK", reason: "is a symbolic link, which is never followed")
            default:
                self = .refused(
                    rule: "SPOOL-KIND", reason: "is \(kind.name), not a regular file")
            }
        }

        /// The refusal that a failed call stands for.
        init(_ error: FileError) {
            switch error.number {
            // Between the listing and the reading the name went, or became a link.
            case ENOENT, ELOOP: self = .changed
            default:
                self = .refused(
                    rule: "SPOOL-UNREADABLE",
                    reason: "cannot be read: \(FileError.text(of: error.number))")
            }
        }
    }
}
