// SPDX-License-Identifier: Apache-2.0
import SSHFormats
import TestSupport

/// Keys of people and hosts, made by ssh-keygen, and CA keys, made by openssl: no code of ours signs.
final class SampleKeys: Sendable {
    let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    /// Makes a key with ssh-keygen under this name, and answers its public key.
    func make(_ name: String, type: String = "ed25519") throws -> PublicKey {
        let made = try Subprocess.run(
            "/usr/bin/ssh-keygen",
            ["-q", "-t", type, "-N", "", "-C", "", "-f", directory.file(name)])
        try require(made, "ssh-keygen")
        let line = String(decoding: try directory.read(name + ".pub"), as: UTF8.self)
        return try PublicKey(line: line.trimmingLineEnd)
    }

    /// The armored signature of a person over a text.
    func sign(_ text: [UInt8], by name: String, for namespace: String) throws -> [UInt8] {
        let signed = try Subprocess.run(
            "/usr/bin/ssh-keygen",
            ["-q", "-Y", "sign", "-f", directory.file(name), "-n", namespace], input: text)
        try require(signed, "ssh-keygen -Y sign")
        return signed.outputBytes
    }

    /// Makes an Ed25519 CA key under this name, and answers its public key.
    func makeAuthority(_ name: String) throws -> PublicKey {
        let path = directory.file(name)
        let openssl = "/usr/bin/openssl"
        try require(
            Subprocess.run(openssl, ["genpkey", "-algorithm", "ed25519", "-out", path]), "genpkey")
        let exported = try Subprocess.run(
            openssl, ["pkey", "-in", path, "-pubout", "-outform", "DER"])
        try require(exported, "pkey")
        return try PublicKey(.ed25519(Array(exported.outputBytes.suffix(32))))
    }

    /// The certificate that a CA key makes of these bytes.
    func certify(_ toBeSigned: [UInt8], by name: String) throws -> Certificate {
        let message = try directory.write("message", toBeSigned)
        let signed = try Subprocess.run(
            "/usr/bin/openssl",
            ["pkeyutl", "-sign", "-rawin", "-inkey", directory.file(name), "-in", message])
        try require(signed, "pkeyutl")
        let signature = try Signature(algorithm: .ed25519, value: .ed25519(signed.outputBytes))
        return try Certificate(toBeSigned: toBeSigned, signature: signature)
    }

    private func require(_ outcome: Subprocess.Outcome, _ what: String) throws {
        guard outcome.status == .exited(0) else {
            throw SystemCallError("\(what): \(outcome.errors)", 0)
        }
    }
}

extension String {
    /// The text without the LF at its end.
    var trimmingLineEnd: String { hasSuffix("\n") ? String(dropLast()) : self }
}
