// SPDX-License-Identifier: Apache-2.0
import Documents
import Issuance
import Ledger
import SSHCrypto
import SSHFormats

@testable import conclave_verify

/// A bundle in memory, with the means to alter it and seal it again.
struct SampleBundle {
    let keys: SampleKeys
    /// The home's identity.
    let home: SHA256Digest
    /// The files.
    var files: [String: [UInt8]]

    /// Gathers the files of a ceremony that ended with the last entry of the ledger.
    init(
        _ home: SampleHome, _ manifest: BatchManifest, first: Int,
        _ signed: (approvals: [[UInt8]], certificates: [Certificate]), revocationList: [UInt8]?,
        sealedBy sealers: [String] = ["anna"]
    ) throws {
        keys = home.keys
        self.home = home.genesis.id
        files = [:]
        for certificate in signed.certificates {
            let fields = certificate.fields
            let name = "\(padded(fields.serial, to: 6))-\(fields.validPrincipals[0])-cert.pub"
            files["certificates/\(fields.kind.name)/\(name)"] = Array(
                (certificate.line(comment: fields.keyID) + "\n").utf8)
            files["certificates/\(fields.kind.name)/\(name.dropLast(4)).tlog-proof"] =
                home.proof(of: certificate)
        }
        addTrust(home, revocationList)
        addAudit(home, manifest, first: first, approvals: signed.approvals)
        addReport(SampleReport(home, manifest, signed))
        let name = "conclave-\(padded(manifest.header.number, to: 4))"
        files["COMPLETE"] = Array("conclave-bundle \(name)\n".utf8)
        try seal(by: sealers)
    }

    private mutating func addReport(_ report: SampleReport) {
        files["report.json"] = Array(report.json.text.utf8)
        files["report.txt"] = Array(report.page.utf8)
        files["report.html"] = Array(report.page.utf8)
    }

    private mutating func addTrust(_ home: SampleHome, _ list: [UInt8]?) {
        let lines = home.genesis.keys.map { "\($0.publicKey.line) \($0.authority)\n" }
        files["trust/users_example.org.pub"] = Array(lines[0].utf8)
        files["trust/hosts_example.org.pub"] = Array(lines[1].utf8)
        files["trust/user_ca_keys.pub"] = Array("\(home.genesis.keys[0].publicKey.line)\n".utf8)
        files["trust/known_hosts"] = Array(
            "@cert-authority *.example.org \(home.genesis.keys[1].publicKey.line)\n".utf8)
        if let list { files["trust/revoked_keys.krl"] = list }
        files["sshd/auth_principals/deploy"] = Array("alice\nbob\n".utf8)
        files["sshd/conclave.conf"] = Array(
            """
            # for sshd
            TrustedUserCAKeys /etc/ssh/conclave/user_ca_keys.pub
            RevokedKeys /etc/ssh/conclave/revoked_keys.krl
            AuthorizedPrincipalsFile /etc/ssh/auth_principals/%u

            """.utf8)
    }

    private mutating func addAudit(
        _ home: SampleHome, _ manifest: BatchManifest, first: Int, approvals: [[UInt8]]
    ) {
        files["audit/genesis.txt"] = home.founding.genesis
        files["audit/policy.txt"] = home.founding.policy
        files["audit/roster.txt"] = home.founding.roster
        files["audit/batch.txt"] = manifest.text
        for (place, signature) in home.genesisSignatures.enumerated() {
            files["audit/genesis-\(place + 1).sig"] = signature
        }
        for (place, approval) in approvals.enumerated() {
            files["audit/approval-\(place + 1).sig"] = approval
        }
        files["audit/genesis-entry.txt"] = home.entries[0].bytes
        let governing = home.entries.first { $0.digest == manifest.header.governingHead }
        if let governing, governing.kind == .epoch {
            files["audit/governing-entry.txt"] = governing.bytes
        }
        setEntries(home.entries[first...].map(\.bytes), from: first)
        for entry in home.entries[first...] {
            for field in entry.blocks.flatMap(\.fields) {
                guard let digest = SHA256Digest(hex: field.value), field.name != "message",
                    let bytes = home.contents[digest],
                    field.name != "request",
                    field.name != "batch" || entry.kind == .batch
                else { continue }
                files["audit/contents/\(digest.hex)"] = bytes
            }
        }
        files["audit/checkpoint.txt"] = home.checkpoint().bytes
        guard first > 0 else { return }
        files["audit/previous.txt"] = home.checkpoint(size: first).bytes
        files["audit/growth.txt"] = home.growthProof(from: first)
    }

    /// Puts in these texts as the entries from a place on, in files of at most 256.
    mutating func setEntries(_ texts: [[UInt8]], from first: Int) {
        for path in entryPaths { files[path] = nil }
        var start = first
        while start - first < texts.count {
            let end = min((start / 256 + 1) * 256, first + texts.count)
            let name = "\(padded(UInt64(start), to: 8))-\(padded(UInt64(end) - 1, to: 8)).txt"
            files["audit/entries/\(name)"] = Array(
                texts[start - first..<end - first].joined())
            start = end
        }
    }

    /// The files of the entries, in order.
    var entryPaths: [String] {
        files.keys.filter { $0.hasPrefix("audit/entries/") }.sorted()
    }

