// SPDX-License-Identifier: Apache-2.0

/// The rules for names in a bundle: they must mean the same on FAT, on Windows and on Linux.
enum BundlePath {
    /// The longest path in a bundle, in bytes; Windows stops at 260 with the drive's own part.
    static let maximumBytes = 200
    /// How many directories deep a file may lie.
    static let maximumDepth = 8

    /// What an error says of a path that breaks a rule.
    static let fault = "the name is not one that every file system can hold"

    private static let reserved: Set<String> = {
        var names: Set<String> = ["con", "prn", "aux", "nul"]
        for number in 1...9 { names.formUnion(["com\(number)", "lpt\(number)"]) }
        return names
    }()

    /// The names on the way to the file, or nil where the path breaks a rule.
    static func components(of path: String) -> [String]? {
        let components = path.split(separator: "/", omittingEmptySubsequences: false)
            .map { String($0) }
        guard path.utf8.count <= maximumBytes, components.count <= maximumDepth,
            components.allSatisfy(isSafe)
        else { return nil }
        return components
    }

    /// Letters, digits and `._-+@=,`; a letter or digit or `_` in front, no dot at the end, and none
    /// of the names that Windows keeps for devices, with or without an ending.
    static func isSafe(_ name: String) -> Bool {
        guard let first = name.utf8.first, let last = name.utf8.last else { return false }
        guard isWord(first) || first == 0x5F, last != 0x2E else { return false }
        guard name.utf8.allSatisfy({ isWord($0) || "._-+@=,".utf8.contains($0) }) else {
            return false
        }
        let stem = name.lowercased().split(separator: ".").first.map { String($0) } ?? ""
        return !reserved.contains(stem)
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }
}
