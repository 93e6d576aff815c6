// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Ceremony
import CeremonyRunner
import Documents
import SSHCrypto

/// Tells what ends, and what the next ceremony has to do.
struct RadarCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "radar",
        abstract: "Tell what ends and when, what is overdue, and which batch it should go into.",
        discussion: """
            conclave radar --home ca
            conclave radar --home ca --within 60d --json
            conclave radar --home ca --within 365d --ical >conclave.ics

            Unfinished ceremonies, batches, waiting requests, certificates by authority (hosts \
            first), CA keys and officers' keys that were not used for long, the age of the \
            revocation list, and the clock. Exit status 4 where there is nothing.
            """)

    @OptionGroup var home: HomeReadingOptions

    @Option(
        help: ArgumentHelp("How far to look ahead.", valueName: "span"),
        transform: ArgumentValue.span)
    var within = TimeSpan(seconds: 30 * 86_400)

    @Option(
        help: ArgumentHelp(
            "How long a CA key or an officer's key may go unused.", valueName: "span"),
        transform: ArgumentValue.span)
    var proofAge = Radar.Ages().proof

    @Option(
        help: ArgumentHelp("How old the revocation list may become.", valueName: "span"),
        transform: ArgumentValue.span)
    var listAge = Radar.Ages().list

    @Flag(help: "Answer as JSON.")
    var json = false

    @Flag(help: "Answer as a calendar, RFC 5545.")
    var ical = false

    mutating func validate() throws {
        guard !(json && ical) else {
            throw ValidationError("--json and --ical exclude each other")
        }
    }

    func run() throws {
        let home = try home.read()
        var ages = Radar.Ages()
        ages.proof = proofAge
        ages.list = listAge
        let radar = try home.readingAtOnce {
            try home.recallWaiting()
            return try Radar(
                home.radarPast, state: home.state, within: within, ages: ages, at: home.now())
        }
        let screen = RadarScreen(radar: radar, home: home.state.id.hex)
        if json {
            Screen.line(screen.json)
        } else if ical {
            Screen.write(screen.calendar, to: 1)
        } else {
            screen.show()
        }
        if radar.items.isEmpty { throw ExitStatus.nothing }
    }
}
