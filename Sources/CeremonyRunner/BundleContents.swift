// SPDX-License-Identifier: Apache-2.0
import Ceremony
import Documents
import Issuance
import Ledger
import LedgerStore
import Reports
import SSHCrypto
import SSHFormats

/// The files of a bundle: everything that hosts, clients and auditors need of one ceremony.
///
/// Format: `Docs/Formats/Bundle.md`.
struct BundleContents {
    /// The SSHSIG namespace that bundle signatures carry.
    static let namespace = "conclave-bundle-v1"
    /// The file that lists the SHA-256 of every other.
    static let sumsName = "SHA256SUMS"

    /// Path and bytes of each file, without the sums.
    private(set) var files: [(path: String, bytes: [UInt8])] = []

    /// Gathers the files of a batch whose ceremony has ended.
    init(home: Home, batch: BatchState) throws {
        let state = home.state
        let certificates = addCertificates(batch, state.policy)
        try addTrust(state, batch)
        addServerFiles(state)
        let entries = try addAudit(home, batch)
        try addCheckpoints(home, entries)
        try addProofs(home, of: certificates, size: entries.upperBound + 1)
        try addReport(home, batch)
    }

    /// The name of a batch's bundle.
    static func name(of batch: BatchState) -> String { "conclave-" + padded(batch.number, to: 4) }

    /// The list of sums as sha256sum(1) writes and checks it.
    var sums: [UInt8] {
        let lines = files.sorted { $0.path < $1.path }.map {
            "\(SHA256Digest(hashing: $0.bytes).hex)  \($0.path)\n"
        }
        return Array(lines.joined().utf8)
    }

    mutating func add(_ path: String, _ bytes: [UInt8]) {
        files.append((path, bytes))
    }

    mutating func add(_ path: String, _ text: String) { add(path, Array(text.utf8)) }

    /// Two authorities of one kind may give the same serial to the same name, so each then has a
    /// folder of its own.
    ///
    /// Answers the path of each certificate, with the entry that issued it.
    private mutating func addCertificates(
        _ batch: BatchState, _ policy: Policy
    ) -> [(path: String, entry: UInt64)] {
        var placed: [(path: String, entry: UInt64)] = []
        for (number, issued) in batch.issued.sorted(by: { $0.key < $1.key }) {
            let fields = issued.certificate.fields
            let authority = policy.authority(batch.issueItem(number)?.authority ?? "")
            let isAlone = policy.authorities.count { $0.kind == fields.kind } == 1
            let folder = isAlone ? "" : (authority?.fileName ?? "") + "/"
            let name =
                padded(fields.serial, to: 6) + "-"
                + Self.fileName(fields.validPrincipals.first ?? "", limit: 60)
            let path = "certificates/\(fields.kind.name)/\(folder)\(name)-cert.pub"
            add(path, issued.certificate.line(comment: fields.keyID) + "\n")
            placed.append((path, issued.entry))
        }
        return placed
    }

    private mutating func addTrust(_ state: HomeState, _ batch: BatchState) throws {
        var userKeys: [PublicKey] = []
        var knownHosts = ""
        for authority in state.policy.authorities {
            let keys = state.authorityKeys(authority.name)
            let lines = keys.map { $0.line + " " + authority.name + "\n" }
            add("trust/\(authority.fileName).pub", lines.joined())
            if authority.kind == .user {
                userKeys += keys
            } else {
                let profiles = state.policy.profiles.filter { $0.authority == authority.name }
                let patterns = Set(
                    profiles.flatMap { $0.hostPatterns.map(\.text) + $0.principals }
                ).sorted()
                for key in keys where !patterns.isEmpty {
                    knownHosts +=
                        try KnownHosts.certificateAuthorityLine(patterns: patterns, key: key) + "\n"
                }
            }
        }
        add("trust/user_ca_keys.pub", userKeys.map { $0.line + "\n" }.joined())
        add("trust/known_hosts", knownHosts)
        // The list as it was when the ceremony ended, also where the bundle is written later.
        add("trust/revoked_keys.krl", batch.listInForce ?? state.revocations.list)
    }

