// SPDX-License-Identifier: Apache-2.0
import SSHCrypto
import SSHFormats

/// Public keys: their bytes, their lines, and the arithmetic of their numbers.
let keyTargets = [
    FuzzTarget(
        "key", maximumLength: 2_400, dictionary: .wire,
        growths: [
            Growth("RSA modulus", 256...2_048) { KeyBytes.rsa(modulus: $0) },
            Growth("application", 128...1_024) { size in
                wire {
                    $0.string("sk-ssh-ed25519@openssh.com")
                    $0.string([UInt8](repeating: 7, count: 32))
                    $0.string(String(repeating: "é", count: size / 2))
                }
            },
            Growth("bytes left over", 4_096...1_048_576, isAccepted: false) {
                KeyBytes.ed25519(1) + [UInt8](repeating: 1, count: $0)
            },
            Growth("type name", 4_096...1_048_576, isAccepted: false) { size in
                wire { $0.string(String(repeating: "s", count: size)) }
            },
        ]
    ) { bytes in
        .of({ try PublicKey(blob: bytes) }) { key in
            try require(key.blob == bytes, "the key keeps other bytes")
            try require(try PublicKey(key.material).blob == bytes, "its numbers write other bytes")
            try require(try PublicKey(line: key.line) == key, "its line reads as another key")
            try require(key.material.kind == key.kind, "kind and numbers differ")
        }
    },

    // A line says where its Base64 ends and not where its comment does.
    FuzzTarget(
        "key-line", maximumLength: 3_400, dictionary: .wire,
        cuts: .at(endsInComment),
        growths: [
            Growth("comment", 4_096...1_048_576) { size in
                "\(KeyBytes.line(1)) \(String(repeating: "c ", count: size / 2))"
            },
            Growth("Base64", 4_096...65_536, isAccepted: false) { size in
                "ssh-rsa \(String(repeating: "AAAA", count: size / 4))"
            },
        ]
    ) { bytes in
        .of({ try PublicKey(line: String(decoding: bytes, as: UTF8.self)) }) { key in
            let line = Array(key.line.utf8)
            try require(
                bytes.starts(with: line)
                    && (bytes.count == line.count || bytes[line.count] == 0x20),
                "the line does not begin with the key's own")
            try require(try PublicKey(line: key.line) == key, "the key's line reads otherwise")
        }
    },

    // What is no key is told line by line, so any file is read.
    FuzzTarget(
        "key-file", maximumLength: 4_096, dictionary: .wire,
        memory: MemoryBound(perByte: 96, constant: 65_536), cuts: .anywhere,
        growths: [
            Growth("keys", 256...16_384) { count in repeated(count) { KeyBytes.line($0) + "\n" } },
            Growth("empty lines", 65_536...1_048_576) { String(repeating: "\n", count: $0) },
            Growth("comments", 65_536...1_048_576) { String(repeating: "#\n", count: $0 / 2) },
            Growth("lines at fault", 16_384...262_144) { String(repeating: "x\n", count: $0) },
            Growth("blanks", 65_536...1_048_576) { String(repeating: " ", count: $0) + "x" },
            Growth("line ends", 65_536...1_048_576) { String(repeating: "\r", count: $0) },
        ]
    ) { bytes in
        let file = KeyFile(bytes)
        return .accepted {
            let lines = bytes.count { $0 == 0x0A } + 1
            var last = 0
            for entry in file.entries {
                try require(last < entry.line && entry.line <= lines, "the lines are in no order")
                last = entry.line
                if case .key(let key) = entry.content {
                    try require(try PublicKey(line: key.line) == key, "a key reads otherwise")
                }
            }
            for fault in file.faults {
                try require((1...lines).contains(fault.line), "line \(fault.line) is not there")
                try requireVisible(fault.error.description)
            }
        }
    },

    // Cheap bounds first, then numbers of 16,384 bits at most: slow, and never more than that.
    FuzzTarget(
        "key-sanity", maximumLength: 1_100, dictionary: .wire, cuts: .anywhere,
        growths: [
            Growth("RSA modulus", 64...2_048) { KeyBytes.rsa(modulus: $0) }
        ]
    ) { bytes in
        .of({ try PublicKey(blob: bytes) }) { key in
            let faults = key.sanityFaults()
            try require(faults == key.sanityFaults(), "two looks differ")
            try require(!faults.contains(""), "a fault has no text")
            let fingerprint = key.fingerprint
            try require(
                Fingerprint(text: fingerprint)?.text == fingerprint, "the fingerprint differs")
        }
    },
]

/// Whether the first `length` bytes of a line hold all before its comment.
func endsInComment(_ line: [UInt8], _ length: Int) -> Bool {
    let fields = line.split(separator: 0x20, maxSplits: 2, omittingEmptySubsequences: false)
    return fields.count >= 2 && length >= fields[1].endIndex
}
