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

    /// The names, sorted by their bytes.
    func sorted() -> some Sequence<ArraySlice<UInt8>> {
        (0..<starts.count).sorted { self[$0].lexicographicallyPrecedes(self[$1]) }
            .lazy.map { self[$0] }
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
