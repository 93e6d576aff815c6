// SPDX-License-Identifier: Apache-2.0
import Documents
import HomeSupport
import Issuance
import SSHCrypto
import SSHFormats
import Testing

@Suite("Certificate templates")
struct CertificateTemplateTests {
    private let key: SoftwareKey
    private let authority: SoftwareKey
    private let user: RequestDraft
    private let host: RequestDraft
    private let now: UnixTime

    init() throws {
        key = try SoftwareKey("alice")
        authority = try SoftwareKey("users-ca")
        user = RequestDraft.user(key)
        host = RequestDraft.host(key)
        now = try time("2026-11-22T10:00:00Z")
    }

    private struct Refused: Error {
        let violations: [Violation]
    }

    private func admit(_ draft: RequestDraft, policy: Policy) throws -> AdmittedRequest {
        let decision = policy.decide(
            try draft.request(signedBy: key), at: now, history: IssuanceHistory())
        switch decision {
        case .admitted(let admitted): return admitted
        case .refused(let violations): throw Refused(violations: violations)
        }
    }

    private func template(
        _ draft: RequestDraft, at time: UnixTime? = nil, notAfter: String? = nil
    ) throws -> CertificateTemplate {
        try CertificateTemplate(
            admit(draft, policy: SampleTexts.makePolicy()), signatureKey: authority.publicKey,
            draftedAt: time ?? now, notAfter: notAfter.map { try HomeSupport.time($0) })
    }

    private func window(
        _ draft: RequestDraft, at time: UnixTime? = nil, notAfter: String? = nil
    ) throws -> String {
        let template = try template(draft, at: time, notAfter: notAfter)
        return "\(template.validAfter) to \(template.validBefore)"
    }

