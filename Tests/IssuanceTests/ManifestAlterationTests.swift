// SPDX-License-Identifier: Apache-2.0
import Documents
import HomeSupport
import Issuance
import SSHFormats
import Testing

@Suite("Altered manifests")
struct ManifestAlterationTests {
    private let lines: [String]

    init() throws {
        let key = try SoftwareKey("alice")
        let user = try SampleBatch.certificate(
            RequestDraft.user(key).adding("option", "force-command=/bin/true")
                .adding("option", "source-address=10.0.0.0/8")
                .adding("option", "permit-X11-forwarding"),
            for: key, serial: 5)
        let manifest = try SampleBatch.manifest(
            user, SampleBatch.revocation(.serials(3...3)), SampleBatch.list())
        lines = String(decoding: manifest.text, as: UTF8.self)
            .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    private func text(_ lines: [String]) -> [UInt8] {
        Array(lines.joined(separator: "\n").utf8)
    }

    /// The text with another value of the first field of this name.
    private func setting(_ name: String, _ value: String) throws -> [UInt8] {
        var changed = lines
        let place = try #require(lines.firstIndex { $0.hasPrefix("\(name): ") })
        changed[place] = "\(name): \(value)"
        return text(changed)
    }

    /// What reading and rebuilding tell of a text; nil where nothing is wrong.
    private func faults(_ text: [UInt8]) throws -> [String]? {
        try violations {
            for case .issue(let item) in try BatchManifest(text: text).items {
                _ = try item.rebuild()
            }
        }
    }

    @Test("the manifest as it is has no fault")
    func unaltered() throws {
        #expect(try faults(text(lines)) == nil)
    }

    @Test(
        "no field of a certificate can be altered and its digest stand",
        arguments: [
            ("type", "host"), ("serial", "6"), ("key-id", "Alice_Adams/staff/6"),
            ("principal", "root"), ("valid-after", "2026-11-22T09:55:01Z"),
            ("valid-before", "2026-12-29T10:00:00Z"),
            ("critical-option", "force-command=/bin/false"),
            ("extension", "permit-agent-forwarding"),
            ("nonce", String(repeating: "5b", count: 32)),
            ("tbs-sha256", String(repeating: "0", count: 64)),
        ])
    func certificateFields(name: String, value: String) throws {
        let faults = try faults(setting(name, value))
        #expect(faults?.count == 1)
        #expect(
            faults?.first?.hasSuffix("(BATCH-TBS)") == true
                || faults?.first?.hasSuffix("(BATCH-LINT)") == true, "\(faults ?? [])")
    }

    @Test("neither key of a certificate can be exchanged", arguments: ["ca-key", "public-key"])
    func keys(name: String) throws {
        let faults = try faults(setting(name, SoftwareKey("mallory").publicKey.line))
        #expect(faults?.count == 1)
        #expect(faults?.first?.hasPrefix("serial 5: the bytes rebuilt have SHA-256 ") == true)
        #expect(faults?.first?.hasSuffix("(BATCH-TBS)") == true)
    }

    @Test(
        "no line of a certificate can be left out or stand there twice",
        arguments: ["principal", "critical-option", "extension"])
    func leftOut(name: String) throws {
        let place = try #require(lines.firstIndex { $0.hasPrefix("\(name): ") })
        var shorter = lines
        shorter.remove(at: place)
        #expect(try faults(text(shorter))?.count == 1, "left out")
        var longer = lines
        longer.insert(lines[place], at: place)
        #expect(try faults(text(longer)) != nil, "twice")
    }

