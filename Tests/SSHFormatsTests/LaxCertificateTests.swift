// SPDX-License-Identifier: Apache-2.0
import SSHFormats
import Testing

/// Certificates that our strict parser refuses and OpenSSH reads, asked of lists of both kinds.
@Suite struct LaxCertificateTests {
    private typealias Raw = RawRevocationList

    /// The name of a change, whether ssh-keygen reads the certificate then, and the change.
    private static let changes: [(String, Bool, @Sendable (inout RawCertificate) -> Void)] = [
        ("nothing", true, { _ in }),
        ("no nonce", true, { $0.nonce = [] }),
        ("no principal", true, { $0.validPrincipals = [] }),
        ("a principal twice", true, { $0.validPrincipals = packed("root", "root") }),
        ("a principal with a NUL behind", true, { $0.validPrincipals = packed("root\0") }),
        ("a principal with a NUL", false, { $0.validPrincipals = packed("ro\0ot") }),
        ("a key ID with a NUL behind", true, { $0.keyID = Array("alice\0".utf8) }),
        ("a key ID with a NUL", false, { $0.keyID = Array("al\0ice".utf8) }),
        ("a key ID with two NULs behind", false, { $0.keyID = Array("alice\0\0".utf8) }),
        ("an empty validity", true, { ($0.validAfter, $0.validBefore) = (9, 3) }),
        (
            "options out of order", true,
            { $0.extensions = packed("permit-pty", "", "permit-X11-forwarding", "") }
        ),
        ("an option without data", false, { $0.extensions = packed("permit-pty") }),
        ("an unknown critical option", true, { $0.criticalOptions = packed("x@y", "z") }),
        ("a reserved text", true, { $0.reserved = [1, 2] }),
        ("type 3", false, { $0.kind = 3 }),
        ("type 0", false, { $0.kind = 0 }),
        (
            "256 principals", true,
            { $0.validPrincipals = (0..<256).flatMap { packed("p\($0)") } }
        ),
        (
            "257 principals", false,
            { $0.validPrincipals = (0..<257).flatMap { packed("p\($0)") } }
        ),
        ("no key ID", true, { $0.keyID = [] }),
    ]

    @Test("what ssh-keygen answers about such a certificate, we answer", arguments: changes.indices)
    func answers(_ index: Int) throws {
        let (name, isRead, change) = Self.changes[index]
        let judge = try RevocationJudge()
        let workshop = try Workshop()
        let authority = try OpenSSLKey(.ed25519, in: workshop)
        var raw = RawCertificate()
        raw.keyFields = try Raw.string(Array(judge.makeKey("user").blob.suffix(32)))
        change(&raw)
        raw.signatureKey = authority.publicKey.blob
        let signed = raw.blob.dropLast(4 + raw.signature.count)
        raw.signature = try authority.sign(Array(signed), by: .ed25519).blob
        let line = "ssh-ed25519-cert-v01@openssh.com \(Base64.encode(raw.blob)) x"
        try judge.write((line + "\n").utf8, to: "certificate.pub")

        let read = try? RevocationSubject(blob: raw.blob)
        #expect((read != nil) == isRead, "\(name)")
        for (lines, revokes) in [
            (["serial: 7"], true), (["serial: 8"], false), (["id: alice"], name != "no key ID"),
            (["id:"], name == "no key ID"), (["key: \(authority.publicKey.line)"], true),
        ] {
            let list = try judge.makeList(lines, authority: "none")
            guard isRead else {
                #expect(throws: RevocationJudge.Fault.self) {
                    try judge.revoked(["certificate.pub"], by: list)
                }
                continue
            }
            let subject = try RevocationSubject(line: Array(line.utf8)[...])
            var scanner = RevocationListScanner(
                RevocationQuery([subject], sha1: { $0 }, sha256: { $0 }), rules: .openSSH)
            try scanner.scan(list)
            let theirs = try !judge.revoked(["certificate.pub"], by: list).isEmpty
            #expect((scanner.visitor.answers[0] != nil) == theirs, "\(name): \(lines)")
            #expect(theirs == revokes, "\(name): \(lines)")
        }
    }
}
