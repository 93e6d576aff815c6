// SPDX-License-Identifier: Apache-2.0
import Ceremony
import Documents
import HomeSupport
import Issuance
import SSHCrypto
import SSHFormats
import Testing

@Suite("Renewals of host certificates")
struct RenewalTests {
    private var ledger: MemoryLedger
    private let web1: SoftwareKey
    private let request: CertificateRequest

    /// The certificate of web1 ends 2026-12-20T10:00:00Z; its consent reaches to 2027-01-10.
    init() throws {
        web1 = try SoftwareKey("web1")
        ledger = try MemoryLedger()
        request = try ledger.admit(
            .host(web1).adding("renewable-until", "2027-01-10T00:00:00Z"), for: web1)
        try ledger.complete(ledger.draftPending())
    }

    private func renewals(
        _ ledger: MemoryLedger? = nil, within text: String = "30d", at moment: String
    ) throws -> Renewals {
        let ledger = ledger ?? self.ledger
        return try Renewals(
            ledger.radarPast, state: ledger.state, within: span(text), at: time(moment))
    }

    private func requests(
        _ ledger: MemoryLedger? = nil, within text: String = "30d", at moment: String
    ) throws -> [CertificateRequest] {
        try renewals(ledger, within: text, at: moment).requests
    }

    @Test(
        "a certificate that ends within the span is renewed, and not one that ends a second later")
    func withinSpan() throws {
        #expect(try requests(at: "2026-11-20T10:00:00Z") == [request])
        #expect(try requests(at: "2026-11-20T09:59:59Z") == [])
        #expect(try requests(within: "1s", at: "2026-12-20T09:59:59Z") == [request])
        #expect(try requests(within: "1s", at: "2026-12-20T09:59:58Z") == [])
    }

    @Test("no more requests are taken than were asked for, and the others are counted")
    func limited() throws {
        var ledger = ledger
        let web2 = try SoftwareKey("web2")
        _ = try ledger.admit(
            .host(web2, principal: "web2.example.org")
                .adding("renewable-until", "2027-01-10T00:00:00Z"), for: web2,
            at: "2026-11-22T13:00:00Z")
        try ledger.complete(
            ledger.draftPending(at: "2026-11-22T13:00:00Z"), at: "2026-11-22T13:00:00Z")
        for (limit, count, others) in [(0, 0, 2), (1, 1, 1), (2, 2, 0), (3, 2, 0)] {
            let renewals = try Renewals(
                ledger.radarPast, state: ledger.state, within: span("30d"),
                at: time("2026-12-10T00:00:00Z"), atMost: limit)
            #expect(renewals.requests.count == count)
            #expect(renewals.others == others)
        }
    }

    @Test("a certificate that has ended is renewed too, as long as the consent holds")
    func ended() throws {
        #expect(try requests(at: "2027-01-09T23:59:59Z") == [request])
        let late = try renewals(at: "2027-01-10T00:00:00Z")
        #expect(late.requests == [])
        #expect(late.withoutConsent.map(\.reason) == ["renewable-until was 2027-01-10T00:00:00Z"])
        #expect(late.withoutConsent.map(\.principals) == [["web1.example.org"]])
        #expect(late.withoutConsent.map(\.ends) == [try time("2026-12-20T10:00:00Z")])
    }

    @Test("a host that did not consent is told by name")
    func noConsent() throws {
        var ledger = ledger
        let web2 = try SoftwareKey("web2")
        let moment = "2026-12-01T00:00:00Z"
        try ledger.admit(
            .host(web2, principal: "web2.example.org"), for: web2, at: moment)
        let draft = try ledger.draftPending(at: moment)
        try ledger.complete(draft, at: moment)
        let found = try renewals(ledger, at: "2026-12-15T00:00:00Z")
        #expect(found.requests == [request])
        #expect(found.withoutConsent.map(\.reason) == ["its request has no renewable-until"])
    }

    @Test("users are not renewed")
    func users() throws {
        var ledger = try MemoryLedger()
        let alice = try SoftwareKey("alice")
        try ledger.admit(.user(alice), for: alice)
        try ledger.complete(ledger.draftPending())
        let found = try renewals(ledger, at: "2026-11-28T00:00:00Z")
        #expect(found.requests == [])
        #expect(found.withoutConsent.isEmpty)
    }

    @Test(
        "a renewal is a new certificate for the same key, that ends with the consent at the latest")
    func renewed() throws {
        var ledger = ledger
        let moment = "2026-12-19T00:00:00Z"
        let order = BatchDraft.Order(renewals: try requests(at: moment))
        let manifest = try ledger.draft(order, at: moment)
        let item = try #require(manifest.items.first?.issuing)
        #expect(item.fields.publicKey == web1.publicKey)
        #expect(item.fields.serial == 2)
        #expect(item.request == request.id)
        #expect(UnixTime(seconds: item.fields.validBefore).text == "2027-01-10T00:00:00Z")
        try ledger.complete(manifest, at: moment)
        #expect(try requests(ledger, at: moment) == [request])
        #expect(try requests(ledger, within: "21d", at: moment) == [])
    }

