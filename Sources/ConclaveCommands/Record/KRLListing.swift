// SPDX-License-Identifier: Apache-2.0
import Documents
import SSHFormats

/// What a list revokes, in the form of `ssh-keygen -Q -l`: a specification once more.
struct KRLListing {
    private let list: RevocationSet

    /// Reads the list.
    init(_ bytes: [UInt8], of path: String) throws {
        do throws(FormatError) {
            list = try RevocationListReading(
                parsing: bytes, authorityFault: SignatureCheck.authorityFault
            ).list
        } catch {
            throw KRLFile.unreadable(path, error)
        }
    }

    /// Writes it to standard output.
    func write() {
        var lines = OutputLines()
        lines.add("# KRL version \(list.version)")
        lines.add("# Generated at \(Self.time(list.generated))")
        if !list.comment.isEmpty { lines.add("# Comment: \(Self.escaped(list.comment))") }
        lines.add("")
        for blob in list.keys {
            lines.add("hash: \(KRLText.fingerprint(blob)) # \(Self.type(of: blob))")
        }
        for hash in list.sha256Hashes { lines.add("hash: \(KRLText.hash(hash))") }
        for hash in list.sha1Hashes { lines.add("# hash SHA1:\(Hex.encode(Array(hash)))") }
        for authority in list.authorities {
            lines.add("")
            lines.add(
                authority.keyBlob.isEmpty
                    ? "# Wildcard CA"
                    : "# CA key \(Self.type(of: authority.keyBlob[...])) "
                        + KRLText.fingerprint(authority.keyBlob))
            for range in authority.serials.ranges { lines.add("serial: \(KRLText.serials(range))") }
            for keyID in authority.keyIDs { lines.add("id: \(Self.escaped(keyID))") }
        }
    }

    /// `YYYYMMDDThhmmss`, in Greenwich's time.
    private static func time(_ seconds: UInt64) -> String {
        UnixTime(seconds: seconds).text.filter { $0 != "-" && $0 != ":" && $0 != "Z" }
    }

    private static func type(of blob: ArraySlice<UInt8>) -> String {
        var reader = WireReader(blob)
        return (try? reader.string("type")).map { escaped($0) } ?? "unknown"
    }

    /// Bytes as vis(3) writes them: what isn't a printable ASCII character, and the backslash, in octal.
    private static func escaped(_ bytes: some Collection<UInt8>) -> String {
        var text = ""
        for byte in bytes {
            if (0x20...0x7E).contains(byte), byte != UInt8(ascii: "\\") {
                text.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                let digits = String(byte, radix: 8)
                text += "\\" + String(repeating: "0", count: 3 - digits.count) + digits
            }
        }
        return text
    }
}
