// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Documents

/// Makes a revocation list of specifications.
struct KRLMakeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "make", abstract: "Make or update a revocation list.",
        discussion: """
            conclave krl make -f revoked.krl -s ca.pub specification
            conclave krl make -f revoked.krl -u stolen.pub old-cert.pub

            A specification has lines as for ssh-keygen -k: serial: N, serial: N-M, id: TEXT,
            key: KEY, sha1: KEY, sha256: KEY, hash: SHA256:BASE64, or a key or certificate alone.
            A line "authority: KEY" or "authority: any" says whose certificates the lines below
            it are about. A public key or certificate file is a specification too.

            The list is read back and compared before it is published.
            """)

    @Option(
        name: [.customShort("f"), .long],
        help: ArgumentHelp("The list's file.", valueName: "file"))
    var output: String

    @Flag(name: [.customShort("u"), .long], help: "Add to the list that is there.")
    var update = false

    @Option(
        name: [.customShort("s"), .long],
        help: ArgumentHelp(
            "The authority's public key, for lines about serials and key IDs; or none, for any.",
            valueName: "file"))
    var authority: String?

    @Option(
        name: [.customShort("z"), .long],
        help: ArgumentHelp(
            "The list's version; otherwise one more than that of the list that is there.",
            valueName: "number"))
    var krlVersion: UInt64?

    @Option(name: [.customShort("C"), .long], help: "A remark for people.")
    var comment: String?

    @Option(
        help: ArgumentHelp(
            "When the list was made; otherwise SOURCE_DATE_EPOCH, or now.", valueName: "time"))
    var generated: String?

    @Flag(
        help: "Put the list in the place of whatever is there, which is kept beside it.")
    var replace = false

    @Flag(name: [.customShort("q"), .long], help: "Say nothing of what was made.")
    var quiet = false

    @Argument(help: ArgumentHelp("Specifications; - is standard input.", valueName: "file"))
    var files: [String] = []

    func validate() throws {
        guard !(update && replace) else {
            throw ValidationError("--update and --replace exclude each other")
        }
    }

    func run() throws {
        var making = try KRLMaking(
            output: output, generated: try time(), comment: comment.map { Array($0.utf8) },
            version: krlVersion == 0 ? nil : krlVersion)
        try making.look(update: update, replace: replace)
        try making.read(files, authority: authority)
        let made = try making.publish()
        for line in made.notes { Screen.note(line) }
        if !quiet { Screen.line(made.text) }
    }

    /// When the list was made, in seconds since 1970.
    private func time() throws -> UInt64 {
        if let generated {
            guard let time = UnixTime(text: generated)?.seconds ?? UInt64(generated) else {
                throw ValidationError(
                    "\(quoted(generated)) is no time such as 2026-11-22T19:00:00Z or 1795374000")
            }
            return time
        }
        guard let text = EnvironmentTime.sourceDate else { return EnvironmentTime.now }
        guard let time = UInt64(text) else {
            throw ValidationError("SOURCE_DATE_EPOCH is \(quoted(text)), not a number of seconds")
        }
        return time
    }
}
