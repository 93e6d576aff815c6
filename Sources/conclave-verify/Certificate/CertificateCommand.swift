// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Documents
import Glibc

/// `conclave-verify certificate`: explains certificates and judges them.
struct CertificateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "certificate",
        abstract: "Explain a certificate field by field, and say whether it is valid.",
        discussion: """
            The signature is checked with the key that the certificate names; give the CA keys \
            that you trust with --ca, for any other could sign as well. Revocation is not looked \
            at.

            Example: conclave-verify certificate id_ed25519-cert.pub --ca users_example.org.pub
            """)

    @Argument(help: "The certificate files.")
    var files: [String]

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

    @Flag(help: "Write the report as JSON.")
    var json = false

    mutating func run() throws {
        try reporting {
            let keys = try readAuthorities()
            let time = try at ?? .now()
            let reports = try files.map { path in
                let file = try NamedFile(path, limit: CertificateReport.maximumBytes)
                return CertificateReport(
                    file: file.contents, path: path, authorities: keys, time: time)
            }
            let text =
                json
                ? JSON.array(reports.map(\.json)).text
                : reports.map { $0.lines.joined(separator: "\n") }.joined(separator: "\n\n")
            try StandardStream.output.write(line: text)
            return reports.allSatisfy(\.isValid)
        }
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
    guard let time = UnixTime(text: text) else {
        throw ValidationError("it is not a time such as 2026-11-22T15:30:00Z")
    }
    return time
}

extension UnixTime {
    /// The time of this machine's clock.
    fileprivate static func now() throws(MachineFault) -> UnixTime {
        var clock = timespec()
        guard unsafe clock_gettime(CLOCK_REALTIME, &clock) == 0,
            let seconds = UInt64(exactly: clock.tv_sec)
        else { throw MachineFault("clock_gettime", "the clock", errno) }
        return UnixTime(seconds: seconds)
    }
}
