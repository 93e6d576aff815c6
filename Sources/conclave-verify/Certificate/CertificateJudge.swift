// SPDX-License-Identifier: Apache-2.0
import CertificateLint
import Documents
import Workers

/// Judges inputs of one certificate or very many, on all cores, and writes as it goes.
struct CertificateJudge: Sendable {
    /// What is written of a certificate.
    enum Style: Sendable {
        /// Every field, and every byte where asked for.
        case whole(showsBytes: Bool)
        /// One line.
        case line
        /// One line, and only where it is not valid.
        case faultsOnly
        /// An element of a JSON array.
        case json
    }

    /// What came of some certificates.
    private struct Outcome: Sendable {
        var texts: [String] = []
        var tally = CertificateTally()
        var machineFaults: [MachineFault] = []
    }

    /// How many certificates are one piece of work.
    private static let pieceLength = 32

    /// The CA keys that a person named.
    let authorities: AuthorityKeys
    /// The time to judge for.
    let time: UnixTime
    /// What is written of a certificate.
    let style: Style
    /// What was found so far.
    private(set) var tally = CertificateTally()
    /// Whether a file could not be read.
    private(set) var hasMachineFault = false
    private var isFirst = true

    /// Prepares to judge.
    init(authorities: AuthorityKeys, time: UnixTime, style: Style) {
        self.authorities = authorities
        self.time = time
        self.style = style
    }

    /// Judges the certificates of an input, and writes what is to be written of them, in order.
    mutating func judge(_ input: CertificateInput) throws {
        switch input {
        case .file(let path, let contents): try judge(contents, path)
        case .directory(_, let files): try judge(files)
        }
    }

    /// Writes what stands behind all certificates; `isSummed` asks for the sum.
    mutating func finish(isSummed: Bool) throws {
        if case .json = style {
            try StandardStream.output.write(isFirst ? "[]\n" : "\n]\n")
            return
        }
        guard isSummed else { return }
        if case .whole = style, !isFirst { try StandardStream.output.write("\n") }
        try StandardStream.output.write(line: tally.lines.joined(separator: "\n"))
    }

    private mutating func judge(_ contents: [UInt8], _ path: String) throws {
        let places = CertificateLine.places(in: contents)
        tally.addFile()
        guard !places.isEmpty else {
            var outcome = Outcome()
            add(CertificateReport(notOneLine: path, time: time), to: &outcome)
            try deliver(outcome)
            return
        }
        let judge = self
        try carryOut(count: places.count) { number, linter, outcome in
            let place = places[number]
            let report = CertificateReport(
                contents[place.range], path: path, line: places.count > 1 ? place.number : nil,
                authorities: judge.authorities, time: judge.time, linter: &linter)
            judge.add(report, to: &outcome)
        }
    }

    private mutating func judge(_ files: CertificateFiles) throws {
        let judge = self
        try carryOut(count: files.count) { number, linter, outcome in
            judge.judge(file: files.path(number), linter: &linter, outcome: &outcome)
        }
    }

    private func judge(
        file path: String, linter: inout CertificateLinter, outcome: inout Outcome
    ) {
        outcome.tally.addFile()
        do {
            let limit = CertificateInput.maximumBytesInDirectory
            let contents = try NamedFile(path, limit: limit).contents
            let places = CertificateLine.places(in: contents)
            if places.isEmpty {
                add(CertificateReport(notOneLine: path, time: time), to: &outcome)
            }
            for place in places {
                let report = CertificateReport(
                    contents[place.range], path: path,
                    line: places.count > 1 ? place.number : nil, authorities: authorities,
                    time: time, linter: &linter)
                add(report, to: &outcome)
            }
        } catch let fault as MachineFault {
            outcome.machineFaults.append(fault)
        } catch let refused as RefusedFile {
            add(CertificateReport(refused, time: time), to: &outcome)
        } catch {
            // Nothing else is thrown there.
            outcome.machineFaults.append(MachineFault("read", path, 0))
        }
    }

    /// Carries out `body` for each number, in pieces, and delivers the pieces in order.
    private mutating func carryOut(
        count: Int,
        _ body: @escaping @Sendable (Int, inout CertificateLinter, inout Outcome) -> Void
    ) throws {
        let length = Self.pieceLength
        let listsFields =
            switch style {
            case .whole(let showsBytes): showsBytes
            case .json: true
            case .line, .faultsOnly: false
            }
        let work = OrderedWork<Outcome>(count: (count + length - 1) / length) {
            var linter = CertificateLinter(listsFields: listsFields)
            return { piece in
                var outcome = Outcome()
                for number in piece * length..<min((piece + 1) * length, count) {
                    body(number, &linter, &outcome)
                }
                return outcome
            }
        }
        try work.run { try deliver($0) }
    }

    private func add(_ report: CertificateReport, to outcome: inout Outcome) {
        outcome.tally.add(report)
        switch style {
        case .whole(let showsBytes):
            outcome.texts.append(report.lines(showsBytes: showsBytes).joined(separator: "\n"))
        case .line: outcome.texts.append(report.summary)
        case .faultsOnly: if !report.isValid { outcome.texts.append(report.summary) }
        case .json: outcome.texts.append("  " + report.json.text(indent: "  "))
        }
    }

    private mutating func deliver(_ outcome: Outcome) throws {
        tally.add(outcome.tally)
        hasMachineFault = hasMachineFault || !outcome.machineFaults.isEmpty
        complain(outcome.machineFaults.map(\.description))
        guard !outcome.texts.isEmpty else { return }
        let opening: String
        let separator: String
        let end: String
        switch style {
        case .whole: (opening, separator, end) = (isFirst ? "" : "\n", "\n\n", "\n")
        case .line, .faultsOnly: (opening, separator, end) = ("", "\n", "\n")
        case .json: (opening, separator, end) = (isFirst ? "[\n" : ",\n", ",\n", "")
        }
        isFirst = false
        try StandardStream.output.write(
            opening + outcome.texts.joined(separator: separator) + end)
    }
}
