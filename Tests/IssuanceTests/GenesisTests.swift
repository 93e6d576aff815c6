// SPDX-License-Identifier: Apache-2.0
import Documents
import HomeSupport
import Issuance
import SSHCrypto
import SSHFormats
import Testing

@Suite("The genesis")
struct GenesisTests {
    private let policy: Policy
    private let roster: Roster
    private let users: Genesis.AuthorityKey
    private let hosts: Genesis.AuthorityKey

    init() throws {
        policy = try SampleTexts.makePolicy()
        roster = try SampleTexts.makeRoster()
        users = Genesis.AuthorityKey(
            authority: "users@example.org", publicKey: try SoftwareKey("users-ca").publicKey,
            token: "pkcs11:token=users")
        hosts = Genesis.AuthorityKey(
            authority: "hosts@example.org", publicKey: try SoftwareKey("hosts-ca").publicKey,
            token: "pkcs11:token=hosts")
    }

    private func genesis(_ keys: [Genesis.AuthorityKey]) throws -> Genesis {
        Genesis(
            created: try time("2026-11-22T08:00:00Z"), policy: policy.digest,
            roster: roster.digest, tool: "conclave test", keys: keys)
    }

    private func faults(_ keys: [Genesis.AuthorityKey]) throws -> [String]? {
        try violations { try genesis(keys).check(policy: policy, roster: roster) }
    }

    private func key(
        _ name: String, authority: String = "users@example.org"
    ) throws -> Genesis.AuthorityKey {
        Genesis.AuthorityKey(
            authority: authority, publicKey: try SoftwareKey(name).publicKey, token: "pkcs11:")
    }

    // MARK: - The text

    @Test("a genesis reads back as it was written, and its digest is the home's identity")
    func roundTrip() throws {
        let genesis = try genesis([users, hosts])
        let text = """
            conclave-genesis: v1
            created: 2026-11-22T08:00:00Z
            policy: \(policy.digest.hex)
            roster: \(roster.digest.hex)
            tool: conclave test

            authority: users@example.org
            ca-key: \(users.publicKey.line)
            token: pkcs11:token=users

            authority: hosts@example.org
            ca-key: \(hosts.publicKey.line)
            token: pkcs11:token=hosts

            """
        #expect(genesis.text == Array(text.utf8))
        #expect(genesis.id == SHA256Digest(hashing: Array(text.utf8)))
        #expect(try Genesis(text: genesis.text) == genesis)
    }

