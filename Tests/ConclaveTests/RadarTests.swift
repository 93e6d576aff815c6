// SPDX-License-Identifier: Apache-2.0
import TestSupport
import Testing

@Suite("Radar")
struct RadarTests {
    private let bench: Workbench

    init() throws {
        bench = try Workbench.founded()
        try bench.ask("alice")
        try bench.askForHost("web1")
        try bench.askForHost("web2", "-t ed25519", "--purpose 'no consent; one, two'")
        try bench.holdCeremony(1)
    }

    @Test("what ends is told by kind and authority, hosts first, with what to do")
    func text() throws {
        let lines = try bench.run("conclave radar --home ca").lines.map(\.withoutTimes)
        #expect(lines.first == "as of TIME, within 30d")
        #expect(
            lines.filter { !$0.hasPrefix(" ") }.dropFirst().dropLast() == [
                "host certificates of hosts@example.org", "user certificates of users@example.org",
            ])
        // Whole days are left in the second in which it was drafted, and one fewer after it.
        #expect(
            lines.contains {
                ["  TIME  in 27d  web1.example.org", "  TIME  in 28d  web1.example.org"].contains(
                    $0)
            })
        #expect(lines.contains("      > conclave batch new --rotate --within 30d"))
        #expect(
            lines.contains("      > a new request is needed: its request has no renewable-until"))
        #expect(
            lines.contains {
                $0.hasPrefix("  TIME  in 6d, begin now  alice")
                    || $0.hasPrefix("  TIME  in 7d, begin now  alice")
            })
        #expect(lines.last == "3 items: 0 overdue, 1 to begin now, 2 to come")
        let nothing = try bench.refuse(4, "conclave radar --home ca --within 1s")
        #expect(nothing.lines.last == "nothing ends, and nothing waits")
        let far = try bench.run("conclave radar --home ca --within 400d").lines
        for heading in [
            "CA keys of users@example.org", "officers' keys", "revocation list", "clock",
        ] { #expect(far.contains(heading)) }
        try bench.refuse(64, "conclave radar --home ca --json --ical")
    }

    @Test("of what was before a sealed ceremony the same is told and renewed as by a whole replay")
    func past() throws {
        try bench.askForHost("web3")
        try bench.ask("bob")
        try bench.holdCeremony(2)
        try bench.ask("carol")
        try bench.run("conclave intake --home ca --spool spool")
        // Without a checkpoint that officers signed, every entry is replayed.
        try bench.run("cp -a ca whole && rm whole/checkpoints/*")
        func both(_ command: String) throws -> [[String]] {
            try ["ca", "whole"].map { home in
                try bench.run("conclave \(command) --home \(home)").lines.map(\.withoutTimes)
            }
        }
        let told = try both("radar --within 400d --json")
        #expect(told[0] == told[1])
        #expect(told[0].count { $0.contains("another key") } == 0)
        #expect(told[0].joined().contains("last used by the ceremony of batch 2"))
        let renewed = try both("batch new --rotate --within 60d")
            .map { $0.filter { $0.contains("host certificate") || $0.contains("not renewed") } }
        #expect(renewed[0] == renewed[1])
        #expect(renewed[0].count == 3)
        let drafted = try both("batch new").map { $0.filter { $0.contains("user certificate") } }
        #expect(drafted[0] == drafted[1])
        #expect(drafted[0].count == 1)
    }

    @Test("JSON and calendar say the same, and the calendar's names stay")
    func forms() throws {
        try bench.run(
            """
            conclave radar --home ca --within 400d --json >radar.json
            conclave radar --home ca --within 400d --ical >radar.ics
            conclave radar --home ca --within 399d --ical >again.ics
            python3 - <<'END'
            import json, re
            items = json.load(open("radar.json"))["items"]
            def read(path):
                data = open(path, "rb").read()
                assert data.endswith(b"END:VCALENDAR\\r\\n") and data.startswith(b"BEGIN:VCALENDAR\\r\\n")
                lines = data.split(b"\\r\\n")
                assert all(len(line) <= 75 and b"\\n" not in line for line in lines)
                assert any(line.startswith(b" ") for line in lines), "nothing is folded"
                return data.replace(b"\\r\\n ", b"").decode().split("\\r\\n")
            lines = read("radar.ics")
            def values(name, lines=lines):
                return [l.split(":", 1)[1] for l in lines if re.match(name + "[;:]", l)]
            assert len(items) == lines.count("BEGIN:VEVENT") == lines.count("END:VEVENT")
            uids = values("UID")
            assert len(set(uids)) == len(items)
            assert [u.split("@")[0] for u in uids] == [i["name"] for i in items]
            starts = [i["moment"].replace("-", "").replace(":", "") for i in items]
            assert values("DTSTART") == starts
            assert set(values("UID", read("again.ics"))) <= set(uids)
            plain = [v.replace("\\\\n", "\\n").replace("\\\\;", ";").replace("\\\\,", ",") for v in values("DESCRIPTION")]
            for item in items:
                assert "\\n".join(item["details"] + [item["action"]]) in plain, item
            END
            """)
    }

    @Test("radar, trace and the judging of logs work beside a ceremony that is under way")
    func besideACeremony() throws {
        try bench.ask("dave")
        try bench.draft()
        try bench.approve(2, .olivia, .pierre)
        // The ceremony waits for its PIN, and holds the home.
        try bench.run(
            """
            mkfifo pins
            conclave sign --home ca 2 --module $MODULE --outbox outbox \(Officer.quinn.seal) \
                --pin-fd 3 3<>pins >signed.txt 2>&1 &
            holder=$!
            while ! grep -qs '^token' signed.txt; do kill -0 $holder; sleep 0.05; done
            conclave radar --home ca >radar.txt
            conclave trace --home ca 'users@example.org 1' >trace.txt
            status=0
            printf 'x\\n' | conclave trace --home ca --log - >log.txt || status=$?
            [ $status = 4 ]
            cat pin >pins
            wait $holder
            """)
        #expect(try bench.text("radar.txt").contains("user certificates of users@example.org\n"))
        #expect(try bench.text("trace.txt").hasPrefix("user certificate 1 of users@example.org\n"))
        #expect(try bench.text("signed.txt").contains("outbox/conclave-0002"))
    }
}
