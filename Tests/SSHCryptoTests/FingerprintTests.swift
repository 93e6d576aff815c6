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

    @Test("the MD5 fingerprint is the one that ssh-keygen prints", arguments: KeygenKind.allCases)
    func md5(_ kind: KeygenKind) throws {
        let openSSH = try OpenSSH()
        let key = try openSSH.makeKey("key", kind.arguments)
        #expect(key.md5Fingerprint == (try openSSH.fingerprint("key", hash: "md5")))
    }

    @Test("a key that is only carried has its fingerprints too")
    func carried() throws {
        let key = try PublicKey(
            .mldsa44Ed25519(
                mldsa44: [UInt8](repeating: 1, count: 1312),
                ed25519: [UInt8](repeating: 2, count: 32)))
        #expect(try PublicKey(line: key.line + " old") == key)
        // From `base64 -d | sha256sum` and `md5sum` over the same bytes.
        #expect(key.fingerprint == "SHA256:rAE2jxmSGaLM9FqICKSoG3Mvz2ehnlk9I9NpimiMpds")
        #expect(key.md5Fingerprint == "MD5:13:53:ae:02:57:b0:63:09:e0:7f:28:41:c9:0d:d5:1f")
        #expect(
            failure { _ = try VerificationKey(key) }
                == "signatures by a key of kind ssh-mldsa44-ed25519@openssh.com cannot be verified "
                + "yet")
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
