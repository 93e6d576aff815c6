// SPDX-License-Identifier: Apache-2.0
public import Documents
import Issuance
import SSHCrypto
import SSHFormats

/// Judges lines of sshd's log by what a home's ledger says: who made a certificate outside a
/// ceremony shows here at the first login.
///
/// What was looked up is kept, up to a bound: the memory doesn't grow with the log.
public struct LoginJudge {
    /// How many certificates are kept at a time.
    static let maximumKept = 4_096

    /// A certificate of the ledger, with what each line needs of it.
    private struct Known {
        let record: IssuedRecord
        let subjectKey: String
        let authorityKey: String
        let revocation: Revocation?
    }

    /// The revocation list that a batch released, and when.
    public typealias Release = (version: UInt64?, time: UnixTime?)

    private struct Revocation {
        let target: String
        let batch: UInt64
        let version: UInt64?
        let time: UnixTime?
    }

    private struct Name: Hashable {
        let authority: String
        let serial: UInt64
    }

    private let state: HomeState
    private let clock: LogClock
    private let otherAuthorities: Set<String>
    private let release: (_ batch: UInt64) throws -> Release?
    private let record: (_ authority: String, _ serial: UInt64) throws -> IssuedRecord?
    /// The home's authorities by the fingerprints of their keys.
    private let authorities: [String: String]
    /// For each account the principals that may log in to it.
    private let principals: [String: Set<String>]
    /// The principals that log in to the account of their own name.
    private let ownAccounts: Set<String>
    private var kept: [Name: Known?] = [:]

    /// Makes a judge.
    ///
    /// - Parameters:
    ///   - state: What the ledger replays to.
    ///   - clock: How the lines' times are meant.
    ///   - otherAuthorities: Fingerprints of CA keys that hosts trust as well, and this home has not.
    ///   - release: What a batch released; the state's own batches answer where nothing else does.
    ///   - record: The ledger's certificate of an authority's serial, or nil where there is none.
    public init(
        state: HomeState, clock: LogClock, otherAuthorities: Set<String> = [],
        release: ((_ batch: UInt64) throws -> Release?)? = nil,
        record: @escaping (_ authority: String, _ serial: UInt64) throws -> IssuedRecord?
    ) {
        self.state = state
        self.clock = clock
        self.otherAuthorities = otherAuthorities
        self.release =
            release ?? { number in
                state.batch(number: number).map { ($0.revocationList?.version, $0.closed?.time) }
            }
        self.record = record
        var authorities: [String: String] = [:]
        for authority in state.policy.authorities {
            for key in state.authorityKeys(authority.name) {
                authorities[key.fingerprint] = authority.name
            }
        }
        self.authorities = authorities
        var principals: [String: Set<String>] = [:]
        var own: Set<String> = []
        var sent: Set<String> = []
        for profile in state.policy.profiles where profile.kind == .user {
            for account in profile.loginAccounts {
                principals[account, default: []].formUnion(profile.principals)
            }
            if profile.loginAccounts.isEmpty {
                own.formUnion(profile.principals)
            } else {
                sent.formUnion(profile.principals)
            }
        }
        self.principals = principals
        ownAccounts = own.subtracting(sent)
    }

    /// Judges a line, without its end.
    ///
    /// - Throws: what looking up throws; nothing for anything that a line may hold.
    public mutating func judge(_ line: ArraySlice<UInt8>) throws -> LoginJudgement {
        let log = LogLine(line, clock: clock)
        func judgement(
            _ subject: LoginJudgement.Subject, _ findings: [Violation] = []
        ) -> LoginJudgement {
            LoginJudgement(
                time: log.time, host: log.host, subject: subject, authority: nil,
                findings: findings, remarks: [])
        }
        guard log.isOfSSHD else { return judgement(.other) }
        switch SSHDLogLine.read(log.message) {
        case .certificate(let certificate): return try judge(certificate, in: log)
        case .plainKey(let event): return judgement(.plainKey(isAccepted: event == .accepted))
        case .unreadable(let reason):
            return judgement(
                .unreadable,
                [
                    Violation(
                        .logLine, "the line is about a certificate and can't be read: \(reason)",
                        hint: "sshd cuts lines of more than 1023 bytes: find out whose it was")
                ])
        case .other: return judgement(.other)
        }
    }

    /// Judges a line that was longer than its reader keeps, by its beginning.
    ///
    /// - Throws: what looking up throws.
    public mutating func judge(beginning: ArraySlice<UInt8>) throws -> LoginJudgement {
        let found = try judge(beginning)
        switch found.subject {
        case .other, .plainKey: return found
        case .certificate, .unreadable:
            return LoginJudgement(
                time: found.time, host: found.host, subject: .unreadable, authority: nil,
                findings: [
                    Violation(
                        .logLine, "the line is about a certificate and too long to be sshd's")
                ], remarks: [])
        }
    }

    private mutating func judge(
        _ line: SSHDLogLine, in log: LogLine
    ) throws -> LoginJudgement {
        var findings: [Violation] = []
        var remarks: [String] = []
        var known: Known?
        let authority = authorities[line.authorityKey]
        if let authority {
            known = try look(up: Name(authority: authority, serial: line.serial))
            if let known {
                let faults = differences(of: line, from: known)
                if faults.isEmpty {
                    judge(line, of: known, at: log.time, &findings, &remarks)
                } else {
                    findings.append(
                        Violation(
                            .logCertificate,
                            "it is not the certificate that the ledger has under serial "
                                + "\(line.serial) of \(authority): "
                                + faults.joined(separator: ", "),
                            hint: Self.forgeryHint))
                }
            } else {
                findings.append(unknown(line, of: authority))
            }
        } else if otherAuthorities.contains(line.authorityKey) {
            remarks.append("it is of another authority that was named")
        } else {
            findings.append(
                Violation(
                    .logAuthority, "CA key \(line.authorityKey) is not one of this home's",
                    hint: "if its host trusts that authority as well, name it with --other-ca"))
        }
        return LoginJudgement(
            time: log.time, host: log.host,
            subject: .certificate(line, recorded: known?.record), authority: authority,
            findings: findings, remarks: remarks)
    }

