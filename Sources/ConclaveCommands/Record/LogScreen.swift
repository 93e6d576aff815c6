// SPDX-License-Identifier: Apache-2.0
import Ceremony
import CeremonyRunner
import Documents
import SSHCrypto
import SSHFormats
import Spool

/// Judges a log, and shows what is found line by line, as it is found.
struct LogScreen {
    let isJSON: Bool
    /// Whether lines that are as they should be are shown too.
    let showsAll: Bool

    /// What was counted.
    private struct Count {
        var certificates: UInt64 = 0
        var sound: UInt64 = 0
        var findings: UInt64 = 0
        var unreadable: UInt64 = 0
        var plainKeys: UInt64 = 0
    }

    /// Judges a file, or standard input where it is named `-`.
    func judge(_ path: String, by monitor: consuming LogMonitor) throws {
        let stream =
            path == "-" ? try FileStream(standardInput: "standard input") : try FileStream(path)
        var monitor = monitor
        var count = Count()
        try monitor.read(stream) { number, line, judgement in
            switch judgement.subject {
            case .certificate: count.certificates += 1
            case .unreadable: count.unreadable += 1
            case .plainKey(let isAccepted): if isAccepted { count.plainKeys += 1 }
            case .other: break
            }
            if !judgement.findings.isEmpty {
                count.findings += 1
            } else if case .certificate = judgement.subject {
                count.sound += 1
            }
            if showsAll || !judgement.findings.isEmpty {
                if isJSON {
                    Screen.line(json(number, line, judgement).text)
                } else {
                    show(number, line, judgement)
                }
            }
        }
        summarize(count, lines: monitor.lines)
        if count.findings > 0 { throw ExitStatus.altered }
        if count.certificates == 0 { throw ExitStatus.nothing }
    }

    private func summarize(_ count: Count, lines: UInt64) {
        if isJSON {
            Screen.line(
                JSONText.object([
                    ("lines", .number(lines)), ("certificates", .number(count.certificates)),
                    ("sound", .number(count.sound)), ("findings", .number(count.findings)),
                    ("unreadable", .number(count.unreadable)),
                    ("plain-keys", .number(count.plainKeys)),
                ]).text)
            return
        }
        Screen.line(
            "\(lines) lines, \(count.certificates + count.unreadable) of them about certificates: "
                + "\(count.sound) as the ledger has it, \(count.findings) not")
        if count.plainKeys > 0 {
            Screen.line("logins with a key that has no certificate: \(count.plainKeys)")
        }
    }
}

// MARK: - One line

extension LogScreen {
    private func show(_ number: UInt64, _ line: ArraySlice<UInt8>, _ judgement: LoginJudgement) {
        var head = "line \(number)"
        if let time = judgement.time { head += ", \(time.text)" }
        if let host = judgement.host { head += ", \(quoted(host))" }
        switch judgement.subject {
        case .certificate(let login, _):
            head += ": " + Self.event(login)
            Screen.line(head)
            Screen.line(
                "  serial \(login.serial)\(judgement.authority.map { " of \($0)" } ?? ""), key ID "
                    + quoted(login.keyID))
        case .plainKey: Screen.line(head + ": a key without a certificate")
        case .unreadable, .other:
            Screen.line(head)
            Screen.line(
                "  " + quoted(String(decoding: line.prefix(512), as: UTF8.self), limit: 160))
        }
        for finding in judgement.findings {
            Screen.line("  ! \(finding)")
            if let hint = finding.hint { Screen.line("    hint: \(hint)") }
        }
        for remark in judgement.remarks { Screen.line("  \(remark)") }
    }

    private static func event(_ login: SSHDLogLine) -> String {
        guard let account = login.account else { return "certificate looked at" }
        let source = login.source.map { " from \(quoted($0))" } ?? ""
        return "\(login.event.rawValue.lowercased()) \(quoted(account))\(source)"
    }

    private func json(
        _ number: UInt64, _ line: ArraySlice<UInt8>, _ judgement: LoginJudgement
    ) -> JSONText {
        var members: [(String, JSONText)] = [("line", .number(number))]
        func add(_ name: String, _ value: String?) {
            if let value { members.append((name, .string(value))) }
        }
        add("time", judgement.time?.text)
        add("host", judgement.host)
        switch judgement.subject {
        case .certificate(let login, let record):
            add("event", login.event.rawValue.lowercased())
            add("account", login.account)
            add("source", login.source)
            add("authority", judgement.authority)
            add("serial", String(login.serial))
            add("key-id", login.keyID)
            add("key", login.subjectKey)
            add("ca-key", login.authorityKey)
            add("request", record?.request.hex)
        case .plainKey(let isAccepted): add("event", isAccepted ? "plain-key" : "plain-key-refused")
        case .unreadable, .other:
            add("text", String(decoding: line.prefix(512), as: UTF8.self))
        }
        members.append(
            (
                "findings",
                .array(
                    judgement.findings.map { finding in
                        .object([
                            ("rule", .string(finding.rule.name)),
                            ("message", .string(finding.message)),
                        ])
                    })
            ))
        members.append(("remarks", .array(judgement.remarks.map { .string($0) })))
        return .object(members)
    }
}