    @Test(
        "a field that must be there once is missed, and told where it stands twice",
        arguments: [
            "genesis", "batch", "ledger-size", "ledger-root", "governing-head", "roster",
            "policy", "created", "expires", "tool", "item", "kind", "authority", "profile",
            "class", "request", "type", "ca-key", "public-key", "nonce", "serial", "key-id",
            "valid-after", "valid-before", "tbs-sha256", "target", "reason", "version", "sha256",
        ])
    func structure(name: String) throws {
        let place = try #require(lines.firstIndex { $0.hasPrefix("\(name): ") })
        var shorter = lines
        shorter.remove(at: place)
        #expect(
            try faults(text(shorter))?.contains {
                $0.hasSuffix("field \"\(name)\" is missing (DOC-MISSING)")
            } == true)
        var longer = lines
        longer.insert(lines[place], at: place)
        #expect(
            try faults(text(longer)) == [
                "line \(place + 2): field \"\(name)\" is given again; it stands in line "
                    + "\(place + 1) already (DOC-REPEATED)"
            ])
    }

    @Test("the fields stand in one order")
    func order() throws {
        var swapped = lines
        let place = try #require(lines.firstIndex { $0.hasPrefix("roster: ") })
        swapped.swapAt(place, place + 1)
        #expect(
            try faults(text(swapped)) == ["the manifest is not in canonical form (DOC-CANONICAL)"])
    }

    @Test("options in another order are no second way to say the same")
    func optionOrder() throws {
        var swapped = lines
        let place = try #require(lines.firstIndex { $0.hasPrefix("extension: ") })
        swapped.swapAt(place, place + 1)
        #expect(
            try faults(text(swapped))
                == ["options are not in the order of their names (BATCH-LINT)"])
    }

    @Test("a key with a comment is no second way to say the same")
    func comment() throws {
        #expect(
            try faults(setting("ca-key", SoftwareKey("users-ca").publicKey.line + " ca"))
                == ["the manifest is not in canonical form (DOC-CANONICAL)"])
    }

    @Test("of certificates alone, no other text is read than the one that is written")
    func certificatesAlone() throws {
        let key = try SoftwareKey("alice")
        let draft = RequestDraft.user(key).adding("principal", "bob")
            .adding("option", "source-address=10.0.0.0/8,192.0.2.1")
            .adding("option", "permit-X11-forwarding")
        let manifest = try SampleBatch.manifest(
            SampleBatch.certificate(draft, for: key, serial: 5),
            SampleBatch.certificate(RequestDraft.user(key), for: key, serial: 6))
        #expect(try BatchManifest(text: manifest.text) == manifest)
        let lines = String(decoding: manifest.text, as: UTF8.self)
            .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        var altered = lines.indices.dropLast().map { place in
            var swapped = lines
            swapped.swapAt(place, place + 1)
            return swapped
        }
        for (place, line) in lines.enumerated() where line.contains("-key: ") {
            for comment in [" ", " alice"] {
                var commented = lines
                commented[place] += comment
                altered.append(commented)
            }
        }
        var read = 0
        for lines in altered {
            _ = try violations {
                let found = try BatchManifest(text: text(lines))
                read += 1
                #expect(BatchManifest(header: found.header, items: found.items).text == text(lines))
            }
        }
        // Principals and options in another order are other items.
        #expect((1..<10).contains(read))
    }

    @Test("a byte more or less at the end is refused")
    func ends() throws {
        let whole = text(lines)
        for changed in [whole + [0x0A], whole + Array("x: y\n".utf8), Array(whole.dropLast())] {
            #expect(try faults(changed) != nil)
        }
    }

    @Test("items are counted from 1 without gaps")
    func itemNumbers() throws {
        #expect(
            try faults(setting("item", "2"))
                == ["line 13: item 2 stands in place 1 (BATCH-TEXT)"])
    }

    @Test("an item of another kind is refused by name")
    func kind() throws {
        #expect(
            try faults(setting("kind", "adopt-key"))
                == [
                    "line 14: kind \"adopt-key\" is not issue, revoke, krl, abandon or new-epoch "
                        + "(BATCH-TEXT)"
                ]
        )
    }

    @Test("a batch does not expire before it is drafted")
    func expiry() throws {
        #expect(try faults(setting("expires", "2026-11-22T10:00:01Z")) == nil)
        #expect(
            try faults(setting("expires", "2026-11-22T10:00:00Z"))
                == ["line 1: the batch expires before it is created (BATCH-TEXT)"])
    }

    @Test("a manifest without items is refused")
    func noItems() throws {
        let end = try #require(lines.firstIndex(of: ""))
        #expect(
            try faults(text(Array(lines[..<end]) + [""]))
                == ["the manifest has no items (BATCH-TEXT)"])
    }

    @Test("a revocation list is the one that its digest names")
    func listDigest() throws {
        let faults = try faults(setting("sha256", String(repeating: "0", count: 64)))
        #expect(
            faults == [
                "the revocation list does not have the SHA-256 "
                    + "\(String(repeating: "0", count: 64)) (BATCH-TEXT)"
            ])
    }

    @Test("a revocation list has the version that the item says")
    func listVersion() throws {
        #expect(
            try faults(setting("version", "2"))
                == ["the revocation list has version 1, the item says 2 (BATCH-TEXT)"])
    }

    @Test("a revocation list can be read as one")
    func listBytes() throws {
        let item = BatchItem.revocationList(
            RevocationListItem(version: 1, riskClass: "revocation", bytes: Array("no list".utf8)))
        let faults = try faults(SampleBatch.manifest(item).text)
        #expect(faults?.count == 1)
        #expect(faults?.first?.hasPrefix("the revocation list cannot be read: ") == true)
    }

    @Test("a batch releases one revocation list at most")
    func lists() throws {
        let manifest = try SampleBatch.manifest(SampleBatch.list(), SampleBatch.list())
        #expect(
            try faults(manifest.text)
                == ["the manifest holds 2 revocation lists, not one (BATCH-TEXT)"])
    }

    @Test("a revocation of every serial there is can be shown without a trap")
    func widestRange() throws {
        let changed = try setting("target", "serials 1-18446744073709551615")
        let manifest = try BatchManifest(text: changed)
        #expect(
            manifest.items[1].summary
                == "revoke serials 1-18446744073709551615 of users@example.org")
    }

    @Test("the faults of all items are told at once")
    func allAtOnce() throws {
        var changed = lines
        for (name, value) in [("genesis", "x"), ("serial", "-1"), ("target", "all")] {
            let place = try #require(lines.firstIndex { $0.hasPrefix("\(name): ") })
            changed[place] = "\(name): \(value)"
        }
        #expect(try faults(text(changed))?.count == 3)
    }

    @Test("no byte of a manifest can be altered without another name, a fault or both")
    func everyByte() throws {
        let whole = text(lines)
        let manifest = try BatchManifest(text: whole)
        for place in stride(from: 0, to: whole.count, by: 3) {
            var changed = whole
            changed[place] ^= 0x01
            guard let read = try? BatchManifest(text: changed) else { continue }
            #expect(read.id != manifest.id)
            #expect(read.text == changed)
        }
    }
}