    /// The texts of the entries.
    var entryTexts: [[UInt8]] {
        entryPaths.flatMap { EntryFile.split(files[$0] ?? []) }.map { Array($0) }
    }

    /// Writes the sums anew and signs them, as somebody who altered the bundle and is on the roster.
    mutating func seal(by sealers: [String] = ["anna"]) throws {
        for path in files.keys where path.hasPrefix("SHA256SUMS") { files[path] = nil }
        let listed = files.filter { $0.key != "COMPLETE" }.sorted { $0.key < $1.key }
        let lines = listed.map { "\(SHA256Digest(hashing: $0.value).hex)  \($0.key)\n" }
        let sums = Array(lines.joined().utf8)
        files["SHA256SUMS"] = sums
        for (place, sealer) in sealers.enumerated() {
            let number = place == 0 ? "" : "-\(place + 1)"
            files["SHA256SUMS\(number).sig"] = try keys.sign(
                sums, by: sealer, for: "conclave-bundle-v1")
        }
    }

    /// The certificate of a file.
    func certificate(_ path: String) throws -> Certificate {
        try Certificate(line: String(decoding: files[path] ?? [], as: UTF8.self).trimmingLineEnd)
    }

    /// The check of the files as they are now.
    func check(
        pinned: SHA256Digest?? = nil, earlier: [EarlierCheckpoint] = []
    ) -> BundleCheck {
        BundleCheck(BundleFiles(files), pinned: pinned ?? home, earlier: earlier)
    }

    /// The faults of the files as they are now, each as its line.
    var faults: [String] { check().findings.faults.map(\.line).map(Self.shortened) }

    /// A line in which `ENTRIES, entry 3` stands for the entry's place in its file.
    static func shortened(_ line: String) -> String {
        line.replacing(#/"(audit/entries/\d{8}-\d{8}\.txt, entry \d+)"/#) { $0.1 }
            .replacing(#/audit/entries/\d{8}-\d{8}\.txt, /#, with: "ENTRIES, ")
    }
}

/// The samples that tests share; none of them alters what it was given.
enum Samples {
    /// Two certificates and the first revocation list; the entries are the whole ledger.
    static let first = Result { try bundles().first }
    /// A revocation; the entries begin where those of the first bundle end.
    static let second = Result { try bundles().second }

    /// The home after both ceremonies.
    static let home = Result { try made.get().home }

    private static let made = Result { try make() }

    /// The faults of the first sample after a change, sealed again.
    static func faults(
        sealedBy sealers: [String] = ["anna"], _ change: (inout SampleBundle) throws -> Void
    ) throws -> [String] {
        var bundle = try first.get()
        try change(&bundle)
        try bundle.seal(by: sealers)
        return bundle.faults
    }

    private static func bundles() throws -> (first: SampleBundle, second: SampleBundle) {
        let made = try made.get()
        return (made.first, made.second)
    }

    private static func make() throws -> (
        first: SampleBundle, second: SampleBundle, home: SampleHome
    ) {
        var home = try SampleHome()
        let first = try makeFirst(&home)
        let start = home.entries.count
        let users = home.genesis.keys[0]
        let list = RevocationList(
            version: 2, generated: home.now.seconds,
            authorities: [.init(key: users.publicKey, serials: [1...1])])
        let bytes = try list.encoded()
        let manifest = try home.draft(
            [
                .revoke(
                    RevokeItem(
                        authority: users.authority, target: .serials(1...1),
                        riskClass: "revocation", reason: "laptop lost")),
                .revocationList(
                    RevocationListItem(version: 2, riskClass: "revocation", bytes: bytes)),
            ], number: 2)
        let signed = try home.carryOut(manifest, approvedBy: ["Bert Poe"])
        let second = try SampleBundle(
            home, manifest, first: start, signed, revocationList: bytes, sealedBy: ["wim", "bert"])
        return (first, second, home)
    }

    /// The bundle of a first ceremony with two certificates, in which something may go wrong.
    static func makeFirst(
        _ home: inout SampleHome, approvedBy officers: [String] = ["Anna Ode", "Bert Poe"],
        _ irregularity: SampleHome.Irregularity = []
    ) throws -> SampleBundle {
        let alice = try home.admit(
            "alice", authority: "users@example.org", type: "user", profile: "staff",
            principal: "alice")
        let web = try home.admit(
            "web", authority: "hosts@example.org", type: "host", profile: "servers",
            principal: "web.example.org")
        var refusal = EntryDraft(.refusal)
        refusal.field("name", "eve.req")
        refusal.field("file", SHA256Digest(hashing: [1]).hex)
        refusal.field("message", "principal \"root\" is not allowed (POLICY-PRINCIPAL)")
        try home.append(refusal)
        let list = try RevocationList(version: 1, generated: home.now.seconds).encoded()
        let manifest = try home.draft(
            [
                home.item(for: alice, serial: 1), home.item(for: web, serial: 1),
                .revocationList(
                    RevocationListItem(version: 1, riskClass: "revocation", bytes: list)),
            ], number: 1)
        let signed = try home.carryOut(manifest, approvedBy: officers, irregularity)
        return try SampleBundle(home, manifest, first: 0, signed, revocationList: list)
    }
}
