// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Documents
import SSHCrypto
import SSHFormats

/// Shows a revocation list.
struct KRLShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show what a revocation list revokes.",
        discussion: """
            conclave krl show revoked_keys.krl

            What only some releases of OpenSSH read is remarked, with its place in the file.
            """)

    @Flag(help: "Show the sections of the file, with their places and sizes.")
    var sections = false

    @Flag(help: "Show as JSON.")
    var json = false

    @Argument(help: "The list's file.")
    var file: String

    func run() throws {
        let (reading, bytes) = try KRLFile.reading(file, keepsSections: sections)
        let digest = SHA256Digest(hashing: bytes).hex
        if json {
            KRLJSON(reading, digest: digest, length: bytes.count).write()
        } else {
            write(reading, digest: digest)
        }
    }

    private func write(_ reading: RevocationListReading, digest: String) {
        let list = reading.list
        var lines = OutputLines()
        lines.add("version    \(list.version)")
        lines.add("generated  \(UnixTime(seconds: list.generated).text)")
        lines.add("sha256     \(digest)")
        if !list.comment.isEmpty { lines.add("comment    \(KRLText.text(list.comment))") }
        for authority in list.authorities {
            let isAny = authority.keyBlob.isEmpty
            lines.add("of CA key  \(isAny ? "any" : KRLText.key(authority.keyBlob))")
            for range in authority.serials.ranges {
                let word = range.lowerBound == range.upperBound ? "serial " : "serials"
                lines.add("  \(word)  \(KRLText.serials(range))")
            }
            for keyID in authority.keyIDs { lines.add("  key ID   \(KRLText.text(keyID))") }
        }
        for blob in list.keys { lines.add("key        \(KRLText.key(blob))") }
        for hash in list.sha256Hashes { lines.add("key hash   \(KRLText.hash(hash))") }
        for hash in list.sha1Hashes { lines.add("key hash   SHA1 \(Hex.encode(Array(hash)))") }
        if list.isEmpty { lines.add("nothing is revoked") }
        for section in reading.sections {
            let indent = section.isNested ? "  " : ""
            lines.add(
                "section    \(indent)\(section.name), at byte \(section.offset), "
                    + "\(section.length) bytes")
        }
        for remark in reading.remarks.all {
            let times = remark.count == 1 ? "" : ", \(remark.count) times"
            lines.add("remark     byte \(remark.offset)\(times): \(remark.kind.explanation)")
            for release in OpenSSHRelease.allCases {
                let verdict = remark.kind.verdict(of: release)
                if verdict != .read { lines.add("             OpenSSH \(release) \(verdict)") }
            }
        }
    }
}
