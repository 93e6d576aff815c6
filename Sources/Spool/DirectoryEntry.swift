// SPDX-License-Identifier: Apache-2.0
import CLinux
import Glibc

/// The calls on one name in an open directory, none of which follows a symbolic link.
struct DirectoryEntry {
    let base: Int32
    let name: String
    /// The whole path, for the error's text.
    let path: String

    init(_ name: String, in base: borrowing Descriptor, path: String) throws(FileError) {
        try Descriptor.refuseNUL(name, "open", path)
        self.base = base.number
        self.name = name
        self.path = path
    }

    /// What the name stands for, or nil where there is nothing of that name.
    func status() throws(FileError) -> FileStatus? {
        var status = stat()
        do throws(FileError) {
            _ = try repeated("fstatat", path) {
                unsafe fstatat(base, name, &status, AT_SYMLINK_NOFOLLOW)
            }
        } catch {
            guard error.number == ENOENT else { throw error }
            return nil
        }
        return FileStatus(status)
    }

    /// Opens what exists for reading, without waiting for anyone.
    func open() throws(FileError) -> Descriptor {
        try Descriptor(
            name, in: base, flags: O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, path: path)
    }

    /// Opens a directory, for the names in it.
    func openDirectory() throws(FileError) -> Descriptor {
        try Descriptor.directory(name, in: base, follow: false, path: path)
    }

    /// Makes a file that did not exist.
    func create(mode: mode_t) throws(FileError) -> Descriptor {
        try Descriptor(
            name, in: base, flags: O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode: mode, path: path)
    }

    /// Opens a file for reading and writing, which is made where it is missing.
    func openOrCreate(mode: mode_t) throws(FileError) -> Descriptor {
        try Descriptor(
            name, in: base, flags: O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY,
            mode: mode, path: path)
    }

    func makeDirectory(mode: mode_t) throws(FileError) {
        _ = try repeated("mkdir", path) { unsafe mkdirat(base, name, mode) }
    }

    func remove(directory: Bool = false) throws(FileError) {
        _ = try repeated(directory ? "rmdir" : "unlink", path) {
            unsafe unlinkat(base, name, directory ? AT_REMOVEDIR : 0)
        }
    }

    /// Renames to `other`, replacing a file of that name at once.
    func replace(_ other: DirectoryEntry) throws(FileError) {
        _ = try repeated("rename", other.path) {
            unsafe renameat(base, name, other.base, other.name)
        }
    }

    /// Renames to `other`, and fails with EEXIST where there is anything of that name.
    func rename(to other: DirectoryEntry) throws(FileError) {
        do throws(FileError) {
            _ = try repeated("rename", other.path) {
                unsafe renameat2(
                    base, name, other.base, other.name, UInt32(CONCLAVE_RENAME_NOREPLACE))
            }
        } catch {
            // A file system that knows no flags (NFS, NTFS by FUSE) still has an exclusive way.
            guard error.number == EINVAL || error.number == ENOSYS else { throw error }
            try renameWithoutFlags(to: other)
        }
    }

    /// Files by a second link, which never replaces; directories by rename(2), which replaces
    /// nothing but an empty directory.
    private func renameWithoutFlags(to other: DirectoryEntry) throws(FileError) {
        guard try status()?.kind != .directory else {
            guard try other.status() == nil else {
                throw FileError("rename", other.path, number: EEXIST)
            }
            return try replace(other)
        }
        _ = try repeated("link", other.path) {
            unsafe linkat(base, name, other.base, other.name, 0)
        }
        try remove()
    }
}
