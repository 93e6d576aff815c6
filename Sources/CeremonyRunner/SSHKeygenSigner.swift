// SPDX-License-Identifier: Apache-2.0
import Glibc
import Spool

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
        let directory = try ScratchDirectory()
        defer { withExtendedLifetime(directory) {} }
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
        do throws(FileError) {
            return try DurableFile.read(text + ".sig", limit: 65_536)
        } catch {
            guard error.number == ENOENT else { throw error }
            throw RunnerError.program(
                "ssh-keygen -Y sign -f \(key)", detail: "it left no signature")
        }
    }
}
