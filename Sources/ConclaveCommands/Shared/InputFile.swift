// SPDX-License-Identifier: Apache-2.0
import CeremonyRunner
import Documents
import Issuance
import SSHFormats
import Spool

/// Reading what a person names on the command line.
enum InputFile {
    /// The bytes of a file of at most `limit` bytes.
    static func read(_ path: String, limit: Int = 16 * 1_048_576) throws(FileError) -> [UInt8] {
        try DurableFile.read(path, limit: limit)
    }

    /// The public key of a `.pub` file, or of the one beside a private key file.
    static func publicKey(_ path: String) throws -> PublicKey {
        let path = path.hasSuffix(".pub") ? path : path + ".pub"
        let text = String(decoding: try read(path, limit: 65_536), as: UTF8.self)
        let line = text.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
        do throws(FormatError) {
            return try PublicKey(line: line)
        } catch {
            throw RunnerError.refused(
                subject: "\"\(path)\"",
                [Violation(.requestKey, "it holds no public key that can be used: \(error)")])
        }
    }
}
