// SPDX-License-Identifier: Apache-2.0
import SSHCrypto
import SSHFormats

/// The files that say who may sign, and whose keys count no more.
let signerTargets = [
    // A line that cannot be read allows nothing and is told of, so any file is read. What a line
    // says is written anew and must read as the same.
    FuzzTarget(
        "allowed-signers", dictionary: .wire,
        memory: MemoryBound(perByte: 32, constant: 524_288), cuts: .anywhere,
        growths: [
            Growth("signers", 256...16_384) { count in
                repeated(count) { "a\($0)@example.org \(KeyBytes.line($0))\n" }
            },
            Growth("patterns", 1_024...65_536) { count in
                repeated(count, separator: ",") { "*a\($0)*b*" } + " \(KeyBytes.line(1))\n"
            },
            Growth("namespaces", 1_024...65_536) { count in
                "a namespaces=\"" + repeated(count, separator: ",") { "n\($0)" }
                    + "\" \(KeyBytes.line(1))\n"
            },
            Growth("the same option", 1_024...65_536) { count in
                "a " + repeated(count, separator: ",") { _ in "cert-authority" }
                    + " \(KeyBytes.line(1))\n"
            },
            Growth("escapes", 4_096...262_144) { size in
                "a namespaces=\"" + String(repeating: "\\\"", count: size / 2)
                    + "\" \(KeyBytes.line(1))\n"
            },
            Growth("blanks", 4_096...1_048_576) { size in
                "a" + String(repeating: " ", count: size) + "b"
                    + String(repeating: "\t", count: size)
            },
            Growth("empty lines", 65_536...1_048_576) { String(repeating: "\n", count: $0) },
            Growth("lines at fault", 16_384...262_144) { String(repeating: "x\n", count: $0) },
        ]
    ) { bytes in
        .of({ try AllowedSigners(parsing: bytes, localClock: \.secondsInUTC) }) { file in
            for entry in file.entries {
                let again = try AllowedSigners(parsing: Array(line(of: entry).utf8))
                guard let read = again.entries.first, again.faultyLines.isEmpty else {
                    throw Broken(description: "line \(entry.line), written anew, is refused")
                }
                try require(
                    read.principals == entry.principals && read.namespaces == entry.namespaces
                        && read.isAuthority == entry.isAuthority && read.signer == entry.signer
                        && read.validAfter == entry.validAfter
                        && read.validBefore == entry.validBefore,
                    "line \(entry.line), written anew, says something else")
            }
            for line in file.faultyLines { try requireVisible(line.description) }
            // Names that make each pattern go back as often as it can.
            _ = try? file.matchPrincipals(String(repeating: "a", count: 64))
            _ = try? file.matchPrincipals("ab@example.org")
        }
    },

    // The pattern stands in the first line, the name in the second; a slow and plain way to match
    // must find the same.
    FuzzTarget(
        "pattern", maximumLength: 96, dictionary: .value, cuts: .anywhere,
        growths: [
            Growth("a long name", 4_096...1_048_576) { size in
                "*a\n" + String(repeating: "a", count: size) + "b"
            }
        ]
    ) { bytes in
        let parts = bytes.split(separator: 0x0A, maxSplits: 1, omittingEmptySubsequences: false)
        let name = String(decoding: parts.last ?? [], as: UTF8.self)
        return .of({ try PatternList("pattern", parts[0]) }) { list in
            try require(
                try PatternList("pattern", Array(list.description.utf8)[...]) == list,
                "\(list) reads otherwise")
            let found = list.matches(name)
            guard bytes.count <= 128 else { return }
            var expected = false
            for pattern in list.patterns.map({ Array($0.utf8) }) {
                let isNegated = pattern.first == UInt8(ascii: "!")
                guard matches(pattern.dropFirst(isNegated ? 1 : 0), Array(name.utf8)[...]) else {
                    continue
                }
                expected = !isNegated
                if isNegated { break }
            }
            try require(found == expected, "\(list) takes \(name): \(found), not \(expected)")
        }
    },

    // A list of revoked keys that cannot be read in full must be refused, and never be taken for
    // one that revokes less; an empty one as well.
    FuzzTarget(
        "revoked-keys", dictionary: .wire,
        memory: MemoryBound(perByte: 32, constant: 524_288), cuts: .anywhere,
        growths: [
            Growth("keys", 256...16_384) { count in repeated(count) { KeyBytes.line($0) + "\n" } },
            Growth("empty lines", 65_536...1_048_576, isAccepted: false) {
                String(repeating: "\n", count: $0)
            },
        ]
    ) { bytes in
        let subject = try? RevocationSubject(blob: KeyBytes.ed25519(1))
        return .of({ try RevokedKeys(parsing: bytes) }) { revoked in
            guard case .keys(let keys) = revoked else { return }
            try require(!keys.isEmpty, "a list without keys is taken")
            // sshd's way of reading takes at least what this one does.
            let answers = try RevokedKeyFile.answers(bytes, about: [subject].compactMap(\.self))
            let isListed = keys.contains { $0.blob == KeyBytes.ed25519(1) }
            try require((answers.first != .some(nil)) == isListed, "the two ways to read differ")
        }
    },
]

/// The line of an entry, written anew.
private func line(of entry: AllowedSigners.Entry) -> String {
    var options: [String] = []
    if entry.isAuthority { options.append("cert-authority") }
    if let namespaces = entry.namespaces {
        let text = namespaces.description.utf8.flatMap { $0 == 0x22 ? [0x5C, 0x22] : [$0] }
        options.append("namespaces=\"\(String(decoding: text, as: UTF8.self))\"")
    }
    for (name, time) in [
        ("valid-after", entry.validAfter), ("valid-before", entry.validBefore),
    ] {
        if let time { options.append("\(name)=\"\(CivilTime.text(secondsInUTC: time))\"") }
    }
    return "\"\(entry.principals)\" \(options.joined(separator: ",")) \(entry.signer.line)\n"
}

/// Whether the name is of the pattern's form, by trying everything.
private func matches(_ pattern: ArraySlice<UInt8>, _ name: ArraySlice<UInt8>) -> Bool {
    var row = [true] + name.map { _ in false }
    for expected in pattern {
        var next = [row[0] && expected == UInt8(ascii: "*")]
        for (index, byte) in name.enumerated() {
            switch expected {
            case UInt8(ascii: "*"): next.append(row[index + 1] || next[index])
            case UInt8(ascii: "?"): next.append(row[index])
            default: next.append(row[index] && byte == expected)
            }
        }
        row = next
    }
    return row.last ?? false
}
