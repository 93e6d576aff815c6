// SPDX-License-Identifier: Apache-2.0
import TestSupport
import Testing

@Suite("Standard output that cannot be written")
struct LostOutputTests {
    private let bench: Workbench
    private let told = """
        conclave: write "standard output": No space left on device
          hint: what the command does was done, as far as nothing else is said here; what it had to tell is not complete there

        """

    init() throws {
        bench = try Workbench.founded()
        try bench.ask("alice")
    }

    @Test("a full disk under it is said, and what the command does is done")
    func full() throws {
        try bench.run("conclave intake --home ca --spool spool")
        let drafted = try bench.refuse(1, "conclave batch new --home ca >/dev/full")
        #expect(drafted.errors == told)
        #expect(try bench.run("conclave batch list --home ca").lines.count == 1)
        for command in ["authority show", "ledger show", "radar", "radar --json", "ledger verify"] {
            let shown = try bench.refuse(1, "conclave \(command) --home ca >/dev/full")
            #expect(shown.errors.hasSuffix(told), "\(command)")
        }
    }

    @Test("a refusal stays one, and is told with it")
    func refused() throws {
        let refused = try bench.refuse(3, "conclave batch show --home ca 7 >/dev/full")
        #expect(refused.errors.contains("(BATCH-UNKNOWN)"))
        // Nothing was to be written there.
        #expect(!refused.errors.contains("standard output"))
        let log =
            "echo 'Nov 23 14:00:00 web1 sshd[1]: Accepted publickey for root from 10.0.0.1 port 5"
            + " ssh2: ED25519-CERT SHA256:x ID x (serial 1) CA ED25519 SHA256:x'"
        let judged = try bench.refuse(
            2, "\(log) | conclave trace --home ca --log - >/dev/full")
        #expect(judged.errors.hasSuffix(told))
    }

    @Test("a reader that goes away is no fault")
    func gone() throws {
        // Far more than a pipe holds.
        let shown = try bench.run(
            """
            mkfifo pipe
            head -c 1 <pipe >/dev/null &
            for turn in $(seq 40); do conclave ledger show --home ca 0; done >pipe
            wait
            """)
        #expect(shown.errors == "")
    }
}
