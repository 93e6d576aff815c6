// SPDX-License-Identifier: Apache-2.0
import Glibc
import SSHFormats
import Testing

/// Real `ssh-keygen`, working in a directory that goes away with this object.
final class OpenSSH {
    struct Failure: Error {
        let what: String
    }

    let directory: String

    init() throws {
        var template = Array("/tmp/conclave-crypto-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Failure(what: "mkdtemp") }
        directory = template.withUnsafeBufferPointer { text in
            text.baseAddress.map { String(cString: $0) } ?? ""
        }
    }

    deinit {
        if let names = try? names() {
            for name in names { unlink(path(name)) }
        }
        rmdir(directory)
    }

    /// Makes a key pair in the files NAME and NAME.pub, and reads the public one.
    func makeKey(_ name: String, _ type: [String]) throws -> PublicKey {
        try keygen(["-q", "-N", "", "-C", "", "-f", path(name), "-t"] + type)
        return try PublicKey(line: try line(name + ".pub"))
    }

    /// Signs `message` with the key NAME by `ssh-keygen -Y sign`.
    func sign(
        _ message: [UInt8], with name: String, namespace: String, hash: SSHSIG.HashAlgorithm
    ) throws -> SSHSIG {
        let file = "message-\(name)-\(hash.rawValue)"
        try write(file, message)
        unlink(path(file + ".sig"))
        try keygen([
            "-q", "-Y", "sign", "-f", path(name), "-n", namespace, "-O",
            "hashalg=\(hash.rawValue)", path(file),
        ])
        return try SSHSIG(armored: try read(file + ".sig"))
    }

    /// Certifies the key SUBJECT with the key AUTHORITY by `ssh-keygen -s`.
    func certify(
        _ subject: String, with authority: String, options: [String] = []
    ) throws -> Certificate {
        try keygen(
            ["-q", "-s", path(authority), "-I", "alice", "-n", "alice", "-z", "7"] + options
                + [path(subject + ".pub")])
        return try Certificate(line: try line(subject + "-cert.pub"))
    }

    /// Whether `ssh-keygen -Y check-novalidate` takes the armored signature NAME over `message`.
    func checks(
        _ armored: String, over message: [UInt8], namespace: String, name: String
    ) throws -> Bool {
        try write(name + ".sig", Array(armored.utf8))
        try write(name, message)
        do {
            try keygen(
                ["-Y", "check-novalidate", "-n", namespace, "-s", path(name + ".sig")],
                input: path(name))
            return true
        } catch {
            return false
        }
    }

    /// The fingerprint of the key NAME as `ssh-keygen -l` prints it.
    func fingerprint(_ name: String, hash: String = "sha256") throws -> String {
        let output = try keygen(["-l", "-E", hash, "-f", path(name + ".pub")])
        let words = String(decoding: output, as: UTF8.self).split(separator: " ")
        guard words.count > 1 else { throw Failure(what: "ssh-keygen -l") }
        return String(words[1])
    }

    func path(_ name: String) -> String { directory + "/" + name }

    /// Runs `ssh-keygen` and gives its standard output.
    @discardableResult
    private func keygen(_ arguments: [String], input: String = "/dev/null") throws -> [UInt8] {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, input, O_RDONLY, 0)
        posix_spawn_file_actions_addopen(
            &actions, 1, path(".output"), O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        let words = ["ssh-keygen"] + arguments
        let pointers = words.map { strdup($0) } + [nil]
        defer { for pointer in pointers { free(pointer) } }
        var process: pid_t = 0
        guard
            posix_spawnp(&process, "ssh-keygen", &actions, nil, pointers, environ) == 0
        else { throw Failure(what: "ssh-keygen is not there") }
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0 && errno == EINTR {}
        let output = try read(".output")
        guard status == 0 else {
            throw Failure(what: "\(words): \(String(decoding: output, as: UTF8.self))")
        }
        return output
    }

    private func line(_ name: String) throws -> String {
        String(decoding: try read(name).prefix { $0 != 0x0A }, as: UTF8.self)
    }

    private func read(_ name: String) throws -> [UInt8] {
        guard let file = fopen(path(name), "r") else { throw Failure(what: "reading \(name)") }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        let count = fread(&bytes, 1, bytes.count, file)
        return Array(bytes.prefix(count))
    }

    private func write(_ name: String, _ bytes: [UInt8]) throws {
        guard let file = fopen(path(name), "w") else { throw Failure(what: "writing \(name)") }
        let count = fwrite(bytes, 1, bytes.count, file)
        guard fclose(file) == 0, count == bytes.count else {
            throw Failure(what: "writing \(name)")
        }
    }

    private func names() throws -> [String] {
        guard let stream = opendir(directory) else { throw Failure(what: "opendir") }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }
}

/// The kinds of key pair that `ssh-keygen` makes without a token.
enum KeygenKind: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case rsa = "RSA"
    case ecdsaP256 = "ECDSA P-256"
    case ecdsaP384 = "ECDSA P-384"
    case ecdsaP521 = "ECDSA P-521"
    case ed25519 = "Ed25519"

    var testDescription: String { rawValue }

    /// What `ssh-keygen -t` is given.
    var arguments: [String] {
        switch self {
        case .rsa: ["rsa", "-b", "2048"]
        case .ecdsaP256: ["ecdsa", "-b", "256"]
        case .ecdsaP384: ["ecdsa", "-b", "384"]
        case .ecdsaP521: ["ecdsa", "-b", "521"]
        case .ed25519: ["ed25519"]
        }
    }
}
