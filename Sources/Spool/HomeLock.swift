// SPDX-License-Identifier: Apache-2.0
import Glibc
import Synchronization

/// The right to change a home, held by one process at a time and ended by its death at the latest.
///
/// It is an flock(2) on HOME`/lock`, so no stale lock can stay behind, whatever the file says. The file
/// tells who holds it; it stays when the lock is released. A note in it goes from one holder to the next.
public final class HomeLock: Sendable {
    /// The longest text about a holder that is repeated, in bytes.
    private static let holderLimit = 1024
    /// How often the file may be swapped for another before that is an error.
    private static let maximumTries = 10

    /// What a line begins with that goes from one holder to the next.
    private static let noteName = "ledger "

    /// The note that the last holder left, without its line end; nil where there is none.
    public let note: String?

    private let path: String
    private let descriptor: Mutex<Int32?>
    /// Where the note begins in the file.
    private let noteOffset: Int

    /// Takes the lock, or says who has it; never waits.
    ///
    /// `program` and `started`, a time in text, are for whoever finds the lock taken. Keep the object
    /// and call `release()` at the end: Swift may let go of an object after its last use.
    ///
    /// - Throws: `HomeLockError`.
    public init(home: String, program: String, started: String) throws(HomeLockError) {
        let text = "pid \(getpid())\nprogram \(program)\nstarted \(started)\n"
        path = joined(home, "lock")
        noteOffset = text.utf8.count
        let taken: Taken
        do throws(FileError) {
            taken = try HomeLock.take(path, in: home, text: Array(text.utf8))
        } catch {
            throw .file(error)
        }
        switch taken {
        case .here(let number, let left):
            descriptor = Mutex(number)
            note = left
        case .elsewhere(let holder): throw .held(by: holder)
        }
    }

    deinit {
        // Nobody is left to hear of a failure; the end of the process gives the lock back too.
        guard let number = descriptor.withLock({ $0 }) else { return }
        _ = flock(number, LOCK_UN)
        _ = Glibc.close(number)
    }

    /// Gives the lock back; a second call does nothing.
    ///
    /// - Throws: `HomeLockError`.
    public func release() throws(HomeLockError) {
        let number = descriptor.withLock { number in
            defer { number = nil }
            return number
        }
        guard let number else { return }
        do throws(FileError) {
            let file = Descriptor(owning: number)
            try file.unlock(path)
            try file.close(path)
        } catch {
            throw .file(error)
        }
    }

    /// Leaves a note for the next holder, one printable line, in the place of the one before.
    ///
    /// It is not synced: after a power cut, an older one or none may be there, or half of this one.
    ///
    /// - Throws: `HomeLockError`.
    public func leave(note: String) throws(HomeLockError) {
        guard let number = descriptor.withLock({ $0 }) else { return }
        do throws(FileError) {
            try Descriptor.overwrite(
                number, at: noteOffset, with: Array("\(Self.noteName)\(note)\n".utf8), path)
        } catch {
            throw .file(error)
        }
    }

    /// The note in the text of a lock file.
    private static func note(in text: [UInt8]) -> String? {
        guard let text = String(validating: text.prefix(holderLimit), as: UTF8.self) else {
            return nil
        }
        let line = text.split(separator: "\n").first { $0.hasPrefix(noteName) }
        return line.map { String($0.dropFirst(noteName.count)) }
    }

    /// Who has the lock after an attempt to take it.
    private enum Taken {
        case here(Int32, note: String?)
        case elsewhere(String)
    }

    private static func take(
        _ path: String, in home: String, text: [UInt8]
    ) throws(FileError) -> Taken {
        let directory = try Descriptor.directory(home, path: home)
        let entry = try DirectoryEntry("lock", in: directory, path: path)
        for _ in 0..<maximumTries {
            let file = try entry.openOrCreate(mode: 0o600)
            let status = try file.status(path)
            guard status.kind == .regular else {
                throw FileError(
                    "open", path, number: EINVAL,
                    detail: "is \(status.kind.name), not a regular file")
            }
            guard try file.lock(path) else {
                let holder = try file.read(upTo: holderLimit, expecting: 0, path)
                return .elsewhere(description(of: holder))
            }
            // A lock on a file that was removed meanwhile would stand beside another's.
            guard let named = try entry.status(), named.isSameFile(as: status) else { continue }
            let note = note(in: try file.read(upTo: holderLimit, expecting: 0, path))
            let kept = note.map { Array("\(noteName)\($0)\n".utf8) } ?? []
            try file.replaceContents(with: text + kept, path)
            return .here(file.intoNumber(), note: note)
        }
        throw FileError(
            "flock", path, number: EAGAIN, detail: "the file is replaced again and again")
    }

    /// The holder's text on one line, and harmless whatever the file holds.
    private static func description(of text: [UInt8]) -> String {
        let lines = text.prefix(holderLimit).split(separator: 0x0A)
            .filter { !$0.starts(with: noteName.utf8) }.map { escaped($0) }
        return lines.isEmpty ? "a process that has not named itself" : lines.joined(separator: ", ")
    }
}
