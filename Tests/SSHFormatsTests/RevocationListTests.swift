// SPDX-License-Identifier: Apache-2.0
import SSHFormats
import Testing

@Suite struct RevocationListTests {
    @Test("a list that revokes nothing is a header alone, and reads back")
    func emptyList() throws {
        let list = RevocationList(version: 7, generated: 1_700_000_000, comment: "none")
        let bytes = try list.encoded()
        #expect(bytes.count == 8 + 4 + 8 + 8 + 8 + 4 + 4 + 4)
        #expect(try RevocationList(parsing: bytes) == list)
    }
}