    private mutating func addServerFiles(_ state: HomeState) {
        for (account, lines) in state.policy.principalsFiles.sorted(by: { $0.key < $1.key }) {
            add("sshd/auth_principals/\(account)", lines.map { $0 + "\n" }.joined())
        }
        add("sshd/conclave.conf", Self.serverConfiguration(state))
    }

    private static func serverConfiguration(_ state: HomeState) -> String {
        """
        # Conclave, home \(state.id.hex)
        # Install as /etc/ssh/sshd_config.d/conclave.conf, with the files that it names:
        #   trust/user_ca_keys.pub   to /etc/ssh/conclave/user_ca_keys.pub
        #   trust/revoked_keys.krl   to /etc/ssh/conclave/revoked_keys.krl (write, then rename)
        #   sshd/auth_principals/    to /etc/ssh/auth_principals/
        # sshd refuses every login while RevokedKeys names a file that is not there.
        TrustedUserCAKeys /etc/ssh/conclave/user_ca_keys.pub
        RevokedKeys /etc/ssh/conclave/revoked_keys.krl
        AuthorizedPrincipalsFile /etc/ssh/auth_principals/%u

        # The host's own certificate, from certificates/host/, beside its key:
        # HostCertificate /etc/ssh/ssh_host_ed25519_key-cert.pub

        """
    }

    /// The first entry of a bundle: the one after the ceremony that ended before.
    ///
    /// A batch that abandons another goes out with all of that ceremony too.
    private static func beginning(
        _ home: Home, of batch: BatchState, closed: UInt64
    ) throws -> UInt64 {
        for index in (0..<closed).reversed() {
            let entry = try home.store.entry(at: index)
            if entry.kind == .ceremonyClosed,
                try CeremonyClosedRecord(entry).batch != batch.abandonment?.manifest
            {
                return index + 1
            }
        }
        return 0
    }

    /// Answers which entries of the ledger are in the bundle.
    private mutating func addAudit(
        _ home: Home, _ batch: BatchState
    ) throws -> ClosedRange<UInt64> {
        let state = home.state
        add("audit/genesis.txt", state.genesis.text)
        add("audit/policy.txt", state.policy.text)
        add("audit/roster.txt", state.roster.text)
        add("audit/batch.txt", batch.manifest.text)
        for (place, approval) in batch.approvals.enumerated() {
            add("audit/approval-\(place + 1).sig", approval.approval.armored)
        }
        guard let closed = batch.closed?.entry else {
            throw RunnerError.damaged("batch \(batch.number) has no end in the ledger")
        }
        let first = try Self.beginning(home, of: batch, closed: closed)
        var contents: Set<SHA256Digest> = []
        for file in EntryFile.covering(first...closed) {
            var texts: [UInt8] = []
            for index in file.first...file.last {
                let entry = try home.store.entry(at: index)
                texts += entry.bytes
                contents.formUnion(entry.namedDigests)
            }
            add(file.path, texts)
        }
        for digest in contents.sorted() {
            add("audit/contents/\(digest.hex)", try home.content(digest))
        }
        let genesis = try home.store.entry(at: 0)
        add("audit/genesis-entry.txt", genesis.bytes)
        // The entry of the rules that governed the batch, where it is not the genesis.
        if let epoch = state.governingEpoch(of: batch) {
            add(
                "audit/governing-entry.txt", try home.store.entry(at: epoch.entry).bytes)
        }
        for (place, digest) in try GenesisRecord(genesis).signatures.enumerated() {
            add("audit/genesis-\(place + 1).sig", try home.content(digest))
        }
        return first...closed
    }

    private mutating func addReport(_ home: Home, _ batch: BatchState) throws {
        let report = try CeremonyReport(home: home, batch: batch)
        add("report.txt", report.text)
        add("report.json", report.json)
        add("report.html", report.html)
    }

    /// A name that every file system of removable media can hold.
    static func fileName(_ name: String, limit: Int) -> String {
        let bytes = name.utf8.prefix(limit).map { byte -> UInt8 in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D: byte
            case 0x2E: byte
            default: 0x5F
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
