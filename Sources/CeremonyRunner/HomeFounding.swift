// SPDX-License-Identifier: Apache-2.0
import Ceremony
import Documents
import Glibc
public import Issuance
import Ledger
import LedgerStore
import SSHCrypto
import Spool

/// A home in the making: its genesis is drafted, and officers sign it one after the other.
///
/// The draft lies beside the future home, in `HOME.genesis/`. With the last signature the ledger is
/// made there and moved into its place in one step.
public struct HomeFounding {
    /// Where the home will be.
    public let home: String
    /// The genesis that officers sign.
    public let genesis: Genesis
    /// The policy.
    public let policy: Policy
    /// The roster.
    public let roster: Roster

    /// The directory of the draft.
    public var directory: String { home + ".genesis" }
    /// The text that officers sign.
    public var genesisPath: String { directory + "/genesis.txt" }

    /// Drafts a genesis and writes its texts.
    ///
    /// - Throws: `Violations` where its parts do not belong together; `RunnerError` where a draft or a
    ///   home is there already; `FileError`.
    public static func draft(
        home: String, policy: Policy, roster: Roster, keys: [Genesis.AuthorityKey],
        surroundings: Surroundings
    ) throws -> HomeFounding {
        let genesis = Genesis(
            created: surroundings.now(), policy: policy.digest, roster: roster.digest,
            tool: Tool.name, keys: keys)
        try genesis.check(policy: policy, roster: roster)
        let founding = HomeFounding(
            home: home, genesis: genesis, policy: policy, roster: roster)
        guard unsafe access(home, F_OK) != 0 else { throw RunnerError.homeExists(home) }
        if unsafe access(founding.directory, F_OK) != 0 {
            try DurableFile.createDirectory(founding.directory)
        }
        let lock = try HomeLock(
            home: founding.directory, program: "conclave init", started: genesis.created.text)
        // The genesis is written last: a draft without it was interrupted, and nobody has seen it.
        guard unsafe access(founding.genesisPath, F_OK) != 0 else {
            throw RunnerError.draftExists(founding.directory)
        }
        DurableFile.removeLeftovers(in: founding.directory)
        try DurableFile.replace(founding.directory + "/policy.txt", policy.text)
        try DurableFile.replace(founding.directory + "/roster.txt", roster.text)
        try DurableFile.create(founding.genesisPath, genesis.text)
        try lock.release()
        return founding
    }

    /// Opens the draft of a home.
    ///
    /// - Throws: `FileError` and `Violations`; `RunnerError` where there is a home already.
    public static func open(home: String) throws -> HomeFounding {
        guard unsafe access(home, F_OK) != 0 else { throw RunnerError.homeExists(home) }
        let directory = home + ".genesis"
        func read(_ name: String) throws -> [UInt8] {
            try DurableFile.read(directory + "/" + name, limit: 16 * 1_048_576)
        }
        let genesis = try Genesis(text: read("genesis.txt"))
        let policy = try Policy(text: read("policy.txt"))
        let roster = try Roster(text: read("roster.txt"))
        try genesis.check(policy: policy, roster: roster)
        return HomeFounding(home: home, genesis: genesis, policy: policy, roster: roster)
    }

    /// Takes an officer's signature over the genesis, and answers who signed; of an officer who signs
    /// twice, the first signature stays.
    ///
    /// - Throws: `Violations` where it does not hold or is not an officer's; `FileError`.
    public func add(signature armored: [UInt8]) throws -> Person {
        let signature = try OfficerSignature(
            armored: armored, message: genesis.text, namespace: Genesis.namespace,
            what: "the genesis")
        guard let officer = roster.officer(holding: signature.key),
            let place = roster.officers.firstIndex(of: officer)
        else {
            throw Violations(
                Violation(
                    .genesisSignature,
                    "key \(signature.key.fingerprint) belongs to no officer on the roster",
                    hint: "sign with a key that the roster lists for an officer"))
        }
        do throws(FileError) {
            try DurableFile.create(signaturePath(place), armored)
        } catch {
            guard error.number == EEXIST else { throw error }
        }
        return officer
    }

    /// The officers who have not signed yet.
    ///
    /// - Throws: `FileError` and `Violations`.
    public func missingOfficers() throws -> [String] {
        try genesis.missingOfficers(signatures: signatures(), roster: roster)
    }

    /// Makes the home, once every officer has signed.
    ///
    /// One process at a time does so, under a lock of the draft.
    ///
    /// - Throws: `Violations` where a signature is missing; what lock, files and ledger throw;
    ///   `RunnerError` where there is a home already.
    public func found(surroundings: Surroundings) throws {
        let lock = try HomeLock(
            home: directory, program: "conclave init", started: surroundings.now().text)
        guard unsafe access(home, F_OK) != 0 else { throw RunnerError.homeExists(home) }
        let record = GenesisRecord(
            genesis: genesis.text, policy: policy.text, roster: roster.text,
            signatures: try signatures())
        try Self.make(
            home, in: directory, beginning: record.draft,
            at: max(surroundings.now(), genesis.created))
        try lock.release()
    }

    /// Makes a home with its first entry in a directory beside it, and moves it into its place in one step.
    ///
    /// - Parameters:
    ///   - home: Where the home will be.
    ///   - directory: Where it is made; its caller holds a lock of it.
    ///   - draft: The first entry.
    ///   - time: Its time.
    ///   - adding: Puts what else belongs into the home that is being made, at the path that it is given.
    /// - Throws: `Violations` where the entry does not begin a home; what files and ledger throw.
    static func make(
        _ home: String, in directory: String, beginning draft: EntryDraft, at time: UnixTime,
        adding: (String) throws -> Void = { _ in }
    ) throws {
        let making = directory + "/home"
        let ledger = making + "/" + Home.ledgerName
        DurableFile.removeLeftovers(in: directory)
        // What an interrupted attempt left was never a home: the move below is what makes one.
        for suffix in ["-journal", "-wal", "-shm", ""] { unsafe unlink(ledger + suffix) }
        for name in (try? DurableFile.names(in: making + "/anchors")) ?? [] {
            unsafe unlink(making + "/anchors/" + name)
        }
        unsafe rmdir(making + "/anchors")
        unsafe rmdir(making)
        try DurableFile.createDirectory(making)
        try LedgerStore.create(path: ledger)
        let store = try LedgerStore(opening: ledger, mode: .readWrite)
        let entries = try store.append([draft], time: time)
        guard let first = entries.first else {
            throw RunnerError.damaged("the ledger took no genesis")
        }
        _ = try HomeState(first, content: ContentReader(store).read)
        try store.close()
        try adding(making)
        guard unsafe rename(making, home) == 0 else {
            throw RunnerError.system("rename \"\(making)\" to \"\(home)\"", number: errno)
        }
        try DurableFile.syncDirectory(directory)
        try DurableFile.syncDirectory(parent(of: home))
    }

    private func signaturePath(_ place: Int) -> String {
        directory + "/genesis-\(place + 1).sig"
    }

    private func signatures() throws -> [[UInt8]] {
        try roster.officers.indices.compactMap { place in
            let path = signaturePath(place)
            guard unsafe access(path, F_OK) == 0 else { return nil }
            return try DurableFile.read(path, limit: 65_536)
        }
    }

    private static func parent(of path: String) -> String {
        let parts = path.split(separator: "/", omittingEmptySubsequences: true).dropLast()
        let joined = parts.joined(separator: "/")
        if path.hasPrefix("/") { return "/" + joined }
        return joined.isEmpty ? "." : joined
    }
}
