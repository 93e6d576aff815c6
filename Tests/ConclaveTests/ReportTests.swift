// SPDX-License-Identifier: Apache-2.0
import TestSupport
import Testing

@Suite("The report of a ceremony")
struct ReportTests {
    private static let renderings = [("text", "txt"), ("json", "json"), ("html", "html")]

    @Test("it is made again from the ledger, byte for byte as the bundle holds it")
    func sameBytes() throws {
        let bench = try Workbench.founded()
        try bench.ask("alice")
        try bench.askForHost("web1")
        try bench.holdCeremony(1)
        // The ledger grows, the clock goes on, and another ceremony revokes.
        try bench.ask("bob")
        try bench.run(
            "conclave revoke --home ca --authority users@example.org --serial 1 "
                + "--reason '<script>\"lost\"</script> & found'")
        try bench.approve(2, .olivia, .pierre)
        try bench.sign(2)
        for number in [1, 2] {
            for (format, suffix) in Self.renderings {
                let kept = try bench.directory.read("outbox/conclave-000\(number)/report.\(suffix)")
                let made = try bench.run(
                    "conclave report --home ca \(number) --format \(format)")
                #expect(Array(made.output.utf8) == kept, "\(format) of \(number)")
            }
        }
        let id = try bench.run("sha256sum outbox/conclave-0001/audit/batch.txt").output.prefix(12)
        let named = try bench.run("conclave report --home ca \(id) --output report.txt")
        #expect(named.lines == ["written      report.txt"])
        try bench.run("cmp report.txt outbox/conclave-0001/report.txt")
        let again = try bench.refuse(1, "conclave report --home ca 1 --output report.txt")
        #expect(again.errors.hasSuffix("\"report.txt\": File exists\n"))

        let page = try bench.text("outbox/conclave-0002/report.html")
        #expect(!page.contains("<script"))
        #expect(
            page.contains("&lt;script&gt;&quot;lost&quot;&lt;/script&gt; &amp; found"))
        try bench.run(
            """
            cd outbox/conclave-0002
            digest() { python3 -c 'import json, sys
            print(json.load(open("report.json"))["items"][int(sys.argv[1])]["sha256"])' $1; }
            test "$(digest 1)" = "$(sha256sum <trust/revoked_keys.krl | cut -c 1-64)"
            test "$(digest 0)" = "$(awk -v RS= '$2 == 1 && NR > 1' audit/batch.txt \\
                | sha256sum | cut -c 1-64)"
            """)
    }

    @Test("a batch without a ceremony that has ended has none")
    func none() throws {
        let bench = try Workbench.founded()
        try bench.ask("alice")
        try bench.draft()
        let early = try bench.refuse(3, "conclave report --home ca 1")
        #expect(
            early.errors == """
                conclave: batch 1: it has no ceremony that has ended, and so no report (BATCH-UNKNOWN)
                  hint: see: conclave batch list

                """)
        for name in ["2", "0", "deadbeefdeadbeef", "1x"] {
            let unknown = try bench.refuse(3, "conclave report --home ca \(name)")
            #expect(
                unknown.errors == """
                    conclave: batch "\(name)": it is not one of this home's (BATCH-UNKNOWN)
                      hint: see: conclave batch list

                    """)
        }
        #expect(try bench.refuse(64, "conclave report --home ca 1 --format pdf").output.isEmpty)
    }

    @Test(
        "it tells who does not count, and what was confirmed by hand while the ceremony lay still")
    func exceptions() throws {
        let bench = try Workbench.founded()
        try bench.ask("alice")
        try bench.ask("olivia")
        try bench.draft()
        try bench.approve(1, .olivia, .pierre, .quinn)
        var isOpen = false
        for point in 1...20 where !isOpen {
            _ = try bench.attempt(
                "CONCLAVE_FAULT=fdatasync:\(point):kill LD_PRELOAD=$FAULTS "
                    + "\(Workbench.sign) 1 \(Officer.quinn.seal)")
            isOpen = try bench.run("conclave batch list --home ca --json").output
                .contains("\"phase\":\"open\"")
        }
        try bench.run(
            """
            LD_PRELOAD=$CLOCK CONCLAVE_CLOCK=\(91 * 86_400) \(Workbench.sign) 1 \
                --today $(date -u -d '+91 days' +%F) \(Officer.quinn.seal)
            """)
        let text = try bench.text("outbox/conclave-0001/report.txt")
        #expect(
            text.contains("\n     not counted:    olivia, the key to be certified is")
                || text.contains("\n     not counted:    olivia, principal \"olivia\" is"),
            "\(text)")
        let exception = try #require(text.split(separator: "Exceptions\n").last)
        #expect(exception.contains(": the clock says "), "\(text)")
        #expect(exception.prefix { $0 != "\n" }.contains("CLOCK-AHEAD"), "\(text)")
        #expect(
            try bench.text("outbox/conclave-0001/report.json").contains(
                "\"rule\": \"CLOCK-AHEAD\""))
    }
}
