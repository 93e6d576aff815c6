// SPDX-License-Identifier: Apache-2.0
import Glibc

/// What the system says of a file: its kind, its size, and what changes when its contents do.
struct FileStatus: Equatable {
    /// The kinds of file that a directory may hold.
    enum Kind: Equatable {
        case regular
        case directory
        case symbolicLink
        case fifo
        case socket
        case characterDevice
        case blockDevice
        case unknown

        /// The kind with its article, as refusals say it.
        var name: String {
            switch self {
            case .regular: "a regular file"
            case .directory: "a directory"
            case .symbolicLink: "a symbolic link"
            case .fifo: "a FIFO"
            case .socket: "a socket"
            case .characterDevice: "a character device"
            case .blockDevice: "a block device"
            case .unknown: "a file of an unknown kind"
            }
        }
    }

    let kind: Kind
    let size: Int
    let device: UInt64
    let inode: UInt64
    /// Who may read, write and run it.
    let permissions: mode_t
    let owner: uid_t
    private let modified: [Int]
    private let changed: [Int]

    init(_ status: stat) {
        kind =
            switch status.st_mode & S_IFMT {
            case S_IFREG: .regular
            case S_IFDIR: .directory
            case S_IFLNK: .symbolicLink
            case S_IFIFO: .fifo
            case S_IFSOCK: .socket
            case S_IFCHR: .characterDevice
            case S_IFBLK: .blockDevice
            default: .unknown
            }
        size = Int(status.st_size)
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
        permissions = status.st_mode & 0o777
        owner = status.st_uid
        modified = [status.st_mtim.tv_sec, status.st_mtim.tv_nsec]
        changed = [status.st_ctim.tv_sec, status.st_ctim.tv_nsec]
    }

    /// Whether both speak of the same file, whatever it holds.
    func isSameFile(as other: FileStatus) -> Bool {
        device == other.device && inode == other.inode
    }
}
