// SPDX-License-Identifier: Apache-2.0
import SSHCrypto
import SSHFormats
import Testing

@testable import conclave_verify

@Suite("Words of files and keys")
struct SpokenFileTests {
    @Test("a file is told by its SHA-256, a file of public keys by each key's fingerprint")
    func subjects() throws {
        // The SHA-256 of nothing begins with e3 b0 c4 42.
        let empty = SpokenFile([], path: "none").lines
        #expect(empty.count == 5)
        #expect(
            empty[0] == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  none")
        #expect(empty[1].hasPrefix("    tissue phonetic snowslide December "))
        let bundle = try Samples.first.get()
        let files = ["trust/users_example.org.pub", "trust/hosts_example.org.pub"]
        let both = files.flatMap { bundle.files[$0] ?? [] }
        let spoken = SpokenFile(both, path: "keys.pub").lines
        #expect(spoken.count == 10)
        let line = String(decoding: bundle.files[files[1]] ?? [], as: UTF8.self)
            .split(separator: " ").prefix(2).joined(separator: " ")
        let key = try PublicKey(line: line)
        #expect(spoken[5] == "\(key.fingerprint)  a key in keys.pub")
        #expect(Array(spoken[6...]) == Array(SpokenFile(key.blob, path: "").lines[1...]))
        // One line that is no key, and it is a file like any other.
        #expect(SpokenFile(both + Array("x\n".utf8), path: "a b").lines[0].hasSuffix("  \"a b\""))
    }
}
