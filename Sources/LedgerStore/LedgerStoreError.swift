// SPDX-License-Identifier: Apache-2.0
public import Documents
public import Ledger
public import SSHCrypto

/// Why a ledger cannot be made, opened, read or appended to.
public enum LedgerStoreError: Error, Equatable, Sendable {
    // MARK: The file

    /// A ledger is to be made where a file is already.
    case exists(path: String)
    /// There is no file of this name.
    case missing(path: String)
    /// SQLite's file beside a ledger is there, and the ledger that it belongs to is not.
    case leftover(path: String)
    /// The making of the ledger was interrupted before it could hold anything.
    case unfinished(path: String)
    /// A journal of another program stands beside the ledger, to be rolled back into it.
    case foreignJournal(path: String)
    /// The file is something else.
    case foreign(path: String, reason: String)
    /// The ledger was made by an earlier or a later program, in another format.
    case otherVersion(path: String, found: Int64, known: Int64)
    /// A table, index or trigger is not as this program makes it.
    case alteredSchema(path: String, object: String)
    /// The file is shorter than its own header says, in bytes.
    case truncated(path: String, found: Int64, expected: Int64)
    /// SQLite finds the file damaged.
    case corrupt(path: String, reason: String)
    /// The file may not be written.
    case readOnlyFile(path: String)
    /// The directory may not be written.
    case readOnlyDirectory(path: String)
    /// What was recorded last is in the log, which cannot be read where the directory may not be
    /// written.
    case unreadLog(path: String)
    /// The file was written while it was read where SQLite cannot see who writes.
    case notStill(path: String)
    /// SQLite's files beside the ledger, `-wal` and `-shm`, cannot be opened or made.
    case companions(path: String)
    /// There is no room for what was to be written.
    case diskFull(path: String)
    /// Another connection is writing.
    case busy(path: String)
    /// SQLite does not give the durability that was asked for.
    case notDurable(path: String, setting: String, found: String, needed: String)
    /// A text cannot be packed.
    case packing(path: String, reason: String)
    /// A call to the system failed; `number` is its `errno`.
    case file(operation: String, path: String, number: Int32)
    /// SQLite failed in a way that no other case names; `code` is its extended result code.
    case sqlite(path: String, code: Int32, reason: String)

    // MARK: The use of it

    /// The ledger was closed.
    case closed(path: String)
    /// The ledger was opened for reading.
    case openedForReading(path: String)
    /// A commit failed, and only a fresh look at the file can tell what it holds.
    case mustBeReopened(path: String)
    /// An entry is not one that the ledger takes; `index` is the place it would have had.
    case refused(index: UInt64, Violations)
    /// There is no such entry.
    case noEntry(index: UInt64, size: UInt64)
    /// A root or proof is asked for a size that the ledger does not have.
    case noSuchSize(size: UInt64, ledgerSize: UInt64)

    // MARK: What verification would name in full

    /// A stored entry is not what its row says.
    case damagedEntry(index: UInt64, reason: String)
    /// A node of the tree is missing or not a hash.
    case damagedNode(MerkleNode)
    /// Stored bytes cannot be unpacked, or do not have the digest that is their name.
    case damagedContent(SHA256Digest, reason: String)
}

extension LedgerStoreError: CustomStringConvertible {
    /// The error as one line: lower case, what and where.
    public var description: String {
        switch self {
        case .exists(let path): "ledger \(quoted(path)) exists already"
        case .missing(let path): "ledger \(quoted(path)) does not exist"
        case .leftover(let path): "\(quoted(path)) is left from a ledger that is gone"
        case .unfinished(let path):
            "ledger \(quoted(path)) is empty: its making was interrupted"
        case .foreignJournal(let path):
            "\(quoted(path)) is no file of the ledger, and SQLite would change the ledger by it"
        case .foreign(let path, let reason): "\(quoted(path)) is not a ledger: \(reason)"
        case .otherVersion(let path, let found, let known):
            "ledger \(quoted(path)) has format version \(found); this program knows \(known)"
        case .alteredSchema(let path, let object):
            "ledger \(quoted(path)): \(object) is not as this program makes it"
        case .truncated(let path, let found, let expected):
            "ledger \(quoted(path)) is cut off: \(found) bytes of \(expected)"
        case .corrupt(let path, let reason): "ledger \(quoted(path)) is damaged: \(reason)"
        case .readOnlyFile(let path): "ledger \(quoted(path)) cannot be written"
        case .readOnlyDirectory(let path):
            "ledger \(quoted(path)) is in a directory that cannot be written"
        case .unreadLog(let path):
            "ledger \(quoted(path)): what was recorded last is in its log, -wal, which cannot be read "
                + "in a directory that cannot be written"
        case .notStill(let path):
            "ledger \(quoted(path)) was written while it was read from a directory that cannot be "
                + "written"
        case .companions(let path):
            "ledger \(quoted(path)): its files beside it, -wal and -shm, cannot be opened or made"
        case .diskFull(let path):
            "ledger \(quoted(path)): no room is left on its disk"
        case .busy(let path): "ledger \(quoted(path)) is being written by another process"
        case .notDurable(let path, let setting, let found, let needed):
            "ledger \(quoted(path)): SQLite keeps \(setting) at \(found), not \(needed)"
        case .packing(let path, let reason):
            "ledger \(quoted(path)): a text cannot be packed: \(reason)"
        case .file(let operation, let path, let number):
            "\(operation) \(quoted(path)): \(systemMessage(number))"
        case .sqlite(let path, let code, let reason):
            "ledger \(quoted(path)): SQLite error \(code): \(reason)"
        case .closed(let path): "ledger \(quoted(path)) is closed"
        case .openedForReading(let path): "ledger \(quoted(path)) was opened for reading only"
        case .mustBeReopened(let path):
            "ledger \(quoted(path)) must be opened again after a failed commit"
        case .refused(let index, let violations):
            "entry \(index) is refused: "
                + violations.all.map(\.description).joined(separator: "; ")
        case .noEntry(let index, let size): "there is no entry \(index); the ledger has \(size)"
        case .noSuchSize(let size, let ledgerSize):
            "the ledger has \(ledgerSize) entries, not \(size)"
        case .damagedEntry(let index, let reason): "entry \(index) is damaged: \(reason)"
        case .damagedNode(let node): "node \(node) of the tree is missing or damaged"
        case .damagedContent(let digest, let reason):
            "content \(digest.hex) is damaged: \(reason)"
        }
    }

    /// What may help, to be shown on a line of its own.
    public var hint: String? {
        switch self {
        case .leftover: "it may hold the last entries of that ledger: find out before it is removed"
        case .foreignJournal:
            "move it away, keep it as evidence, and find out what opened the ledger"
        case .foreign:
            "is this the home's directory? restore the ledger from a backup or the bundles"
        case .otherVersion(_, let found, let known):
            "use the program that wrote it\(found > known ? ", or a later one" : "")"
        case .unfinished: "remove the file and make the ledger again"
        case .readOnlyDirectory:
            "make the folder writable for this user, or mount its disk for writing; a ledger that "
                + "is to be read alone can be copied, with all that stands beside it"
        case .unreadLog:
            "copy the ledger with its -wal to a folder that can be written, and read it there"
        case .notStill: "read it where it is written, or when nobody does"
        case .companions:
            "see whether there is room and the disk is mounted for writing, then give the same "
                + "command again"
        case .alteredSchema, .truncated, .corrupt:
            "restore the ledger from a bundle or a backup; keep this file as evidence"
        case .damagedEntry, .damagedNode, .damagedContent:
            "verify the ledger to see all that is wrong with it"
        default: nil
        }
    }
}
