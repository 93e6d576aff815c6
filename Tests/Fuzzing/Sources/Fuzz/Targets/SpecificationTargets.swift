// SPDX-License-Identifier: Apache-2.0
import SSHFormats

/// What revocation lists are made of: specifications, and the keys and certificates in them.
let specificationTargets = [
    // A file may come in pieces of any size: two halves must say what the whole does.
    FuzzTarget(
        "krl-specification", dictionary: .wire,
        memory: MemoryBound(perByte: 64, constant: 65_536), cuts: .anywhere,
        growths: [
            Growth("serials", 4_096...131_072) { repeated($0) { "serial: \($0 * 7 + 1)\n" } },
            Growth("ranges", 4_096...131_072) {
                repeated($0) { "serial: \($0 * 100 + 1)-\($0 * 100 + 50)\n" }
            },
            Growth("key IDs", 4_096...131_072) { repeated($0) { "id: alice/\($0)\n" } },
            Growth("keys", 512...16_384) { repeated($0) { "key: \(KeyBytes.line($0))\n" } },
            Growth("hashed keys", 512...8_192) {
                repeated($0) { "sha256: \(KeyBytes.line($0))\n" }
            },
            Growth("authorities", 512...16_384) {
                repeated($0) { "authority: \(KeyBytes.line($0))\nserial: 7\n" }
            },
            Growth("certificates", 256...4_096) {
                repeated($0) { number in
                    let blob = certificate(serial: UInt64(number + 1))
                    return "ssh-ed25519-cert-v01@openssh.com \(Base64.encode(blob))\n"
                }
            },
            Growth("comments", 16_384...1_048_576) { String(repeating: "#\n", count: $0 / 2) },
            Growth("empty lines", 16_384...1_048_576) { String(repeating: "\n", count: $0) },
            Growth("one line", 16_384...1_048_576, isAccepted: false) {
                String(repeating: "x ", count: $0 / 2)
            },
            Growth("a line too long", 2_097_152...16_777_216, isAccepted: false) {
                String(repeating: "x ", count: $0 / 2)
            },
        ]
    ) { bytes in
        .of({ try specified([bytes]) }) { set in
            let middle = bytes.count / 2 + (bytes.first.map { Int($0) % 7 } ?? 0)
            let parts = [Array(bytes.prefix(middle)), Array(bytes.dropFirst(middle))]
            try require(
                try specified(parts).revokesTheSame(as: set), "read in two parts it says other")
            let written: [UInt8]
            do {
                written = try set.encoded()
            } catch {
                return
            }
            let reading = try RevocationListReading(parsing: written)
            try require(reading.list.revokesTheSame(as: set), "its list says something else")
        }
    },

    FuzzTarget(
        "revocation-subject", dictionary: .wire, cuts: .never,
        growths: [
            Growth("options", 512...8_192) { count in
                certificate(options: (0..<count).map { _ in ("x", "") })
            },
            Growth("nonce", 4_096...131_072) { size in
                certificate(nonce: [UInt8](repeating: 1, count: size))
            },
        ]
    ) { bytes in
        .of({ try RevocationSubject(blob: bytes) }) { subject in
            guard let strict = try? Certificate(blob: bytes) else { return }
            try require(subject.key == strict.fields.publicKey, "the key is another")
            try require(subject.keyBlob == strict.fields.publicKey.blob, "the blob is another")
            guard let certificate = subject.certificate else {
                throw Broken(description: "it is a certificate, and was read as a plain key")
            }
            try require(certificate.serial == strict.fields.serial, "the serial is another")
            try require(certificate.keyID == Array(strict.fields.keyID.utf8), "another key ID")
            try require(certificate.authority == strict.fields.signatureKey, "another authority")
            try require(certificate.toBeSigned == strict.toBeSigned, "other signed bytes")
            try require(certificate.signature == strict.signature.blob, "another signature")
        }
    },
]

private func specified(_ parts: [[UInt8]]) throws -> RevocationSet {
    var specification = RevocationSpecification(
        name: "revoked", authority: KeyBytes.ed25519(1), tools: revocationTools)
    var builder = RevocationSet.Builder()
    for part in parts { specification.read(part, into: &builder) }
    try specification.finish(into: &builder)
    return builder.finish(version: 1, generated: 0, comment: [])
}
