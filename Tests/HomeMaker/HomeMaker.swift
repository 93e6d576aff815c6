// SPDX-License-Identifier: Apache-2.0
import Ceremony
import CeremonyRunner
import Documents
import Glibc
import HomeSupport
import Issuance
import Ledger
import LedgerStore
import SSHCrypto
import SSHFormats
import Spool

/// Makes a home with many certificates, or adds as many to it: `home-maker DIR COUNT`.
///
/// The key of its CA stands beside it, in `DIR.key`.
///
/// Each step is the product's own, but for the token and the spool: requests of hosts with Ed25519 keys
/// are signed and read, policy and state decide, officers' signatures count, intents stand before
/// certificates by a P-256 key, and each ceremony ends with its state and a sealed checkpoint. What it
/// prints of each batch are the number of certificates so far, the seconds of the processor that it took,
/// and how many of them went into appending.
@main
struct HomeMaker {
    private static let batchSize = 1_000
    private static let groupSize = 64

    static func main() throws {
        guard CommandLine.arguments.count == 3, let count = Int(CommandLine.arguments[2]) else {
            throw RunnerError.program("home-maker", detail: "give a directory and a number")
        }
        let path = CommandLine.arguments[1]
        let (hosts, start) = try begin(path)
        for first in stride(from: start, to: start + count, by: batchSize) {
            // Opened anew each time, as each command does.
            let home = try Home.open(path, program: "home-maker", surroundings: .machine)
            let started = clock()
            var ledger = Appending(home)
            let last = min(first + batchSize, start + count)
            try hold(&ledger, first..<last, hosts)
            print("\(last) \(Double(clock() - started) / 1e6) \(Double(ledger.spent) / 1e6)")
            fflush(nil)
            try home.close()
        }
    }

    /// The key of the home's CA, and how many certificates there are.
    private static func begin(_ path: String) throws -> (key: CurveKey, count: Int) {
        let file = path + ".key"
        guard access(path, F_OK) == 0 else {
            let key = try CurveKey()
            try found(path, key.publicKey)
            try DurableFile.create(file, key.der)
            return (key, 0)
        }
        let home = try Home.open(path, program: "home-maker", surroundings: .machine)
        let next = home.state.nextSerials["hosts@example.org"] ?? 1
        try home.close()
        return (try CurveKey(der: DurableFile.read(file, limit: 4_096)), Int(next) - 1)
    }

    private static func found(_ path: String, _ hosts: PublicKey) throws {
        let policy = Array(
            SampleTexts.replace(
                "validity-maximum: 90d", with: "validity-maximum: 365d", in: SampleTexts.policy
            ).utf8)
        let roster = Array(try SampleTexts.roster().utf8)
        let now = Surroundings.machine.now()
        let genesis = Genesis(
            created: now, policy: SHA256Digest(hashing: policy),
            roster: SHA256Digest(hashing: roster), tool: Tool.name,
            keys: [
                .init(
                    authority: "users@example.org",
                    publicKey: try SoftwareKey("users-ca").publicKey, token: "pkcs11:token=users"),
                .init(
                    authority: "hosts@example.org", publicKey: hosts, token: "pkcs11:token=hosts"),
            ])
        let record = GenesisRecord(
            genesis: genesis.text, policy: policy, roster: roster,
            signatures: try SampleTexts.officers.map {
                try SoftwareKey($0).seal(genesis.text, namespace: Genesis.namespace)
            })
        try DurableFile.createDirectory(path)
        try LedgerStore.create(path: path + "/ledger.sqlite")
        let store = try LedgerStore(opening: path + "/ledger.sqlite", mode: .readWrite)
        try store.append([record.draft], time: now)
        try store.close()
    }

    private static func hold(
        _ ledger: inout Appending, _ numbers: Range<Int>, _ key: CurveKey
    ) throws {
        let home = ledger.home
        var drafts: [EntryDraft] = []
        for number in numbers {
            let host = try SoftwareKey("host \(number)")
            let request = try RequestDraft.host(host, principal: "host\(number).example.org")
                .setting("created", home.now().text)
                .adding("renewable-until", "2099-01-01T00:00:00Z").request(signedBy: host)
            drafts.append(RequestRecord(request, name: "host\(number).req").draft)
        }
        try ledger.append(drafts)
        let manifest = try BatchDrafting(home: home).draftPending(atMost: batchSize).draft.manifest
        guard let batch = home.state.batch(manifest.id) else { throw CurveKey.Failure() }
        for officer in ["pavel", "quinn"] {
            _ = try ApprovalGathering(home: home).approve(
                batch,
                signature: SoftwareKey(officer).seal(
                    manifest.text, namespace: BatchManifest.namespace))
        }
        let orders = try home.state.approve(manifest.id, at: home.now()).orders()
        let opened = CeremonyOpenedRecord(
            batch: manifest.id, tier: Tool.tier, tool: Tool.name,
            devices: [
                .init(
                    publicKey: key.publicKey, token: "pkcs11:token=hosts", module: "/module.so",
                    evidence: "CKA_SENSITIVE=true")
            ])
        try ledger.append([opened.draft])
        for start in stride(from: 0, to: orders.count, by: groupSize) {
            let group = orders[start..<min(start + groupSize, orders.count)]
            let intent = IntentRecord(
                batch: manifest.id,
                items: group.map {
                    .init(
                        number: $0.number, serial: $0.item.fields.serial,
                        toBeSigned: $0.item.toBeSigned)
                })
            let issued = try group.map { order in
                IssuedRecord(
                    batch: manifest.id, number: order.number, authority: order.item.authority,
                    request: order.item.request,
                    certificate: try Certificate(
                        toBeSigned: order.certificate.bytes,
                        signature: key.sign(order.certificate.bytes)))
            }
            try ledger.append([intent.draft] + issued.map(\.draft))
        }
        guard let done = home.state.batch(manifest.id) else { throw CurveKey.Failure() }
        let time = home.now()
        try ledger.append(home.state.closingRecords(of: done, at: time).map(\.draft), time: time)
        try seal(home)
    }

    /// Signs the checkpoint, as the release of the bundle does, without the bundle.
    private static func seal(_ home: Home) throws {
        let folder = home.path + "/checkpoints"
        if access(folder, F_OK) != 0 { try DurableFile.createDirectory(folder) }
        let size = String(home.state.size)
        let stem = folder + "/" + String(repeating: "0", count: max(0, 8 - size.count)) + size
        let text = Array(try CheckpointFile.checkpoint(of: home, size: home.state.size).text.utf8)
        let sums = Array("\(SHA256Digest(hashing: text).hex)  audit/checkpoint.txt\n".utf8)
        try DurableFile.create(stem + ".txt", text)
        try DurableFile.create(
            stem + ".sums.sig",
            SoftwareKey("quinn").seal(sums, namespace: "conclave-bundle-v1"))
        try DurableFile.create(stem + ".sums", sums)
    }
}

/// A home, and what appending to its ledger has cost.
private struct Appending {
    let home: Home
    /// The processor's microseconds.
    private(set) var spent = 0

    init(_ home: Home) { self.home = home }

    mutating func append(_ drafts: [EntryDraft], time: UnixTime? = nil) throws {
        let started = clock()
        try home.append(drafts, time: time ?? home.now())
        spent += clock() - started
    }
}
