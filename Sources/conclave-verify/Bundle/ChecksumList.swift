// SPDX-License-Identifier: Apache-2.0
import Documents
import SSHCrypto

/// The file `SHA256SUMS`, in the form that sha256sum(1) writes: sum, two spaces, path.
struct ChecksumList: Hashable, Sendable {
    /// The list's own name.
    static let name = "SHA256SUMS"
    /// The purpose that signatures over the list carry.
    static let namespace = "conclave-bundle-v1"

    /// The sum of each path.
    let sums: [String: SHA256Digest]

    /// Reads a list.
    ///
    /// - Throws: all `Violations`, each with its line.
    init(parsing bytes: [UInt8]) throws(Violations) {
        var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
        var violations: [Violation] = []
        if lines.popLast()?.isEmpty != true {
            violations.append(Violation(.listed, "the last line does not end in LF"))
        }
        if lines.isEmpty { violations.append(Violation(.listed, "no file is listed")) }
        var sums: [String: SHA256Digest] = [:]
        for (index, line) in lines.enumerated() {
            guard let (sum, path) = Self.read(line) else {
                violations.append(
                    Violation(
                        .listed, line: index + 1,
                        "it is not a SHA-256, two spaces and the path of a file in the bundle"))
                continue
            }
            if sums.updateValue(sum, forKey: path) != nil {
                violations.append(
                    Violation(.listed, line: index + 1, "\(shownPath(path)) is listed twice"))
            }
        }
        try Violations.raise(violations)
        self.sums = sums
    }

    private static func read(_ line: ArraySlice<UInt8>) -> (SHA256Digest, String)? {
        let digits = 2 * SHA256Digest.length
        let path = line.dropFirst(digits + 2)
        guard let sum = SHA256Digest(hex: String(decoding: line.prefix(digits), as: UTF8.self)),
            line.dropFirst(digits).prefix(2).elementsEqual([0x20, 0x20]), isPlain(path)
        else { return nil }
        return (sum, String(decoding: path, as: UTF8.self))
    }

    /// Whether a path stays in the bundle and is written in one way only.
    private static func isPlain(_ path: ArraySlice<UInt8>) -> Bool {
        path.split(separator: 0x2F, omittingEmptySubsequences: false)
            .allSatisfy { BundleFiles.isPlain($0) }
    }
}