    private static let forgeryHint =
        "somebody made it outside a ceremony with the CA key: revoke it, and treat the token as "
        + "compromised"

    private func unknown(_ line: SSHDLogLine, of authority: String) -> Violation {
        let next = state.nextSerials[authority] ?? 1
        if line.serial > 0, SerialNumber(line.serial).epoch < SerialNumber(next).epoch {
            return Violation(
                .logSerial,
                "the ledger has no certificate with serial \(line.serial) of \(authority): it was "
                    + "given up with its epoch",
                hint: "it was signed before the home was restored, or outside a ceremony; the "
                    + "revocation list in force revokes it: see that every host has that list")
        }
        let reason =
            line.serial > 0 && line.serial < next
            ? "a batch reserved it, and no ceremony issued it" : "no batch ever had it"
        return Violation(
            .logSerial,
            "the ledger has no certificate with serial \(line.serial) of \(authority): \(reason)",
            hint: Self.forgeryHint)
    }

    private mutating func look(up name: Name) throws -> Known? {
        if let known = kept[name] { return known }
        if kept.count >= Self.maximumKept { kept.removeAll(keepingCapacity: true) }
        let found = try record(name.authority, name.serial).map { record in
            let fields = record.certificate.fields
            let reason = state.revocations.reason(authority: record.authority, fields: fields)
            let revocation = try reason.map { reason in
                let batch = try release(reason.batch)
                return Revocation(
                    target: reason.target.shortText, batch: reason.batch,
                    version: batch?.version, time: batch?.time)
            }
            return Known(
                record: record, subjectKey: fields.publicKey.fingerprint,
                authorityKey: fields.signatureKey.fingerprint, revocation: revocation)
        }
        kept[name] = .some(found)
        return found
    }

    /// What a line says otherwise than the ledger.
    private func differences(of line: SSHDLogLine, from known: Known) -> [String] {
        var faults: [String] = []
        let keyID = known.record.certificate.fields.keyID
        if !line.keyID.utf8.elementsEqual(keyID.utf8) {
            faults.append("key ID \(quoted(line.keyID)), not \(quoted(keyID))")
        }
        if let subject = line.subjectKey, subject != known.subjectKey {
            faults.append("key \(subject), not \(known.subjectKey)")
        }
        if line.authorityKey != known.authorityKey {
            faults.append("CA key \(line.authorityKey), not \(known.authorityKey)")
        }
        return faults
    }
}

// MARK: - A certificate that the ledger has

extension LoginJudge {
    private func judge(
        _ line: SSHDLogLine, of known: Known, at time: UnixTime?, _ findings: inout [Violation],
        _ remarks: inout [String]
    ) {
        let fields = known.record.certificate.fields
        if line.event == .accepted || line.event == .partial, !line.isHostbased,
            let account = line.account, !mayLogIn(fields.validPrincipals, to: account)
        {
            findings.append(
                Violation(
                    .logAccount,
                    "account \(quoted(account)) is not one that "
                        + "\(shown(fields.validPrincipals)) may log in to",
                    hint: "compare the host's principals files with those of the last bundle"))
        }
        judgeTime(line, of: known, at: time, &findings, &remarks)
    }

    private func mayLogIn(_ certified: [String], to account: String) -> Bool {
        let listed = principals[account] ?? []
        return certified.contains {
            listed.contains($0) || ($0 == account && ownAccounts.contains($0))
        }
    }

    private func shown(_ principals: [String]) -> String {
        let few = principals.prefix(4).map { quoted($0) }.joined(separator: ", ")
        return principals.count > 4 ? "\(few) and \(principals.count - 4) more" : few
    }

    private func judgeTime(
        _ line: SSHDLogLine, of known: Known, at time: UnixTime?, _ findings: inout [Violation],
        _ remarks: inout [String]
    ) {
        let fields = known.record.certificate.fields
        if let time, time.seconds < fields.validAfter || time.seconds >= fields.validBefore {
            let message =
                "\(time.text) is outside its validity, "
                + "\(UnixTime(seconds: fields.validAfter).text) to "
                + UnixTime(seconds: fields.validBefore).text
            if line.event.isConsent {
                findings.append(
                    Violation(.logValidity, message, hint: "look at the clock of the host"))
            } else {
                remarks.append(message)
            }
        }
        if time == nil { remarks.append("the line tells no time to judge its validity by") }
        guard let revocation = known.revocation else { return }
        let list = revocation.version.map { "revocation list version \($0)" } ?? "a revocation"
        let since = revocation.time.map { " of \($0.text)" } ?? ""
        let message = "\(revocation.target) is revoked in \(list)\(since)"
        let isBefore =
            if let time, let revoked = revocation.time { time < revoked } else { false }
        if isBefore {
            remarks.append("\(message), after this line")
        } else if line.event.isConsent {
            findings.append(
                Violation(
                    .logRevoked, message, hint: "bring the host the list of the last bundle"))
        } else {
            remarks.append(message)
        }
    }
}
