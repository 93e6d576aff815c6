// SPDX-License-Identifier: Apache-2.0
import Documents
import SSHCrypto
import SSHFormats
import Spool

/// Keys and certificates from files that a person names, read as widely as ssh-keygen reads them.
struct KRLSubjects {
    /// A key or a certificate, and where it stands.
    struct Entry {
        let path: String
        let line: Int
        let comment: String
        let subject: RevocationSubject
    }

    /// The keys and certificates, in the order of their files and lines.
    private(set) var entries: [Entry] = []

    /// Adds all keys and certificates of a file, or those of the `.pub` file beside a private key.
    ///
    /// Lines that hold none are passed over with a note, where there is a line that does.
    mutating func read(_ path: String) throws {
        let bytes = try Self.publicBytes(path)
        var found: [Entry] = []
        var faults: [(line: Int, error: FormatError)] = []
        let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            do throws(FormatError) {
                guard let read = try KeyFileLine(line) else { continue }
                let comment = String(decoding: read.comment, as: UTF8.self)
                found.append(
                    Entry(
                        path: path, line: index + 1, comment: comment.isEmpty ? path : comment,
                        subject: read.subject))
            } catch {
                faults.append((index + 1, error))
            }
        }
        guard !found.isEmpty else {
            let reason = faults.first.map { "line \($0.line): \($0.error)" } ?? "it holds no key"
            throw Violations(Violation(.krlKey, "\(quoted(path)) has no public key: \(reason)"))
        }
        for fault in faults {
            Screen.note("\(quoted(path)):\(fault.line): passed over: \(fault.error)")
        }
        for entry in found {
            guard let certificate = entry.subject.certificate else { continue }
            if let fault = SignatureCheck.fault(of: certificate) {
                throw Violations(
                    Violation(
                        .krlKey,
                        "\(quoted(path)):\(entry.line): the certificate does not count: \(fault)"
                    ))
            }
        }
        entries += found
    }

    /// The blob of the one key that a file names: an authority's.
    static func authority(_ path: String) throws -> [UInt8] {
        var subjects = KRLSubjects()
        try subjects.read(path)
        guard let first = subjects.entries.first, first.subject.certificate == nil else {
            throw Violations(
                Violation(
                    .krlAuthority, "\(quoted(path)) holds a certificate, not an authority's key",
                    hint: "name the file of the plain key"))
        }
        return first.subject.keyBlob
    }

    /// The bytes of the file, or of the `.pub` file beside it where it is a private key's.
    private static func publicBytes(_ path: String) throws(FileError) -> [UInt8] {
        let limit = 16 * 1_048_576
        let beside = path + ".pub"
        do throws(FileError) {
            let bytes = try DurableFile.read(path, limit: limit)
            guard bytes.starts(with: "-----BEGIN ".utf8) else { return bytes }
        } catch {
            // As ssh-keygen does; a private key that may not be read has its public half beside it.
            guard let bytes = try? DurableFile.read(beside, limit: limit) else { throw error }
            return bytes
        }
        return try DurableFile.read(beside, limit: limit)
    }
}
