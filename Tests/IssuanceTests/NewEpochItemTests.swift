// SPDX-License-Identifier: Apache-2.0
import Documents
import HomeSupport
import Issuance
import SSHCrypto
import SSHFormats
import Testing

@Suite("The items that begin a new epoch")
struct NewEpochItemTests {
    private static let last: UInt64 = 281_474_976_710_655

    private static func item(
        _ authority: String = "users@example.org", epoch: UInt16 = 1,
        givenUp: [ClosedRange<UInt64>] = [4...5, 9...last], riskClass: String = "elevated",
        anchors: [NewEpochItem.Anchor] = [
            .init(size: 12, root: SHA256Digest(hashing: Array("lost".utf8)))
        ], reason: String = "the disk is l\u{F6}st"
    ) -> NewEpochItem {
        NewEpochItem(
            authority: authority, riskClass: riskClass, epoch: epoch,
            givenUp: givenUp.map { AuthoritySerials(authority: authority, serials: $0) },
            anchors: anchors, reason: reason)
    }

    private func items(_ epochs: NewEpochItem...) throws -> [BatchItem] {
        epochs.map { .newEpoch($0) }
            + epochs.flatMap { $0.revocations(riskClass: "revocation") }.map { .revoke($0) }
            + [try SampleBatch.list(serials: 4...5)]
    }

    private func faults(_ items: [BatchItem]) throws -> [String]? {
        let text = BatchManifest(header: try SampleBatch.header(), items: items).text
        return try violations { try BatchManifest(text: text) }
    }

