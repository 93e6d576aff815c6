// SPDX-License-Identifier: Apache-2.0
import PIVCardSupport
import TestSupport
import Testing

@Suite("A PIV card that is not as it must be")
struct CardFaultTests {
    private static let name = "token \"YubiKey PIV #12345678\" (serial \"12345678\")"
    private static let bench =
        "conclave token bench --token piv:serial=12345678 --count 1 --pin-fd 3"

    @Test("no service, no reader, no card, another card")
    func absent() throws {
        let table = try CardTable([PIVCardSettings(isInserted: false)])
        let none = try table.bench.refuse(1, "\(Self.bench) 3<card-pin")
        #expect(none.errors.hasPrefix("conclave: no "), "\(none.errors)")
        #expect(none.errors.contains("(TOKEN-NONE)"), "\(none.errors)")
        try table.card.insert()
        try table.readers.awaitSeen(table.card)
        let other = try table.refuseWithoutTry(
            "conclave token bench --token piv:serial=999 --pin-fd 3 3<card-pin")
        #expect(other.errors.contains(Self.name), "\(other.errors)")
        #expect(other.errors.contains("(TOKEN-WRONG)"), "\(other.errors)")
        try table.readers.stopService()
        let stopped = try table.bench.refuse(1, "\(Self.bench) 3<card-pin")
        #expect(
            stopped.errors.hasPrefix("conclave: the service for smart cards, pcscd, does not run"))
        #expect(stopped.errors.contains("(TOKEN-SERVICE-NONE)\n  hint: start it: "))
        let listed = try table.bench.attempt("conclave token list")
        #expect(listed.output.contains("(TOKEN-SERVICE-NONE)"))
        #expect(listed.output.contains("module \(Programs.softHSM): "))
    }

    @Test("a service without a reader")
    func noReader() throws {
        let bench = try Workbench()
        let refused = try bench.run(
            """
            mkdir empty
            cat >room.sh <<'E'
            /usr/sbin/pcscd --foreground -c "$PWD/empty" >/dev/null 2>&1 </dev/null &
            while ! [ -S /run/pcscd/pcscd.comm ]; do kill -0 $! || exit 98; sleep 0.05; done
            unset PCSCLITE_CSOCK_NAME
            conclave token show --token piv: && exit 97
            conclave token doctor --token piv: && exit 96
            exit 0
            E
            $SOURCES/Tests/Support/room.sh sh room.sh
            """)
        #expect(refused.errors.contains("(TOKEN-READER-NONE)"), "\(refused.all)")
        #expect(refused.lines.contains { $0.hasPrefix("FAIL  reader: ") }, "\(refused.all)")
    }

    @Test("a PIN of the wrong length or not of ASCII, and none, cost no try and never reach it")
    func unfitPIN() throws {
        let table = try CardTable()
        try table.generate()
        for (pin, rule) in [
            ("97531", "TOKEN-PIN-LENGTH"), ("975310246", "TOKEN-PIN-LENGTH"),
            ("97531é", "TOKEN-PIN-UNAVAILABLE"), ("", "TOKEN-PIN-UNAVAILABLE"),
        ] {
            try table.bench.directory.write("odd", pin + "\n")
            let refused = try table.refuseWithoutTry("\(Self.bench) 3<odd")
            #expect(refused.errors.contains("(\(rule))"), "\(refused.errors)")
            #expect(pin.isEmpty || !refused.errors.contains(pin))
        }
    }

    @Test("a wrong PIN costs one try; the last is kept back, and a locked card is not asked")
    func wrongPIN() throws {
        let table = try CardTable()
        try table.generate()
        try table.bench.run("echo 999999 >wrong")
        for left in [2, 1] {
            let wrong = try table.bench.refuse(1, "\(Self.bench) 3<wrong")
            #expect(try table.card.tries().pin == left)
            #expect(
                wrong.errors.hasPrefix(
                    "conclave: \(Self.name): the PIN is incorrect, \(left) "), "\(wrong.errors)")
            #expect(wrong.errors.contains("(TOKEN-PIN-INCORRECT)"))
        }
        let last = try table.refuseWithoutTry("\(Self.bench) 3<card-pin")
        #expect(
            last.errors == """
                conclave: the PIN of \(Self.name) was not tried, one try left (TOKEN-PIN-LAST-TRY)
                  hint: one more wrong PIN locks the token; give --last-try only if sure

                """)
        let ill = try table.bench.refuse(1, "conclave token doctor --token piv: --without-pin")
        #expect(ill.lines.contains { $0.hasPrefix("FAIL  PIN tries: 1 of 3 tries left; to do: ") })
        // The right one gives back all of them.
        try table.bench.run("\(Self.bench) --last-try 3<card-pin")
        #expect(try table.card.tries().pin == 3)
        for _ in 0..<2 { try table.bench.refuse(1, "\(Self.bench) 3<wrong") }
        let locking = try table.bench.refuse(1, "\(Self.bench) --last-try 3<wrong")
        #expect(locking.errors.contains("(TOKEN-PIN-LOCKED)"), "\(locking.errors)")
        #expect(try table.card.tries().pin == 0)
        for options in ["", "--last-try"] {
            let locked = try table.refuseWithoutTry("\(Self.bench) \(options) 3<card-pin")
            #expect(locked.errors.hasPrefix("conclave: the PIN of \(Self.name) is locked"))
            #expect(locked.errors.contains("(TOKEN-PIN-LOCKED)\n  hint: "))
        }
    }

    @Test("at a terminal the PIN is asked for by the card's name, with the tries that are left")
    func prompt() throws {
        let table = try CardTable()
        try table.generate()
        try table.bench.run("echo 999999 >wrong")
        try table.bench.refuse(1, "\(Self.bench) 3<wrong")
        try table.bench.run(
            """
            mkfifo keys
            script -qfec "conclave token bench --token piv: --count 1" screen <keys >/dev/null &
            terminal=$!
            exec 3>keys
            while ! grep -qs 'PIN for' screen; do kill -0 $terminal; sleep 0.05; done
            cat card-pin >&3
            exec 3>&-
            wait $terminal
            """)
        let screen = try table.bench.text("screen")
        #expect(screen.contains("PIN for \(Self.name), 2 of 3 tries left: "))
        #expect(!screen.contains("123456\n"))
    }

    @Test("a management key that is not the card's, or is none; that of the factory is never tried")
    func managementKey() throws {
        let table = try CardTable()
        try table.bench.run("echo \(String(repeating: "ff", count: 24)) >other-key; echo xyz >none")
        let line = CardTable.generation("users", "ecdsa-p256", "--slot 9c")
        let other = try table.bench.refuse(
            1, line.replacing("4<management-key", with: "4<other-key"))
        #expect(other.errors.contains("(TOKEN-MANAGEMENT-KEY)"), "\(other.errors)")
        let none = try table.bench.refuse(1, line.replacing("4<management-key", with: "4<none"))
        #expect(none.errors.contains("(TOKEN-PIN-UNAVAILABLE)"), "\(none.errors)")
        #expect(!none.errors.contains("xyz"))
        let silent = try table.bench.refuse(
            1, "setsid -w " + line.replacing("--management-key-fd 4", with: "") + " </dev/null")
        #expect(silent.errors.contains("no terminal to ask for the PIN"), "\(silent.errors)")
        #expect(try !table.bench.files(in: ".").contains("users.pub"))
    }

    @Test("a kind of key that the card does not make, and a key that it does not hold")
    func keys() throws {
        let table = try CardTable()
        for kind in ["ecdsa-p521", "ed25519"] {
            let refused = try table.bench.refuse(
                1, CardTable.generation("users", kind, "--slot 9c"))
            #expect(refused.errors.contains("(TOKEN-UNSUPPORTED)"), "\(refused.errors)")
        }
        try table.generate()
        try table.bench.makeKey("other")
        let absent = try table.refuseWithoutTry(
            "conclave token attest --token piv: --key other.pub")
        #expect(absent.errors.hasPrefix("conclave: no key SHA256:"))
        #expect(absent.errors.contains("(TOKEN-KEY-NONE)"))
    }

    @Test("a key that is on the card twice, and a certificate that is not of the key beside it")
    func doubtfulKeys() throws {
        let table = try CardTable()
        try table.bench.run(
            """
            ssh-keygen -q -t ecdsa -b 256 -m PKCS8 -N '' -f twice
            for slot in 9a 82; do
                yubico-piv-tool -r Yubi -a import-key -s $slot -i twice >/dev/null
            done
            """)
        let twice = try table.refuseWithoutTry("conclave token attest --token piv: --key twice.pub")
        #expect(twice.errors.contains("(TOKEN-KEY-AMBIGUOUS)"), "\(twice.errors)")
        let shown = try table.bench.run("conclave token show --token piv:")
        #expect(shown.output.contains("unfit as a CA key: origin is imported, must be generated"))
        try table.generate()
        try table.bench.run(
            """
            openssl req -x509 -newkey rsa:2048 -nodes -keyout any.key -subj /CN=any -out any.crt 2>/dev/null
            yubico-piv-tool -r Yubi -a import-certificate -s 9c -i any.crt >/dev/null
            """)
        let mismatch = try table.bench.refuse(
            1, "conclave token bench --token piv: --key users.pub --count 1 --pin-fd 3 3<card-pin")
        #expect(mismatch.errors.contains("(TOKEN-KEY-MISMATCH)"), "\(mismatch.errors)")
    }

    @Test("a card that signs wrongly is found out")
    func wrongSignature() throws {
        let table = try CardTable()
        try table.generate()
        try table.card.quirk("signature", "wrong")
        let wrong = try table.bench.refuse(1, "\(Self.bench) 3<card-pin")
        #expect(wrong.errors.contains("(TOKEN-SIGNATURE-WRONG)"), "\(wrong.errors)")
        let ill = try table.bench.refuse(
            1, "conclave token doctor --token piv: --pin-fd 3 3<card-pin")
        #expect(ill.lines.contains { $0.hasPrefix("FAIL  signatures by ") })
    }
}
