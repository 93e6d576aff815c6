// SPDX-License-Identifier: Apache-2.0
import SSHFormats

/// How many certificates one core reads and writes in a second, without cryptography.
struct Parsing {
    private let certificates: [Certificate]

    init(_ maker: CertificateMaker) throws {
        certificates = try (1...1000).map { try maker.certificate($0) }
    }

    /// The rows of reading blobs, reading lines of files, and writing.
    func rows(rounds: Int) throws -> [Row] {
        let blobs = certificates.map(\.blob)
        let lines = certificates.map { $0.line(comment: "alice@example.org") }
        let fields = certificates.map(\.fields)
        return [
            try row("read certificates", rounds, goal: 300_000) {
                for blob in blobs { _ = try Certificate(blob: blob) }
            },
            try row("read lines of certificate files", rounds) {
                for line in lines { _ = try Certificate(line: line) }
            },
            try row("write what is signed, and read it back", rounds) {
                for fields in fields { _ = try fields.toBeSigned() }
            },
        ]
    }

    private func row(
        _ name: String, _ rounds: Int, goal: Double? = nil, _ body: () throws -> Void
    ) throws -> Row {
        let repeats = 50
        var rates: [Double] = []
        for round in 0...rounds {
            let seconds = try Stopwatch.coreSeconds {
                for _ in 0..<repeats { try body() }
            }
            if round > 0 { rates.append(Double(repeats * certificates.count) / seconds) }
        }
        return Row(
            name: name, ours: "\(Int(rates.median)) a second",
            goal: goal.map { "\(Int($0)) a second" } ?? "",
            isMet: rates.median >= goal ?? 0)
    }
}
