// SPDX-License-Identifier: Apache-2.0

import Glibc
import SSHCrypto
import SSHFormats
import SoftHSMSupport
import TestSupport
import Token

/// OpenSSL over libp11: an independent program that signs with the same key on the same token.
struct Judge {
    let stand: Stand
    let token: TokenIdentity

    private static let engine = "/usr/lib/x86_64-linux-gnu/engines-3/pkcs11.so"

    /// The signature over a message, in a process of its own.
    func signature(over message: [UInt8], with key: TokenKey) throws -> Signature {
        let outcome =
            stand.isJudgedByTool
            ? try tool(message, key) : try openSSL(message, key)
        guard outcome.status == .exited(0) else {
            throw CheckFailure("the judge signs nothing: \(outcome.errors)")
        }
        let bytes = outcome.outputBytes
        return try RawSignature(try Self.raw(bytes, key.publicKey)).signature(for: key.publicKey)
    }

    /// The digest that SSH has signed.
    private func digest(_ message: [UInt8], _ key: PublicKey) throws -> [UInt8] {
        switch key.kind {
        case .ecdsaP256: SHA256Digest(hashing: message).bytes
        case .ecdsaP384: sha384(message)
        case .ecdsaP521, .rsa: sha512(message)
        default: throw CheckFailure("the judge knows no key of kind \(key.kind)")
        }
    }

    private func write(_ bytes: [UInt8]) throws -> String {
        let file = SharedDirectory.file("judged")
        let descriptor = try checked(
            file, open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600))
        defer { close(descriptor) }
        try require(Glibc.write(descriptor, bytes, bytes.count) == bytes.count, "a short \(file)")
        return file
    }

    private func tool(_ message: [UInt8], _ key: TokenKey) throws -> Subprocess.Outcome {
        let isRSA = key.publicKey.kind == .rsa
        let digest = try digest(message, key.publicKey)
        let output = SharedDirectory.file("judgement")
        var outcome = try Subprocess.run(
            "/usr/bin/pkcs11-tool",
            [
                "--module", stand.module ?? "", "--token-label", token.label, "--login", "--pin",
                stand.pin, "--sign", "--id",
                key.id.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(),
                "--mechanism", isRSA ? "SHA512-RSA-PKCS" : "ECDSA", "--signature-format",
                "openssl", "--input-file", try write(isRSA ? message : digest), "--output-file",
                output,
            ], environment: stand.environment.merging(Stand.programs) { $1 })
        if outcome.status == .exited(0) {
            outcome = try Subprocess.run("/bin/cat", [output])
        }
        return outcome
    }

    private func openSSL(_ message: [UInt8], _ key: TokenKey) throws -> Subprocess.Outcome {
        let options = key.publicKey.kind == .rsa ? ["-pkeyopt", "digest:sha512"] : []
        let initialization = stand.initialization.map { "INIT_ARGS = \($0)\n" } ?? ""
        let configuration = SharedDirectory.write(
            "openssl.cnf",
            """
            openssl_conf = start
            [start]
            engines = engines
            [engines]
            pkcs11 = judge
            [judge]
            engine_id = pkcs11
            dynamic_path = \(Self.engine)
            MODULE_PATH = \(stand.judge?.module ?? stand.module ?? "")
            \(initialization)init = 0

            """)
        let name =
            "pkcs11:token=\(Self.escape(Array(token.label.utf8)));"
            + "serial=\(Self.escape(Array(token.serial.utf8)));type=private;"
            + "id=\(Self.escape(stand.judge?.id(key) ?? key.id));pin-value=\(stand.pin)"
        var environment = stand.environment.merging(Stand.programs) { $1 }
        environment["OPENSSL_CONF"] = configuration
        // The engine is not the default one, or modules that use libcrypto themselves would use it too.
        // It asks for the PIN of keys that want it each time: without a terminal, on its input.
        return try Subprocess.run(
            "/usr/bin/setsid",
            [
                "--wait", "openssl", "pkeyutl", "-inkey", "org.openssl.engine:pkcs11:\(name)",
                "-sign", "-in", try write(digest(message, key.publicKey)),
            ] + options, environment: environment,
            input: Array("\(stand.pin)\n".utf8))
    }

    private static func escape(_ bytes: [UInt8]) -> String {
        bytes.map { "%" + ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// r and s side by side, out of the two INTEGERs in a SEQUENCE that OpenSSL gives.
    private static func raw(_ bytes: [UInt8], _ key: PublicKey) throws -> [UInt8] {
        guard case .ecdsa(let curve, _) = key.material else { return bytes }
        var rest = bytes.dropFirst(bytes.count > 1 && bytes[1] == 0x81 ? 3 : 2)
        var numbers: [UInt8] = []
        for _ in 0..<2 {
            guard rest.first == 2, let length = rest.dropFirst().first else {
                throw CheckFailure("no INTEGER in \(bytes)")
            }
            let number = rest.dropFirst(2).prefix(Int(length)).drop { $0 == 0 }
            rest = rest.dropFirst(2 + Int(length))
            guard number.count <= curve.coordinateLength else {
                throw CheckFailure("an INTEGER of \(number.count) bytes")
            }
            numbers += [UInt8](repeating: 0, count: curve.coordinateLength - number.count)
            numbers += number
        }
        return numbers
    }
}
