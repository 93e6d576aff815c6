// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Documents
import SSHCrypto
import SSHFormats
import Token

/// Measures how fast a token signs, so that a ceremony's length is known beforehand.
struct TokenBenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Measure how many signatures a second a token makes with a CA key.",
        discussion: """
            conclave token bench --token piv:serial=12345678 --key users.pub --batch 500
            conclave token bench --module /usr/lib/softhsm/libsofthsm2.so --count 200
            What is signed is no certificate. Each signature is verified; the time is the token's alone.
            """)

    @OptionGroup var options: TokenOptions
    @OptionGroup var pin: PINOptions

    @Option(
        help: ArgumentHelp("The public key; needed where there are several.", valueName: "file"))
    var key: String?

    @Option(help: ArgumentHelp("Make at most so many signatures.", valueName: "number"))
    var count: Int?

    @Option(
        help: ArgumentHelp(
            "Stop after so many seconds; 5 where --count is not given.", valueName: "number"))
    var seconds: Int?

    @Option(
        help: ArgumentHelp(
            "Say how long a batch of so many certificates takes.", valueName: "number"))
    var batch: Int = 100

    @Flag(help: "Write JSON.")
    var json = false

    mutating func validate() throws {
        guard (1...1_000_000).contains(count ?? 1), (1...86_400).contains(seconds ?? 1),
            (1...1_000_000).contains(batch)
        else {
            throw ValidationError(
                "--count and --batch are from 1 to 1000000, --seconds from 1 to 86400")
        }
    }

    func run() async throws {
        let token = try await options.open()
        do {
            try await pin.login(to: token)
            try await measure(token)
        } catch {
            await token.close()
            throw error
        }
        await token.close()
    }

    private func measure(_ token: any Token) async throws {
        let key = try await TokenKeyChoice.choose(key, on: token)
        let trial = TokenTrial(token: token, key: key)
        let total = count ?? .max
        var progress = Progress("signatures", after: 0)
        let outcome = try await trial.run(
            count: total, seconds: Double(seconds ?? (count == nil ? 5 : 86_400))
        ) { done in
            if count != nil { progress.show(done, of: total) }
        }
        let identity = await token.identity
        // A token that is too quick to be timed is not known to be slower than this.
        let rate = outcome.rate ?? 1_000_000
        let length = Self.length(Double(batch) / rate)
        guard !json else {
            Screen.line(
                JSONText.object([
                    ("token", .string(identity.uri.text)),
                    ("fingerprint", .string(key.publicKey.fingerprint)),
                    ("kind", .string(key.publicKey.kind.shortName)),
                    ("signatures", .number(UInt64(outcome.count))),
                    ("milliseconds", .number(UInt64((outcome.seconds * 1000).rounded()))),
                    ("batch", .number(UInt64(batch))),
                    (
                        "batchMilliseconds",
                        .number(UInt64((Double(batch) / rate * 1000).rounded(.up)))
                    ),
                ]).text)
            return
        }
        Screen.line("token       \(identity)")
        Screen.line(
            "key         \(key.publicKey.fingerprint) (\(key.publicKey.kind.shortName))")
        Screen.line(
            "signatures  \(outcome.count) in \(Self.length(outcome.seconds)), each verified: "
                + "\(Self.rate(rate)) a second")
        Screen.line("a batch of \(counted(batch, "certificate")) takes about \(length)")
        if trial.wantsTouches {
            Screen.line(
                "the key wants a touch for each signature: the time is yours as well as the token's"
            )
        }
    }

    /// A length of time as people say it: `0.4 s`, `52 s`, `3 min 20 s`, `2 h 5 min`.
    static func length(_ seconds: Double) -> String {
        if seconds < 10 { return "\((seconds * 10).rounded() / 10) s" }
        let whole = Int(min(seconds, 1e9).rounded())
        if whole < 120 { return "\(whole) s" }
        if whole < 7200 { return "\(whole / 60) min \(whole % 60) s" }
        return "\(whole / 3600) h \(whole % 3600 / 60) min"
    }

    private static func rate(_ rate: Double) -> String {
        rate < 10 ? "\((rate * 10).rounded() / 10)" : "\(Int(min(rate, 1e9).rounded()))"
    }
}
