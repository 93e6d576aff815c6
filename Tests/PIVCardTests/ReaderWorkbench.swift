// SPDX-License-Identifier: Apache-2.0

import PIVCardSupport
import TestSupport
import Testing

/// Cards in readers of a PC/SC service of the test's own, and Debian's programs that use them.
struct ReaderWorkbench {
    /// OpenSC's PKCS#11 module, and Yubico's.
    static let modules = [
        "opensc": PIVPrograms.module("opensc-pkcs11.so"),
        "ykcs11": PIVPrograms.module("libykcs11.so"),
    ]

    let readers: PIVCardReaders
    var card: PIVCardControl { readers.cards[0] }

    init(_ settings: [PIVCardSettings] = [PIVCardSettings()]) throws {
        readers = try PIVCardReaders(settings)
    }

    struct Refused: Error {
        let reason: String
    }

    func path(_ name: String) -> String { readers.directory.file(name) }

    /// What a program wrote, to both streams; it must have succeeded.
    @discardableResult
    func run(_ program: String, _ arguments: [String], input: [UInt8] = []) throws -> String {
        let outcome = try readers.run(program, arguments, input: input)
        let text = outcome.output + outcome.errors
        guard outcome.status == .exited(0) else {
            throw Refused(reason: "\(program) \(arguments): \(outcome.status) \(text)")
        }
        return text
    }

    /// `yubico-piv-tool` with the first card.
    @discardableResult
    func yubico(_ arguments: String...) throws -> String {
        try run("yubico-piv-tool", ["-r", "Yubico"] + arguments)
    }

    /// The errors of `yubico-piv-tool`, which must not have succeeded.
    func yubicoRefuses(_ arguments: String...) throws -> String {
        let outcome = try readers.run("yubico-piv-tool", ["-r", "Yubico"] + arguments)
        guard outcome.status != .exited(0) else {
            throw Refused(reason: "\(arguments) succeeded: \(outcome.output)")
        }
        return outcome.output + outcome.errors
    }

    /// Makes a key and puts a certificate for it into its slot, which middleware wants to see.
    func furnish(_ slot: String, _ algorithm: String, _ options: String...) throws {
        try run(
            "yubico-piv-tool",
            ["-r", "Yubico", "-a", "generate", "-s", slot, "-A", algorithm, "-o"]
                + [path("\(slot).pem")] + options)
        try certify(slot)
    }

    /// Signs a certificate for the public key in `SLOT.pem`, with a key that is thrown away.
    func certify(_ slot: String) throws {
        let key = path("issuer.key")
        try run("openssl", ["genpkey", "-algorithm", "ED25519", "-out", key])
        try run(
            "openssl",
            ["req", "-x509", "-new", "-key", key, "-subj", "/CN=issuer"]
                + ["-out", path("issuer.crt")])
        try run(
            "openssl",
            ["req", "-new", "-key", key, "-subj", "/CN=key \(slot)"]
                + ["-out", path("request")])
        try run(
            "openssl",
            ["x509", "-req", "-in", path("request"), "-days", "30"]
                + ["-force_pubkey", path("\(slot).pem"), "-CAkey", key]
                + ["-CA", path("issuer.crt"), "-out", path("\(slot).crt")])
        try yubico("-a", "import-certificate", "-s", slot, "-i", path("\(slot).crt"))
    }

    /// `pkcs11-tool` with one of the modules.
    @discardableResult
    func pkcs11(_ module: String, _ arguments: [String]) throws -> String {
        try run("pkcs11-tool", ["--module", Self.modules[module] ?? ""] + arguments)
    }

    /// Signs a digest through a module, and lets OpenSSL verify with the public key in `SLOT.pem`.
    func signs(_ module: String, id: String, slot: String, size: Int) throws -> Bool {
        let digest = try readers.directory.write(
            "digest", (0..<size).map { UInt8($0 * 7 & 0xFF) })
        try pkcs11(
            module,
            ["--login", "--pin", "123456", "--sign", "-m", "ECDSA", "--id", id, "-i", digest]
                + ["--signature-format", "openssl", "-o", path("signature")])
        return try run(
            "openssl",
            ["pkeyutl", "-verify", "-pubin", "-inkey", path("\(slot).pem"), "-in", digest]
                + ["-sigfile", path("signature")]
        ).contains("Signature Verified Successfully")
    }
}
