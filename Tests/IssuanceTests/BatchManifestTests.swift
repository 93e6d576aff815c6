// SPDX-License-Identifier: Apache-2.0
import Documents
import HomeSupport
import Issuance
import SSHCrypto
import SSHFormats
import Testing

@Suite("Batch manifests")
struct BatchManifestTests {
    private let key: SoftwareKey
    private let user: BatchItem
    private let host: BatchItem

    init() throws {
        key = try SoftwareKey("alice")
        user = try SampleBatch.certificate(
            RequestDraft.user(key).adding("principal", "bob")
                .setting("requester", "\u{C5}se \u{738B}")
                .adding("option", "force-command=/bin/echo \"a,b\"").adding("option", "permit-pty"),
            for: key)
        host = try SampleBatch.certificate(RequestDraft.host(key), for: key, serial: 9)
    }

    @Test("a manifest states every field of every item, one a line")
    func text() throws {
        let manifest = try SampleBatch.manifest(
            host, SampleBatch.revocation(.serials(3...3)), SampleBatch.list())
        let item = try #require(host.issuing)
        let list = try #require(manifest.items.last?.listing)
        let header = manifest.header
        let lines = """
            conclave-batch: v1
            genesis: \(header.genesis.hex)
            batch: 1
            ledger-size: 4
            ledger-root: \(header.ledgerRoot.hex)
            governing-head: \(header.governingHead.hex)
            roster: \(header.roster.hex)
            policy: \(header.policy.hex)
            created: 2026-11-22T10:00:00Z
            expires: 2026-11-29T10:00:00Z
            tool: conclave test

            item: 1
            kind: issue
            authority: hosts@example.org
            profile: servers
            class: routine
            request: \(item.request.hex)
            requester: ops@example.org
            type: host
            ca-key: \(try SoftwareKey("hosts-ca").publicKey.line)
            public-key: \(key.publicKey.line)
            nonce: \(String(repeating: "5a", count: 32))
            serial: 9
            key-id: web1.example.org/9
            principal: web1.example.org
            valid-after: 2026-11-22T09:55:00Z
            valid-before: 2026-12-20T10:00:00Z
            tbs-sha256: \(item.toBeSigned.hex)

            item: 2
            kind: revoke
            authority: users@example.org
            class: revocation
            target: serial 3
            reason: laptop lost

            item: 3
            kind: krl
            class: revocation
            version: 1
            sha256: \(list.digest.hex)

            """
        let text = String(decoding: manifest.text, as: UTF8.self)
        #expect(text.hasPrefix(lines))
        #expect(
            text.dropFirst(lines.count).split(separator: "\n").allSatisfy { $0.hasPrefix("data: ") }
        )
        #expect(manifest.id == SHA256Digest(hashing: manifest.text))
    }

    @Test("a manifest of every kind of item reads back as it was written")
    func roundTrip() throws {
        let targets: [RevokeItem.Target] = [
            .serials(1...1), .serials(2...18_446_744_073_709_551_615), .keyID("alice/staff/1"),
            .key(key.publicKey),
        ]
        let items =
            [user, host] + targets.map { SampleBatch.revocation($0, reason: "\u{E4} \"x\"") }
            + [try SampleBatch.list(serials: 1...5000)]
        let manifest = BatchManifest(header: try SampleBatch.header(number: 77), items: items)
        let read = try BatchManifest(text: manifest.text)
        #expect(read == manifest)
        #expect(read.items == items)
        #expect(read.header == manifest.header)
        #expect(read.text == manifest.text)
    }

    @Test("the to-be-signed bytes are rebuilt from the manifest alone, byte for byte")
    func rebuild() throws {
        let read = try BatchManifest(text: SampleBatch.manifest(user, host).text)
        for case (.issue(let given), .issue(let item)) in zip([user, host], read.items) {
            let rebuilt = try item.rebuild()
            #expect(rebuilt.bytes == (try given.fields.toBeSigned()))
            #expect(rebuilt.digest == item.toBeSigned)
        }
    }

    @Test("ssh-keygen reads in the finished certificate what the manifest says")
    func judge() throws {
        let item = try #require(user.issuing)
        let bytes = try item.rebuild().bytes
        let certificate = try Certificate(
            toBeSigned: bytes, signature: SoftwareKey("users-ca").sign(bytes))
        let shown = try KeygenWorkshop().describe(certificate)
        for line in [
            "Type: ssh-ed25519-cert-v01@openssh.com user certificate",
            "Key ID: \"_se__/staff/1\"", "Serial: 1", "alice", "bob",
            "force-command /bin/echo \"a,b\"", "permit-pty",
        ] {
            #expect(shown.contains(line), "\(line) in \(shown)")
        }
    }

    @Test("what a batch does is told in a few words")
    func summaries() throws {
        #expect(user.summary == "user certificate 1 of users@example.org for alice,bob")
        #expect(
            SampleBatch.revocation(.serials(3...7)).summary
                == "revoke serials 3-7 of users@example.org")
        #expect(try SampleBatch.list(version: 4).summary == "revocation list version 4")
        #expect(user.riskClass == "routine")
        #expect(SampleBatch.revocation(.keyID("x")).riskClass == "revocation")
    }

    @Test(
        "a target of revocation is read and written in one form",
        arguments: [
            "serial 1", "serials 1-2", "serials 1-18446744073709551615",
            "serial 18446744073709551615", "key-id a b", "key-id serial 1",
        ])
    func target(text: String) {
        #expect(RevokeItem.Target(text: text)?.text == text)
    }

    @Test(
        "what is no target of revocation is refused",
        arguments: [
            "", "serial", "serial ", "serial 0", "serial 01", "serial -1", "serial 1 ",
            "serial 18446744073709551616", "serials 1", "serials 2-1", "serials 3-3",
            "serials 0-4", "serials 1-2-3", "serials 1-", "Serial 1", "key-id", "key-id ",
            "key ssh-ed25519 AAAA", "keys 1",
        ])
    func badTarget(text: String) {
        #expect(RevokeItem.Target(text: text) == nil)
    }

    @Test("a key with a comment is a target, and its text has none")
    func targetComment() {
        let line = key.publicKey.line
        #expect(RevokeItem.Target(text: "key \(line) comment")?.text == "key \(line)")
    }

    @Test("a batch may hold 10,000 items and not one more")
    func items() throws {
        let item = SampleBatch.revocation(.serials(1...1))
        let most = BatchManifest(
            header: try SampleBatch.header(), items: [BatchItem](repeating: item, count: 10_000))
        #expect(try BatchManifest(text: most.text).items.count == 10_000)
        let more = BatchManifest(header: most.header, items: most.items + [item])
        #expect(
            try violations { try BatchManifest(text: more.text) }
                == ["10001 items exceed 10000 (BATCH-TEXT)"])
    }
}
