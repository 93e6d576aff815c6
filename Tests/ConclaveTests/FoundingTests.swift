// SPDX-License-Identifier: Apache-2.0
import TestSupport
import Testing

@Suite("Founding a home")
struct FoundingTests {
    private let bench: Workbench
    private static let draft =
        "conclave init --home ca --policy policy.yaml --roster roster.yaml "
        + "--ca-key users@example.org=users.token --ca-key hosts@example.org=hosts.token"

    init() throws {
        bench = try Workbench()
        try bench.makeToken("demo")
        try bench.draftHome(HomePlan())
    }

    @Test("the home is there with the last officer's signature, made here or by ssh-keygen")
    func signatures() throws {
        let first = try bench.run("conclave init --home ca --key officers/olivia")
        #expect(first.output == "signed by olivia\nstill to sign: pierre, quinn\n")
        let again = try bench.run("conclave init --home ca --key officers/olivia")
        #expect(again.output == first.output)
        try bench.refuse(1, "conclave batch list --home ca")
        let second = try bench.run(
            """
            ssh-keygen -q -Y sign -f officers/pierre -n conclave-genesis-v1 ca.genesis/genesis.txt
            conclave init --home ca --signature ca.genesis/genesis.txt.sig
            """)
        #expect(second.output == "signed by pierre\nstill to sign: quinn\n")
        let last = try bench.run("conclave init --home ca --key officers/quinn")
        let id = try bench.run("sha256sum ca.genesis/genesis.txt").output.prefix { $0 != " " }
        #expect(
            last.lines[1...2] == [
                "every officer has signed; the home is made: ca", "identity:    \(id)",
            ])
        try bench.run("conclave ledger verify --home ca")

