// SPDX-License-Identifier: Apache-2.0
import TestSupport
import Testing

@Suite("What files, names and programs of others try")
struct ResistanceTests {
    @Test("a program that is started later does not inherit the PIN's descriptor")
    func descriptor() throws {
        let bench = try Workbench.founded()
        try bench.ask("alice")
        try bench.draft()
        try bench.approve(1, .olivia, .pierre)
        let seen = try bench.run(
            """
            mkdir bin
            printf '#!/bin/sh\\n[ -e /proc/self/fd/7 ] && cat /dev/fd/7 >seen\\n' >bin/ssh-keygen
            printf 'echo called >called\\nexec /usr/bin/ssh-keygen "$@"\\n' >>bin/ssh-keygen
            chmod +x bin/ssh-keygen
            PATH=$PWD/bin:$PATH conclave sign --home ca 1 --module $MODULE --outbox outbox \\
                --seal-with officers/quinn --pin-fd 7 7<pin >said
            ls called seen 2>/dev/null || :
            """)
        #expect(seen.output == "called\n")
    }

    @Test("no name of a file steers the terminal")
    func escapes() throws {
        let bench = try Workbench.founded()
        let shown = try bench.refuse(
            3,
            """
            name=$(printf 'a\\033[2J\\302\\233m\\342\\200\\256.req'); echo x >"$name"
            conclave request check "$name"
            """)
        #expect(shown.lines.first == #"refused   a\u{1B}[2J\u{9B}m\u{202E}.req"#)
        #expect(!shown.all.unicodeScalars.contains { $0.value != 0x0A && $0.value < 0x20 })
        let argument = try bench.refuse(
            3, "conclave batch show --home ca \"$(printf 'a\\033[2Jb')\"")
        #expect(argument.errors.hasPrefix(#"conclave: batch "a\u{1B}[2Jb": it is not one of"#))
    }

    @Test("a revocation list of others with the widest range there is can be shown")
    func widestRange() throws {
        let bench = try Workbench.founded()
        let shown = try bench.run(
            """
            printf 'serial: 1-18446744073709551615\\n' >everything
            ssh-keygen -q -k -f wide.krl -s users.pub everything >said
            conclave krl show wide.krl
            """)
        #expect(shown.lines.last == "  serials  1-18446744073709551615")
    }

    @Test("a ledger that was rolled back behind a checkpoint of its home is noticed")
    func rollback() throws {
        let bench = try Workbench.founded()
        try bench.ask("alice")
        try bench.draft()
        try bench.run("cp ca/ledger.sqlite older")
        try bench.approve(1, .olivia, .pierre)
        try bench.sign(1)
        try bench.run("conclave ledger verify --home ca; cp older ca/ledger.sqlite")
        let fault =
            "conclave: ca/checkpoints/00000009.txt does not fit the ledger, which has 3 entries: the "
            + "last were removed, or an older copy was put in its place"
        #expect(
            try bench.refuse(2, "conclave ledger verify --home ca").errors == """
                \(fault)
                  hint: copy the home as it is, and keep the copy; go on from a backup, and take back what \
                bundles have: conclave recover --home ca BUNDLE…

                """)
        #expect(
            try bench.refuse(2, "conclave batch new --home ca").errors == fault + """
                 (LEDGER-MARK)
                  hint: copy the home as it is; put back what was taken from it, the ledger's log (-wal) \
                first; or take back what bundles have: conclave recover --home ca BUNDLE…; what no bundle \
                has, a quorum gives up: conclave batch new-epoch

                """)
        for line in ["approve --home ca 1 --key officers/olivia", "intake --home ca --spool spool"]
        {
            let later = try bench.refuse(2, "conclave \(line)")
            #expect(later.errors.contains("(LEDGER-MARK)\n  hint: "), "\(later.errors)")
        }
    }

    @Test("an account's name in sshd's log is not taken for a certificate")
    func logLine() throws {
        let bench = try Workbench.founded()
        try bench.ask("alice")
        try bench.holdCeremony(1)
        let words =
            "ID alice@example.org/staff/1 (serial 1) CA ECDSA $(ssh-keygen -lf users.pub | cut -d' ' -f2)"
        let end = "from 192.0.2.9 port 4 ssh2"
        #expect(
            try bench.run("conclave trace --home ca \"… \(end): ED25519-CERT SHA256:x \(words)\"")
                .lines.first == "user certificate 1 of users@example.org")
        for line in [
            "Failed publickey for invalid user \(words) \(end): ED25519 SHA256:x",
            "Accepted publickey for a \(end): ED25519-CERT SHA256:x ID \(words) (serial 9) CA RSA SHA256:y",
        ] {
            let lost = try bench.refuse(3, "conclave trace --home ca \"\(line)\"")
            #expect(lost.output.hasPrefix("nothing in the ledger leads to "))
        }
        // A line of words that look like the beginning takes no longer than any other.
        try bench.refuse(
            3, "yes 'ID ID ID ID' | head -n 100000 | tr '\\n' ' ' | conclave trace --home ca -")
    }

    @Test("the last signature given four times at once founds one home")
    func founding() throws {
        let bench = try Workbench.founded()
        let sound = try bench.run(
            """
            rm -r ca; rm -f ca.genesis/lock
            for number in 1 2 3 4; do
                conclave init --home ca --signature ca.genesis/genesis-3.sig >"said-$number" 2>&1 &
            done
            wait
            conclave ledger verify --home ca
            cat said-* | grep -c 'the home is made'
            """)
        #expect(
            sound.lines.first == "the ledger is sound: 1 entries, 0 certificates, 0 checkpoints")
        #expect(sound.lines.last == "1")
    }
}
