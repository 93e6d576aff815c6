// SPDX-License-Identifier: Apache-2.0
import TestSupport
import Testing

@Suite("A token that dies before it signed anything")
struct AbandonEarlyTests {
    @Test(
        "a ceremony that was opened and no more is abandoned with nothing to hand out but the record"
    )
    func nothingIssued() throws {
        let bench = try Workbench.foundedWithSpare()
        try bench.ask("alice")
        try bench.askForHost("web1")
        try bench.draft()
        try bench.approve(1, .olivia, .pierre)
        _ = try bench.attempt(
            "LD_PRELOAD=$FAULTS CONCLAVE_FAULT=fdatasync:3:kill \(Workbench.sign) 1 "
                + Officer.quinn.seal)
        try #require(try bench.run("conclave batch list --home ca").output.contains("  open, 2 "))
        try bench.takeAway("demo")
        try bench.run("conclave batch abandon --home ca 1 --reason 'the token is dead'")
        try bench.approve(2, .olivia, .pierre)
        try bench.run("conclave sign --home ca 2 --outbox outbox \(Officer.quinn.seal)")

        let bundle = "outbox/conclave-0001"
        #expect(try bench.files(in: bundle).allSatisfy { !$0.hasPrefix("certificates/") })
        for name in ["conclave-0001", "conclave-0002"] {
            let verified = try bench.run("conclave-verify bundle outbox/\(name)").lines
            #expect(verified.last?.contains(", 0 certificates") == true, "\(verified)")
        }
        let report = try bench.text("\(bundle)/report.txt")
        for line in [
            "reason          the token is dead", "issued          0 of 2 certificates",
            "given up        users@example.org 1, hosts@example.org 1",
        ] { #expect(report.contains("\n\(line)\n"), "\(report)") }
        #expect(
            report.split(separator: "\n").filter { $0.contains("NOT ISSUED") }.count == 2)
        let decision = try bench.text("outbox/conclave-0002/report.txt")
        #expect(decision.contains("\n     reason    the token is dead\n"), "\(decision)")

        // The spare token has no key of the hosts' authority: its one key is taken all the same.
        let refused = try bench.run("conclave batch new --home ca --limit 1").lines
        #expect(refused.contains("batch 3 is frozen: 1 item"))
        try bench.approve(3, .olivia, .pierre)
        try bench.sign(3)
        #expect(
            try bench.files(in: "outbox/conclave-0003").contains(
                "certificates/user/000002-alice-cert.pub"))
    }
}
