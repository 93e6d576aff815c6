// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Documents
import SSHFormats
import Spool

/// Asks a revocation list about keys and certificates.
struct KRLQueryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "query", abstract: "Ask a revocation list about keys and certificates.",
        discussion: """
            conclave krl query -f revoked.krl user.pub user-cert.pub

            The answers, their form and the exit status are those of ssh-keygen -Q: 0 where
            nothing is revoked, 1 where something is, 255 where it cannot be said. A plain list
            of keys, which sshd takes too, is asked as sshd asks it.
            """)

    @Option(
        name: [.customShort("f"), .long],
        help: ArgumentHelp("The list's file.", valueName: "file"))
    var krl: String

    @Flag(name: [.customShort("l"), .long], help: "Print the list first, as ssh-keygen does.")
    var list = false

    @Flag(help: "Say behind each answer why a key is revoked.")
    var why = false

    @Flag(help: "Answer as JSON.")
    var json = false

    @Flag(name: [.customShort("q"), .long], help: "Say nothing; the exit status tells.")
    var quiet = false

    @Argument(help: ArgumentHelp("Keys and certificates.", valueName: "file"))
    var files: [String] = []

    func run() throws {
        do {
            guard try !answer() else { throw ExitCode(1) }
        } catch let error as ExitCode {
            throw error
        } catch {
            // Status 1 says that a key is revoked, and must say nothing else.
            guard let failure = Failure(error) else { throw error }
            Screen.error(failure.lines)
            throw ExitCode(255)
        }
    }

    /// Answers, and tells whether anything is revoked.
    private func answer() throws -> Bool {
        var subjects = KRLSubjects()
        for file in files { try subjects.read(file) }
        let bytes = try KRLFile.bytes(krl)
        let answers = try answers(bytes, about: subjects.entries.map(\.subject))
        if list, !quiet { try KRLListing(bytes, of: krl).write() }
        if json {
            write(answers, about: subjects.entries)
        } else if !quiet {
            var lines = OutputLines()
            for (entry, reason) in zip(subjects.entries, answers) {
                let reasoned = why ? reason.map { ": \($0)" } ?? "" : ""
                lines.add(
                    "\(entry.path) (\(entry.comment)): \(reason == nil ? "ok" : "REVOKED")"
                        + reasoned)
            }
        }
        return answers.contains { $0 != nil }
    }

    private func answers(
        _ bytes: [UInt8], about subjects: [RevocationSubject]
    ) throws -> [RevocationReason?] {
        do throws(FormatError) {
            guard RevokedKeyFile.isPlain(bytes) else {
                let tools = SignatureCheck.tools
                var scanner = RevocationListScanner(
                    RevocationQuery(subjects, sha1: tools.sha1, sha256: tools.sha256),
                    rules: .openSSH, authorityFault: SignatureCheck.authorityFault)
                try scanner.scan(bytes)
                for release in scanner.remarks.refusing {
                    Screen.note(
                        "\(quoted(krl)): OpenSSH \(release) refuses this list, and with it every "
                            + "public key login")
                }
                return scanner.visitor.answers
            }
            guard !list else {
                throw FormatError("magic", at: 0, .invalid("the file is not a KRL"))
            }
            let answers = try RevokedKeyFile.answers(bytes, about: subjects)
            Screen.note(
                "\(quoted(krl)) is a plain list of keys, which sshd reads and ssh-keygen not")
            return answers
        } catch {
            throw KRLFile.unreadable(krl, error)
        }
    }

    private func write(_ answers: [RevocationReason?], about entries: [KRLSubjects.Entry]) {
        let results = zip(entries, answers).map { entry, reason in
            var members: [(String, JSONText)] = [
                ("file", .string(entry.path)), ("line", .number(UInt64(entry.line))),
                ("comment", .string(entry.comment)),
                ("fingerprint", .string(KRLText.fingerprint(entry.subject.keyBlob))),
            ]
            if let certificate = entry.subject.certificate {
                members += [
                    ("serial", .string("\(certificate.serial)")),
                    ("key-id", .string(String(decoding: certificate.keyID, as: UTF8.self))),
                    ("authority", .string(KRLText.fingerprint(certificate.authorityBlob))),
                ]
            }
            members.append(("revoked", .boolean(reason != nil)))
            if let reason { members.append(("reason", .string(reason.description))) }
            return JSONText.object(members)
        }
        Screen.line(
            JSONText.object([
                ("krl", .string(krl)), ("revoked", .boolean(answers.contains { $0 != nil })),
                ("results", .array(results)),
            ]).text)
    }
}