    @Test("a genesis names the further tokens of a key, and how it came there")
    func copies() throws {
        let copy = KeyCopy(token: "pkcs11:token=users-2", origin: "wrapped backup, safe B")
        func key(_ copies: KeyCopy...) -> Genesis.AuthorityKey {
            Genesis.AuthorityKey(
                authority: users.authority, publicKey: users.publicKey, token: users.token,
                copies: copies)
        }
        let genesis = try genesis([key(copy), hosts])
        let text = String(decoding: genesis.text, as: UTF8.self)
        #expect(
            text.contains(
                "token: pkcs11:token=users\ncopy: pkcs11:token=users-2 wrapped backup, safe B\n"))
        #expect(try Genesis(text: genesis.text) == genesis)
        #expect(try faults([key(copy), hosts]) == nil)
        #expect(
            try faults([key(copy, KeyCopy(token: users.token, origin: "x")), hosts]) == [
                "CA key \(users.publicKey.fingerprint) has a copy on \"pkcs11:token=users\", which "
                    + "stands there already (GENESIS-TEXT)"
            ])
        #expect(try faults([key(copy, copy), hosts])?.count == 1)
        for bad in ["pkcs11:token=users-2", "token backup", "pkcs11:x  y"] {
            let altered = SampleTexts.replace(copy.text, with: bad, in: text)
            #expect(
                try violations { try Genesis(text: Array(altered.utf8)) } == [
                    "line 10: copy \"\(bad)\" is not a token, a space, and how the key came there "
                        + "(DOC-VALUE)"
                ])
        }
    }

    @Test("a genesis in another form than its own is refused")
    func canonical() throws {
        let text = String(decoding: try genesis([users, hosts]).text, as: UTF8.self)
        let commented = text.replacing(users.publicKey.line, with: users.publicKey.line + " ca")
        let swapped = text.replacing(
            "authority: users@example.org\nca-key: \(users.publicKey.line)",
            with: "ca-key: \(users.publicKey.line)\nauthority: users@example.org")
        for changed in [commented, swapped] {
            #expect(
                try violations { try Genesis(text: Array(changed.utf8)) }
                    == ["the genesis is not in canonical form (DOC-CANONICAL)"])
        }
    }

    @Test("the faults of all parts of a genesis are told at once")
    func badText() throws {
        let text = String(decoding: try genesis([users, hosts]).text, as: UTF8.self)
            .replacing("created: 2026-11-22T08:00:00Z", with: "created: today")
            .replacing("token: pkcs11:token=hosts\n", with: "")
        #expect(
            try violations { try Genesis(text: Array(text.utf8)) } == [
                "line 2: created \"today\" is not a time such as 2026-11-22T15:30:00Z (DOC-VALUE)",
                "line 11: field \"token\" is missing (DOC-MISSING)",
            ])
    }

    // MARK: - Its parts

    @Test("policy, roster and keys that belong together are taken")
    func sound() throws {
        #expect(try faults([users, hosts]) == nil)
        #expect(try faults([users, hosts, key("users-ca-2")]) == nil)
    }

    @Test("policy and roster are those that the genesis names")
    func digests() throws {
        let genesis = try genesis([users, hosts])
        let otherPolicy = try SampleTexts.makePolicy(replacing: "7d", with: "6d")
        let otherRoster = try SampleTexts.makeRoster(replacing: "Wim", with: "Wilma")
        #expect(
            try violations { try genesis.check(policy: otherPolicy, roster: otherRoster) } == [
                "the policy is not the one it names (GENESIS-TEXT)",
                "the roster is not the one it names (GENESIS-TEXT)",
            ])
    }

    @Test("each authority has a key, and each key an authority")
    func authorities() throws {
        #expect(
            try faults([users, key("other-ca", authority: "guests@example.org")]) == [
                "authority \"hosts@example.org\" has no CA key (GENESIS-TEXT)",
                "authority \"guests@example.org\" is not in the policy (GENESIS-TEXT)",
            ])
    }

    @Test("a CA key stands there once, whatever the authority")
    func keyTwice() throws {
        let shared = Genesis.AuthorityKey(
            authority: "hosts@example.org", publicKey: users.publicKey, token: "pkcs11:")
        #expect(
            try faults([users, shared])
                == ["CA key \(users.publicKey.fingerprint) stands there twice (GENESIS-TEXT)"])
    }

    @Test("no officer and no witness holds a CA key", arguments: ["olivia-spare", "wim"])
    func personsKey(name: String) throws {
        let person = name == "wim" ? "Wim Peeters" : "Olivia Lind"
        let own = try key(name)
        #expect(
            try faults([own, hosts])
                == ["CA key \(own.publicKey.fingerprint) is a key of \(person) (GENESIS-TEXT)"])
    }

    @Test("a FIDO key is no CA key, and neither is a broken one")
    func badKeys() throws {
        let token = Genesis.AuthorityKey(
            authority: "users@example.org",
            publicKey: try SoftwareKey(securityKey: "ca").publicKey, token: "pkcs11:")
        #expect(
            try faults([token, hosts])
                == ["CA key \(token.publicKey.fingerprint) is a FIDO key (GENESIS-TEXT)"])
        let zero = Genesis.AuthorityKey(
            authority: "users@example.org",
            publicKey: try PublicKey(.ed25519([UInt8](repeating: 0, count: 32))),
            token: "pkcs11:")
        #expect(try faults([zero, hosts])?.count == 1)
    }

    @Test("each risk class of the policy has a threshold in the roster")
    func classes() throws {
        let other = try SampleTexts.makeRoster(replacing: "class: elevated", with: "class: high")
        let genesis = Genesis(
            created: try time("2026-11-22T08:00:00Z"), policy: policy.digest,
            roster: other.digest, tool: "t", keys: [users, hosts])
        #expect(
            try violations { try genesis.check(policy: policy, roster: other) } == [
                "profile \"admins\" is of class \"elevated\", for which the roster sets no "
                    + "threshold (GENESIS-TEXT)"
            ])
    }

    // MARK: - Its signatures

    @Test("every officer signs; who has not is named, and two keys of one person are one person")
    func signatures() throws {
        let genesis = try genesis([users, hosts])
        func seal(_ name: String) throws -> [UInt8] {
            try SoftwareKey(name).seal(genesis.text, namespace: Genesis.namespace)
        }
        #expect(
            try genesis.missingOfficers(signatures: [], roster: roster)
                == ["Olivia Lind", "Pavel Nov\u{E1}k", "Quinn Okafor"])
        let two = try [seal("olivia"), seal("olivia-spare"), seal("quinn")]
        #expect(
            try genesis.missingOfficers(signatures: two, roster: roster) == ["Pavel Nov\u{E1}k"])
        let all = try two + [seal("pavel")]
        #expect(try genesis.missingOfficers(signatures: all, roster: roster) == [])
    }

    @Test("a signature by a witness or a stranger is refused", arguments: ["wim", "mallory"])
    func strangers(name: String) throws {
        let genesis = try genesis([users, hosts])
        let key = try SoftwareKey(name)
        let seal = try key.seal(genesis.text, namespace: Genesis.namespace)
        #expect(
            try violations { try genesis.missingOfficers(signatures: [seal], roster: roster) } == [
                "key \(key.publicKey.fingerprint) belongs to no officer on the roster "
                    + "(GENESIS-SIGNATURE)"
            ])
    }

    @Test("a signature over another text or for another purpose is refused")
    func wrongSignatures() throws {
        let genesis = try genesis([users, hosts])
        let olivia = try SoftwareKey("olivia")
        let other = try olivia.seal(Array("x".utf8), namespace: Genesis.namespace)
        #expect(
            try violations { try genesis.missingOfficers(signatures: [other], roster: roster) } == [
                "the signature by \(olivia.publicKey.fingerprint) does not hold over the genesis: "
                    + "signature does not verify (APPROVAL-SIGNATURE)"
            ])
        let purpose = try olivia.seal(genesis.text, namespace: BatchManifest.namespace)
        #expect(
            try violations { try genesis.missingOfficers(signatures: [purpose], roster: roster) }
                == [
                    "the signature was made for \"conclave-batch-v1\", not for "
                        + "\"conclave-genesis-v1\" (APPROVAL-SIGNATURE)"
                ])
    }
}
