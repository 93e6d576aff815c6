// SPDX-License-Identifier: Apache-2.0
import CertificateLint
import Documents
import SSHFormats
import TestSupport
import Testing

@Suite("OpenSSH as judge of certificates")
struct OpenSSHJudgeTests {
    /// The rules whose breach makes `ssh-keygen -L` of OpenSSH 9.2 refuse a certificate; it takes a
    /// breach of any other.
    private static let refused: Set<String> = [
        "CERT-TRUNCATED", "CERT-TRAILING", "CERT-TYPE-PLAIN", "CERT-TYPE-DRAFT",
        "CERT-TYPE-UNKNOWN", "CERT-NUL-INSIDE", "CERT-RSA-LONG", "CERT-RSA-SHORT",
        "CERT-EC-CURVE", "CERT-EC-COMPRESSED", "CERT-EC-FORM", "CERT-EC-POINT",
        "CERT-ED25519-LENGTH", "CERT-KIND", "CERT-PRINCIPALS-MANY", "CERT-OPTION-DATA",
        "CERT-EXTENSION-DATA", "CERT-CA-CERTIFICATE", "CERT-CA-UNKNOWN", "CERT-CA-DSA",
        "CERT-CA-TRAILING", "CERT-SIGNATURE-UNKNOWN", "CERT-SIGNATURE-ALGORITHM",
        "CERT-SIGNATURE-LONG", "CERT-SIGNATURE-LENGTH", "CERT-SIGNATURE-TRAILING",
        "CERT-SIGNATURE-WRONG",
    ]

    @Test("ssh-keygen -L takes and refuses as the rules say", arguments: Case.all)
    func listing(_ example: Case) throws {
        var crafted = try CraftedCertificate()
        try example.change(&crafted)
        let blob = try crafted.blob()
        var linter = CertificateLinter()
        let findings = linter.inspect(blob).findings
        let rules = findings.map(\.rule.id.name)
        // Of a number, zero and less are refused, needless zeros are not.
        let hasNoNumber = findings.contains {
            $0.rule == .rsaInteger && !$0.message.hasSuffix("needless leading zeros")
        }
        let name = String(decoding: crafted.typeName, as: UTF8.self)
        let directory = try TemporaryDirectory()
        let file = try directory.write("x-cert.pub", "\(name) \(Base64.encode(blob))\n")
        let judge = try Subprocess.run("/usr/bin/ssh-keygen", ["-L", "-f", file])
        let isRefused = judge.status != .exited(0)
        #expect(
            isRefused == (hasNoNumber || !Self.refused.isDisjoint(with: rules)),
            "\(rules) \(judge.status) \(judge.errors)")
    }
}
