// SPDX-License-Identifier: Apache-2.0
import Documents
import Glibc
import SSHCrypto
import Spool
import TokenEvidence

/// The certificates that a site brings for attestation: the files of `HOME/attestation/`.
///
/// Intermediates of a token's maker, and roots of the site's own, in PEM or DER. Nothing is trusted
/// for lying there: the policy pins the roots.
public enum AttestationFolder {
    /// The name of the folder in the home.
    static let name = "attestation"

    /// All certificates of the folder in DER, by the names of their files; none without a folder.
    ///
    /// - Throws: `RunnerError` where a file holds no certificates; what reading throws.
    public static func certificates(home: String) throws -> [[UInt8]] {
        let directory = home + "/" + name
        guard unsafe access(directory, F_OK) == 0 else { return [] }
        var found: [[UInt8]] = []
        for file in try DurableFile.names(in: directory).sorted() where file.first != "." {
            let path = directory + "/" + file
            let bytes = try DurableFile.read(path, limit: X509CertificateFile.maximumLength)
            do throws(SSHCryptoError) {
                found += try X509CertificateFile.certificates(bytes).map(\.bytes)
            } catch {
                throw RunnerError.refused(
                    subject: path,
                    [
                        Violation(
                            .tokenAttestation, error.description,
                            hint: "keep certificates in PEM or DER there, and nothing else")
                    ])
            }
        }
        return found
    }
}
