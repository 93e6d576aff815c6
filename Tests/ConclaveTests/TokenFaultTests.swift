// SPDX-License-Identifier: Apache-2.0
import TestSupport
import Testing

@Suite("A token that fails a ceremony")
struct TokenFaultTests {
    private let bench: Workbench

    init() throws {
        bench = try Workbench.founded()
        try bench.ask("alice")
        try bench.draft()
        try bench.approve(1, .olivia, .pierre)
    }

    /// The token, as errors name it.
    private func tokenName() throws -> String {
        let uri = try bench.text("users.token").value(after: "serial=") ?? ""
        return "token \"demo\" (serial \"\(uri.prefix { $0 != ";" })\")"
    }

    /// Runs a ceremony that must fail with the error of a machine, and changes nothing.
    private func failed(_ line: String) throws -> Finished {
        let before = try bench.run("conclave ledger checkpoint --home ca").output
        let failed = try bench.refuse(1, line)
        #expect(try bench.run("conclave ledger checkpoint --home ca").output == before)
        #expect(try bench.files(in: "outbox") == [])
        return failed
    }

    /// The ceremony with this module and PIN.
    private func ceremony(module: String = "$MODULE", pin: String = "--pin-fd 3 3<pin") -> String {
        "conclave sign --home ca 1 --module \(module) --outbox outbox --seal-with officers/quinn \(pin)"
    }

    @Test("a wrong PIN is tried once, and the tries that are left are told")
    func wrongPIN() throws {
        let wrong = try failed(
            """
            echo 0000 >wrong
            export PKCS11SPY=$MODULE PKCS11SPY_OUTPUT=$HOME/calls
            \(ceremony(module: "$SPY", pin: "--pin-fd 3 3<wrong"))
            """)
        let incorrect =
            "conclave: \(try tokenName()): the PIN is incorrect, fewer tries left than at first "
            + "(C_Login: CKR_PIN_INCORRECT, 0xa0) (TOKEN-PIN-INCORRECT)\n"
            + "  hint: is it the right token, the right keyboard? "
            + "give the same command again; each try counts\n"
        #expect(wrong.errors == incorrect)
        #expect(try bench.run("grep -c ': C_Login$' calls").lines == ["1"])
        #expect(try failed(ceremony(pin: "--pin-fd 3 3<wrong")).errors == incorrect)
        try bench.run(ceremony())
    }

    @Test("the token is asked to log in once for a whole ceremony")
    func oneLogin() throws {
        try bench.run(
            """
            export PKCS11SPY=$MODULE PKCS11SPY_OUTPUT=$HOME/calls
            \(ceremony(module: "$SPY"))
            """)
        #expect(try bench.run("grep -c ': C_Login$' calls").lines == ["1"])
    }

