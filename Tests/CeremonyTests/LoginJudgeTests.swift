// SPDX-License-Identifier: Apache-2.0
import Ceremony
import Documents
import HomeSupport
import Issuance
import Ledger
import SSHCrypto
import SSHFormats
import Testing

@Suite("Judging logins by the ledger")
struct LoginJudgeTests {
    private let ledger: MemoryLedger
    private let alice: String
    private let users: String

    /// Alice's certificate has serial 1 and is valid from 2026-11-22T09:55:00Z to 11-29T10:00:00Z.
    init() throws {
        var ledger = try MemoryLedger(
            policy: SampleTexts.policy.replacing(
                "principal: olivia\n", with: "principal: olivia\nlogin-account: deploy\n"))
        let key = try SoftwareKey("alice")
        try ledger.admit(.user(key), for: key)
        try ledger.complete(ledger.draftPending())
        self.ledger = ledger
        alice = key.publicKey.fingerprint
        users = try SoftwareKey("users-ca").publicKey.fingerprint
    }

    private func judge(
        _ line: String, in ledger: MemoryLedger? = nil, other: Set<String> = []
    ) throws -> LoginJudgement {
        let ledger = ledger ?? self.ledger
        let clock = LogClock(now: try time("2027-06-01T00:00:00Z"))
        var judge = LoginJudge(state: ledger.state, clock: clock, otherAuthorities: other) {
            authority, serial in
            try ledger.entries.filter { $0.kind == .issued }.map { try IssuedRecord($0) }
                .first { $0.authority == authority && $0.certificate.fields.serial == serial }
        }
        let first = try judge.judge(Array(line.utf8)[...])
        // What is kept gives the same answer.
        #expect(try judge.judge(Array(line.utf8)[...]).findings == first.findings)
        return first
    }

    private func line(
        _ event: String = "Accepted", account: String = "deploy",
        at moment: String? = "2026-11-23T08:00:00Z",
        key: String? = nil, keyID: String = "Alice_Adams/staff/1", serial: UInt64 = 1,
        authority: String? = nil
    ) -> String {
        (moment.map { "\($0) web1 sshd[1]: " } ?? "")
            + "\(event) publickey for \(account) from 10.0.0.7 port 5 ssh2: ED25519-CERT "
            + "\(key ?? alice) ID \(keyID) (serial \(serial)) CA ED25519 \(authority ?? users)"
    }

    private func findings(
        _ line: String, in ledger: MemoryLedger? = nil
    ) throws -> [String] {
        try judge(line, in: ledger).findings.map(\.description)
    }

    @Test("a login with a certificate of the ledger, within all bounds, is sound")
    func sound() throws {
        let judgement = try judge(line())
        #expect(judgement.findings == [] && judgement.remarks == [])
        #expect(judgement.authority == "users@example.org")
        #expect(judgement.time == (try time("2026-11-23T08:00:00Z")))
        #expect(judgement.host == "web1")
        guard case .certificate(let login, let record) = judgement.subject else {
            Issue.record("\(judgement.subject)")
            return
        }
        #expect(login.serial == 1 && record?.number == 1)
    }

