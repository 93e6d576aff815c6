// SPDX-License-Identifier: Apache-2.0
import TestSupport
import Testing

@Suite("Tracing a certificate")
struct TraceTests {
    private let bench: Workbench

    init() throws {
        bench = try Workbench.founded()
        try bench.ask("alice", "-t ed25519", "--purpose 'nightly builds'")
        try bench.askForHost("web1")
        try bench.ask("bob", "-t ed25519-sk")
        try bench.holdCeremony(1)
    }

    private func trace(_ handle: String) throws -> String {
        try bench.run("conclave trace --home ca '\(handle)'").output
    }

    @Test("serial, key ID, fingerprint and a line of sshd's log lead to the same certificate")
    func handles() throws {
        let alice = try trace("users@example.org 1")
        let log =
            "Nov 22 16:01:02 web1 sshd[321]: Accepted publickey for deploy from 10.0.0.7 port 50022 ssh2: "
            + "ED25519-CERT \(try bench.fingerprint("people/alice.pub")) "
            + "ID alice@example.org/staff/1 (serial 1) CA ECDSA \(try bench.fingerprint("users.pub"))"
        for handle in [
            "alice@example.org/staff/1", try bench.fingerprint("people/alice.pub"), log,
            log + "\r\n",
        ] {
            #expect(try trace(handle) == alice, "\(handle)")
        }
        let piped = try bench.run("printf '%s\\n\\n' '\(log)' | conclave trace --home ca -")
        #expect(piped.output == alice)
        #expect(try trace("1").contains("host certificate 1 of hosts@example.org\n"))
        #expect(try trace("1").contains(alice))
    }

    @Test("the account names request, proof, approvals, ceremony, token, validity and revocation")
    func account() throws {
        let lines = try trace("users@example.org 1").withoutTimes
            .replacing(#/\b[0-9a-f]{64}\b/#, with: "DIGEST").split(separator: "\n").map(String.init)
        let uri = try #require(try bench.text("users.token").value(after: "token: "))
        #expect(
            lines == [
                "user certificate 1 of users@example.org",
                "  key ID       alice@example.org/staff/1",
                "  key          \(try bench.fingerprint("people/alice.pub")) (ed25519)",
                "  principals   alice", "  validity     TIME to TIME, valid now",
                "  recorded     ledger entry 10, TIME",
                "  request      DIGEST (\"alice.req\", ledger entry 1)",
                "    asked by   alice@example.org", "    for        nightly builds",
                "    proof      signed by the key itself", "  batch        1, DIGEST, drafted TIME",
                "    approved by olivia, \(try bench.fingerprint("officers/olivia.pub")), ledger entry 5",
                "    approved by pierre, \(try bench.fingerprint("officers/pierre.pub")), ledger entry 6",
                "  ceremony     opened TIME, closed TIME",
                "    CA key     \(try bench.fingerprint("users.pub"))", "    token      \(uri)",
                "    enforcement T1", "  revoked      no (revocation list version 0)",
            ])
        #expect(try trace("users@example.org 2").contains("signed by the key itself, touched\n"))
    }

