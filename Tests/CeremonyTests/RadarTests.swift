// SPDX-License-Identifier: Apache-2.0
import Ceremony
import Documents
import HomeSupport
import Issuance
import SSHCrypto
import SSHFormats
import Testing

@Suite("What radar sees")
struct RadarTests {
    private let ledger: MemoryLedger
    private let web1: SoftwareKey
    private let alice: SoftwareKey

    /// web1's certificate ends 2026-12-20T10:00:00Z, Alice's 2026-11-29T10:00:00Z; batches live 7d.
    init() throws {
        web1 = try SoftwareKey("web1")
        alice = try SoftwareKey("alice")
        var ledger = try MemoryLedger()
        try ledger.admit(
            .host(web1).adding("renewable-until", "2027-01-10T00:00:00Z"), for: web1)
        try ledger.admit(.user(alice), for: alice)
        try ledger.complete(ledger.draftPending())
        self.ledger = ledger
    }

    private func items(
        _ kind: RadarItem.Kind, in ledger: MemoryLedger? = nil, within text: String = "30d",
        at moment: String
    ) throws -> [RadarItem] {
        let ledger = ledger ?? self.ledger
        return try Radar(
            ledger.radarPast, state: ledger.state, within: span(text), at: time(moment)
        ).items
            .filter { $0.kind == kind }
    }