    @Test("a serial that no ceremony issued is found, whatever came of the login")
    func unknownSerial() throws {
        for event in ["Accepted", "Failed", "Postponed", "Partial"] {
            for serial: UInt64 in [0, 2, .max] {
                #expect(
                    try findings(line(event, serial: serial)) == [
                        "the ledger has no certificate with serial \(serial) of users@example.org: "
                            + "no batch ever had it (LOG-SERIAL)"
                    ])
            }
        }
        var ledger = ledger
        let bob = try SoftwareKey("bob")
        try ledger.admit(
            .user(bob, principal: "bob", nonce: 9), for: bob, at: "2026-11-22T13:00:00Z")
        try ledger.draftPending(at: "2026-11-22T13:00:00Z")
        #expect(
            try findings(line(serial: 2), in: ledger) == [
                "the ledger has no certificate with serial 2 of users@example.org: a batch "
                    + "reserved it, and no ceremony issued it (LOG-SERIAL)"
            ])
    }

    @Test("a known serial with another key ID, key or CA key is found, with each difference")
    func otherCertificate() throws {
        let other = try SoftwareKey("mallory").publicKey.fingerprint
        let start =
            "it is not the certificate that the ledger has under serial 1 of users@example.org: "
        #expect(
            try findings(line(keyID: "Alice_Adams/staff/2")) == [
                start
                    + "key ID \"Alice_Adams/staff/2\", not \"Alice_Adams/staff/1\" (LOG-CERTIFICATE)"
            ])
        #expect(
            try findings(line("Failed", key: other)) == [
                start + "key \(other), not \(alice) (LOG-CERTIFICATE)"
            ])
        #expect(
            try findings(line(key: other, keyID: "x")) == [
                start + "key ID \"x\", not \"Alice_Adams/staff/1\", key \(other), not \(alice) "
                    + "(LOG-CERTIFICATE)"
            ])
    }

    @Test("a CA key that the home has not is found, unless it was named")
    func otherAuthority() throws {
        let other = try SoftwareKey("mallory").publicKey.fingerprint
        let line = line(authority: other)
        #expect(
            try findings(line) == ["CA key \(other) is not one of this home's (LOG-AUTHORITY)"])
        let named = try judge(line, other: [other])
        #expect(named.findings == [])
        #expect(named.remarks == ["it is of another authority that was named"])
        #expect(named.authority == nil)
    }

    @Test("an account is one that the policy lets the principal log in to")
    func accounts() throws {
        for account in ["alice", "root", "deploy2", "Deploy"] {
            #expect(
                try findings(line(account: account)) == [
                    "account \"\(account)\" is not one that \"alice\" may log in to (LOG-ACCOUNT)"
                ])
            #expect(try findings(line("Failed", account: account)) == [])
        }
        // Where a profile names no accounts, a principal is the name of its own.
        var plain = try MemoryLedger()
        let key = try SoftwareKey("alice")
        try plain.admit(.user(key), for: key)
        try plain.complete(plain.draftPending())
        #expect(try findings(line(account: "alice"), in: plain) == [])
        #expect(try findings(line(account: "deploy"), in: plain).count == 1)
    }

    @Test("a login is within the certificate's validity by the line's own time, end excluded")
    func validity() throws {
        let span = "outside its validity, 2026-11-22T09:55:00Z to 2026-11-29T10:00:00Z"
        for moment in ["2026-11-22T09:55:00Z", "2026-11-29T09:59:59Z"] {
            #expect(try findings(line(at: moment)) == [])
        }
        for moment in ["2026-11-22T09:54:59Z", "2026-11-29T10:00:00Z"] {
            #expect(try findings(line(at: moment)) == ["\(moment) is \(span) (LOG-VALIDITY)"])
            let refused = try judge(line("Failed", at: moment))
            #expect(refused.findings == [])
            #expect(refused.remarks == ["\(moment) is \(span)"])
        }
        let undated = try judge(line(at: nil))
        #expect(undated.findings == [])
        #expect(undated.remarks == ["the line tells no time to judge its validity by"])
    }

    @Test("a login after the revocation is found, with the list's version; before it, remarked")
    func revoked() throws {
        var ledger = ledger
        let item = RevokeItem(
            authority: "users@example.org", target: .serials(1...1),
            riskClass: "revocation", reason: "laptop lost")
        let moment = "2026-11-24T12:00:00Z"
        let manifest = try ledger.draft(BatchDraft.Order(revocations: [item]), at: moment)
        try ledger.complete(manifest, at: moment)
        let message = "serial 1 is revoked in revocation list version 1 of 2026-11-24T12:00:00Z"
        #expect(try findings(line(at: moment), in: ledger) == ["\(message) (LOG-REVOKED)"])
        #expect(try findings(line(at: nil), in: ledger) == ["\(message) (LOG-REVOKED)"])
        let before = try judge(line(at: "2026-11-24T11:59:59Z"), in: ledger)
        #expect(before.findings == [])
        #expect(before.remarks == ["\(message), after this line"])
        let refused = try judge(line("Failed", at: moment), in: ledger)
        #expect(refused.findings == [] && refused.remarks == [message])
    }

    @Test("a line that cannot be read, or is too long, is found if it is about a certificate")
    func unreadable() throws {
        #expect(
            try findings("Accepted publickey for a from ::1 port 2 ssh2: ED25519-CERT") == [
                "the line is about a certificate and can't be read: it ends too soon (LOG-LINE)"
            ])
        #expect(try findings("Accepted publickey for a from ::1 port 2 ssh2: ED25519 x") == [])
        #expect(try findings("nonsense") == [])
        let clock = LogClock(now: try time("2027-06-01T00:00:00Z"))
        var judge = LoginJudge(state: ledger.state, clock: clock) { _, _ in nil }
        #expect(
            try judge.judge(beginning: Array(line().utf8)[...]).findings.map(\.description) == [
                "the line is about a certificate and too long to be sshd's (LOG-LINE)"
            ])
        #expect(try judge.judge(beginning: Array("x".utf8)[...]).findings == [])
    }

    @Test("a line of another program is passed over, whatever it says")
    func otherProgram() throws {
        let judgement = try judge(line(serial: 9).replacing(" sshd[1]:", with: " mallory[1]:"))
        guard case .other = judgement.subject else {
            Issue.record("\(judgement.subject)")
            return
        }
        #expect(judgement.findings == [])
    }
}
