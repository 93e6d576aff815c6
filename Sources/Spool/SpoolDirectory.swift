// SPDX-License-Identifier: Apache-2.0

/// The directory where request files arrive, written by people and programs that nobody trusts.
///
/// Whatever lies in it, a scan ends: it follows no link, opens nothing but regular files, waits for
/// nobody, and reads no more than its limits. It changes nothing.
public struct SpoolDirectory: Sendable {
    /// How many names a spool may hold.
    public static let maximumNames = 100_000

    /// The directory's path, as the operator gave it.
    public let path: String

    /// Names a directory; it is opened by each scan.
    public init(path: String) {
        self.path = path
    }

    /// Reads all files, each of at most `limit` bytes, sorted by the bytes of their names.
    ///
    /// A text and its signature (`X` and `X.sig`) are one item, named for the text.
    ///
    /// - Throws: `FileError` where the directory itself can't be read, or holds more than
    ///   `maximumNames` names. A file that can't be read is a refusal, not an error.
    public func scan(limit: Int) throws(FileError) -> [SpoolItem] {
        var scan = try open(limit: limit)
        var items: [SpoolItem] = []
        while let item = scan.next() { items.append(item) }
        try scan.close()
        return items
    }

    /// Lists the directory, for reading one file after the other.
    ///
    /// - Throws: `FileError`, as `scan` does.
    public func open(limit: Int) throws(FileError) -> SpoolScan {
        try SpoolScan(path: path, limit: limit)
    }
}
