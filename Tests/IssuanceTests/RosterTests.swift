// SPDX-License-Identifier: Apache-2.0
import Documents
import HomeSupport
import Issuance
import SSHCrypto
import SSHFormats
import Testing

@Suite("The roster")
struct RosterTests {
    private func faults(_ old: String, _ new: String) throws -> [String]? {
        try violations { try SampleTexts.makeRoster(replacing: old, with: new) }
    }

    private func line(_ text: String) throws -> Int {
        let lines = try SampleTexts.roster().split(
            separator: "\n", omittingEmptySubsequences: false)
        return try #require(lines.firstIndex { $0 == text }) + 1
    }

    @Test("a roster is read with its persons, thresholds and keys")
    func wholeRoster() throws {
        let roster = try SampleTexts.makeRoster()
        #expect(roster.bundleSignatures == 1)
        #expect(roster.thresholds == ["routine": 2, "elevated": 2, "revocation": 1])
        #expect(roster.officers.map(\.name) == ["Olivia Lind", "Pavel Nov\u{E1}k", "Quinn Okafor"])
        #expect(roster.officers.map(\.keys.count) == [2, 1, 1])
        #expect(roster.officers.first?.accounts == ["olivia", "olivia@example.org"])
        #expect(roster.witnesses.map(\.name) == ["Wim Peeters"])
        #expect(roster.digest == SHA256Digest(hashing: Array(try SampleTexts.roster().utf8)))
    }

    @Test("a person is found by each of the keys; a witness is no officer")
    func holders() throws {
        let roster = try SampleTexts.makeRoster()
        for name in ["olivia", "olivia-spare"] {
            let key = try SoftwareKey(name).publicKey
            #expect(roster.officer(holding: key)?.name == "Olivia Lind")
            #expect(roster.person(holding: key)?.name == "Olivia Lind")
        }
        let witness = try SoftwareKey("wim").publicKey
        #expect(roster.officer(holding: witness) == nil)
        #expect(roster.person(holding: witness)?.name == "Wim Peeters")
        #expect(try roster.person(holding: SoftwareKey("mallory").publicKey) == nil)
    }

