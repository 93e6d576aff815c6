// SPDX-License-Identifier: Apache-2.0
import Documents
import Glibc
import Ledger
import SSHCrypto

/// The files of a bundle, each read once: what is judged is what was hashed.
struct BundleFiles: Sendable {
    /// One file.
    struct File: Sendable {
        /// The contents.
        let bytes: [UInt8]
        /// Their SHA-256.
        let digest: SHA256Digest

        /// Takes contents.
        init(_ bytes: [UInt8]) {
            self.bytes = bytes
            digest = SHA256Digest(hashing: bytes)
        }
    }

    /// What a bundle may hold at most, so that a hostile medium cannot fill the memory.
    struct Limits: Sendable {
        /// The most names, files and directories together.
        var names = 500_000
        /// The most bytes of one file: those of the longest, which holds entries.
        var fileBytes = EntryFile.maximumBytes
        /// The most bytes of all files.
        var totalBytes = 1_024 * 1_024 * 1_024
        /// How many directories deep a file may lie.
        var depth = 8
    }

    /// The files by their paths in the bundle, all of plain ASCII characters.
    private(set) var files: [String: File] = [:]
    /// What has no place in a bundle.
    private(set) var findings = Findings()

    private let limits: Limits
    private var nameCount = 0
    private var totalBytes = 0

    /// Takes files as they are, for a bundle that lies on no medium.
    init(_ files: [String: [UInt8]]) {
        limits = Limits()
        self.files = files.mapValues(File.init)
    }

    /// Reads the bundle in a directory.
    ///
    /// - Throws: `MachineFault` where the system does not let a part of it be read.
    init(reading directory: String, limits: Limits = Limits()) throws(MachineFault) {
        self.limits = limits
        let root = try FileHandle.directory(directory)
        try read(root, path: directory, prefix: "", depth: 0)
    }

    /// The paths, sorted by their bytes.
    var paths: [String] {
        files.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// The paths below a directory, which is given with its slash, sorted by their bytes.
    func paths(below directory: String) -> [String] {
        paths.filter { $0.hasPrefix(directory) }
    }

    /// Whether a name is one that every file system can hold: letters, digits and `._-+@=,`.
    static func isPlain(_ name: some Collection<UInt8>) -> Bool {
        !name.isEmpty && !name.elementsEqual([0x2E]) && !name.elementsEqual([0x2E, 0x2E])
            && name.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
                default: "._-+@=,".utf8.contains(byte)
                }
            }
    }

    private mutating func read(
        _ directory: borrowing FileHandle, path: String, prefix: String, depth: Int
    ) throws(MachineFault) {
        let room = limits.names - nameCount
        guard let names = try directory.names(limit: room, path: path) else {
            findings.fail(
                prefix.isEmpty ? nil : prefix, .plainFile,
                "the bundle holds more than \(limits.names) names")
            nameCount = limits.names
            return
        }
        nameCount += names.count
        for name in names {
            let text = String(decoding: name, as: UTF8.self)
            guard Self.isPlain(name) else {
                findings.fail(
                    prefix + text, .plainFile, "the name has characters that no bundle uses")
                continue
            }
            try read(text, of: directory, path: path + "/" + text, place: prefix + text, depth)
        }
    }

    private mutating func read(
        _ name: String, of directory: borrowing FileHandle, path: String, place: String,
        _ depth: Int
    ) throws(MachineFault) {
        let kind = try directory.kind(of: name, path: path)
        switch kind {
        case .directory where depth + 1 < limits.depth:
            let inner = try directory.directory(name, path: path)
            try read(inner, path: path, prefix: place + "/", depth: depth + 1)
        case .directory:
            findings.fail(
                place, .plainFile, "it lies deeper than \(limits.depth) directories")
        case .regular:
            let file = try directory.file(name, path: path)
            // Between the look and the opening somebody may have put another thing there.
            let opened = try file.kind(path: path)
            guard opened == .regular else {
                findings.fail(place, .plainFile, "it is \(opened.rawValue), not a regular file")
                return
            }
            let room = limits.totalBytes - totalBytes
            guard
                let bytes = try file.contents(limit: min(limits.fileBytes, room), path: path)
            else {
                findings.fail(
                    place, .plainFile,
                    room < limits.fileBytes
                        ? "with it the bundle has more than \(limits.totalBytes) bytes"
                        : "it has more than \(limits.fileBytes) bytes")
                return
            }
            totalBytes += bytes.count
            files[place] = File(bytes)
        case .link, .special:
            findings.fail(place, .plainFile, "it is \(kind.rawValue), not a regular file")
        }
    }
}
