// SPDX-License-Identifier: Apache-2.0
import SSHCrypto
import SSHFormats

/// Certificates: their bytes and their lines.
let certificateTargets = [
    FuzzTarget(
        "certificate", maximumLength: 4_096, dictionary: .wire,
        growths: [
            Growth("nonce", 1_024...32_768) { size in
                certificate(nonce: [UInt8](repeating: 9, count: size))
            },
            Growth("principals", 16...256) { count in
                certificate(principals: (0..<count).map { "name-\($0)" })
            },
            Growth("too many principals", 512...8_192, isAccepted: false) { count in
                certificate(principals: (0..<count).map { String($0) })
            },
            Growth("one principal", 1_024...32_768) { size in
                certificate(principals: [String(repeating: "a", count: size)])
            },
            Growth("forced command", 256...4_096) { size in
                certificate(options: [("force-command", String(repeating: "x", count: size))])
            },
            Growth("source addresses", 512...8_192) { count in
                certificate(options: [
                    ("source-address", repeated(count, separator: ",") { _ in "::1" })
                ])
            },
            Growth("unknown options", 64...2_048, isAccepted: false) { count in
                certificate(
                    options: (0..<count).map { ("x\(String($0 + 100_000))@example.org", "y") })
            },
        ]
    ) { bytes in
        .of({ try Certificate(blob: bytes) }) { certificate in
            try require(certificate.blob == bytes, "the certificate keeps other bytes")
            let signed = try certificate.fields.toBeSigned()
            try require(signed == certificate.toBeSigned, "its fields write other bytes")
            let again = try Certificate(toBeSigned: signed, signature: certificate.signature)
            try require(again.blob == bytes, "fields and signature write other bytes")
            try require(
                try Certificate(line: certificate.line(comment: "c\u{1B}\n")) == certificate,
                "its line reads otherwise")
        }
    },

    FuzzTarget(
        "certificate-line", maximumLength: 6_000, dictionary: .wire,
        cuts: .at(endsInComment),
        growths: [
            Growth("comment", 4_096...1_048_576) { size in
                "ssh-ed25519-cert-v01@openssh.com \(Base64.encode(certificate())) "
                    + String(repeating: "comment ", count: size / 8)
            }
        ]
    ) { bytes in
        .of({ try Certificate(line: String(decoding: bytes, as: UTF8.self)) }) { certificate in
            let line = Array(certificate.line().utf8)
            try require(
                bytes.starts(with: line)
                    && (bytes.count == line.count || bytes[line.count] == 0x20),
                "the line does not begin with the certificate's own")
        }
    },

    // Nothing that the fuzzer makes is signed: the check must say so, and stay within bounds.
    FuzzTarget(
        "certificate-signature", maximumLength: 3_000, dictionary: .wire,
        memory: MemoryBound(perByte: 32, constant: 262_144)
    ) { bytes in
        .of({ try Certificate(blob: bytes) }) { certificate in
            do {
                try certificate.verifySignature()
            } catch let error as SSHCryptoError {
                try require(!error.description.isEmpty, "the refusal has no text")
            }
        }
    },
]

/// A certificate of these parts; the options are nested texts, in the order given.
func certificate(
    nonce: [UInt8] = [UInt8](repeating: 5, count: 32), principals: [String] = ["alice"],
    options: [(name: String, text: String)] = [], serial: UInt64 = 1, keyID: String = "key id",
    authority: [UInt8] = KeyBytes.ed25519(2), extensions: [UInt8] = []
) -> [UInt8] {
    wire {
        $0.string("ssh-ed25519-cert-v01@openssh.com")
        $0.string(nonce)
        $0.string([UInt8](repeating: 1, count: 32))
        $0.uint64(serial)
        $0.uint32(1)
        $0.string(keyID)
        $0.string(wire { for name in principals { $0.string(name) } })
        $0.uint64(0)
        $0.uint64(.max)
        $0.string(
            wire {
                for option in options {
                    $0.string(option.name)
                    $0.string(wire { $0.string(option.text) })
                }
            })
        $0.string(extensions)
        $0.string("")
        $0.string(authority)
        $0.string(KeyBytes.signature)
    }
}