    @Test("a key may have an end, up to which it signs")
    func endingKey() throws {
        let spare = try SoftwareKey("olivia-spare").publicKey
        let roster = try SampleTexts.makeRoster(
            replacing: "key: \(spare.line)", with: "key-until: 2027-06-30T00:00:00Z \(spare.line)")
        #expect(roster.officers.map(\.keys.count) == [2, 1, 1])
        #expect(roster.officer(holding: spare)?.name == "Olivia Lind")
        #expect(roster.end(of: spare) == (try time("2027-06-30T00:00:00Z")))
        #expect(try roster.end(of: SoftwareKey("olivia").publicKey) == nil)
        try roster.requireCurrent(spare, at: time("2027-06-29T23:59:59Z"))
        try roster.requireCurrent(SoftwareKey("olivia").publicKey, at: .latest)
        #expect(
            try violations { try roster.requireCurrent(spare, at: time("2027-06-30T00:00:00Z")) }
                == [
                    "key \(spare.fingerprint) of Olivia Lind ended 2027-06-30T00:00:00Z; it is "
                        + "2027-06-30T00:00:00Z (ROSTER-KEY-ENDED)"
                ])
    }

    @Test(
        "an end is a time, a space and a key",
        arguments: ["2027-06-30", "2027-06-30T00:00:00Z", "2027-06-31T00:00:00Z KEY", "KEY"])
    func endForm(text: String) throws {
        let spare = try SoftwareKey("olivia-spare").publicKey
        let value = text.replacing("KEY", with: spare.line)
        let faults = try faults("key: \(spare.line)", "key-until: \(value)")
        #expect(
            faults?.first?.hasSuffix(
                " is not a time YYYY-MM-DDThh:mm:ssZ and a key (ROSTER-KEY)") == true,
            "\(faults ?? [])")
    }

    @Test("a key that ends belongs to nobody else either")
    func endingKeyOfTwo() throws {
        let pavel = try SoftwareKey("pavel").publicKey
        let spare = try SoftwareKey("olivia-spare").publicKey
        #expect(
            try faults(
                "key: \(spare.line)", "key-until: 2027-06-30T00:00:00Z \(pavel.line)") == [
                    "line \(try line("key: \(pavel.line)")): key \(pavel.fingerprint) belongs to "
                        + "Olivia Lind already (ROSTER-KEY)"
                ])
    }

    @Test("a threshold is below the number of officers")
    func threshold() throws {
        #expect(try faults("class: elevated\nthreshold: 2", "class: elevated\nthreshold: 1") == nil)
        #expect(
            try faults("class: elevated\nthreshold: 2", "class: elevated\nthreshold: 3") == [
                "line 8: threshold 3 of class \"elevated\" is not below the number of officers, 3 "
                    + "(ROSTER-THRESHOLD)"
            ])
    }

    @Test(
        "a threshold is a number from 1 to 99", arguments: ["0", "100", "-1", "02", "two", "1.5"])
    func thresholdForm(text: String) throws {
        #expect(
            try faults("class: elevated\nthreshold: 2", "class: elevated\nthreshold: \(text)") == [
                "line 8: threshold \"\(text)\" is not a number from 1 to 99 (ROSTER-TEXT)"
            ])
    }

    @Test("a bundle takes 1 to 9 signatures")
    func bundleSignatures() throws {
        #expect(try faults("bundle-signatures: 1", "bundle-signatures: 9") == nil)
        for text in ["0", "10", "18446744073709551615"] {
            #expect(
                try faults("bundle-signatures: 1", "bundle-signatures: \(text)") == [
                    "line 2: bundle-signatures \"\(text)\" is not a number from 1 to 9 (ROSTER-TEXT)"
                ])
        }
    }

    @Test("a class stands there once")
    func classTwice() throws {
        #expect(
            try faults("class: elevated", "class: routine")
                == ["line 8: class \"routine\" stands there twice (ROSTER-TEXT)"])
    }

    @Test("a name stands in the roster once, among officers and witnesses together")
    func nameTwice() throws {
        let line = try line("witness: Wim Peeters")
        #expect(
            try faults("witness: Wim Peeters", "witness: Quinn Okafor")
                == ["line \(line): \"Quinn Okafor\" stands in the roster twice (ROSTER-TEXT)"])
    }

    @Test("a name has at most 256 bytes")
    func nameLength() throws {
        let line = try line("witness: Wim Peeters")
        let longest = String(repeating: "\u{E9}", count: 128)
        #expect(try faults("witness: Wim Peeters", "witness: \(longest)") == nil)
        #expect(
            try faults("witness: Wim Peeters", "witness: \(longest)x")
                == ["line \(line): witness has 257 bytes, more than 256 (ROSTER-TEXT)"])
    }

    @Test("names that differ only in how Unicode composes them are one name")
    func canonicallyEquivalentNames() throws {
        let line = try line("witness: Wim Peeters")
        #expect(
            try faults("witness: Wim Peeters", "witness: Pavel Nova\u{301}k")
                == ["line \(line): \"Pavel Nova\u{301}k\" stands in the roster twice (ROSTER-TEXT)"]
        )
    }

    @Test("an account belongs to one person, who may list it twice")
    func accountTwice() throws {
        let line = try line("account: wim")
        #expect(
            try faults("account: wim", "account: olivia")
                == ["line \(line): account \"olivia\" belongs to Olivia Lind already (ROSTER-TEXT)"]
        )
        #expect(try faults("account: wim", "account: wim\naccount: wim") == nil)
    }

    @Test("a key belongs to one person and stands there once")
    func keyTwice() throws {
        let own = try SoftwareKey("wim").publicKey
        let line = try line("key: \(own.line)")
        for (name, person) in [("olivia-spare", "Olivia Lind"), ("quinn", "Quinn Okafor")] {
            let other = try SoftwareKey(name).publicKey
            #expect(
                try faults(own.line, other.line) == [
                    "line \(line): key \(other.fingerprint) belongs to \(person) already "
                        + "(ROSTER-KEY)"
                ])
        }
        #expect(
            try faults("key: \(own.line)", "key: \(own.line)\nkey: \(own.line)") == [
                "line \(line + 1): key \(own.fingerprint) belongs to Wim Peeters already (ROSTER-KEY)"
            ])
    }

    @Test("a person has at least one key")
    func noKey() throws {
        let key = try SoftwareKey("wim").publicKey.line
        let line = try line("witness: Wim Peeters")
        #expect(
            try faults("key: \(key)\n", "") == ["line \(line): Wim Peeters has no key (ROSTER-KEY)"]
        )
    }

    @Test("a key that anyone can break, or that is none, is refused")
    func badKeys() throws {
        let key = try SoftwareKey("wim").publicKey.line
        let line = try line("key: \(key)")
        let zero = try PublicKey(.ed25519([UInt8](repeating: 0, count: 32)))
        #expect(try faults(key, zero.line)?.count == 1)
        #expect(try faults(key, zero.line)?.first?.hasSuffix("(ROSTER-KEY)") == true)
        #expect(
            try faults(key, "ssh-ed25519 AAAA")?.first?
                .hasPrefix("line \(line): key cannot be read: ") == true)
    }

    @Test("a roster sets thresholds, and its parts begin with class, officer or witness")
    func parts() throws {
        let text = "conclave-roster: v1\nbundle-signatures: 1\n\nguest: Gus\n"
        #expect(
            try violations { try Roster(text: Array(text.utf8)) } == [
                "line 4: a part of a roster begins with class, officer or witness (ROSTER-TEXT)",
                "the roster sets no threshold (ROSTER-THRESHOLD)",
            ])
    }

    @Test("the class of revocations is named so, or the one that takes the fewest approvals")
    func revocationClass() throws {
        #expect(try SampleTexts.makeRoster().revocationClass == "revocation")
        let without = try SampleTexts.makeRoster(
            replacing: "class: revocation\nthreshold: 1", with: "class: urgent\nthreshold: 1")
        #expect(without.revocationClass == "urgent")
        let even = try SampleTexts.makeRoster(
            replacing: "class: revocation\nthreshold: 1", with: "class: urgent\nthreshold: 2")
        #expect(even.revocationClass == "elevated")
    }
}
