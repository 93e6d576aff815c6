// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Ceremony
import CeremonyRunner
import Documents
import Issuance
import SSHCrypto
import SSHFormats
import Spool

/// Reads request files that a person names.
enum RequestInput {
    static func read(_ path: String) throws -> CertificateRequest {
        let file = try InputFile.read(path, limit: Intake.maximumFileSize)
        var signature: [UInt8]?
        if SSHSIG.splitArmor(from: file) == nil {
            do throws(FileError) {
                signature = try InputFile.read(path + ".sig", limit: 32_768)
            } catch {
                signature = nil
            }
        }
        do throws(Violations) {
            return try CertificateRequest(file: file, signatureFile: signature)
        } catch {
            throw RunnerError.refused(subject: "\"\(path)\"", error.all)
        }
    }
}
