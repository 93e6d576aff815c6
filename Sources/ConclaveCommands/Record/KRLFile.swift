// SPDX-License-Identifier: Apache-2.0
import Documents
import SSHFormats
import Spool

/// Revocation lists in files that a person names.
enum KRLFile {
    /// The bytes of a file, as long as OpenSSH loads it.
    static func bytes(_ path: String) throws(FileError) -> [UInt8] {
        try DurableFile.read(path, limit: RevocationList.maximumLength)
    }

    /// Reads a list.
    static func reading(
        _ path: String, keepsSections: Bool = false
    ) throws -> (reading: RevocationListReading, bytes: [UInt8]) {
        let bytes = try bytes(path)
        do throws(FormatError) {
            return (
                try RevocationListReading(
                    parsing: bytes, keepsSections: keepsSections,
                    authorityFault: SignatureCheck.authorityFault), bytes
            )
        } catch {
            throw unreadable(path, error)
        }
    }

    /// The refusal of a file that no release of OpenSSH reads either.
    static func unreadable(_ path: String, _ error: FormatError) -> Violations {
        Violations(
            Violation(
                .krlRead, "\(quoted(path)) cannot be read: \(error)",
                hint: "sshd refuses every public key login over such a list"))
    }
}
