// SPDX-License-Identifier: Apache-2.0
import Glibc
import SSHFormats
import TestSupport

/// Keys, certificates and signatures by the real `ssh-keygen`, which also judges them.
final class SignerWorkshop: Sendable {
    /// The kinds of key pair, as `ssh-keygen -t` names them, with their options.
    static let kinds: [String: [String]] = [
        "rsa": ["-b", "2048"], "ecdsa-256": ["-b", "256"], "ecdsa-384": ["-b", "384"],
        "ecdsa-521": ["-b", "521"], "ed25519": [], "ecdsa-sk": [], "ed25519-sk": [],
    ]
    static let kindNames = kinds.keys.sorted()

    struct Failure: Error {
        let message: String
    }

    let directory: TemporaryDirectory
    private let provider: String

    init() throws {
        directory = try TemporaryDirectory()
        provider = try Self.helpers.get() + "/sk-provider.so"
    }

    /// The directory of the helpers in C, compiled where they are not up to date.
    private static let helpers: Result<String, any Error> = Result {
        let path =
            getenv("CONCLAVE_TEST_SUPPORT").map { String(cString: $0) }
            ?? ProgramFolder.path + "conclave-helpers"
        let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let outcome = try Subprocess.run("/bin/sh", ["/\(root)/Tests/Support/build.sh", path])
        guard outcome.status == .exited(0) else { throw Failure(message: outcome.errors) }
        return path
    }

    /// Runs `ssh-keygen` in UTC, unless another zone is given.
    func keygen(
        _ arguments: [String], input: [UInt8] = [], zone: String = "UTC",
        environment: [String: String] = [:]
    ) throws -> Subprocess.Outcome {
        let base = [
            "TZ": zone, "SSH_SK_PROVIDER": provider, "HOME": directory.path,
            "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8",
        ]
        return try Subprocess.run(
            "/usr/bin/ssh-keygen", arguments,
            environment: base.merging(environment) { $1 }, input: input)
    }

    private func demand(
        _ arguments: [String], environment: [String: String] = [:]
    ) throws {
        let outcome = try keygen(arguments, environment: environment)
        guard outcome.status == .exited(0) else {
            throw Failure(message: "\(arguments): \(outcome.output)\(outcome.errors)")
        }
    }

    /// Makes a key pair of a kind in the files NAME and NAME.pub.
    @discardableResult
    func makeKey(_ name: String, kind: String) throws -> PublicKey {
        let type = kind.hasPrefix("ecdsa-") && kind != "ecdsa-sk" ? "ecdsa" : kind
        try demand(
            ["-q", "-N", "", "-C", "", "-f", directory.file(name), "-t", type]
                + (Self.kinds[kind] ?? []))
        return try PublicKey(line: line("\(name).pub"))
    }

    /// Certifies NAME.pub by the key pair AUTHORITY in NAME-cert.pub.
    @discardableResult
    func certify(
        _ name: String, by authority: String, principals: String = "alice,carol",
        validity: String = "20260101000000Z:20260601000000Z", options: [String] = []
    ) throws -> Certificate {
        try demand(
            [
                "-q", "-s", directory.file(authority), "-I", "key of alice", "-n", principals,
                "-V", validity, "-z", "7",
            ] + options + [directory.file("\(name).pub")])
        return try Certificate(line: line("\(name)-cert.pub"))
    }

    /// Certifies NAME.pub by AUTHORITY in NAME-cert.pub, in ways that we may not read.
    func certifyLoosely(
        _ name: String, by authority: String, options: [String] = []
    ) throws {
        try demand(
            [
                "-q", "-s", directory.file(authority), "-I", "key of alice", "-V",
                "20260101000000Z:20260601000000Z", "-n", "alice",
            ] + options
                + [directory.file("\(name).pub")])
    }

    /// Signs a message with the key file, or the certificate, NAME, and answers the file.
    func sign(
        _ message: [UInt8], with name: String, namespace: String = "file", as file: String,
        hash: SSHSIG.HashAlgorithm = .sha512, environment: [String: String] = [:]
    ) throws -> String {
        let path = try directory.write(file, message)
        try demand(
            [
                "-q", "-Y", "sign", "-f", directory.file(name), "-n", namespace, "-O",
                "hashalg=\(hash.rawValue)", path,
            ], environment: environment)
        return path + ".sig"
    }

    /// The one line of a file, without what follows the Base64.
    func line(_ name: String) throws -> String {
        let text = String(decoding: try directory.read(name), as: UTF8.self)
        return text.split(whereSeparator: { $0 == " " || $0 == "\n" }).prefix(2)
            .joined(separator: " ")
    }
}
