// SPDX-License-Identifier: Apache-2.0
import Documents

/// What a person named on the command line: a file of certificates, a directory, standard input.
enum CertificateInput: Sendable {
    /// A file, read whole; its lines stand for themselves.
    case file(path: String, contents: [UInt8])
    /// The certificate files of a directory.
    case directory(path: String, CertificateFiles)

    /// The most bytes of a file that a person named.
    static let maximumBytes = 64 * 1_024 * 1_024
    /// The most bytes of a file in a directory.
    static let maximumBytesInDirectory = 1_024 * 1_024

    /// Reads a file, or the names in a directory; `-` is standard input.
    ///
    /// - Throws: `MachineFault` where the system does not let it be read, `RefusedFile` where it is
    ///   neither, too long, or a directory without a certificate.
    init(_ path: String) throws {
        guard path != "-" else {
            let input = try FileHandle.standardInput()
            guard let contents = try input.contents(limit: Self.maximumBytes, path: path) else {
                throw RefusedFile(
                    path, .plainFile, "it has more than \(Self.maximumBytes) bytes")
            }
            self = .file(path: path, contents: contents)
            return
        }
        let kind = try FileHandle.file(path).kind(path: path)
        guard kind == .directory else {
            self = .file(
                path: path, contents: try NamedFile(path, limit: Self.maximumBytes).contents)
            return
        }
        let files = try CertificateFiles(below: path)
        guard files.count > 0 else {
            throw RefusedFile(
                path, .certificate, "it holds no file whose name ends in -cert.pub")
        }
        self = .directory(path: path, files)
    }
}
