// SPDX-License-Identifier: Apache-2.0
import Documents
import HomeSupport
import Issuance
import SSHFormats
import Testing

@Suite("The quorum")
struct QuorumTests {
    private let key: SoftwareKey
    private let roster: Roster

    init() throws {
        key = try SoftwareKey("alice")
        roster = try SampleTexts.makeRoster()
    }

    private func count(
        _ items: [BatchItem], _ officers: [String], roster: Roster? = nil
    ) throws -> QuorumDecision {
        let manifest = BatchManifest(header: try SampleBatch.header(), items: items)
        let approvals = try officers.map {
            try SampleBatch.approval(of: manifest, by: $0, roster: roster)
        }
        return QuorumDecision(
            manifest: manifest, approvals: approvals, roster: roster ?? self.roster)
    }

    private func certificate(_ draft: RequestDraft, for key: SoftwareKey? = nil) throws -> BatchItem
    {
        try SampleBatch.certificate(draft, for: key ?? self.key)
    }

    private func text(_ decision: QuorumDecision) -> [String] {
        decision.violations.map { "\($0)" }
    }

    @Test("two officers are enough where the class asks for two, and one is not")
    func threshold() throws {
        let item = try certificate(.user(key))
        #expect(try count([item], ["pavel", "quinn"]).isReached)
        let one = try count([item], ["pavel"])
        #expect(!one.isReached)
        #expect(
            text(one) == [
                "item 1 (user certificate 1 of users@example.org for alice) has 1 of 2 approvals "
                    + "for class \"routine\" (QUORUM-MISSING)"
            ])
        #expect(try count([item], []).items.first?.counted == [])
    }

    @Test("items that lack the same officers are told together, by their numbers")
    func together() throws {
        let items = try (0..<4).map { _ in try certificate(.user(key)) }
        let own = try certificate(.user(key, principal: "olivia"))
        let decision = try count([items[0], items[1], own, items[2], items[3], own], ["olivia"])
        #expect(
            text(decision).first
                == "items 1-2, 4-5 have 1 of 2 approvals for class \"routine\" (QUORUM-MISSING)")
        #expect(text(decision).count == 2)
        #expect(text(decision).last?.hasPrefix("items 3, 6 have 0 of 2 approvals") == true)
    }

    @Test("two keys of one person count once")
    func persons() throws {
        let item = try certificate(.user(key))
        let decision = try count([item], ["olivia", "olivia-spare", "olivia"])
        #expect(!decision.isReached)
        #expect(decision.items.first?.counted == ["Olivia Lind"])
    }

    @Test("every item needs its own class's threshold")
    func itemByItem() throws {
        let roster = try SampleTexts.makeRoster(
            replacing: "class: routine\nthreshold: 2", with: "class: routine\nthreshold: 1")
        let routine = try certificate(.user(key))
        let elevated = try certificate(
            .user(key, principal: "root").setting("profile", "admins"))
        let one = try count([routine, elevated], ["quinn"], roster: roster)
        #expect(!one.isReached)
        #expect(one.items.map(\.isReached) == [true, false])
        #expect(
            text(one) == [
                "item 2 (user certificate 1 of users@example.org for root) has 1 of 2 approvals "
                    + "for class \"elevated\" (QUORUM-MISSING)"
            ])
        #expect(try count([routine, elevated], ["quinn", "pavel"], roster: roster).isReached)
    }

    @Test("a class for which the roster sets no threshold is reached by nobody")
    func noThreshold() throws {
        let item = BatchItem.revoke(
            RevokeItem(
                authority: "users@example.org", target: .serials(1...1), riskClass: "unknown",
                reason: "x"))
        let decision = try count([item], ["olivia", "pavel", "quinn"])
        #expect(!decision.isReached)
        #expect(
            text(decision) == [
                "item 1 (revoke serial 1 of users@example.org) is of class \"unknown\", for which "
                    + "the roster sets no threshold (QUORUM-MISSING)"
            ])
    }

    @Test("a batch without items is reached by nobody")
    func empty() throws {
        #expect(try !count([], ["olivia", "pavel", "quinn"]).isReached)
    }

    // MARK: - Who is touched

    private func exclusion(_ item: BatchItem) throws -> String? {
        let decision = try count([item], ["olivia", "pavel", "quinn"])
        #expect(decision.items.first?.excluded.count ?? 0 <= 1)
        return decision.items.first?.excluded.first.map { "\($0.officer): \($0.reason)" }
    }

    @Test("an officer does not count for a certificate of the own account, whoever asked")
    func ownAccount() throws {
        let item = try certificate(
            .user(key, principal: "alice").adding("principal", "olivia")
                .setting("requester", "somebody else"))
        #expect(
            try exclusion(item)
                == "Olivia Lind: principal \"olivia\" is the officer's own account")
        let two = try count([item], ["olivia", "quinn"])
        #expect(
            text(two) == [
                "item 1 (user certificate 1 of users@example.org for alice,olivia) has 1 of 2 "
                    + "approvals for class \"routine\"; Olivia Lind does not count: principal "
                    + "\"olivia\" is the officer's own account (QUORUM-MISSING)"
            ])
        #expect(try count([item], ["olivia", "quinn", "pavel"]).isReached)
    }

    @Test("an officer does not count for a certificate of one of the own keys")
    func ownKey() throws {
        let spare = try SoftwareKey("olivia-spare")
        let item = try certificate(
            RequestDraft.user(spare).setting("requester", "Alice Adams"), for: spare)
        #expect(
            try exclusion(item) == "Olivia Lind: the key to be certified is the officer's own")
    }

    @Test(
        "an officer does not count where the requester's words name the officer",
        arguments: [
            "Olivia Lind", "olivia", "OLIVIA LIND", "Lind, Olivia <olivia@example.org>",
            "ask Olivia Lind (laptop)", "olivia@example.org", "Olivia@Example.Org",
            "mailto:olivia@example.net", "[olivia]", "for olivia.", "Olivia\u{2019}s laptop",
            "\u{201C}olivia\u{201D}", "for olivia\u{2014}laptop", "olivia\u{3001}x",
        ])
    func requester(words: String) throws {
        let item = try certificate(RequestDraft.user(key).setting("requester", words))
        #expect(try exclusion(item) == "Olivia Lind: the requester is the officer")
    }

    @Test(
        "an officer whose name the requester writes in another form of Unicode is found",
        arguments: ["Pavel Nov\u{E1}k", "Pavel Nova\u{301}k", "pavel nov\u{C1}k", "PAVEL"])
    func composedName(words: String) throws {
        let item = try certificate(RequestDraft.user(key).setting("requester", words))
        #expect(
            try exclusion(item) == "Pavel Nov\u{E1}k: the requester is the officer")
    }

    @Test(
        "an officer counts where only a part of a word is the officer's",
        arguments: [
            "Oliviana Lindgren", "olivia2", "xolivia@example.org", "Lind", "Pavel-Novak",
            "team+olivia",
        ])
    func otherRequester(words: String) throws {
        let item = try certificate(RequestDraft.user(key).setting("requester", words))
        #expect(try exclusion(item) == nil)
    }

    @Test("an account in capitals, or at another domain, is the officer's all the same")
    func principalForms() throws {
        let policy = try SampleTexts.makePolicy(
            replacing: "principal: bob", with: "principal: Olivia\nprincipal: olivia@example.net")
        for name in ["Olivia", "olivia@example.net"] {
            let item = try SampleBatch.certificate(
                .user(key, principal: name), for: key, policy: policy)
            #expect(
                try exclusion(item)
                    == "Olivia Lind: principal \"\(name)\" is the officer's own account")
        }
    }

    @Test("an officer does not count for the revocation of an own key, and counts for others")
    func ownRevocation() throws {
        let own = try SoftwareKey("olivia-spare").publicKey
        #expect(
            try exclusion(SampleBatch.revocation(.key(own)))
                == "Olivia Lind: the key to be revoked is the officer's own")
        #expect(try exclusion(SampleBatch.revocation(.key(key.publicKey))) == nil)
        #expect(try exclusion(SampleBatch.revocation(.serials(1...1))) == nil)
        #expect(try exclusion(SampleBatch.list()) == nil)
    }

    @Test("where every item touches another officer, each is counted for the others")
    func mutual() throws {
        let first = try certificate(RequestDraft.user(key).setting("requester", "pavel"))
        let second = try certificate(RequestDraft.user(key).setting("requester", "quinn"))
        let decision = try count([first, second], ["pavel", "quinn"])
        #expect(decision.items.map(\.counted) == [["Quinn Okafor"], ["Pavel Nov\u{E1}k"]])
        #expect(decision.violations.count == 2)
        #expect(try count([first, second], ["pavel", "quinn", "olivia"]).isReached)
    }

    @Test("an approval by somebody who is on the roster no more does not count")
    func leftRoster() throws {
        let item = try certificate(.user(key))
        let manifest = BatchManifest(header: try SampleBatch.header(), items: [item])
        let approvals = try ["pavel", "quinn"].map {
            try SampleBatch.approval(of: manifest, by: $0)
        }
        let renamed = try SampleTexts.makeRoster(
            replacing: "officer: Quinn Okafor", with: "officer: Rita Roe")
        let decision = QuorumDecision(
            manifest: manifest, approvals: approvals, roster: renamed)
        #expect(decision.items.first?.counted == ["Pavel Nov\u{E1}k"])
    }
}