    @Test("a renewal well before the end of the consent has the profile's length")
    func wholeLength() throws {
        let manifest = try ledger.drafted(
            .init(renewals: [request]), at: "2026-12-01T00:00:00Z"
        ).manifest
        let item = try #require(manifest.items.first?.issuing)
        #expect(UnixTime(seconds: item.fields.validBefore).text == "2026-12-29T00:00:00Z")
    }

    @Test("a key that waits in a batch or asks anew is not renewed as well")
    func waiting() throws {
        var drafted = ledger
        let moment = "2026-12-01T00:00:00Z"
        let manifest = try drafted.draft(.init(renewals: [request]), at: moment)
        #expect(try requests(drafted, at: moment) == [])
        #expect(
            try violations { try drafted.drafted(.init(renewals: [request]), at: moment) }?.last
                == "request \(request.id.hex) is in batch 2 already (REQUEST-REPLAY)")
        #expect(try requests(drafted, at: "2026-12-08T00:00:00Z") == [request])
        try drafted.reject(manifest, by: "olivia", at: moment)
        #expect(try requests(drafted, at: moment) == [request])
        var asked = ledger
        try asked.admit(.host(web1, nonce: 9), for: web1, at: moment)
        #expect(try requests(asked, at: moment) == [])
        #expect(
            try renewals(asked, at: moment).withoutConsent.map(\.reason)
                == ["a new request with the same key waits for a batch"])
    }

    @Test("a waiting request that the policy no longer admits does not keep its host from renewal")
    func hopeless() throws {
        var asked = ledger
        try asked.admit(
            .host(web1, nonce: 9).adding("validity", "2026-11-25T00:00:00Z/2026-12-05T00:00:00Z"),
            for: web1, at: "2026-11-25T00:00:00Z")
        #expect(try requests(asked, at: "2026-12-10T00:00:00Z") == [request])
    }

    @Test("a certificate that was revoked is not renewed")
    func revoked() throws {
        var ledger = ledger
        let moment = "2026-12-01T00:00:00Z"
        try ledger.complete(
            ledger.draft(
                .init(revocations: [
                    RevokeItem(
                        authority: "hosts@example.org", target: .serials(1...1),
                        riskClass: "revocation", reason: "x")
                ]), at: moment), at: moment)
        #expect(try requests(ledger, at: moment) == [])
    }

    @Test("of each key the certificate that ends last decides")
    func latest() throws {
        var ledger = ledger
        let moment = "2026-12-01T00:00:00Z"
        let longer = try ledger.admit(
            .host(web1, nonce: 9).adding("validity", "90d")
                .adding("renewable-until", "2027-06-01T00:00:00Z"), for: web1, at: moment)
        try ledger.complete(ledger.draftPending(at: moment), at: moment)
        #expect(try requests(ledger, at: "2026-12-15T00:00:00Z") == [])
        #expect(try requests(ledger, at: "2027-02-01T00:00:00Z") == [longer])
    }

    @Test("renewals come in the order in which the certificates end")
    func order() throws {
        var ledger = ledger
        let moment = "2026-11-25T00:00:00Z"
        var made: [String: CertificateRequest] = [:]
        for (place, validity) in ["20d", "10d", "15d"].enumerated() {
            let key = try SoftwareKey("host\(place)")
            made[validity] = try ledger.admit(
                .host(key, principal: "host\(place).example.org", nonce: UInt8(place + 20))
                    .adding("validity", validity)
                    .adding("renewable-until", "2027-06-01T00:00:00Z"), for: key, at: moment)
        }
        try ledger.complete(ledger.draftPending(at: moment), at: moment)
        let found = try requests(ledger, at: "2026-12-01T00:00:00Z")
        #expect(found == [made["10d"], made["15d"], made["20d"], request].compactMap { $0 })
    }

    @Test("policy is asked anew: a key that was revoked since is left out")
    func policyAnew() throws {
        var ledger = ledger
        let moment = "2026-12-01T00:00:00Z"
        try ledger.complete(
            ledger.draft(
                .init(revocations: [
                    RevokeItem(
                        authority: "hosts@example.org", target: .key(web1.publicKey),
                        riskClass: "revocation", reason: "x")
                ]), at: moment), at: moment)
        #expect(
            try violations { try ledger.drafted(.init(renewals: [request]), at: moment) }?.last
                == "key \(web1.publicKey.fingerprint) was revoked (KEY-REVOKED)")
    }

    @Test("a request without consent, or not answered yet, is not renewed by order either")
    func refusedRenewals() throws {
        var ledger = ledger
        let web2 = try SoftwareKey("web2")
        let moment = "2026-12-01T00:00:00Z"
        let waiting = try ledger.admit(
            .host(web2, principal: "web2.example.org")
                .adding("renewable-until", "2027-06-01T00:00:00Z"), for: web2, at: moment)
        #expect(
            try violations { try ledger.drafted(.init(renewals: [waiting]), at: moment) }?.last
                == "request \(waiting.id.hex) was not answered yet (REQUEST-RENEWAL)")
        #expect(
            try violations {
                try ledger.drafted(.init(renewals: [request]), at: "2027-01-10T00:00:00Z")
            }?.last
                == "the request does not consent to renewal at 2027-01-10T00:00:00Z "
                + "(REQUEST-RENEWAL)")
    }
}