    @Test("a host is seen from the span's beginning on, and for a year after its certificate ended")
    func hosts() throws {
        #expect(try items(.hostCertificate, at: "2026-11-20T09:59:59Z").isEmpty)
        let seen = try items(.hostCertificate, at: "2026-11-20T10:00:00Z")
        #expect(seen.map(\.title) == ["web1.example.org"])
        #expect(seen.map(\.moment) == [try time("2026-12-20T10:00:00Z")])
        #expect(seen.map(\.begin) == [try time("2026-12-13T10:00:00Z")])
        #expect(seen.map(\.authority) == ["hosts@example.org"] && seen.map(\.serial) == [1])
        #expect(seen.map(\.action) == ["conclave batch new --rotate --within 30d"])
        for (moment, standing) in [
            ("2026-12-13T09:59:59Z", RadarItem.Standing.due), ("2026-12-13T10:00:00Z", .late),
            ("2026-12-20T09:59:59Z", .late), ("2026-12-20T10:00:00Z", .overdue),
            ("2027-12-20T09:59:59Z", .overdue),
        ] {
            let item = try #require(try items(.hostCertificate, at: moment).first)
            #expect(item.standing(at: try time(moment)) == standing, "\(moment)")
        }
        #expect(try items(.hostCertificate, at: "2027-12-20T10:00:00Z").isEmpty)
        #expect(try items(.hostCertificate, within: "400d", at: "2027-12-20T10:00:00Z").count == 1)
        let late = try items(.hostCertificate, at: "2027-01-10T00:00:00Z")
        #expect(
            late.map(\.action)
                == ["a new request is needed: renewable-until was 2027-01-10T00:00:00Z"])
    }

    @Test("a renewed host is not seen, and one in a batch is told with it")
    func renewed() throws {
        var ledger = ledger
        let moment = "2026-12-10T00:00:00Z"
        let request = try #require(
            Renewals(
                ledger.radarPast, state: ledger.state, within: span("30d"), at: time(moment)
            ).requests.first)
        let manifest = try ledger.draft(BatchDraft.Order(renewals: [request]), at: moment)
        #expect(
            try items(.hostCertificate, in: ledger, at: moment).map(\.action)
                == ["drafted anew in batch 2, gathering"])
        try ledger.complete(manifest, at: moment)
        #expect(try items(.hostCertificate, in: ledger, within: "1d", at: moment).isEmpty)
        let after = try items(.hostCertificate, in: ledger, at: moment)
        #expect(after.map(\.serial) == [2])
    }

    @Test("a revoked host is not seen")
    func revoked() throws {
        var ledger = ledger
        let moment = "2026-12-10T00:00:00Z"
        let item = RevokeItem(
            authority: "hosts@example.org", target: .serials(1...1), riskClass: "revocation",
            reason: "gone")
        try ledger.complete(
            ledger.draft(BatchDraft.Order(revocations: [item]), at: moment), at: moment)
        #expect(try items(.hostCertificate, in: ledger, at: moment).isEmpty)
        let list = try items(.revocationList, in: ledger, within: "365d", at: moment)
        #expect(list.map(\.title) == ["revocation list version 1"])
        #expect(list.map(\.moment) == [try time("2027-03-10T00:00:00Z")])
    }

    @Test("a user is seen before the end, and as long again after it")
    func users() throws {
        let end = try time("2026-11-29T10:00:00Z")
        for (moment, isSeen) in [
            ("2026-11-27T09:59:59Z", false), ("2026-11-27T10:00:00Z", true),
            ("2026-12-01T09:59:59Z", true), ("2026-12-01T10:00:00Z", false),
        ] {
            let seen = try items(.userCertificate, within: "2d", at: moment)
            #expect(seen.map(\.moment) == (isSeen ? [end] : []), "\(moment)")
            #expect(seen.allSatisfy { $0.action == "its owner makes a new request" })
        }
        var ledger = ledger
        try ledger.admit(
            .user(alice, nonce: 7).setting("created", "2026-11-28T09:00:00Z"), for: alice,
            at: "2026-11-28T10:00:00Z")
        #expect(
            try items(.userCertificate, in: ledger, at: "2026-11-28T10:00:00Z").map(\.action)
                == ["a new request waits: conclave batch new"])
    }

    @Test("a host with another key for the same name is told so")
    func otherKey() throws {
        var ledger = ledger
        let key = try SoftwareKey("web1-new")
        let moment = "2026-12-10T00:00:00Z"
        try ledger.admit(
            .host(key, nonce: 5).setting("created", moment), for: key, at: moment)
        try ledger.complete(ledger.draftPending(at: moment), at: moment)
        let seen = try items(.hostCertificate, in: ledger, at: moment)
        #expect(
            seen.first?.details == [
                "serial 1, key ID web1.example.org/1",
                "another key has serial 2 for the same names, to 2027-01-07T00:00:00Z",
            ])
        #expect(seen.last?.details == ["serial 2, key ID web1.example.org/2"])
    }

    @Test(
        "batches are seen with their approvals until they end, and an open ceremony until it does")
    func batches() throws {
        var ledger = ledger
        let bob = try SoftwareKey("bob")
        let moment = "2026-11-23T10:00:00Z"
        try ledger.admit(.user(bob, principal: "bob", nonce: 8), for: bob, at: moment)
        #expect(try items(.request, in: ledger, at: moment).map(\.action) == ["conclave batch new"])
        let waiting = try #require(
            try items(.request, in: ledger, at: "2027-12-24T00:00:00Z").first)
        #expect(waiting.moment == (try time("2026-11-22T09:00:00Z")))
        #expect(waiting.standing(at: try time("2027-12-24T00:00:00Z")) == .late)
        let manifest = try ledger.draftPending(at: moment)
        #expect(try items(.request, in: ledger, at: moment).isEmpty)
        let drafted = try items(.batch, in: ledger, at: moment)
        #expect(drafted.map(\.moment) == [try time("2026-11-30T10:00:00Z")])
        #expect(drafted.map(\.details) == [["1 item", "no approval"]])
        #expect(drafted.map(\.action) == ["conclave approve 2: 1 item without a quorum"])
        try ledger.approve(manifest, by: "pavel", "quinn", at: moment)
        #expect(
            try items(.batch, in: ledger, at: moment).map(\.action) == ["conclave sign 2"])
        #expect(try items(.batch, in: ledger, at: "2026-11-30T10:00:00Z").isEmpty)
        try ledger.open(manifest, at: moment)
        let open = try items(.ceremony, in: ledger, at: "2027-11-30T10:00:00Z")
        #expect(open.map(\.action) == ["conclave sign 2"])
        #expect(open.first?.standing(at: try time("2027-11-30T10:00:00Z")) == .late)
        #expect(open.map(\.details) == [["1 item, 1 certificate to sign"]])
        #expect(try items(.batch, in: ledger, at: moment).isEmpty)
    }

    @Test("keys that nobody used for long are seen, those that were used a year after that")
    func keys() throws {
        #expect(try items(.authorityKey, at: "2027-10-23T07:59:59Z").isEmpty)
        let moment = "2027-10-24T00:00:00Z"
        let keys = try items(.authorityKey, at: moment)
        #expect(keys.map(\.authority) == ["hosts@example.org", "users@example.org"])
        #expect(keys.map(\.moment) == Array(repeating: try time("2027-11-22T12:00:00Z"), count: 2))
        let officers = try items(.officerKey, at: moment)
        // Olivia has two keys and approved nothing; Pavel and Quinn approved batch 1.
        #expect(
            officers.map(\.title).sorted() == [
                "key of Olivia Lind", "key of Olivia Lind", "key of Pavel Novák",
                "key of Quinn Okafor",
            ])
        #expect(
            officers.filter { $0.title.contains("Olivia") }.allSatisfy {
                $0.details.last == "has approved nothing since the founding, 2026-11-22T08:00:00Z"
            })
        #expect(
            officers.contains {
                $0.details.last == "last approved batch 1, of 2026-11-22T10:00:00Z"
            })
    }

    @Test("a key that ends is seen before; afterwards only where its person has no other")
    func endingKeys() throws {
        let spare = try SoftwareKey("olivia-spare").publicKey
        let pavel = try SoftwareKey("pavel").publicKey
        var roster = try SampleTexts.roster()
        for key in [spare, pavel] {
            roster = SampleTexts.replace(
                "key: \(key.line)", with: "key-until: 2027-06-30T00:00:00Z \(key.line)", in: roster)
        }
        let ledger = try MemoryLedger(roster: roster)
        #expect(try items(.endingKey, in: ledger, at: "2027-05-30T23:59:59Z").isEmpty)
        let coming = try items(.endingKey, in: ledger, at: "2027-05-31T00:00:00Z")
        #expect(coming.map(\.title).sorted() == ["key of Olivia Lind", "key of Pavel Nov\u{E1}k"])
        #expect(
            coming.first?.details.last
                == "ends 2027-06-30T00:00:00Z, and signs no more from then on")
        let over = try items(.endingKey, in: ledger, at: "2027-06-30T00:00:00Z")
        #expect(over.map(\.title) == ["key of Pavel Nov\u{E1}k"])
        #expect(over.map(\.action) == ["see that Pavel Nov\u{E1}k has another key on the roster"])
    }

    @Test("the ages are the caller's to set")
    func ages() throws {
        var ages = Radar.Ages()
        ages.proof = try span("1d")
        ages.list = try span("2d")
        let radar = try Radar(
            ledger.radarPast, state: ledger.state, within: try span("1d"), ages: ages,
            at: try time("2026-11-23T12:00:00Z"))
        #expect(radar.items.filter { $0.kind == .authorityKey }.count == 2)
        #expect(
            radar.items.filter { $0.kind == .revocationList }.map(\.moment) == [
                try time("2026-11-24T08:00:00Z")
            ])
    }

    @Test("the clock's largest step is seen before it is over")
    func clock() throws {
        let seen = try items(.clock, at: "2027-01-25T00:00:00Z")
        #expect(seen.map(\.moment) == [try time("2027-02-20T12:00:00Z")])
        #expect(try items(.clock, at: "2026-12-01T00:00:00Z").isEmpty)
    }

    @Test("every item has a name of its own, which time does not change")
    func names() throws {
        let early = try Radar(
            ledger.radarPast, state: ledger.state, within: try span("3650d"),
            at: try time("2026-11-23T00:00:00Z"))
        let late = try Radar(
            ledger.radarPast, state: ledger.state, within: try span("3650d"),
            at: try time("2026-11-28T00:00:00Z"))
        #expect(early.items.map(\.name) == late.items.map(\.name))
        #expect(Set(early.items.map(\.name)).count == early.items.count)
        #expect(early.items.count >= 9)
        #expect(
            early.items.allSatisfy { item in
                item.name.utf8.allSatisfy {
                    (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) || $0 == 0x2D
                }
            })
    }

    @Test("no time and no span traps")
    func bounds() throws {
        for moment: UInt64 in [0, 1, UnixTime.latest.seconds, .max] {
            for span: UInt64 in [0, 1, .max] {
                let radar = try Radar(
                    ledger.radarPast, state: ledger.state, within: TimeSpan(seconds: span),
                    at: UnixTime(seconds: moment))
                #expect(radar.items.allSatisfy { $0.moment <= .latest })
            }
        }
    }
}
