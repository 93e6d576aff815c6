// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Documents

/// `conclave-verify certificate`: explains certificates and judges them.
struct CertificateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "certificate",
        abstract: "Explain a certificate field by field, and say whether it is valid.",
        discussion: """
            Certificates of any maker are read as far as they can be, and judged by a table of \
            rules; an error makes a certificate not valid, a warning or a notice does not. The \
            signature is checked with the key that the certificate names; give the CA keys that \
            you trust with --ca, for any other could sign as well. Revocation is not looked at.

            A file may hold many certificates, one a line. Of a directory, all files are judged \
            whose names end in -cert.pub, those in its directories too, with one line for each \
            and a sum; links in it are not followed.

            Example: conclave-verify certificate id_ed25519-cert.pub --ca users_example.org.pub
            """)

    @Argument(help: "Certificate files, directories, or - for standard input.")
    var files: [String] = []

    @Option(
        name: .customLong("ca"), parsing: .singleValue,
        help: ArgumentHelp("A file of CA keys to trust; may be given again.", valueName: "file"))
    var authorities: [String] = []

    @Option(
        help: ArgumentHelp(
            "The time to judge for, such as 2026-11-22T15:30:00Z; the clock's, if not given.",
            valueName: "time"),
        transform: moment)
    var at: UnixTime?

    @Flag(help: "Write the report as JSON, with every field and its bytes.")
    var json = false

    @Flag(help: "Show each byte with its meaning.")
    var hex = false

    @Flag(help: "Write a line only for what is not valid, and the sum.")
    var quiet = false

    @Flag(help: "Print the rules, each with severity, reason, what readers do, and source.")
    var rules = false

    func validate() throws {
        if rules {
            guard files.isEmpty else { throw ValidationError("--rules takes no files") }
        } else if files.isEmpty {
            throw ValidationError("name a certificate file, a directory, or - for standard input")
        }
        if [json, hex, quiet].filter({ $0 }).count > 1 {
            throw ValidationError("--json, --hex and --quiet exclude one another")
        }
    }

    mutating func run() throws {
        try reporting {
            guard !rules else {
                try StandardStream.output.write(line: RuleListing.text(asJSON: json))
                return true
            }
            let keys = try readAuthorities()
            let time = try at ?? JudgingTime.now().moment
            let inputs = try files.map { try CertificateInput($0) }
            let hasDirectory = inputs.contains { if case .directory = $0 { true } else { false } }
            var judge = CertificateJudge(
                authorities: keys, time: time, style: style(hasDirectory: hasDirectory))
            for input in inputs {
                try judge.judge(input)
                if case .directory(let path, let files) = input, files.links > 0 {
                    complain(["\(shownPath(path)): \(counted(files.links, "link")) not followed"])
                }
            }
            try judge.finish(isSummed: hasDirectory || quiet || judge.tally.certificates > 1)
            if judge.hasMachineFault { throw ExitStatus.machineFault.code }
            return judge.tally.isSound
        }
    }

    private func style(hasDirectory: Bool) -> CertificateJudge.Style {
        if json { return .json }
        if quiet { return .faultsOnly }
        return hasDirectory && !hex ? .line : .whole(showsBytes: hex)
    }

    private func readAuthorities() throws -> AuthorityKeys {
        var keys = AuthorityKeys()
        for path in authorities {
            let file = try NamedFile(path, limit: AuthorityKeys.maximumBytes)
            do throws(Violations) {
                try keys.add(file.contents, path: path)
            } catch {
                throw RefusedFile(path, error)
            }
        }
        return keys
    }
}

@Sendable private func moment(_ text: String) throws -> UnixTime {
    guard let time = JudgingTime(text) else {
        throw ValidationError("it is not a time such as 2026-11-22T15:30:00Z")
    }
    return time.moment
}
