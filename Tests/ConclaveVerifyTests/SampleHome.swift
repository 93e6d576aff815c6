// SPDX-License-Identifier: Apache-2.0
import Documents
import Issuance
import Ledger
import SSHCrypto
import SSHFormats

/// A small home with its ledger in memory, whose ceremonies hand out bundles.
///
/// What it writes, it writes by the formats' specification, apart from the programs.
struct SampleHome {
    static let founded = UnixTime(seconds: 1_795_000_000)

    let keys: SampleKeys
    let founding: (genesis: [UInt8], policy: [UInt8], roster: [UInt8])
    let genesis: Genesis
    let policy: Policy
    let roster: Roster
    let genesisSignatures: [[UInt8]]

    private(set) var entries: [LedgerEntry] = []
    private(set) var contents: [SHA256Digest: [UInt8]] = [:]
    private var clock = founded.seconds
    /// What the tokens prove, by the names and values of the fields that the ledger has of it.
    var proofs: [PublicKey: [(name: String, value: String)]] = [:]

    init(tokens: [(name: String, value: String)] = []) throws {
        keys = try SampleKeys()
        let officers = ["Anna Ode", "Bert Poe", "Carla Roe"]
        var rosterText = DocumentWriter(kind: "roster")
        rosterText.field("bundle-signatures", "1")
        for (name, threshold) in [("routine", "2"), ("revocation", "1")] {
            rosterText.block()
            rosterText.field("class", name)
            rosterText.field("threshold", threshold)
        }
        for name in officers {
            let account = Self.account(name)
            rosterText.block()
            rosterText.field("officer", name)
            rosterText.field("account", account)
            rosterText.field("key", try keys.make(account).line)
        }
        rosterText.block()
        rosterText.field("witness", "Wim Sue")
        rosterText.field("key", try keys.make("wim").line)
        let users = try keys.makeAuthority("users")
        let hosts = try keys.makeAuthority("hosts")
        roster = try Roster(text: rosterText.finish())
        policy = try Policy(text: Self.policyText(tokens))
        genesis = Genesis(
            created: Self.founded, policy: policy.digest, roster: roster.digest,
            tool: "conclave 0.1.0",
            keys: [
                .init(authority: "users@example.org", publicKey: users, token: "pkcs11:token=a"),
                .init(authority: "hosts@example.org", publicKey: hosts, token: "pkcs11:token=a"),
            ])
        founding = (genesis.text, policy.text, roster.text)
        let genesisText = genesis.text
        genesisSignatures = try officers.map { [keys] name in
            try keys.sign(genesisText, by: Self.account(name), for: Genesis.namespace)
        }
        var draft = EntryDraft(.genesis)
        draft.field("genesis", genesis.id.hex)
        draft.field("policy", policy.digest.hex)
        draft.field("roster", roster.digest.hex)
        for signature in genesisSignatures {
            draft.field("signature", SHA256Digest(hashing: signature).hex)
        }
        try append(draft, [genesis.text, policy.text, roster.text] + genesisSignatures)
    }

    /// The account that stands for a person, and the name of the person's key file.
    static func account(_ name: String) -> String {
        name.split(separator: " ").first.map { $0.lowercased() } ?? ""
    }

    private static func policyText(
        _ tokens: [(name: String, value: String)]
    ) throws -> [UInt8] {
        var text = DocumentWriter(kind: "policy")
        text.field("batch-lifetime", "7d")
        text.field("clock-maximum-step", "90d")
        text.field("request-maximum-age", "30d")
        text.block()
        for field in tokens { text.field(field.name, field.value) }
        for (name, type) in [("users@example.org", "user"), ("hosts@example.org", "host")] {
            text.block()
            text.field("authority", name)
            text.field("type", type)
        }
        text.block()
        text.field("profile", "staff")
        text.field("authority", "users@example.org")
        text.field("class", "routine")
        for name in ["alice", "bob"] { text.field("principal", name) }
        text.field("login-account", "deploy")
        for kind in ["ed25519", "ecdsa-p256"] { text.field("key-kind", kind) }
        text.field("minimum-rsa-bits", "3072")
        text.field("option", "source-address")
        text.field("extension", "permit-pty")
        text.field("validity-default", "7d")
        text.field("validity-maximum", "30d")
        text.field("backdate", "5m")
        text.field("key-id", "{requester}/{profile}/{serial}")
        text.block()
        text.field("profile", "servers")
        text.field("authority", "hosts@example.org")
        text.field("class", "routine")
        text.field("host-pattern", "*.example.org")
        text.field("key-kind", "ed25519")
        text.field("minimum-rsa-bits", "3072")
        text.field("validity-default", "28d")
        text.field("validity-maximum", "90d")
        text.field("backdate", "5m")
        text.field("key-id", "{principal}/{serial}")
        return try text.finish()
    }
}

extension SampleHome {
    /// The time of the home's clock.
    var now: UnixTime { UnixTime(seconds: clock) }

    /// The root of the ledger as it stands.
    var root: SHA256Digest {
        var tree = MerkleFrontier()
        for entry in entries { tree.append(entry.leafHash) }
        return tree.root
    }

    /// Appends an entry with the texts that it names, a minute after the last.
    mutating func append(_ draft: EntryDraft, _ texts: [[UInt8]] = []) throws {
        entries.append(try draft.entry(index: UInt64(entries.count), time: now))
        for text in texts { contents[SHA256Digest(hashing: text)] = text }
        clock += 60
    }

    /// Lets time pass.
    mutating func wait(_ seconds: UInt64) {
        clock += seconds
    }

    /// Admits a request by a new key, and answers it.
    mutating func admit(
        _ name: String, authority: String, type: String, profile: String, principal: String,
        renewableUntil end: UnixTime? = nil
    ) throws -> CertificateRequest {
        let key = try keys.make(name)
        var text = DocumentWriter(kind: "request")
        text.field("authority", authority)
        text.field("type", type)
        text.field("public-key", key.line)
        text.field("principal", principal)
        text.field("profile", profile)
        text.field("created", now.text)
        text.field("nonce", String(repeating: "5a", count: 16))
        text.field("requester", principal)
        if let end { text.field("renewable-until", end.text) }
        let bytes = try text.finish()
        let armored = try keys.sign(bytes, by: name, for: CertificateRequest.namespace)
        let request = try CertificateRequest(file: bytes + armored)
        var draft = EntryDraft(.request)
        draft.field("request", request.id.hex)
        draft.field("file", SHA256Digest(hashing: request.file).hex)
        draft.field("name", "\(name).req")
        try append(draft, [request.file])
        return request
    }

    /// The item that answers a request.
    func item(for request: CertificateRequest, serial: UInt64) throws -> BatchItem {
        guard
            case .admitted(let admitted) = policy.decide(
                request, at: now, history: IssuanceHistory()),
            let key = genesis.keys.first(where: { $0.authority == request.authority })
        else { throw SampleFault(description: "the sample's request is not admitted") }
        let template = try CertificateTemplate(
            admitted, signatureKey: key.publicKey, draftedAt: now)
        let nonce = [UInt8](repeating: UInt8(truncatingIfNeeded: serial), count: 32)
        let certificate = try ToBeSignedCertificate(
            template.fields(serial: serial, nonce: nonce))
        return .issue(IssueItem(certificate, template: template))
    }
}

/// Something that cannot be in a sample.
struct SampleFault: Error, CustomStringConvertible {
    let description: String
}
