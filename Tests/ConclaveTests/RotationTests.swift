// SPDX-License-Identifier: Apache-2.0
import TestSupport
import Testing

@Suite("Rotating host certificates")
struct RotationTests {
    private let bench: Workbench

    init() throws {
        bench = try Workbench.founded()
        try bench.ask("alice")
        try bench.askForHost("web1")
        try bench.askForHost("web2")
        try bench.askForHost("mail", "-t ed25519", "")
        try bench.holdCeremony(1)
    }

    private static let day = 86_400

    /// A line at so many days from now.
    private func after(_ days: Int, _ line: String) -> String {
        "export LD_PRELOAD=$CLOCK CONCLAVE_CLOCK=\(days * Self.day); \(line)"
    }

    @Test("hosts that consented get new certificates without new requests; the others are named")
    func rotate() throws {
        let soon = "conclave batch new --home ca --rotate --within"
        let early = try bench.refuse(4, "\(soon) 27d")
        #expect(
            early.output == "no host certificate that ends within 27d can be renewed\n")
        let drafted = try bench.run(after(20, "\(soon) 9d"))
        #expect(
            drafted.output.withoutTimes.hasPrefix(
                """
                not renewed: mail.example.org, ends TIME: its request has no renewable-until
                batch 2 is frozen: 2 items
                  1. [routine] host certificate 4 of hosts@example.org for web1.example.org
                  2. [routine] host certificate 5 of hosts@example.org for web2.example.org

                """))
        for name in ["olivia", "pierre"] {
            try bench.run(after(20, "conclave approve --home ca 2 --key officers/\(name)"))
        }
        try bench.run(after(20, "\(Workbench.sign) 2 --seal-with officers/quinn"))
        for (old, new, name) in [(2, 4, "web1"), (3, 5, "web2")] {
            let before = try bench.certificate(
                "outbox/conclave-0001/certificates/host/00000\(old)-\(name).example.org-cert.pub")
            let after = try bench.certificate(
                "outbox/conclave-0002/certificates/host/00000\(new)-\(name).example.org-cert.pub")
            #expect(after["Public key"] == before["Public key"])
            #expect(after["Key ID"] == "\"\(name).example.org/\(new)\"")
            #expect(after["Valid"] != before["Valid"])
        }
        #expect(
            try bench.files(in: "outbox/conclave-0002").filter { $0.hasSuffix("-cert.pub") }.count
                == 2)
        try bench.refuse(4, after(20, "\(soon) 9d"))
        try bench.run(after(20, "conclave-verify bundle outbox/conclave-0002"))
    }

    @Test("what is drafted already, revoked, or asked for anew is not renewed as well")
    func notTwice() throws {
        let rotate = "conclave batch new --home ca --rotate --within 30d"
        try bench.run(
            "conclave revoke --home ca --authority hosts@example.org --serial 2 --reason gone")
        try bench.approve(2, .olivia, .pierre)
        try bench.sign(2)
        let first = try bench.run(rotate)
        #expect(first.output.contains("batch 3 is frozen: 1 item\n"))
        #expect(first.output.contains("for web2.example.org"))
        try bench.refuse(4, rotate)
        try bench.run("conclave reject --home ca 3 --key officers/olivia --reason 'not yet'")
        try bench.run(
            "conclave request new --authority hosts@example.org --profile servers --type host "
                + "--principal web2.example.org --key hosts/web2 --output spool/web2.req")
        try bench.run("conclave intake --home ca --spool spool")
        try bench.refuse(4, rotate)
    }

    @Test(
        "no more are taken than the limit says, and the others are counted and come with the next")
    func limited() throws {
        let rotate = "conclave batch new --home ca --rotate --within 30d --limit"
        let first = try bench.run("\(rotate) 1")
        #expect(
            first.output.contains(
                "\nanother batch takes 1 more that end within 30d\nbatch 2 is frozen: 1 item\n"))
        #expect(first.output.contains("for web1.example.org"))
        let second = try bench.run("\(rotate) 1")
        #expect(!second.output.contains("another batch"))
        #expect(second.output.contains("batch 3 is frozen: 1 item\n"))
        #expect(second.output.contains("for web2.example.org"))
    }

    @Test("consent that has ended is said, with its end")
    func endedConsent() throws {
        let until = try bench.run("date -u -d '+10 days' +%Y-%m-%dT00:00:00Z").lines[0]
        try bench.askForHost("short", "-t ed25519", "--renewable-until \(until)")
        try bench.holdCeremony(2)
        let rotated = try bench.run(after(12, "conclave batch new --home ca --rotate --within 30d"))
        #expect(rotated.output.contains("not renewed: short.example.org, ends "))
        #expect(rotated.output.contains(": renewable-until was \(until)\n"))
        #expect(rotated.output.contains("batch 3 is frozen: 2 items\n"))
    }
}