        for line in ["conclave init --home ca --key officers/quinn", Self.draft] {
            #expect(
                try bench.refuse(1, line).errors == "conclave: there is a home at \"ca\" already\n")
        }
    }

    @Test("a draft shows the CA keys, and which authority has no spare")
    func keysShown() throws {
        try bench.makeAuthorityKey("ed25519", "spare")
        let drafted = try bench.run(
            Self.draft.replacing("--home ca", with: "--home other")
                + " --ca-key users@example.org=spare.token"
        ).lines
        let keys = try ["users", "spare", "hosts"].map { try bench.fingerprint("\($0).pub") }
        let shown = drafted.drop { !$0.hasPrefix("CA keys of") }
            .filter { !$0.hasPrefix("    on ") }.prefix(6)
        #expect(
            Array(shown) == [
                "CA keys of users@example.org:", "  \(keys[0]) (ecdsa-p256)",
                "  \(keys[1]) (ed25519)", "CA keys of hosts@example.org:",
                "  \(keys[2]) (ed25519)",
                "    (the only one: without a spare, this authority ends with its token)",
            ])
    }

    @Test("a stranger, a witness, another text and another namespace do not sign a genesis")
    func refusedSignatures() throws {
        for key in ["officers/wim", "eve"] {
            if key == "eve" { try bench.makeKey("eve") }
            let stranger = try bench.refuse(3, "conclave init --home ca --key \(key)")
            #expect(
                stranger.errors == """
                    conclave: key \(try bench.fingerprint("\(key).pub")) belongs to no officer on the roster (GENESIS-SIGNATURE)
                      hint: sign with a key that the roster lists for an officer

                    """)
        }
        let other = try bench.refuse(
            3,
            """
            ssh-keygen -q -Y sign -f officers/olivia -n conclave-genesis-v1 policy.yaml
            conclave init --home ca --signature policy.yaml.sig
            """)
        #expect(
            other.errors.contains(
                "does not hold over the genesis: signature does not verify (APPROVAL-SIGNATURE)\n"))
        let namespace = try bench.refuse(
            3,
            """
            cp ca.genesis/genesis.txt text
            ssh-keygen -q -Y sign -f officers/olivia -n file text
            conclave init --home ca --signature text.sig
            """)
        #expect(
            namespace.errors.hasPrefix(
                "conclave: the signature was made for \"file\", not for \"conclave-genesis-v1\" (APPROVAL-SIGNATURE)\n"
            ))
        #expect(
            try bench.files(in: "ca.genesis")
                == ["genesis.txt", "lock", "policy.txt", "roster.txt"])
    }

    @Test("a draft whose texts were altered is not signed")
    func alteredDraft() throws {
        let refused = try bench.refuse(
            3,
            "sed -i s/30d/90d/ ca.genesis/policy.txt; conclave init --home ca --key officers/olivia"
        )
        #expect(
            refused.errors == "conclave: the policy is not the one it names (GENESIS-TEXT)\n")
    }

    @Test("a home is drafted once; the draft is removed by hand to begin again")
    func draftedOnce() throws {
        #expect(
            try bench.refuse(1, Self.draft).errors
                == """
                conclave: there is a draft at "ca.genesis" already
                  hint: have it signed, or remove it to begin again

                """)
        try bench.run("rm -r ca.genesis; \(Self.draft)")
    }

    @Test("a draft that was interrupted before its genesis was written is made by the same command")
    func interruptedDraft() throws {
        try bench.run(
            """
            rm ca.genesis/genesis.txt ca.genesis/roster.txt
            echo cut >ca.genesis/policy.txt
            touch ca.genesis/.conclave-1-0.tmp
            \(Self.draft)
            for name in olivia pierre quinn; do conclave init --home ca --key officers/$name; done
            """)
        #expect(try bench.files(in: "ca.genesis").filter { $0.hasSuffix(".tmp") } == [])
    }

    @Test("a slash after the home's name is no part of it")
    func slash() throws {
        try bench.run("rm -r ca.genesis; \(Self.draft.replacing("--home ca", with: "--home ca//"))")
        for name in ["olivia", "pierre", "quinn"] {
            try bench.run("conclave init --home ca/ --key officers/\(name)")
        }
        try bench.run("conclave ledger verify --home ca/")
    }

    @Test("mistakes in policy and roster are told with line and column, all of them")
    func mistakes() throws {
        try bench.run("rm -r ca.genesis")
        let mistaken = try bench.refuse(
            3,
            """
            sed -i -e 's/^  lifetime: 7d/  lifetime: soon/' -e 's/class: routine/clas: routine/' policy.yaml
            \(Self.draft)
            """)
        #expect(mistaken.errors.hasPrefix("conclave: policy.yaml:3:13: "), "\(mistaken.errors)")
        #expect(mistaken.errors.contains("\"clas\" is not known here (CONFIG-KEY)\n"))
        #expect(try bench.directory.names().contains("ca.genesis") == false)
    }

    @Test("a threshold of all officers is refused: the loss of one key would stop everything")
    func threshold() throws {
        let refused = try bench.refuse(
            3,
            "rm -r ca.genesis; sed -i 's/routine: 2/routine: 3/' roster.yaml; \(Self.draft)")
        #expect(refused.errors.contains("(ROSTER-THRESHOLD)\n"), "\(refused.errors)")
        #expect(refused.errors.hasPrefix("conclave: roster.yaml:"), "\(refused.errors)")
    }

    @Test("CA keys that are missing, unknown, twice there or an officer's are refused")
    func authorityKeys() throws {
        try bench.run("rm -r ca.genesis")
        let init0 = "conclave init --home ca --policy policy.yaml --roster roster.yaml"
        let users = "--ca-key users@example.org=users.token"
        for (options, text) in [
            (users, "authority \"hosts@example.org\" has no CA key (GENESIS-TEXT)"),
            (
                "\(users) --ca-key hosts@example.org=users.token",
                "CA key \(try bench.fingerprint("users.pub")) stands there twice (GENESIS-TEXT)"
            ),
            (
                "\(users) --ca-key hosts@example.org=hosts.token --ca-key more@example.org=hosts.token",
                "authority \"more@example.org\" is not in the policy (GENESIS-TEXT)"
            ),
        ] {
            let refused = try bench.refuse(3, "\(init0) \(options)")
            #expect(refused.errors.contains("conclave: \(text)\n"), "\(refused.errors)")
        }
        let officers = try bench.refuse(
            3,
            """
            key=$(cut -d ' ' -f 1,2 officers/olivia.pub)
            sed "s|^public-key: .*|public-key: $key|" users.token >olivias.token
            \(init0) --ca-key users@example.org=olivias.token --ca-key hosts@example.org=hosts.token
            """)
        #expect(
            officers.errors
                == "conclave: CA key \(try bench.fingerprint("officers/olivia.pub")) is a key of olivia (GENESIS-TEXT)\n"
        )
        try bench.refuse(64, "\(init0) --ca-key users.token")
        try bench.refuse(3, "\(init0) --ca-key users@example.org=users.pub")
        try bench.refuse(1, "\(init0) --ca-key users@example.org=nowhere.token")
        #expect(try bench.directory.names().contains("ca.genesis") == false)
    }
}
