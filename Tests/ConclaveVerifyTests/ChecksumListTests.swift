// SPDX-License-Identifier: Apache-2.0
import Documents
import SSHCrypto
import Testing

@testable import conclave_verify

@Suite("The list of sums")
struct ChecksumListTests {
    private static let sum = SHA256Digest(hashing: Array("x".utf8)).hex

    private func violations(_ text: String) -> [String] {
        do throws(Violations) {
            _ = try ChecksumList(parsing: Array(text.utf8))
            return []
        } catch {
            return error.all.map(\.description)
        }
    }

    @Test("the form of sha256sum is read")
    func form() throws {
        let list = try ChecksumList(
            parsing: Array("\(Self.sum)  a.txt\n\(Self.sum)  b/c@d.pub\n".utf8))
        #expect(list.sums.keys.sorted() == ["a.txt", "b/c@d.pub"])
        #expect(list.sums["a.txt"]?.hex == Self.sum)
    }

    @Test(
        "a line in any other form is refused, with its number",
        arguments: [
            "\(sum) a.txt", "\(sum) *a.txt", "\\\(sum)  a.txt", "\(sum)  ", "\(sum)",
            "\(sum.dropLast())  a.txt", "\(sum.uppercased())  a.txt", "\(sum)  /etc/passwd",
            "\(sum)  ../a.txt", "\(sum)  a/../b", "\(sum)  ./a", "\(sum)  a//b", "\(sum)  a/",
            "\(sum)  a b", "\(sum)  a\u{E9}", "\(sum)  a\r", "", "# comment",
        ])
    func otherForms(line: String) {
        #expect(
            violations("\(Self.sum)  good\n\(line)\n") == [
                "line 2: it is not a SHA-256, two spaces and the path of a file in the bundle "
                    + "(VERIFY-LISTED)"
            ])
    }

    @Test("an empty list, a list without LF at its end, and a path listed twice are refused")
    func whole() {
        #expect(
            violations("") == [
                "no file is listed (VERIFY-LISTED)"
            ])
        #expect(
            violations("\(Self.sum)  a").first
                == "the last line does not end in LF (VERIFY-LISTED)")
        #expect(
            violations("\(Self.sum)  a\n\(Self.sum)  a\n")
                == ["line 2: a is listed twice (VERIFY-LISTED)"])
    }
}
