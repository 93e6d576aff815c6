// SPDX-License-Identifier: Apache-2.0
import Documents
import HomeSupport
import Issuance
import SSHCrypto
import SSHFormats
import Testing

@Suite("The item that abandons a ceremony")
struct AbandonItemTests {
    private let item = AbandonItem(
        number: 7, manifest: SHA256Digest(hashing: Array("batch".utf8)), riskClass: "routine",
        issued: 64,
        abandoned: [
            AuthoritySerials(authority: "users@example.org", serials: 65...70),
            AuthoritySerials(authority: "hosts@example.org", serials: 3...3),
        ], reason: "the token is d\u{F6}d")

    private var items: [BatchItem] {
        get throws {
            [.abandon(item)] + item.revocations(riskClass: "revocation").map { .revoke($0) }
                + [try SampleBatch.list(serials: 65...70)]
        }
    }

    private func faults(_ items: [BatchItem]) throws -> [String]? {
        let text = BatchManifest(header: try SampleBatch.header(), items: items).text
        return try violations { try BatchManifest(text: text) }
    }

    private func faults(replacing old: String, with new: String) throws -> [String]? {
        let manifest = BatchManifest(header: try SampleBatch.header(), items: try items)
        let text = SampleTexts.replace(
            old, with: new, in: String(decoding: manifest.text, as: UTF8.self))
        return try violations { try BatchManifest(text: Array(text.utf8)) }
    }

    @Test("it reads back as it was written, with what it revokes")
    func roundTrip() throws {
        let manifest = BatchManifest(header: try SampleBatch.header(), items: try items)
        #expect(try BatchManifest(text: manifest.text) == manifest)
        #expect(manifest.abandonment == item)
        let text = String(decoding: manifest.text, as: UTF8.self)
        #expect(
            text.contains(
                """
                item: 1
                kind: abandon
                batch: 7
                manifest: \(item.manifest.hex)
                class: routine
                issued: 64
                abandoned: users@example.org 65-70
                abandoned: hosts@example.org 3
                reason: the token is d\u{F6}d

                item: 2
                kind: revoke
                authority: users@example.org
                class: revocation
                target: serials 65-70
                reason: batch 7 was abandoned: the token is d\u{F6}d

                """))
        #expect(
            manifest.items[0].summary
                == "abandon batch 7 after 64 certificates, without users@example.org 65-70, "
                + "hosts@example.org 3")
    }

    @Test("it comes first, once, and without certificates")
    func place() throws {
        let alice = try SoftwareKey("alice")
        let issue = try SampleBatch.certificate(.user(alice), for: alice)
        let items = try items
        #expect(try faults(items) == nil)
        #expect(
            try faults([.abandon(item)] + items)
                == ["the manifest abandons 2 ceremonies, not one (BATCH-TEXT)"])
        #expect(
            try faults(items.reversed())
                == ["the item that abandons a ceremony does not come first (BATCH-TEXT)"])
        #expect(
            try faults(items + [issue])
                == ["the manifest abandons a ceremony and issues certificates (BATCH-TEXT)"])
    }

    @Test("each of its fields is needed, and well formed")
    func fields() throws {
        #expect(
            try faults(replacing: "issued: 64\n", with: "")
                == ["line 13: field \"issued\" is missing (DOC-MISSING)"])
        #expect(
            try faults(
                replacing: "abandoned: users@example.org 65-70\nabandoned: hosts@example.org 3\n",
                with: "") == ["line 13: field \"abandoned\" is missing (DOC-MISSING)"])
        #expect(
            try faults(replacing: "abandoned: hosts@example.org 3", with: "abandoned: hosts 3-3")
                == [
                    "line 20: abandoned \"hosts 3-3\" is not an authority and serials N or N-M "
                        + "(DOC-VALUE)"
                ])
    }

    @Test("nobody has an interest in it that keeps from deciding")
    func interest() throws {
        for officer in try SampleTexts.makeRoster().officers {
            #expect(officer.interest(in: .abandon(item)) == nil)
        }
    }

    // MARK: - Serials

    @Test(
        "serials of an authority have one text",
        arguments: [
            ("a@b.c 1", 1...1), ("a@b.c 5-8", 5...8),
            ("a@b.c 1-18446744073709551615", 1...UInt64.max),
        ])
    func serials(text: String, range: ClosedRange<UInt64>) throws {
        let serials = try #require(AuthoritySerials(text: text))
        #expect(serials.serials == range)
        #expect(serials.authority == "a@b.c")
        #expect(serials.text == text)
    }

    @Test(
        "and no other text is theirs",
        arguments: [
            "", "a@b.c", "a@b.c ", " 1", "a@b.c 0", "a@b.c 0-3", "a@b.c 3-3", "a@b.c 4-3",
            "a@b.c 1-2-3",
            "a@b.c 1 ", "a@b.c  1", "a@b.c 01", "a@b.c 1-", "a@b.c -1",
            "a@b.c 18446744073709551616",
        ])
    func noSerials(text: String) {
        #expect(AuthoritySerials(text: text) == nil)
    }

    @Test("neighbours are joined, authority by authority")
    func covering() throws {
        let keys = [try SoftwareKey("alice"), try SoftwareKey("web1")]
        func item(_ serial: UInt64, host: Bool = false) throws -> IssueItem {
            let draft: RequestDraft = host ? .host(keys[1]) : .user(keys[0])
            return try #require(
                try SampleBatch.certificate(draft, for: keys[host ? 1 : 0], serial: serial).issuing)
        }
        let items = [
            try item(9, host: true), try item(7), try item(5), try item(6), try item(10),
            try item(.max), try item(10, host: true),
        ]
        #expect(
            AuthoritySerials.covering(items).map(\.text) == [
                "hosts@example.org 9-10", "users@example.org 5-7", "users@example.org 10",
                "users@example.org 18446744073709551615",
            ])
        #expect(AuthoritySerials.covering([]).isEmpty)
    }

    @Test("the strictest class takes the most approvals; of two alike, the first by name")
    func strictest() throws {
        let roster = try SampleTexts.makeRoster(
            replacing: "class: elevated\nthreshold: 2", with: "class: elevated\nthreshold: 2")
        #expect(roster.strictestClass(of: ["routine", "revocation"]) == "routine")
        #expect(roster.strictestClass(of: ["revocation"]) == "revocation")
        #expect(roster.strictestClass(of: ["routine", "elevated"]) == "elevated")
        #expect(roster.strictestClass(of: ["elevated", "routine"]) == "elevated")
        #expect(roster.strictestClass(of: ["unknown", "revocation"]) == "revocation")
        #expect(roster.strictestClass(of: [String]()) == nil)
    }
}
