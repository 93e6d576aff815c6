// SPDX-License-Identifier: Apache-2.0
import Glibc
import Spool

/// Makes an officer's signature over a text.
public protocol OfficerSigner {
    /// Signs `message` under `namespace`, and answers the armored SSHSIG.
    ///
    /// - Throws: where no signature could be made.
    func sign(_ message: [UInt8], namespace: String) async throws -> [UInt8]
}

/// Signs with `ssh-keygen -Y sign`: key files, keys in an agent, FIDO keys.
///
/// OpenSSH asks for passphrase or touch itself, on the terminal.
public struct SSHKeygenSigner: OfficerSigner {
    private let key: String
    private let securityKeyProvider: String?

    /// Signs with this private key file, or with the agent's key of this public key file.
    public init(key: String, securityKeyProvider: String? = nil) {
        self.key = key
        self.securityKeyProvider = securityKeyProvider
    }

    /// Signs `message` under `namespace`.
    ///
    /// - Throws: `RunnerError` where ssh-keygen fails; `FileError`.
    public func sign(_ message: [UInt8], namespace: String) async throws -> [UInt8] {
        guard unsafe access(key, R_OK) == 0 else {
            throw RunnerError.system("read key \"\(key)\"", number: errno)
        }
        let directory = try TemporaryDirectory()
        defer { directory.remove(["message", "message.sig"]) }
        let text = directory.path + "/message"
        try DurableFile.create(text, message)
        var environment: [String] = []
        if let securityKeyProvider { environment.append("SSH_SK_PROVIDER=\(securityKeyProvider)") }
        let status = try Subprocess.run(
            ["ssh-keygen", "-q", "-Y", "sign", "-f", key, "-n", namespace, text],
            adding: environment)
        guard status == 0 else {
            throw RunnerError.program(
                "ssh-keygen -Y sign -f \(key)", detail: "exit status \(status)")
        }
        return try DurableFile.read(text + ".sig", limit: 65_536)
    }
}

/// A directory for this user alone, for a moment.
struct TemporaryDirectory {
    let path: String

    init() throws {
        let base = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? "/tmp"
        var template = Array("\(base)/conclave-XXXXXX".utf8CString)
        guard unsafe mkdtemp(&template) != nil else {
            throw RunnerError.system("mkdtemp", number: errno)
        }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    func remove(_ names: [String]) {
        for name in names { unsafe unlink(path + "/" + name) }
        unsafe rmdir(path)
    }
}
