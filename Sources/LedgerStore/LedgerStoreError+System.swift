// SPDX-License-Identifier: Apache-2.0
import CSQLite
import Glibc

extension LedgerStoreError {
    /// Reads what SQLite says of the last call on `handle`, which returned `code`.
    init(code: Int32, handle: OpaquePointer?, path: String) {
        let number = unsafe sqlite3_system_errno(handle)
        let reason = unsafe String(cString: sqlite3_errmsg(handle))
        switch code & 0xFF {
        case SQLITE_BUSY, SQLITE_LOCKED: self = .busy(path: path)
        case SQLITE_FULL: self = .diskFull(path: path)
        case SQLITE_IOERR where number == ENOSPC || number == EDQUOT: self = .diskFull(path: path)
        case SQLITE_CORRUPT, SQLITE_NOTADB: self = .corrupt(path: path, reason: reason)
        case SQLITE_TOOBIG:
            self = .corrupt(path: path, reason: "a row is larger than any that was written")
        case SQLITE_READONLY where code == LedgerStoreError.readOnlyDirectoryCode:
            self = .readOnlyDirectory(path: path)
        case SQLITE_READONLY: self = .readOnlyFile(path: path)
        case SQLITE_CANTOPEN where !LedgerFile.isDirectoryWritable(of: path):
            self = .readOnlyDirectory(path: path)
        // SQLite keeps the number of an older call where a file beside the ledger fails.
        case SQLITE_CANTOPEN where number == ENOENT && LedgerFile.exists(path):
            self = .companions(path: path)
        case SQLITE_CANTOPEN where number != 0:
            self = .file(operation: "open", path: path, number: number)
        default: self = .sqlite(path: path, code: code, reason: reason)
        }
    }

    /// Reads what the system says of a call that failed with `number`.
    init(operation: String, path: String, number: Int32) {
        switch number {
        case ENOSPC, EDQUOT: self = .diskFull(path: path)
        case EROFS: self = .readOnlyDirectory(path: path)
        case EACCES where !LedgerFile.isDirectoryWritable(of: path):
            self = .readOnlyDirectory(path: path)
        default: self = .file(operation: operation, path: path, number: number)
        }
    }

    /// `SQLITE_READONLY_DIRECTORY`, a macro that does not come over from C.
    private static var readOnlyDirectoryCode: Int32 { SQLITE_READONLY | 6 << 8 }
}

/// The system's words for an error number, such as `No such file or directory`.
func systemMessage(_ number: Int32) -> String {
    guard let text = unsafe strerror(number) else { return "error \(number)" }
    return unsafe String(cString: text)
}
