// SPDX-License-Identifier: Apache-2.0
import SSHCrypto
import SSHFormats

/// Signatures: those of keys, SSHSIG, and its armor.
let signatureTargets = [
    FuzzTarget(
        "signature", maximumLength: 6_000, dictionary: .wire,
        growths: [
            Growth("RSA number", 256...2_048) { size in
                wire {
                    $0.string("rsa-sha2-512")
                    $0.string([UInt8](repeating: 0xA5, count: size))
                }
            },
            Growth("client data", 1_024...65_536) { size in
                wire {
                    $0.string("webauthn-sk-ecdsa-sha2-nistp256@openssh.com")
                    $0.string(
                        wire {
                            $0.positiveInteger([UInt8](repeating: 0xA5, count: 32))
                            $0.positiveInteger([UInt8](repeating: 0x5A, count: 32))
                        })
                    $0.byte(1)
                    $0.uint32(9)
                    $0.string("https://ssh.example.org")
                    $0.string([UInt8](repeating: 0x7B, count: size))
                    $0.string("")
                }
            },
            Growth("bytes left over", 4_096...1_048_576, isAccepted: false) {
                KeyBytes.signature + [UInt8](repeating: 1, count: $0)
            },
        ]
    ) { bytes in
        .of({ try Signature(blob: bytes) }) { signature in
            try require(signature.blob == bytes, "the signature keeps other bytes")
            let again = try Signature(
                algorithm: signature.algorithm, value: signature.value,
                securityKey: signature.securityKey)
            try require(again.blob == bytes, "its numbers write other bytes")
        }
    },

    FuzzTarget(
        "sshsig", maximumLength: 4_096, dictionary: .wire,
        growths: [
            Growth("namespace", 64...256) { sshsig(namespace: String(repeating: "n", count: $0)) },
            Growth("namespace too long", 1_024...32_768, isAccepted: false) {
                sshsig(namespace: String(repeating: "n", count: $0))
            },
        ]
    ) { bytes in
        .of({ try SSHSIG(blob: bytes) }) { signature in
            try require(signature.blob == bytes, "the signature keeps other bytes")
            let again = try SSHSIG(
                signer: signature.signer, namespace: signature.namespace,
                hashAlgorithm: signature.hashAlgorithm, signature: signature.signature)
            try require(again.blob == bytes, "its parts write other bytes")
            try require(
                try SSHSIG(armored: Array(signature.armored.utf8)) == signature,
                "its armor reads otherwise")
        }
    },

    // Lines may be of any length and end in CRLF, so the bytes of the armor may differ: what is
    // written must read as the same signature. The last line may lack its end.
    FuzzTarget(
        "armor", maximumLength: 4_096, dictionary: .wire,
        memory: MemoryBound(perByte: 112, constant: 65_536),
        cuts: .at { bytes, length in
            length == bytes.count - (bytes.suffix(2) == [0x0D, 0x0A] ? 2 : 1)
                && bytes.last == 0x0A
        },
        growths: [
            Growth("empty lines", 4_096...65_536, isAccepted: false) { size in
                String(repeating: "\n", count: size)
            },
            Growth("lines of one character", 4_096...32_768, isAccepted: false) { size in
                armored(repeated(size / 2) { _ in "A\n" })
            },
            Growth("lines ended by CRLF", 4_096...32_768, isAccepted: false) { size in
                armored(repeated(size / 6) { _ in "AAAA\r\n" })
            },
            Growth("one line", 4_096...32_768, isAccepted: false) { size in
                armored(String(repeating: "AAAA", count: size / 4) + "\n")
            },
            Growth("many ends", 4_096...65_536, isAccepted: false) { size in
                armored(repeated(size / 32) { _ in "AAAA\n-----END SSH SIGNATURE-----\n" })
            },
        ]
    ) { bytes in
        .of({ try SSHSIG(armored: bytes) }) { signature in
            let armored = Array(signature.armored.utf8)
            let again = try SSHSIG(armored: armored)
            try require(again == signature, "the armor written reads otherwise")
            try require(Array(again.armored.utf8) == armored, "the armor is no fixed point")
        }
    },

    // The text before the armor is anything; the two parts are all of the file.
    FuzzTarget(
        "armor-split", maximumLength: 2_048, dictionary: .wire, cuts: .anywhere,
        growths: [
            Growth("lines", 65_536...2_097_152, isAccepted: false) { size in
                String(repeating: "-\n", count: size / 2)
            },
            Growth("almost armor", 65_536...2_097_152, isAccepted: false) { size in
                String(repeating: "-----BEGIN SSH SIGNATURE---- -", count: size / 30)
            },
        ]
    ) { bytes in
        .of(SSHSIG.splitArmor(from: bytes)) { parts in
            try require(Array(parts.text + parts.armor) == bytes, "a part of the file is lost")
            try require(
                parts.text.isEmpty || parts.text.last == 0x0A, "the text ends within a line")
            try require(
                parts.armor.starts(with: "-----BEGIN SSH SIGNATURE-----".utf8),
                "the armor does not begin with its line")
        }
    },
]

private func sshsig(namespace: String) -> [UInt8] {
    wire {
        $0.raw("SSHSIG".utf8)
        $0.uint32(1)
        $0.string(KeyBytes.ed25519(1))
        $0.string(namespace)
        $0.string("")
        $0.string("sha512")
        $0.string(KeyBytes.signature)
    }
}

private func armored(_ lines: String) -> String {
    "-----BEGIN SSH SIGNATURE-----\n\(lines)-----END SSH SIGNATURE-----\n"
}
