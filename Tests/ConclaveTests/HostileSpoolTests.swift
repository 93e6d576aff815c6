// SPDX-License-Identifier: Apache-2.0
import TestSupport
import Testing

@Suite("A hostile spool")
struct HostileSpoolTests {
    private let bench: Workbench

    init() throws {
        bench = try Workbench.founded()
    }

    /// The intake's refusals: rule by name, of files with one violation.
    private func intake(exits status: Int32 = 3) throws -> [String: String] {
        let done = try bench.refuse(
            status, "timeout 30 $HUMBLY conclave intake --home ca --spool spool")
        var name = ""
        var rules: [String: String] = [:]
        for line in done.lines {
            if line.hasPrefix("refused   ") {
                name = String(line.dropFirst(10))
            } else if line.hasPrefix("  "), line.hasSuffix(")"), let open = line.lastIndex(of: "(")
            {
                rules[name, default: ""] += line[open...].dropFirst().dropLast()
            } else if line.hasPrefix("admitted  ") {
                rules[String(line.dropFirst(10).prefix { $0 != " " })] = ""
            }
        }
        return rules
    }

    @Test(
        "a file on a medium that fails is refused with what to do, and admitted when it can be read"
    )
    func failingMedium() throws {
        try bench.ask("alice")
        let intake = "conclave intake --home ca --spool spool"
        let refused = try bench.refuse(
            3,
            "CONCLAVE_FAULT_UNDER=$PWD/spool CONCLAVE_FAULT=read:1:EIO LD_PRELOAD=$FAULTS \(intake)"
        )
        #expect(
            refused.lines == [
                "refused   alice.req",
                "  \"alice.req\" cannot be read: Input/output error (SPOOL-UNREADABLE)",
                "    hint: look at its permissions, or at the medium, then give the same command again",
                "0 admitted, 1 refused",
            ], "\(refused.lines)")
        #expect(try bench.run(intake).lines.last == "1 admitted, 0 refused")
    }

    @Test(
        "whatever is no request file is refused by name and left, and the request beside it admitted"
    )
    func everyKind() throws {
        try bench.ask("alice")
        try bench.run(
            """
            cd spool
            mkfifo fifo.req
            mkdir folder.req
            ln -s alice.req link.req
            ln -s nowhere dangling.req
            ln -s /dev/zero zero.req
            head -c 98305 /dev/zero >oversize.req
            head -c 4096 /dev/urandom >noise.req
            head -c 65536 /dev/zero >zeros.req
            : >empty.req
            cp alice.req unreadable.req
            chmod 0000 unreadable.req
            cp alice.req .hidden.req
            cp alice.req backup.req~
            cp alice.req half.part
            cp alice.req half.tmp
            cp alice.req "$(printf 'bell\\007.req')"
            cp alice.req "$(printf 'caf\\303\\251.req')"
            cp alice.req "$(printf 'broken\\377.req')"
            cp alice.req "$(printf 'two\\nlines.req')"
            echo >orphan.req.sig
            head -n 3 alice.req >cut.req
            sed 's/$/\\r/' alice.req >windows.req
            """)
        let before = try bench.files(in: "spool")
        let rules = try intake()
        #expect(
            rules.filter { $0.value.hasPrefix("SPOOL-") } == [
                "fifo.req": "SPOOL-KIND", "folder.req": "SPOOL-KIND", "link.req": "SPOOL-LINK",
                "dangling.req": "SPOOL-LINK", "zero.req": "SPOOL-LINK",
                "oversize.req": "SPOOL-SIZE", "unreadable.req": "SPOOL-UNREADABLE",
                ".hidden.req": "SPOOL-PARTIAL", "backup.req~": "SPOOL-PARTIAL",
                "half.part": "SPOOL-PARTIAL", "half.tmp": "SPOOL-PARTIAL",
                "bell\\x07.req": "SPOOL-NAME", "caf\\xc3\\xa9.req": "SPOOL-NAME",
                "broken\\xff.req": "SPOOL-NAME", "two\\x0alines.req": "SPOOL-NAME",
                "orphan.req.sig": "SPOOL-ORPHAN",
            ])
        #expect(rules["alice.req"] == "")
        for name in ["noise.req", "zeros.req", "empty.req", "cut.req", "windows.req"] {
            #expect(rules[name]?.contains("SPOOL") == false, "\(name)")
            #expect(rules[name]?.isEmpty == false, "\(name)")
        }
        #expect(try bench.files(in: "spool") == before)
        try bench.run("conclave ledger verify --home ca")
    }

    @Test("a file that stays in the spool fills the ledger but once")
    func refusedOnce() throws {
        try bench.ask("alice")
        try bench.run("cd spool; sed s/alice/mallory/ alice.req >mallory.req; mkfifo fifo")
        _ = try intake()
        let once = try bench.run("conclave ledger checkpoint --home ca").lines[1]
        _ = try intake()
        let twice = try bench.run("conclave ledger checkpoint --home ca").lines[1]
        _ = try intake()
        #expect(once == "4" && twice == "5")
        #expect(try bench.run("conclave ledger checkpoint --home ca").lines[1] == "5")
    }

    @Test("a thousand files are read, each with its verdict")
    func thousandFiles() throws {
        try bench.ask("alice")
        try bench.run("cd spool; for n in $(seq 1 999); do cp alice.req copy-$n.req; done")
        let rules = try intake()
        #expect(rules.count == 1000)
        #expect(rules.values.count { $0 == "REQUEST-REPLAY" } == 999)
        // In the order of their names: the first is the one that is admitted.
        #expect(rules["alice.req"] == "")
    }

    @Test("a request is admitted once, under whatever name it comes again")
    func replay() throws {
        try bench.ask("alice")
        let id = try #require(
            try bench.run("conclave request show spool/alice.req").output
                .value(after: "request      "))
        try bench.run("conclave intake --home ca --spool spool")
        try bench.run("mv spool/alice.req spool/other.req")
        let again = try bench.refuse(3, "conclave intake --home ca --spool spool")
        #expect(
            again.output == """
                refused   other.req
                  request \(id) was admitted before (REQUEST-REPLAY)
                    hint: make a new request; each is admitted once
                0 admitted, 1 refused

                """)
    }

    @Test("an empty spool is nothing to do, and one that is not there a fault")
    func emptySpool() throws {
        #expect(
            try bench.refuse(4, "conclave intake --home ca --spool spool").output
                == "0 admitted, 0 refused\n")
        #expect(
            try bench.refuse(1, "conclave intake --home ca --spool nowhere").errors
                == "conclave: open \"nowhere\": No such file or directory\n")
        #expect(
            try bench.refuse(1, "conclave intake --home ca --spool pin").errors
                == "conclave: open \"pin\": Not a directory\n")
    }

    @Test("for programs a verdict is a line of JSON")
    func json() throws {
        try bench.ask("alice")
        try bench.run("printf 'name \"\\\\ \\t' >spool/odd.req")
        let lines = try bench.refuse(3, "conclave intake --home ca --spool spool --json").lines
        #expect(lines.count == 2)
        #expect(lines[0].hasPrefix("{\"name\":\"alice.req\",\"admitted\":true,\"request\":\""))
        #expect(
            lines[1].hasPrefix(
                "{\"name\":\"odd.req\",\"admitted\":false,\"violations\":[{\"rule\":\""))
    }
}