    @Test("what leads nowhere is said, with exit status 3")
    func nowhere() throws {
        let line =
            "Accepted publickey for root from ::1 port 22 ssh2: ED25519-CERT SHA256:x "
            + "ID alice@example.org/staff/1 (serial 1) CA ECDSA SHA256:of-another-authority"
        for handle in ["7", "users@example.org 7", "nobody", "SHA256:AAAA", line] {
            let lost = try bench.refuse(3, "conclave trace --home ca '\(handle)'")
            #expect(
                lost.lines.last
                    == "  a certificate that is not in the ledger was not issued by this home")
        }
        let mixed = try bench.refuse(
            3, "printf 'nobody\\nusers@example.org 1\\n' | conclave trace --home ca -")
        #expect(mixed.output.contains("nothing in the ledger leads to \"nobody\"\n"))
        #expect(mixed.output.contains("user certificate 1 of users@example.org\n"))
    }

    @Test("a request, a principal, a key file and a certificate file lead to the certificate")
    func furtherHandles() throws {
        let alice = try trace("users@example.org 1")
        let request = try #require(
            alice.value(after: "  request      ").map { String($0.prefix(64)) })
        let file = try bench.run("ls outbox/conclave-0001/certificates/user/*-alice-cert.pub")
            .lines[0]
        for handle in [
            request, String(request.prefix(8)), "alice", "people/alice.pub", file,
        ] {
            #expect(try trace(handle) == alice, "\(handle)")
        }
        try bench.ask("dave")
        try bench.run("conclave intake --home ca --spool spool")
        let id = try bench.run(
            "conclave ledger show --home ca | grep ' request ' | tail -n 1 | sed 's/.* //'"
        )
        .lines[0]
        let waiting = try trace(id)
        #expect(waiting.contains("  certificate  none\n"))
        #expect(waiting.contains("  stands       waiting for a batch\n"))
        try bench.refuse(3, "conclave trace --home ca people/dave.pub")
        try bench.refuse(3, "conclave trace --home ca \(request.prefix(7))")
    }

    @Test("accounts come as JSON, one object a line")
    func json() throws {
        try bench.run(
            """
            conclave trace --home ca --json 'users@example.org 1' >one.json
            ! conclave trace --home ca --json nobody >>one.json
            python3 -c '
            import json
            one, none = [json.loads(line) for line in open("one.json")]
            certificate = one["certificate"]
            assert certificate["serial"] == "1" and certificate["principals"] == ["alice"], one
            assert certificate["request"]["purpose"] == "nightly builds", one
            assert [a["officer"] for a in certificate["batch"]["approvals"]] == ["olivia", "pierre"]
            assert none == {"handle": "nobody", "found": False}, none
            '
            """)
    }

    @Test("a log without a certificate ends with 4, and one that is not there with 1")
    func emptyLog() throws {
        let line =
            "Nov 22 16:01:02 web1 sshd[3]: Accepted publickey for a from ::1 port 2 ssh2: RSA SHA256:x"
        let finished = try bench.refuse(
            4, "printf '%s\\n' '\(line)' x | conclave trace --home ca --log -")
        #expect(
            finished.lines == [
                "2 lines, 0 of them about certificates: 0 as the ledger has it, 0 not",
                "logins with a key that has no certificate: 1",
            ])
        try bench.refuse(1, "conclave trace --home ca --log missing.log")
        for options in [
            "", "''", "' '", "x --log y", "x --all", "--log y --year 1969", "--log y --zone 25:00",
        ] {
            try bench.refuse(64, "conclave trace --home ca \(options)")
        }
    }

    @Test("a line of any length is bounded, and what is in it reaches no terminal")
    func hostileLog() throws {
        try bench.run(
            """
            { printf 'Accepted publickey for \\033[2J from ::1 port 2 ssh2: ED25519-CERT x'
              head -c 300000 /dev/zero | tr '\\0' x
              printf '\\nlast'; } >long.log
            """)
        let found = try bench.refuse(2, "conclave trace --home ca --log long.log")
        #expect(!found.output.contains("\u{1B}"))
        #expect(found.output.contains("too long to be sshd's (LOG-LINE)"))
        #expect(
            found.lines.last
                == "2 lines, 1 of them about certificates: 0 as the ledger has it, 1 not")
        #expect(found.output.utf8.count < 2_000)
    }

    @Test("what stands before and behind zeros of a power cut is read", arguments: [1, 200_000])
    func zerosInLog(count: Int) throws {
        let line =
            "Nov 22 16:01:02 web1 sshd[3]: Accepted publickey for a from ::1 port 2 ssh2: RSA x"
        let finished = try bench.refuse(
            4,
            """
            { printf '\\357\\273\\277'; head -c \(count) /dev/zero; echo '\(line)'
              echo; echo '\(line)'
              printf '%s' '\(line)'; head -c \(count) /dev/zero; echo '\(line)'
              head -c \(count) /dev/zero; } >zeros.log
            conclave trace --home ca --log zeros.log
            """)
        #expect(
            finished.lines == [
                "4 lines, 0 of them about certificates: 0 as the ledger has it, 0 not",
                "logins with a key that has no certificate: 4",
            ])
    }
}
