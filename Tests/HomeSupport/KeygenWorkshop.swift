// SPDX-License-Identifier: Apache-2.0
import SSHFormats
import TestSupport

/// Keys and signatures made by `ssh-keygen`, in a directory that goes with the object.
public final class KeygenWorkshop: Sendable {
    /// What `ssh-keygen` said where it failed.
    public struct Failure: Error {
        let message: String
    }

    private let directory: TemporaryDirectory

    /// Makes an empty workshop.
    public init() throws {
        directory = try TemporaryDirectory()
    }

    /// Makes a key pair of this type, such as `["ecdsa", "-b", "384"]`, and reads the public half.
    public func makeKey(_ name: String, _ type: [String]) throws -> PublicKey {
        try run(["-q", "-N", "", "-C", "", "-f", directory.file(name), "-t"] + type)
        let file = try directory.read("\(name).pub")
        return try PublicKey(
            line: String(decoding: file.prefix { $0 != 0x0A && $0 != 0x0D }, as: UTF8.self))
    }

    /// Signs `message` by `ssh-keygen -Y sign` and gives the armored signature.
    public func sign(
        _ message: [UInt8], with name: String, namespace: String
    ) throws -> [UInt8] {
        let file = "message-\(name)"
        try directory.write(file, message)
        try run(
            ["-q", "-Y", "sign", "-f", directory.file(name), "-n", namespace]
                + ["-O", "hashalg=sha512", directory.file(file)])
        let signature = try directory.read("\(file).sig")
        try remove("\(file).sig")
        return signature
    }

    /// What `ssh-keygen -L` prints of a certificate.
    public func describe(_ certificate: Certificate) throws -> String {
        let path = try directory.write("described.pub", certificate.line() + "\n")
        return try run(["-L", "-f", path])
    }

    private func remove(_ name: String) throws {
        _ = try Subprocess.run("/bin/rm", ["--", directory.file(name)])
    }

    @discardableResult
    private func run(_ arguments: [String]) throws -> String {
        let outcome = try Subprocess.run("/usr/bin/ssh-keygen", arguments)
        guard outcome.status == .exited(0) else {
            throw Failure(message: "\(arguments): \(outcome.output)\(outcome.errors)")
        }
        return outcome.output
    }
}
