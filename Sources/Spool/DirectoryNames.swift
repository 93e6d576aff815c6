// SPDX-License-Identifier: Apache-2.0
import Glibc

/// The names in a directory, as bytes: a name need not be text.
enum DirectoryNames {
    /// Lists at most `limit` names, sorted by their bytes, without `.` and `..`.
    static func list(
        _ directory: borrowing Descriptor, limit: Int, path: String
    ) throws(FileError) -> [[UInt8]] {
        // The stream takes a descriptor of its own, and closes that one.
        let own = try Descriptor.directory(".", in: directory.number, path: path)
        let stream = unsafe try own.intoDirectoryStream(path)
        var names: [[UInt8]] = []
        var fault: Int32 = 0
        while names.count <= limit {
            errno = 0
            guard let entry = unsafe readdir(stream) else {
                fault = errno
                break
            }
            let name = unsafe bytes(of: entry)
            if name != [0x2E] && name != [0x2E, 0x2E] { names.append(name) }
        }
        let closed = unsafe closedir(stream) == 0 ? 0 : errno
        guard fault == 0 else { throw FileError("readdir", path, number: fault) }
        guard closed == 0 else { throw FileError("closedir", path, number: closed) }
        guard names.count <= limit else {
            throw FileError(
                "readdir", path, number: EFBIG,
                detail: "the directory holds more than \(limit) names")
        }
        return names.sorted { $0.lexicographicallyPrecedes($1) }
    }

    /// The name's bytes in place: the record ends with it, so the declared array may not all be there.
    private static func bytes(of entry: UnsafeMutablePointer<dirent>) -> [UInt8] {
        guard let offset = MemoryLayout<dirent>.offset(of: \dirent.d_name) else { return [] }
        let name = unsafe UnsafeRawPointer(entry).advanced(by: offset)
            .assumingMemoryBound(to: CChar.self)
        return unsafe UnsafeBufferPointer(start: name, count: strlen(name)).map {
            UInt8(bitPattern: $0)
        }
    }
}

extension Descriptor {
    /// Gives the descriptor to a directory stream, which `closedir` closes with it.
    consuming func intoDirectoryStream(_ path: String) throws(FileError) -> OpaquePointer {
        let number = intoNumber()
        guard let stream = unsafe fdopendir(number) else {
            let fault = errno
            _ = Glibc.close(number)
            throw FileError("fdopendir", path, number: fault)
        }
        return unsafe stream
    }
}
