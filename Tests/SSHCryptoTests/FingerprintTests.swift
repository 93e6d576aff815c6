// SPDX-License-Identifier: Apache-2.0
import SSHCrypto
import SSHFormats
import Testing

@Suite("Fingerprints")
struct FingerprintTests {
    @Test("a fingerprint is the one that ssh-keygen prints", arguments: KeygenKind.allCases)
    func asOpenSSH(_ kind: KeygenKind) throws {
        let openSSH = try OpenSSH()
        let key = try openSSH.makeKey("key", kind.arguments)
        #expect(key.fingerprint == (try openSSH.fingerprint("key")))
    }

    @Test("a fingerprint is read back from its text")
    func readBack() throws {
        let fingerprint = Fingerprint(try PublicKey(.ed25519([UInt8](repeating: 7, count: 32))))
        #expect(fingerprint.text.utf8.count == 50)
        #expect(fingerprint.description == fingerprint.text)
        #expect(Fingerprint(text: fingerprint.text) == fingerprint)
    }

    @Test(
        "any other text is not a fingerprint",
        arguments: [
            "", "SHA256:", "SHA256:AAAA", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
            "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
            "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB",
            "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
            "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
            "sha256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
            "MD5:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
            " SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        ])
    func notOne(_ text: String) {
        #expect(Fingerprint(text: text) == nil)
    }

    @Test("the text of 43 letters A is the fingerprint of 32 zeros")
    func zeros() {
        let text = "SHA256:" + String(repeating: "A", count: 43)
        #expect(Fingerprint(text: text)?.digest.bytes == [UInt8](repeating: 0, count: 32))
    }
}
