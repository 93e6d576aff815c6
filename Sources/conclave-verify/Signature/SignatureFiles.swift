// SPDX-License-Identifier: Apache-2.0
import Documents
import SSHFormats

/// The files that a signature is judged by, as values.
enum SignatureFiles {
    /// Reads an armored signature.
    ///
    /// - Throws: `MachineFault`, or `RefusedFile` of `SIGNATURE-FORM`.
    static func signature(_ path: String) throws -> SSHSIG {
        let file = try NamedFile(path, limit: maximumSignatureBytes)
        do throws(FormatError) {
            return try SSHSIG(armored: file.contents)
        } catch {
            throw RefusedFile(path, .signatureForm, "the signature cannot be read: \(error)")
        }
    }

    /// Reads a list of allowed signers, and tells of its faulty lines.
    ///
    /// - Throws: `MachineFault`, or `RefusedFile` of `SIGNATURE-LINE`: where the file is too long,
    ///   and where a line cannot be read and the list is to be taken whole or not at all.
    static func allowedSigners(_ option: AllowedSignersOption) throws -> AllowedSigners {
        let file = try NamedFile(option.path, limit: AllowedSigners.maximumLength)
        let list: AllowedSigners
        do throws(FormatError) {
            list = try AllowedSigners(
                parsing: file.contents, localClock: { $0.secondsInLocalZone })
        } catch {
            throw RefusedFile(option.path, .signatureLine, "\(error)")
        }
        var violations = list.faultyLines.map {
            Violation(.signatureLine, line: $0.line, "\($0.fault)")
        }
        if list.untoldFaultyLines > 0 {
            violations.append(
                Violation(
                    .signatureLine, "\(list.untoldFaultyLines) more lines cannot be read"))
        }
        if option.strict, !violations.isEmpty {
            throw RefusedFile(option.path, Violations(violations))
        }
        if !violations.isEmpty {
            complain(RefusedFile(option.path, Violations(violations)).lines)
        }
        return list
    }

    /// Reads revoked keys.
    ///
    /// - Throws: `MachineFault`, or `RefusedFile` of `SIGNATURE-REVOCATIONS`.
    static func revokedKeys(_ path: String) throws -> RevokedKeys {
        let file = try NamedFile(path, limit: RevokedKeys.maximumLength)
        do throws(FormatError) {
            return try RevokedKeys(parsing: file.contents)
        } catch {
            throw RefusedFile(
                path, .signatureRevocations, "what is revoked cannot be read: \(error)")
        }
    }

    /// The most bytes of a file with a signature.
    private static let maximumSignatureBytes = 1_048_576
}