    @Test("without a validity the profile's default holds, backdated by its margin")
    func defaultValidity() throws {
        #expect(try window(user) == "2026-11-22T09:55:00Z to 2026-11-29T10:00:00Z")
        #expect(
            try window(user.setting("profile", "admins").setting("principal", "root"))
                == "2026-11-22T09:59:00Z to 2026-11-22T18:00:00Z")
        #expect(try window(host) == "2026-11-22T09:55:00Z to 2026-12-20T10:00:00Z")
    }

    @Test("a span counts from the drafting; the margin comes on top")
    func span() throws {
        #expect(
            try window(user.adding("validity", "36h"))
                == "2026-11-22T09:55:00Z to 2026-11-23T22:00:00Z")
    }

    @Test("a window that lies ahead is kept as it is")
    func futureWindow() throws {
        #expect(
            try window(user.adding("validity", "2026-11-24T00:00:00Z/2026-11-25T00:00:01Z"))
                == "2026-11-24T00:00:00Z to 2026-11-25T00:00:01Z")
    }

    @Test("a window that began long ago begins at the margin, and never before")
    func pastWindow() throws {
        let end = "/2026-11-25T00:00:00Z"
        #expect(
            try window(user.adding("validity", "2026-11-20T00:00:00Z" + end))
                == "2026-11-22T09:55:00Z to 2026-11-25T00:00:00Z")
        #expect(
            try window(user.adding("validity", "2026-11-22T09:55:01Z" + end))
                == "2026-11-22T09:55:01Z to 2026-11-25T00:00:00Z")
    }

    @Test("a window that ended between admission and drafting gives no certificate")
    func endedWindow() throws {
        let draft = user.adding("validity", "2026-11-22T10:00:00Z/2026-11-22T12:00:00Z")
        let second = try time("2026-11-22T11:59:59Z")
        #expect(try window(draft, at: second) == "2026-11-22T11:54:59Z to 2026-11-22T12:00:00Z")
        let late = try time("2026-11-22T12:00:00Z")
        #expect(
            try violations { try template(draft, at: late) }
                == ["validity would not end after 2026-11-22T12:00:00Z (VALIDITY-PAST)"])
    }

    @Test("a renewal ends with the consent at the latest")
    func notAfter() throws {
        #expect(
            try window(host, notAfter: "2026-12-20T09:59:59Z")
                == "2026-11-22T09:55:00Z to 2026-12-20T09:59:59Z")
        #expect(
            try window(host, notAfter: "2026-12-20T10:00:01Z")
                == "2026-11-22T09:55:00Z to 2026-12-20T10:00:00Z")
        #expect(
            try violations { try template(host, notAfter: "2026-11-22T10:00:00Z") }
                == ["validity would not end after 2026-11-22T10:00:00Z (VALIDITY-PAST)"])
    }

    @Test("a validity beyond the year 9999 is refused, and near the epoch the margin is cut")
    func endsOfTime() throws {
        #expect(
            try violations { try template(host, at: UnixTime.latest) }
                == ["validity would end after 9999-12-31T23:59:59Z (VALIDITY-MAX)"])
        #expect(
            try window(host, at: UnixTime(seconds: 60))
                == "1970-01-01T00:00:00Z to 1970-01-29T00:01:00Z")
    }

    @Test("options are the request's and the profile's, each once and sorted by name")
    func options() throws {
        let admin = try template(
            user.setting("profile", "admins").setting("principal", "root")
                .adding("option", "permit-pty").adding("option", "source-address=192.0.2.0/24"))
        #expect(admin.criticalOptions == [.sourceAddress(["192.0.2.0/24"])])
        #expect(admin.extensions == [.permitPTY])
        let staff = try template(
            user.adding("option", "source-address=10.0.0.0/8")
                .adding("option", "permit-X11-forwarding").adding("option", "force-command=x"))
        #expect(staff.criticalOptions.map(\.name) == ["force-command", "source-address"])
        #expect(staff.extensions == [.permitX11Forwarding, .permitPTY])
        #expect(try template(host).criticalOptions == [])
        #expect(try template(host).extensions == [])
    }

    @Test("a certificate's fields are the request's, with serial, nonce, key and key ID")
    func fields() throws {
        let nonce = [UInt8](repeating: 7, count: 32)
        let template = try template(user.adding("principal", "bob"))
        let fields = template.fields(serial: 12, nonce: nonce)
        #expect(fields.serial == 12)
        #expect(fields.nonce == nonce)
        #expect(fields.kind == .user)
        #expect(fields.publicKey == key.publicKey)
        #expect(fields.signatureKey == authority.publicKey)
        #expect(fields.validPrincipals == ["alice", "bob"])
        #expect(fields.keyID == "Alice_Adams/staff/12")
        #expect(fields.validAfter == template.validAfter.seconds)
        #expect(fields.validBefore == template.validBefore.seconds)
    }

    @Test("where no requester is named, the first principal stands in the key ID")
    func noRequester() throws {
        let template = try template(user.removing("requester"))
        #expect(template.fields(serial: 1, nonce: []).keyID == "alice/staff/1")
    }
}

@Suite("Bytes to be signed")
struct ToBeSignedCertificateTests {
    private let fields: CertificateFields

    init() throws {
        fields = CertificateFields(
            nonce: [UInt8](repeating: 7, count: 32), publicKey: try SoftwareKey("alice").publicKey,
            serial: 1, kind: .user, keyID: "alice/1", validPrincipals: ["alice"],
            validAfter: 1000, validBefore: 2000, criticalOptions: [.forceCommand("x")],
            extensions: [.permitX11Forwarding, .permitPTY],
            signatureKey: try SoftwareKey("users-ca").publicKey)
    }

    private func faults(_ change: (inout CertificateFields) -> Void) throws -> [String]? {
        var changed = fields
        change(&changed)
        return try violations { try ToBeSignedCertificate(changed) }
    }