    @Test("they read back as they were written, with what they revoke")
    func roundTrip() throws {
        let hosts = Self.item("hosts@example.org", givenUp: [1...Self.last])
        let manifest = BatchManifest(
            header: try SampleBatch.header(), items: try items(Self.item(), hosts))
        #expect(try BatchManifest(text: manifest.text) == manifest)
        #expect(manifest.newEpochs == [Self.item(), hosts])
        let text = String(decoding: manifest.text, as: UTF8.self)
        #expect(
            text.contains(
                """
                item: 1
                kind: new-epoch
                authority: users@example.org
                class: elevated
                epoch: 1
                given-up: users@example.org 4-5
                given-up: users@example.org 9-281474976710655
                anchor: 12 \(SHA256Digest(hashing: Array("lost".utf8)).hex)
                reason: the disk is l\u{F6}st

                """))
        #expect(
            text.contains(
                """
                item: 3
                kind: revoke
                authority: users@example.org
                class: revocation
                target: serials 4-5
                reason: epoch 1 begins: the disk is l\u{F6}st

                """))
        #expect(
            manifest.items[0].summary
                == "begin epoch 1 of users@example.org, giving up users@example.org 4-5, "
                + "users@example.org 9-281474976710655, and the checkpoint of 12 entries")
        #expect(Self.item().nextSerial == 281_474_976_710_657)
    }

    @Test("they come first, once an authority, alike, and with nothing but revocations")
    func place() throws {
        let alice = try SoftwareKey("alice")
        let issue = try SampleBatch.certificate(.user(alice), for: alice)
        let (users, hosts) = (Self.item(), Self.item("hosts@example.org"))
        let both = try items(users, hosts)
        #expect(try faults(both) == nil)
        #expect(
            try faults([both[0], both[2], both[1]] + both.dropFirst(3))
                == ["the items that begin an epoch do not come first (BATCH-TEXT)"])
        #expect(
            try faults(both + [issue])
                == ["the manifest begins an epoch and issues certificates (BATCH-TEXT)"])
        let abandon = BatchItem.abandon(
            AbandonItem(
                number: 7, manifest: SHA256Digest(hashing: []), riskClass: "routine", issued: 0,
                abandoned: [AuthoritySerials(authority: "a@b", serials: 1...1)], reason: "dead"))
        #expect(
            try faults(both + [abandon])?.last
                == "the manifest begins an epoch and abandons a ceremony (BATCH-TEXT)")
        #expect(
            try faults(items(users, users))
                == ["the manifest begins two epochs of one authority (BATCH-TEXT)"])
        for other in [
            Self.item("hosts@example.org", riskClass: "routine"),
            Self.item("hosts@example.org", anchors: []),
            Self.item("hosts@example.org", reason: "x"),
        ] {
            #expect(
                try faults(items(users, other)) == [
                    "the items that begin an epoch differ in class, anchors or reason (BATCH-TEXT)"
                ])
        }
        let twice = Self.item(anchors: users.anchors + users.anchors)
        #expect(
            try faults(items(twice)) == ["the manifest gives up a checkpoint twice (BATCH-TEXT)"])
    }

    @Test(
        "what is given up is of epochs before, in order, and ends with the last serial",
        arguments: [
            ([4...5, 9...last], nil), ([4...5, 7...last], nil), ([1...last], nil),
            ([last...last], nil),
            ([4...5], "epoch 1 gives up serials, and not the last of the epoch before, \(last)"),
            (
                [4...(last + 1)],
                "epoch 1 gives up serials, and not the last of the epoch before, \(last)"
            ),
            (
                [4...5, 6...last],
                "\"users@example.org 6-\(last)\" does not stand behind the serials before it"
            ),
            (
                [9...10, 4...last],
                "\"users@example.org 4-\(last)\" does not stand behind the serials before it"
            ),
        ] as [([ClosedRange<UInt64>], String?)])
    func givenUp(ranges: [ClosedRange<UInt64>], fault: String?) throws {
        let told = try faults(items(Self.item(givenUp: ranges)))
        #expect(told == fault.map { ["line 18: \($0) (BATCH-TEXT)"] })
    }

    @Test("the last epoch is 65,535, and its last serial that of all")
    func limits() throws {
        let first = SerialNumber.serials(of: 65_534)
        let item = Self.item(epoch: 65_535, givenUp: [first])
        #expect(try faults(items(item)) == nil)
        #expect(item.nextSerial == 18_446_462_598_732_840_961)
        #expect(SerialNumber.serials(of: 65_535).upperBound == .max)
        func told(_ epoch: String) throws -> [String]? {
            let manifest = BatchManifest(
                header: try SampleBatch.header(), items: try items(item))
            let text = SampleTexts.replace(
                "epoch: 65535", with: "epoch: \(epoch)",
                in: String(decoding: manifest.text, as: UTF8.self))
            return try violations { try BatchManifest(text: Array(text.utf8)) }
        }
        for epoch in ["0", "65536", "18446744073709551616", "01", "-1"] {
            #expect(
                try told(epoch) == [
                    "line 17: epoch \"\(epoch)\" is not a number from 1 to 65535 (DOC-VALUE)"
                ])
        }
    }

    @Test(
        "a serial is an epoch and a counter",
        arguments: [
            (1, 0, 1, true), (281_474_976_710_654, 0, 281_474_976_710_654, true),
            (281_474_976_710_655, 0, 281_474_976_710_655, false),
            (281_474_976_710_656, 1, 0, false), (281_474_976_710_657, 1, 1, true),
            (UInt64.max, 65_535, 281_474_976_710_655, false),
            (UInt64.max - 1, 65_535, 281_474_976_710_654, true),
        ] as [(UInt64, UInt16, UInt64, Bool)])
    func serial(serial: UInt64, epoch: UInt16, counter: UInt64, isForCertificates: Bool) {
        let number = SerialNumber(serial)
        #expect(number.epoch == epoch && number.counter == counter)
        #expect(number.isForCertificates == isForCertificates)
    }

    @Test(
        "a checkpoint that is given up has one text",
        arguments: ["", "12", "0 ROOT", "012 ROOT", "12  ROOT", "12 ROOT ", "12 root", "x ROOT"])
    func anchors(text: String) {
        let root = SHA256Digest(hashing: [])
        let given = text.replacing("ROOT", with: root.hex)
        #expect(NewEpochItem.Anchor(text: given) == nil)
        let anchor = NewEpochItem.Anchor(size: 12, root: root)
        #expect(NewEpochItem.Anchor(text: anchor.text) == anchor)
    }

    @Test("nobody has an interest in it that keeps from deciding")
    func interest() throws {
        for officer in try SampleTexts.makeRoster().officers {
            #expect(officer.interest(in: .newEpoch(Self.item())) == nil)
        }
    }
}
