// SPDX-License-Identifier: Apache-2.0
import Documents
import Ledger
import SSHCrypto
import Testing

@Suite("a draft of an entry")
struct EntryDraftTests {
    private let time = UnixTime(seconds: 1_795_361_400)

    private func text(_ draft: EntryDraft) throws -> String {
        String(decoding: try draft.entry(index: 7, time: time).bytes, as: UTF8.self)
    }

    @Test("fields and blocks are written in their order, below the header")
    func order() throws {
        var draft = EntryDraft(.approval)
        draft.field("manifest", "ab")
        draft.field("officer", "Ana")
        draft.block()
        draft.field("key", "cd")
        #expect(
            try text(draft) == """
                conclave-entry: v1
                index: 7
                time: 2026-11-22T15:30:00Z
                kind: approval

                manifest: ab
                officer: Ana

                key: cd

                """)
    }

    @Test("a block that gets no field is not written")
    func emptyBlocks() throws {
        var draft = EntryDraft(.key)
        draft.block()
        draft.field("label", "one")
        draft.block()
        draft.block()
        draft.field("label", "two")
        draft.block()
        let entry = try draft.entry(index: 0, time: time)
        #expect(entry.blocks.map { $0.fields.map(\.value) } == [["one"], ["two"]])
    }

    @Test(
        "a field that would break out of its line is refused",
        arguments: ["a\nkind: genesis", "a\n", "", " a", "a ", "a\r", "\u{202E}a", "é"])
    func values(value: String) {
        var draft = EntryDraft(.refusal)
        draft.field("label", value)
        #expect(throws: Violations.self) { try draft.entry(index: 0, time: time) }
    }

    @Test(
        "a name that is none is refused",
        arguments: ["", "Label", "la bel", "1label", "label:", "l\nx"])
    func names(name: String) {
        var draft = EntryDraft(.refusal)
        draft.field(name, "a")
        #expect(throws: Violations.self) { try draft.entry(index: 0, time: time) }
    }

    @Test("a content is named by the SHA-256 of its bytes")
    func content() {
        let content = Content(Array("abc".utf8))
        #expect(
            content.digest.hex
                == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(content.bytes == [0x61, 0x62, 0x63])
        #expect(Content.maximumBytes == 16_777_216)
    }
}
