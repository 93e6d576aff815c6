// SPDX-License-Identifier: Apache-2.0
import PIVCardSupport
import TestSupport
import Testing

@Suite("A PIV card at the command line")
struct CardCommandTests {
    private static let name = "token \"YubiKey PIV #12345678\" (serial \"12345678\")"

    @Test("a card is listed with its reader, its tries, its keys and whose they are")
    func list() throws {
        let table = try CardTable()
        try table.generate()
        try table.card.clearLog()
        let listed = try table.bench.run("conclave token list")
        let key = try table.bench.fingerprint("users.pub")
        let lines = [
            "readers",
            "  piv:token=YubiKey%20PIV%20%2312345678;manufacturer=Yubico;serial=12345678;model=YubiKey",
            "    in \"\(PIVCardReaders.readerNames[0])\"", "    firmware 5.4.3",
            "    PIN tries: 3 of 3 tries left",
            "    the management key is still the one from the factory",
            "    key \(key) (ecdsa-p256) \"slot 9c\"",
            "  in \"\(PIVCardReaders.readerNames[1])\": empty",
        ]
        for line in lines { #expect(listed.lines.contains(line), "\(line)\n\(listed.output)") }
        #expect(try table.pins().isEmpty)
    }

    @Test("a key is made with the policies asked for, and its attestation verified and recorded")
    func generate() throws {
        let table = try CardTable()
        let made = try table.generate(
            kind: "ecdsa-p384",
            "--slot 82 --pin-policy once --touch-policy never --root $ROOT")
        let attested =
            "slot=82 firmware=5.4.3 serial=12345678 pin-policy=once touch-policy=never "
            + "fips=false cspn=false"
        for line in [
            "made on \(Self.name)", "  a test signature was made and verified",
            "  the card says: origin=generated pin-policy=once touch-policy=never",
            "  attestation: verified up to a root that the policy names: \(attested)",
        ] { #expect(made.lines.contains(line), "\(line)\n\(made.output)") }
        let text = try table.bench.text("users.token")
        #expect(text.value(after: "module: ") == "pcsc")
        #expect(text.value(after: "firmware: ") == "5.4.3")
        #expect(text.value(after: "attestation: ") == "verified")
        // The certificates are those that openssl verifies.
        try table.bench.run(
            """
            conclave token attest --token piv: --key users.pub --root $ROOT --output chain.pem
            sed '1,/END/d' chain.pem >rest.pem
            openssl verify -no_check_time -CAfile $ROOT -partial_chain -untrusted rest.pem chain.pem
            """)
        let again = try table.refuseWithoutTry(
            "conclave token attest --token piv: --key users.pub --root $ROOT --output chain.pem")
        #expect(again.errors == "conclave: open \"chain.pem\": File exists\n")
        let taken = try table.bench.refuse(
            1, CardTable.generation("other", "ecdsa-p256", "--slot 82"))
        #expect(taken.errors.contains("slot 82 of \(Self.name) holds the key "))
        #expect(taken.errors.contains("(TOKEN-SLOT-TAKEN)"))
        #expect(try !table.bench.files(in: ".").contains("other.pub"))
    }

    @Test("an attestation that leads to no known root is shown and refused")
    func unknownRoot() throws {
        let table = try CardTable()
        try table.generate()
        let refused = try table.refuseWithoutTry(
            "conclave token attest --token piv: --slot 9c", status: 3)
        #expect(refused.lines.contains("  attestation: NOT verified"))
        #expect(refused.errors.contains("leads to no root that is pinned"))
        #expect(refused.errors.hasSuffix("(TOKEN-ATTESTATION)\n"))
        try table.card.quirk("no-attestation", "on")
        let none = try table.refuseWithoutTry(
            "conclave token attest --token piv: --slot 9c", status: 4)
        #expect(none.output.contains("attests nothing of key "))
        let empty = try table.refuseWithoutTry("conclave token attest --token piv: --slot 9a")
        #expect(empty.errors == "conclave: \(Self.name) holds no key in slot 9a (TOKEN-KEY-NONE)\n")
    }

    @Test("a file that holds no certificate is no root", arguments: ["--root", "--intermediate"])
    func noCertificate(option: String) throws {
        let bench = try Workbench()
        let refused = try bench.refuse(
            3, "echo x >x.pem; conclave token attest --token piv: \(option) x.pem")
        #expect(refused.errors.hasPrefix("conclave: \"x.pem\": "))
        #expect(refused.errors.hasSuffix("(TOKEN-ATTESTATION)\n"), "\(refused.errors)")
    }

    @Test("what a card has not is refused before it is asked for anything")
    func usage() throws {
        let bench = try Workbench()
        for line in [
            "token generate --token pkcs11: --slot 9c --kind ed25519 --label x --output x",
            "token generate --token piv: --slot f9 --kind ed25519 --label x --output x",
            "token generate --token piv: --touch-policy often --kind ed25519 --label x --output x",
            "token generate --token piv: --pin-policy often --kind ed25519 --label x --output x",
            "token attest --token piv: --slot 9c --key x.pub", "token list --only",
            "token list --time-limit 0", "token bench --count 0",
            "token doctor --signatures 100001",
        ] {
            let refused = try bench.refuse(64, "conclave \(line)")
            #expect(refused.errors.hasPrefix("conclave: "), "\(line): \(refused.errors)")
        }
    }

    @Test("how fast the card signs is measured, and how long a batch takes told")
    func bench() throws {
        let table = try CardTable()
        try table.generate()
        let measured = try table.bench.run(
            "conclave token bench --token piv: --count 20 --batch 50 --pin-fd 3 3<card-pin")
        #expect(measured.lines.contains { $0.hasPrefix("signatures  20 in ") })
        #expect(measured.lines.contains { $0.hasPrefix("a batch of 50 certificates takes about ") })
        let json = try table.bench.run(
            "conclave token bench --token piv: --count 3 --json --pin-fd 3 3<card-pin")
        #expect(json.output.contains("\"signatures\":3,"))
    }

    @Test("the doctor looks at everything, and its exit status tells whether something failed")
    func doctor() throws {
        let table = try CardTable()
        try table.generate("users", "--slot 9c --pin-policy once")
        let line =
            "conclave token doctor --token piv: --signatures 5 --root $ROOT --pin-fd 3 3<card-pin"
        let ill = try table.bench.refuse(1, line)
        let key = try table.bench.fingerprint("users.pub")
        for line in [
            "ok    pcscd: it runs", "ok    token: \(Self.name) is there",
            "ok    PIN tries: 3 of 3 tries left", "ok    firmware: YubiKey 5.4.3",
            "ok    login: the PIN was taken", "ok    key \(key): ecdsa-p256, fit as a CA key",
            "ok    attestation of \(key): verified up to a root that the policy names",
            "FAIL  secrets from the factory: still in use: PIN, PUK, management key; to do: "
                + "change what everybody knows before the key is made",
        ] { #expect(ill.lines.contains(line), "\(line)\n\(ill.output)") }
        #expect(
            ill.lines.contains {
                $0.hasPrefix("ok    signatures by \(key): 5 in a row, each verified")
            })
        #expect(ill.lines.contains { $0.hasPrefix("warn  advisory on \(key): YSA-2024-03 ") })
        // Without those from the factory nothing fails.
        try table.bench.run(
            """
            yubico-piv-tool -r Yubi -a change-pin -P 123456 -N 654321 >/dev/null
            yubico-piv-tool -r Yubi -a change-puk -P 12345678 -N 87654321 >/dev/null
            yubico-piv-tool -r Yubi -a set-mgm-key -n \(String(repeating: "a1b2c3d4", count: 6)) >/dev/null
            echo 654321 >card-pin
            """)
        let well = try table.bench.run(line)
        #expect(well.lines.contains("ok    secrets from the factory: none is in use"))
        #expect(!well.output.contains("FAIL"))
        let seen = try table.bench.run("conclave token doctor --token piv: --without-pin --json")
        #expect(seen.output.hasPrefix("{\"checks\":[{\"state\":\"ok\",\"subject\":\"pcscd\","))
    }

    @Test("a touch that the key wants is asked for at once, by the card's name")
    func touch() throws {
        let table = try CardTable()
        try table.card.send("touch auto 300")
        try table.generate("users", "--slot 9c --touch-policy always --pin-policy once")
        let measured = try table.bench.run(
            "conclave token bench --token piv: --count 2 --pin-fd 3 3<card-pin")
        #expect(measured.errors.contains("TOUCH \(Self.name) now: "), "\(measured.errors)")
        #expect(measured.output.contains("the key wants a touch for each signature"))
        // On a terminal it is one line, written over and cleared at the end.
        try table.bench.run(
            """
            script -qfec "conclave token bench --token piv: --count 1 --pin-fd 3 3<card-pin" screen \\
                >/dev/null </dev/null
            """)
        let screen = try table.bench.text("screen")
        #expect(screen.contains("\r\u{1B}[KTOUCH \(Self.name) now: "))
        #expect(screen.contains("s left\r\u{1B}[K"))
        // Nobody touches: the signature is refused, and nothing hangs.
        try table.card.send("touch limit 200")
        try table.card.send("touch never")
        let untouched = try table.bench.refuse(
            1, "conclave token bench --token piv: --count 1 --pin-fd 3 3<card-pin")
        #expect(untouched.errors.contains("(TOKEN-"), "\(untouched.errors)")
    }

    @Test(
        "what a policy demands is asked of the card, and what breaks it is refused before a key is")
    func policy() throws {
        let table = try CardTable()
        var plan = HomePlan()
        let digest = try table.bench.run(
            "openssl x509 -in $ROOT -noout -pubkey | openssl pkey -pubin -outform DER | sha256sum"
        ).output.prefix(64)
        plan.tokens =
            "{attestation: required, roots: [\(digest)], pin-policies: [once], "
            + "touch-policies: [never], ca-key-kinds: [ecdsa-p384]}"
        try table.bench.directory.write("policy.yaml", plan.policy)
        let policy = "--slot 9c --policy policy.yaml --root $ROOT"
        let kind = try table.refuseWithoutTry(
            CardTable.generation("users", "ecdsa-p256", policy), status: 3)
        #expect(
            kind.errors
                == "conclave: key \"users\": CA key kind ecdsa-p256 is not one of the policy's: "
                + "ecdsa-p384 (TOKEN-KEY-KIND)\n")
        let use = try table.refuseWithoutTry(
            CardTable.generation(
                "users", "ecdsa-p384", policy + " --pin-policy always --touch-policy cached"),
            status: 3)
        #expect(
            use.errors == """
                conclave: key "users": PIN policy always is not one of the policy's: once (TOKEN-USE)
                conclave: key "users": touch policy cached is not one of the policy's: never (TOKEN-USE)

                """)
        let made = try table.generate("users", kind: "ecdsa-p384", policy)
        #expect(
            made.lines.contains(
                "  the card says: origin=generated pin-policy=once touch-policy=never"))
        // A card that attests another key keeps its own, and no file says that it is a CA key.
        try table.card.quirk("attestation", "other-key")
        let refused = try table.bench.refuse(
            3, CardTable.generation("hosts", "ecdsa-p384", policy.replacing("9c", with: "9a")))
        #expect(refused.errors.contains("(TOKEN-ATTESTATION)"), "\(refused.errors)")
        #expect(
            refused.errors.contains(
                "the key stays on \(Self.name) and is not fit for this policy; no file was written"),
            "\(refused.errors)")
        #expect(try !table.bench.files(in: ".").contains { $0.hasPrefix("hosts.") })
    }

    @Test("the doctor of a token behind a module, which tells less, fails nothing")
    func moduleDoctor() throws {
        let bench = try Workbench.founded()
        let line =
            "conclave token doctor --module $MODULE --token pkcs11:token=demo --home ca "
            + "--signatures 10 --pin-fd 3 3<pin"
        let well = try bench.run(line)
        for opening in [
            "ok    module \(Programs.softHSM): ", "ok    token: token \"demo\"",
            "ok    PIN tries: the token reports no failed try",
            "warn  secrets from the factory: the token does not tell; none was tried",
            "ok    home: it holds the CA key of users@example.org (", "ok    login: ",
            "ok    signatures by \(try bench.fingerprint("users.pub")): 10 in a row",
            "ok    signatures by \(try bench.fingerprint("hosts.pub")): 10 in a row",
        ] {
            #expect(well.lines.contains { $0.hasPrefix(opening) }, "\(opening)\n\(well.output)")
        }
        try bench.makeToken("stranger")
        let ill = try bench.refuse(1, line.replacing("token=demo", with: "token=stranger"))
        #expect(
            ill.lines.contains {
                $0.hasPrefix("FAIL  home: the home knows neither the token nor a key on it")
            }, "\(ill.output)")
        let crashing = try bench.compileModule(
            "crash", "__attribute__((constructor)) static void f(void) { *(volatile int *)0 = 1; }")
        let crashed = try bench.refuse(1, "conclave token doctor --module $PWD/\(crashing)")
        #expect(crashed.lines.first?.contains("(TOKEN-MODULE-CRASHED); to do: ") == true)
    }
}
