// SPDX-License-Identifier: Apache-2.0
import TestSupport
import Testing

@Suite("Secrets")
struct SecretTests {
    @Test("the PIN stands in no output, no file, no argument and no environment")
    func pin() throws {
        let bench = try Workbench.founded()
        try bench.ask("alice")
        try bench.draft()
        try bench.approve(1, .olivia, .pierre)
        var outputs = ""
        for line in [
            "conclave token show --module $MODULE --token pkcs11:token=demo --pin-fd 3 3<pin",
            "conclave token generate --module $MODULE --token pkcs11:token=demo --kind ed25519 "
                + "--label more --output more --pin-fd 3 3<pin",
            // With the PIN and one more character: a wrong one that must not be shown either.
            "sed 's/$/9/' pin >wrong; conclave token show --module $MODULE --pin-fd 3 3<wrong",
            "conclave sign --home ca 1 --module $MODULE --outbox outbox --seal-with officers/quinn "
                + "--pin-fd 3 3<wrong",
            "\(Workbench.sign) 1 --seal-with officers/quinn",
            "conclave trace --home ca 1", "conclave ledger show --home ca",
        ] {
            outputs += try bench.attempt(line).all
        }
        #expect(outputs.contains("the PIN is incorrect"))
        #expect(outputs.contains("bundle      outbox/conclave-0001"))
        #expect(!outputs.contains(Workbench.pin))
        let files = try bench.run(
            "rm wrong; grep -rlF -e \"$(cat pin)\" . | grep -v '^./pin$' || :")
        #expect(files.output == "")
    }

    @Test("while the token signs, the PIN is in no argument, environment or core-dumped page")
    func memory() throws {
        let bench = try Workbench.founded()
        try bench.ask("alice")
        try bench.draft()
        try bench.approve(1, .olivia, .pierre)
        // Held at its first durable write, the program shows its arguments and environment.
        let looked = try bench.run(
            """
            mkfifo pins
            conclave sign --home ca 1 --module $MODULE --outbox outbox --seal-with officers/quinn \\
                --pin-fd 3 3<>pins >said 2>&1 &
            program=$!
            while ! grep -qs '^token' said; do kill -0 $program; sleep 0.05; done
            tr '\\0' '\\n' </proc/$program/cmdline
            tr '\\0' '\\n' </proc/$program/environ
            cat pin >pins
            wait $program
            """)
        #expect(looked.output.contains("--pin-fd\n3\n"))
        #expect(!looked.all.contains(Workbench.pin))
    }

    @Test("at a terminal the PIN is asked for by the token's name, and not shown")
    func terminal() throws {
        let bench = try Workbench.founded()
        // Keys are pressed once the question stands on the terminal, as a person does.
        try bench.run(
            """
            mkfifo keys
            script -qfec "conclave token show --module $MODULE --token pkcs11:token=demo" screen \\
                <keys >/dev/null &
            terminal=$!
            exec 3>keys
            while ! grep -qs 'PIN for' screen; do kill -0 $terminal; sleep 0.05; done
            cat pin >&3
            exec 3>&-
            wait $terminal
            """)
        let screen = try bench.text("screen")
        #expect(screen.contains("PIN for token \"demo\" (serial \""))
        #expect(screen.contains("claims of the module: CKA_SENSITIVE=true"))
        #expect(!screen.contains(Workbench.pin))
    }

    @Test("a PIN is read up to its line's end, and only once for several keys of a token")
    func lines() throws {
        let bench = try Workbench.founded()
        try bench.ask("alice")
        try bench.askForHost("web1")
        try bench.draft()
        try bench.approve(1, .olivia, .pierre)
        try bench.run(
            "{ cat pin; echo wrong; } >two-lines; conclave sign --home ca 1 --module $MODULE "
                + "--outbox outbox --seal-with officers/quinn --pin-fd 3 3<two-lines")
    }

    @Test("private files are for their owner alone")
    func permissions() throws {
        let bench = try Workbench.founded()
        let open = try bench.run("umask 000; find ca ca.genesis -perm /077")
        #expect(open.output == "")
    }
}
