// SPDX-License-Identifier: Apache-2.0
import Documents

/// The certificate files of a directory and of those in it, in the order of their paths.
///
/// Names are kept close together, about as many bytes as they have, so that a directory may hold very
/// many. Links are not followed.
struct CertificateFiles: Sendable {
    /// The end of the name of a certificate file.
    static let ending = Array("-cert.pub".utf8)
    /// How many directories deep a file may lie.
    static let maximumDepth = 16
    /// The most names, files and directories together.
    static let maximumNames = 20_000_000

    /// Files that follow one another in one directory.
    private struct Run: Sendable {
        let directory: String
        let first: Int
    }

    private var runs: [Run] = []
    private var names: [UInt8] = []
    private var ends: [Int] = []
    /// How many symbolic links with the name of a certificate were left alone.
    private(set) var links = 0
    private var nameCount = 0

    /// The number of files.
    var count: Int { ends.count }

    /// Lists the certificate files of a directory.
    ///
    /// - Throws: `MachineFault` where the system does not let a part of it be read, `RefusedFile` where
    ///   it is larger or deeper than is looked at.
    init(below directory: String) throws {
        try list(try FileHandle.directory(directory), path: directory, depth: 0)
    }

    /// The path of a file.
    func path(_ index: Int) -> String {
        guard ends.indices.contains(index) else { return "" }
        var low = 0
        var high = runs.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if runs[middle].first <= index { low = middle } else { high = middle }
        }
        let start = index == 0 ? 0 : ends[index - 1]
        let name = String(decoding: names[start..<ends[index]], as: UTF8.self)
        let directory = runs.indices.contains(low) ? runs[low].directory : ""
        return directory.hasSuffix("/") ? directory + name : directory + "/" + name
    }

    private mutating func list(
        _ directory: borrowing FileHandle, path: String, depth: Int
    ) throws {
        guard depth < Self.maximumDepth else {
            throw RefusedFile(
                path, .plainFile, "it lies deeper than \(Self.maximumDepth) directories")
        }
        var found = NameTable()
        var linked = 0
        try directory.eachName(path: path) { name, kind throws(MachineFault) in
            switch kind {
            case .directory: found.add(name + [UInt8(ascii: "/")])
            case .link where name.hasEnding: linked += 1
            case .link: break
            case .regular, .special: if name.hasEnding { found.add(name) }
            }
        }
        links += linked
        nameCount += found.count
        guard nameCount <= Self.maximumNames else {
            throw RefusedFile(path, .plainFile, "it holds more than \(Self.maximumNames) names")
        }
        var isOpen = false
        for name in found.sorted() {
            guard name.last == UInt8(ascii: "/") else {
                if !isOpen { runs.append(Run(directory: path, first: ends.count)) }
                isOpen = true
                names += name
                ends.append(names.count)
                continue
            }
            isOpen = false
            let text = String(decoding: name.dropLast(), as: UTF8.self)
            let inner = path.hasSuffix("/") ? path + text : path + "/" + text
            try list(try directory.directory(text, path: inner), path: inner, depth: depth + 1)
        }
    }
}

/// Names in one buffer.
private struct NameTable {
    private var bytes: [UInt8] = []
    private var starts: [UInt32] = []

    var count: Int { starts.count }

    mutating func add(_ name: [UInt8]) {
        starts.append(UInt32(clamping: bytes.count))
        bytes += name
    }

    /// The names, sorted by their bytes: first by eight of them at once, which mostly settles it.
    func sorted() -> some Sequence<ArraySlice<UInt8>> {
        let shared = sharedPrefixLength
        let keys = (0..<count).map { index in
            let start = self[index].dropFirst(shared).prefix(8)
            let key = start.reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
            return (key: key << UInt64(8 * (8 - start.count)), index: index)
        }
        let sorted = keys.sorted { left, right in
            left.key != right.key
                ? left.key < right.key
                : self[left.index].lexicographicallyPrecedes(self[right.index])
        }
        return sorted.lazy.map { self[$0.index] }
    }

    /// How many bytes all names begin with.
    private var sharedPrefixLength: Int {
        guard count > 0 else { return 0 }
        let first = self[0]
        var length = first.count
        for index in 1..<max(1, count) {
            let same = zip(first.prefix(length), self[index]).prefix { $0 == $1 }
            length = min(length, same.count)
            if length == 0 { break }
        }
        return length
    }

    private subscript(index: Int) -> ArraySlice<UInt8> {
        let end = index + 1 < starts.count ? Int(starts[index + 1]) : bytes.count
        return bytes[Int(starts[index])..<end]
    }
}

extension [UInt8] {
    /// Whether the name is that of a certificate file.
    fileprivate var hasEnding: Bool {
        suffix(CertificateFiles.ending.count).elementsEqual(CertificateFiles.ending)
    }
}
