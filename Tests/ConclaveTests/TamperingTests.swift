// SPDX-License-Identifier: Apache-2.0
import TestSupport
import Testing

@Suite("Tampering with an exported ledger")
struct TamperingTests {
    @Test(
        "both verifiers find every one of more than 200 kinds of tampering, of entries of each kind"
    )
    func everyKindIsFound() throws {
        let bench = try ExportedHome.bench()
        // A new epoch of serials too.
        let drafted = try bench.run("conclave batch new-epoch --home ca --reason 'disk lost'")
        let line = try #require(drafted.lines.first { $0.hasSuffix(" is frozen: 5 items") })
        let number = try #require(line.split(separator: " ").dropFirst().first.flatMap { Int($0) })
        try bench.approve(number, .olivia, .pierre)
        try bench.run(
            "conclave sign --home ca \(number) --outbox outbox \(Officer.quinn.seal)")
        // An exception too: the clock far ahead, and confirmed by hand.
        try bench.run(
            """
            status=0
            LD_PRELOAD=$CLOCK CONCLAVE_CLOCK=\(91 * 86_400) conclave intake --home ca --spool spool \\
                --today $(date -u -d '+91 days' +%F) || status=$?
            [ $status = 4 ] || [ $status = 0 ]
            rm -r export
            conclave ledger export --home ca export --sign-with officers/quinn
            cp export/checkpoint kept
            conclave-verify ledger export --checkpoint kept
            """)
        try bench.run("\(ExportedHome.python) export --checkpoint kept")
        let told = try bench.run(
            """
            python3 $SOURCES/Tests/Support/tampering/tamper.py . \\
                $SOURCES/Ceremony/Verify/verify-ledger.py work 3
            """)
        let words = try #require(told.lines.last).split(separator: " ")
        #expect(try #require(Int(words[0])) >= 200, "\(told.output)")
        #expect(words.suffix(3) == ["0", "not", "found"], "\(told.output)")
        // Genesis, request, refusal, batch, approval, rejection, opening, intent, issued, list, end, exception,
        // epoch.
        #expect(told.output.contains("with 13 kinds of entries"))
    }
}