    @Test("the bytes are those that the fields encode to, named by their SHA-256")
    func bytes() throws {
        let certificate = try ToBeSignedCertificate(fields)
        #expect(certificate.bytes == (try fields.toBeSigned()))
        #expect(certificate.fields == fields)
        let signed = try SoftwareKey("users-ca").sign(certificate.bytes)
        let finished = try Certificate(toBeSigned: certificate.bytes, signature: signed)
        #expect(finished.fields == fields)
        try finished.verifySignature()
    }

    @Test("a certificate has a serial, by which it can be revoked")
    func serial() throws {
        #expect(
            try faults { $0.serial = 0 } == ["serial 0 cannot be revoked by serial (BATCH-LINT)"])
        #expect(try faults { $0.serial = .max } == nil)
    }

    @Test("a nonce has 32 bytes, neither fewer nor more", arguments: [31, 33, 0])
    func nonce(count: Int) throws {
        #expect(
            try faults { $0.nonce = [UInt8](repeating: 1, count: count) }?.first
                == "nonce has \(count) bytes, not 32 (BATCH-LINT)")
    }

    @Test("a certificate names principals, and only good ones")
    func principals() throws {
        #expect(try faults { $0.validPrincipals = [] }?.count == 1)
        #expect(
            try faults { $0.validPrincipals = ["a*"] } == [
                "principal \"a*\" has a character outside A-Z a-z 0-9 . _ @ : + - (BATCH-LINT)"
            ])
    }

    @Test("a key ID has 1 to 256 bytes")
    func keyID() throws {
        #expect(try faults { $0.keyID = String(repeating: "k", count: 256) } == nil)
        #expect(try faults { $0.keyID = "k" } == nil)
        for count in [0, 257] {
            #expect(
                try faults { $0.keyID = String(repeating: "k", count: count) }?.first
                    == "key ID has \(count) bytes, not 1 to 256 (BATCH-LINT)")
        }
    }

    @Test("a certificate ends, at the end of the year 9999 at the latest")
    func end() throws {
        #expect(try faults { $0.validBefore = 253_402_300_799 } == nil)
        for end in [253_402_300_800, UInt64.max] {
            #expect(
                try faults { $0.validBefore = end } == ["validity never ends (BATCH-LINT)"])
        }
        #expect(try faults { $0.validBefore = 1000 }?.count == 1)
    }

    @Test("a CA key certifies itself never, and a FIDO key is none")
    func authorityKey() throws {
        #expect(
            try faults { $0.publicKey = $0.signatureKey }
                == ["a CA key certifies itself (BATCH-LINT)"])
        let token = try SoftwareKey(securityKey: "token").publicKey
        #expect(try faults { $0.signatureKey = token }?.count == 1)
    }

    @Test("options and extensions stand in the order in which they are signed")
    func order() throws {
        #expect(
            try faults { $0.extensions = [.permitPTY, .permitX11Forwarding] }
                == ["options are not in the order of their names (BATCH-LINT)"])
        #expect(
            try faults { $0.criticalOptions = [.verifyRequired, .forceCommand("x")] }
                == ["options are not in the order of their names (BATCH-LINT)"])
    }

    @Test("a certificate may have 32,768 bytes and not one more")
    func size() throws {
        var large = fields
        large.validPrincipals = (100..<210).map { "\($0)" + String(repeating: "n", count: 252) }
        let room = try ToBeSignedCertificate.maximumLength - large.toBeSigned().count
        large.criticalOptions = [.forceCommand(String(repeating: "x", count: room + 1))]
        #expect(try ToBeSignedCertificate(large).bytes.count == 32_768)
        large.criticalOptions = [.forceCommand(String(repeating: "x", count: room + 2))]
        #expect(
            try violations { try ToBeSignedCertificate(large) }
                == ["certificate has 32769 bytes, more than 32768 (BATCH-LINT)"])
    }

    @Test("all faults are told at once")
    func allAtOnce() throws {
        #expect(
            try faults {
                $0.serial = 0
                $0.nonce = []
                $0.keyID = ""
                $0.validBefore = .max
            }?.count == 5)
    }
}
