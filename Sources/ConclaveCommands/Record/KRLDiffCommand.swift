// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Documents
import SSHFormats

/// Compares two revocation lists.
struct KRLDiffCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff", abstract: "Show what one revocation list revokes and another doesn't.",
        discussion: """
            conclave krl diff old.krl new.krl

            Lines with - are no longer revoked, which is seldom meant; lines with + are newly
            revoked. Exit status: 0 where both revoke the same, 1 where they differ, 255 where
            it cannot be said.
            """)

    @Flag(help: "Show as JSON.")
    var json = false

    @Argument(help: "The older list's file.")
    var old: String

    @Argument(help: "The newer list's file.")
    var new: String

    func run() throws {
        let lists: (old: RevocationSet, new: RevocationSet)
        do {
            lists = (try KRLFile.reading(old).reading.list, try KRLFile.reading(new).reading.list)
        } catch {
            guard let failure = Failure(error) else { throw error }
            Screen.error(failure.lines)
            throw ExitCode(255)
        }
        let tools = SignatureCheck.tools
        let lost = RevocationDifference(lists.old, minus: lists.new, tools: tools)
        let gained = RevocationDifference(lists.new, minus: lists.old, tools: tools)
        if json {
            Screen.line(
                JSONText.object([
                    ("old-version", .string("\(lists.old.version)")),
                    ("new-version", .string("\(lists.new.version)")),
                    ("no-longer-revoked", Self.json(lost)), ("newly-revoked", Self.json(gained)),
                ]).text)
        } else {
            var lines = OutputLines()
            lines.add("version    \(lists.old.version), then \(lists.new.version)")
            Self.add(lost, "-", "NO LONGER REVOKED", to: &lines)
            Self.add(gained, "+", "newly revoked", to: &lines)
            if lost.isEmpty, gained.isEmpty { lines.add("both revoke the same") }
        }
        if lists.new.version < lists.old.version {
            Screen.note("the newer list has the lower version")
        }
        if !lost.isEmpty || !gained.isEmpty { throw ExitCode(1) }
    }

    private static func add(
        _ difference: RevocationDifference, _ sign: String, _ words: String,
        to lines: inout OutputLines
    ) {
        guard !difference.isEmpty else { return }
        lines.add("\(words): \(difference.summary)")
        for part in difference.authorities {
            let isAny = part.keyBlob.isEmpty
            lines.add("  of CA key  \(isAny ? "any" : KRLText.key(part.keyBlob))")
            for range in part.serials { lines.add("  \(sign) serial: \(KRLText.serials(range))") }
            for keyID in part.keyIDs { lines.add("  \(sign) id: \(KRLText.text(keyID))") }
        }
        for blob in difference.keys { lines.add("  \(sign) key: \(KRLText.key(blob))") }
        for hash in difference.sha256Hashes { lines.add("  \(sign) hash: \(KRLText.hash(hash))") }
        for hash in difference.sha1Hashes {
            lines.add("  \(sign) hash: SHA1 \(Hex.encode(Array(hash)))")
        }
    }

    private static func json(_ difference: RevocationDifference) -> JSONText {
        .object([
            (
                "authorities",
                .array(
                    difference.authorities.map { part in
                        .object([
                            (
                                "key",
                                .string(
                                    part.keyBlob.isEmpty
                                        ? "any" : KRLText.fingerprint(part.keyBlob))
                            ),
                            ("serials", .array(part.serials.map { .string(KRLText.serials($0)) })),
                            (
                                "key-ids",
                                .array(
                                    part.keyIDs.map { .string(String(decoding: $0, as: UTF8.self)) }
                                )
                            ),
                        ])
                    })
            ),
            ("keys", .array(difference.keys.map { .string(KRLText.fingerprint($0)) })),
            (
                "sha256-hashes",
                .array(difference.sha256Hashes.map { .string(KRLText.hash($0)) })
            ),
            (
                "sha1-hashes",
                .array(difference.sha1Hashes.map { .string(Hex.encode(Array($0))) })
            ),
        ])
    }
}
