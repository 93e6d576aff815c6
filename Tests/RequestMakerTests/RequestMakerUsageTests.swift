// SPDX-License-Identifier: Apache-2.0
import TestSupport
import Testing

/// What `make-request.sh` says of arguments that it can't use, before it looks at any key.
@Suite("request maker's usage")
struct RequestMakerUsageTests {
    let maker = RequestMaker()

    private func errors(_ arguments: [String]) throws -> String {
        let outcome = try maker.run(arguments, temporary: "/nowhere")
        #expect(outcome.status == .exited(2))
        #expect(outcome.output == "")
        return outcome.errors
    }

    private static let needed = ["-a", "users@example.org", "-p", "staff", "-n", "alice"]

    @Test(
        "what is missing is named",
        arguments: [
            ([], "the authority (-a) is missing"), (["-a", "x"], "the profile (-p) is missing"),
            (["-a", "x", "-p", "y"], "at least one principal (-n) is needed"),
            (needed, "the public key (KEY.pub) is missing"),
            (needed + ["a.pub", "b.pub"], "one public key is taken, and 2 are given"),
            (["-a"], "-a needs a value"), (["-x"], "-x is not an option"),
        ])
    func missing(arguments: [String], text: String) throws {
        #expect(
            try errors(arguments)
                == "make-request: \(text)\nhint: make-request.sh -h shows the usage\n")
    }

    @Test(
        "a value that no request could hold is named",
        arguments: [
            (["-a", ""], "the authority is empty"),
            (["-a", " x"], "the authority begins or ends with a space"),
            (["-p", "x "], "the profile begins or ends with a space"),
            (
                ["-n", "a\nprincipal: root"],
                "the principal holds a line end or another control character"
            ),
            (["-n", "a\r"], "the principal holds a line end or another control character"),
            (["-n", "älice"], "the principal \"älice\" holds a character that is not ASCII"),
            (["-o", "\u{1B}[2J"], "the option holds a line end or another control character"),
            (["-v", "7\td"], "the validity holds a line end or another control character"),
            (["-r", "a\nb"], "the requester holds a line end or another control character"),
            (["-u", ""], "the purpose is empty"),
            (needed + ["-t", "root", "k.pub"], "-t \"root\" is neither user nor host"),
            (
                needed + ["-w", "2027", "k.pub"],
                "-w \"2027\" is not a time such as 2027-11-22T00:00:00Z"
            ),
            (needed + ["-w", "2027-11-22T00:00:00Z", "k.pub"], "-w is for hosts (-t host)"),
        ])
    func unusable(arguments: [String], text: String) throws {
        #expect(
            try errors(arguments)
                == "make-request: \(text)\nhint: make-request.sh -h shows the usage\n")
    }

    @Test("a purpose that is not UTF-8 is refused")
    func notUTF8() throws {
        let script = "exec /bin/dash \"$1\" -u \"$(printf 'caf\\351')\""
        let outcome = try Subprocess.run("/bin/sh", ["-c", script, "sh", maker.script])
        #expect(outcome.status == .exited(2))
        #expect(
            outcome.errors
                == "make-request: the purpose is not UTF-8\n"
                + "hint: make-request.sh -h shows the usage\n")
    }

    @Test("help goes to standard output and shows an example", arguments: ["-h", "--help"])
    func help(option: String) throws {
        let outcome = try maker.run([option], temporary: "/nowhere")
        #expect(outcome.status == .exited(0))
        #expect(outcome.errors == "")
        #expect(outcome.output.hasPrefix("usage: make-request.sh -a AUTHORITY -p PROFILE"))
        #expect(outcome.output.contains("\nexample: make-request.sh "))
    }

    @Test("the script for PowerShell takes the same options, and is such as Windows reads it")
    func powerShell() throws {
        let path = maker.root + "/Ceremony/Requests/make-request.ps1"
        let bytes = try contents(ofFile: path)
        // Windows PowerShell reads a script without a byte order mark in the local code page.
        #expect(bytes.allSatisfy { $0 < 0x80 })
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(text.split(separator: "\r\n").count > 100)
        #expect(!text.contains { $0 == "\n" })
        for letter in "apntvoruwfh" {
            #expect(text.contains("[Alias('\(letter)')]"), "-\(letter) is missing")
        }
        let shell = String(decoding: try contents(ofFile: maker.script), as: UTF8.self)
        #expect(shell.contains("\nnamespace=conclave-request-v1\n"))
        #expect(text.contains("\r\n$namespace = 'conclave-request-v1'\r\n"))
        // The fields of both, in the order in which they write them.
        let names = shell.matches(of: /(?m)^add ([a-z-]+) |^text=\$text\$(principal|option)s$/)
            .map { String($0.output.1 ?? $0.output.2 ?? "") }
        let others = text.matches(of: #/lines\.Add\(["']([a-z-]+): /#).map { String($0.output.1) }
        #expect(names.count == 13)
        #expect(names == others)
    }
}