    @Test("an empty PIN, a descriptor that is not open, and no terminal")
    func noPIN() throws {
        #expect(
            try failed(ceremony(pin: "--pin-fd 3 3</dev/null")).errors
                == "conclave: PIN is empty (TOKEN-PIN-UNAVAILABLE)\n"
        )
        let closed = try bench.refuse(64, ceremony(pin: "--pin-fd 7 7>&-"))
        #expect(closed.errors.hasPrefix("conclave: --pin-fd 7 is not an open descriptor\n"))
        let silent = try failed("setsid -w \(ceremony(pin: "</dev/null"))")
        #expect(silent.errors.hasPrefix("conclave: no terminal to ask for the PIN: /dev/tty: "))
    }

    @Test("a module that is not there, and one that is none")
    func noModule() throws {
        #expect(
            try failed(ceremony(module: "/nowhere/module.so")).errors
                == "conclave: module \"/nowhere/module.so\": No such file or directory (TOKEN-MODULE-MISSING)\n"
        )
        let text = try failed(ceremony(module: "$HOME/policy.yaml"))
        #expect(
            text.errors.hasPrefix(
                "conclave: module \"\(bench.directory.path)/policy.yaml\" cannot be loaded: "))
        let relative = try failed(ceremony(module: "module.so"))
        #expect(
            relative.errors
                == "conclave: module path \"module.so\" is not absolute (TOKEN-MODULE-MISSING)\n")
        let other = try failed(ceremony(module: "$CLOCK"))
        #expect(other.errors.contains("C_GetFunctionList"))
    }

    @Test("no token at all, and another token with the same label")
    func otherToken() throws {
        let uri = try #require(try bench.text("users.token").value(after: "token: "))
        try bench.run("mv tokens/* away")
        #expect(
            try failed(ceremony()).errors == """
                conclave: no token matches "\(uri)"; there is: a token that is not set up (TOKEN-NONE)
                  hint: put the token in, or see what is there: conclave token list

                """)
        try bench.makeToken("demo")
        let other = try failed(ceremony())
        #expect(
            other.errors.hasPrefix(
                "conclave: no token matches \"\(uri)\"; there is: token \"demo\""))
        try bench.run("mv away tokens/back")
        try bench.run(ceremony())
    }

    @Test("two tokens that a URI does not tell apart")
    func ambiguousToken() throws {
        try bench.makeToken("demo")
        let generate =
            "conclave token generate --module $MODULE --token pkcs11:token=demo --kind ecdsa-p256 "
            + "--label more --output more --pin-fd 3 3<pin"
        let ambiguous = try bench.refuse(1, generate)
        #expect(
            ambiguous.errors.hasPrefix("conclave: 2 tokens match \"pkcs11:token=demo\""),
            "\(ambiguous.errors)")
        #expect(try bench.files(in: ".").contains("more.pub") == false)
        // The home knows its token by the serial number.
        try bench.run(ceremony())
    }

    @Test("a token that has lost the key")
    func lostKey() throws {
        try bench.run(
            """
            pkcs11-tool --module $MODULE --token-label demo --login --pin "$(cat pin)" \\
                --delete-object --type privkey --label users
            pkcs11-tool --module $MODULE --token-label demo --login --pin "$(cat pin)" \\
                --delete-object --type pubkey --label users
            """)
        let lost = try failed(ceremony())
        let key = try bench.fingerprint("users.pub")
        #expect(lost.errors.contains(key), "\(lost.errors)")
    }

    @Test("a key that could leave its token is not fit to be a CA key")
    func extractableKey() throws {
        try bench.run(
            """
            pkcs11-tool --module $MODULE --token-label demo --login --pin "$(cat pin)" --keypairgen \\
                --key-type EC:prime256v1 --label loose --id 99 --usage-sign --extractable
            """)
        let shown = try bench.run(
            "conclave token show --module $MODULE --token pkcs11:token=demo --pin-fd 3 3<pin")
        #expect(shown.lines.contains { $0.hasPrefix("  unfit as a CA key: ") })
    }

    @Test("a label or a file that is there already is not used again")
    func generateTwice() throws {
        let generate =
            "conclave token generate --module $MODULE --token pkcs11:token=demo --kind ecdsa-p256"
        let label = try bench.refuse(1, "\(generate) --label users --output new --pin-fd 3 3<pin")
        #expect(
            label.errors
                == "conclave: label \"users\" is on \(try tokenName()) already (TOKEN-LABEL-TAKEN)\n"
        )
        let file = try bench.refuse(1, "\(generate) --label new --output users --pin-fd 3 3<pin")
        #expect(file.errors == "conclave: create \"users.pub\": File exists\n")
        let keys = try bench.run("pkcs11-tool --module $MODULE --token-label demo -O --type pubkey")
        #expect(keys.output.components(of: "label:") == 2)
    }

    @Test("tokens are listed with the tries that are left")
    func list() throws {
        let fresh = try bench.run("conclave token list --only --module $MODULE")
        #expect(fresh.output.contains("PIN tries: the token reports no failed try"))
        try bench.refuse(1, "echo 0000 >wrong; \(ceremony(pin: "--pin-fd 3 3<wrong"))")
        let tried = try bench.run("conclave token list --only --module $MODULE")
        #expect(tried.output.contains("PIN tries: fewer tries left than at first"))
        let none = try bench.refuse(
            4, "rm -r tokens/*; conclave token list --only --module $MODULE")
        #expect(none.lines.last == "no token is there")
    }
}

extension String {
    /// How often `part` stands in the text.
    fileprivate func components(of part: String) -> Int { ranges(of: part).count }
}
