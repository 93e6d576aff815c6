// SPDX-License-Identifier: Apache-2.0
import SSHFormats
import Testing

@Suite("files of keys")
struct KeyFileTests {
    private let key: PublicKey
    private let certificate: Certificate

    init() throws {
        key = try Samples.key(.ed25519)
        certificate = try Certificate(blob: RawCertificate().blob)
    }

    private func read(_ text: String) -> KeyFile { KeyFile(Array(text.utf8)) }

    @Test("keys and certificates are read in their order, with line and comment")
    func many() throws {
        let file = read(
            """
            # of the users
            \(key.line) alice@example.org

            \(certificate.line(comment: "a  b"))
            \(try Samples.key(.rsa).line)
            """)
        #expect(file.faults.isEmpty)
        #expect(file.entries.map(\.line) == [2, 4, 5])
        #expect(file.entries.map(\.comment) == ["alice@example.org", "a  b", ""])
        #expect(file.entries[0].content == .key(key))
        #expect(file.entries[1].content == .certificate(certificate))
        #expect(file.entries[1].publicKey == certificate.fields.publicKey)
        #expect(file.entries[2].publicKey.kind == .rsa)
    }

    @Test(
        "blanks and CRLF around the parts do no harm",
        arguments: ["  %\n", "\t%\r\n", "% \t\r\n", "%", "\r\n%", "\n\n%\n\n", "   # x\r\n%"])
    func blanks(form: String) {
        let spaced = key.line.split(separator: " ").joined(separator: " \t ")
        for line in [key.line, spaced] {
            let file = read(form.replacing("%", with: line))
            #expect(file.entries.map(\.content) == [.key(key)])
            #expect(file.entries.map(\.comment) == [""])
            #expect(file.faults.isEmpty)
        }
    }

    @Test("every line that is no key is told, and the others are read")
    func faults() {
        let name = "ssh-ed25519"
        let file = read("\(key.line)\nssh-dss AAAA\n\(name)\n\(name) AAA\n\(key.line)\n")
        #expect(file.entries.map(\.line) == [1, 5])
        #expect(
            file.faults.map { "\($0.line): \($0.error)" } == [
                "2: public key line at byte 0: \"ssh-dss\" is not known",
                "3: public key type at byte 0: needs 4 bytes, 0 are left",
                "4: public key line at byte 12: Base64 is not canonical",
            ])
    }

    @Test(
        "an empty file has no keys and no faults", arguments: ["", "\n", "# nothing\n", " \t\r\n"])
    func empty(text: String) {
        let file = read(text)
        #expect(file.entries.isEmpty)
        #expect(file.faults.isEmpty)
    }
}
