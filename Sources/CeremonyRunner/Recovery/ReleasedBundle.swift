// SPDX-License-Identifier: Apache-2.0
import Ceremony
import Documents
import Glibc
import Issuance
import Ledger
import SSHCrypto
import Spool

/// A bundle that was handed out, as a source of what a home has lost.
///
/// What is read of it is what persons of the roster have signed: its list of sums, and by that each file.
///
/// Format: `Docs/Formats/Bundle.md`.
struct ReleasedBundle {
    /// The file with the checkpoint of the ledger at the end of the ceremony.
    static let checkpointName = "audit/checkpoint.txt"
    private static let namePrefix = "conclave-"

    /// The bundle's folder.
    let path: String
    /// The checkpoint of the ledger at the end of its ceremony.
    let checkpoint: Checkpoint
    /// The files of entries, in the order of the ledger.
    let entryFiles: [EntryFile]
    /// The list of sums, and the armored signatures over it.
    let seal: (list: [UInt8], signatures: [[UInt8]])
    private let sums: [String: SHA256Digest]

    /// Opens a bundle of the home with this genesis, sealed by as many persons as the roster asks for.
    ///
    /// - Throws: `RunnerError` where it is not whole, not sealed, or of another home; `FileError`.
    init(_ path: String, genesis: SHA256Digest, roster: Roster) throws {
        self.path = path
        var faults: [String] = []
        if unsafe access(path + "/" + OutboxBundleWriter.completeName, F_OK) != 0 {
            faults.append("it has no \(OutboxBundleWriter.completeName), so it is no whole bundle")
        }
        let list = try DurableFile.read(path + "/" + BundleContents.sumsName, limit: 1 << 28)
        let (persons, signatures) = try Self.sealers(of: list, in: path, roster)
        seal = (list, signatures)
        if persons.count < roster.bundleSignatures {
            faults.append(
                "its \(BundleContents.sumsName) is signed by \(persons.count) of "
                    + "\(roster.bundleSignatures) persons of the roster")
        }
        guard faults.isEmpty else { throw Self.refusal(path, faults) }
        sums = try Self.parse(list, path)
        let text = try Self.read(
            Self.checkpointName, in: path, sums, limit: Checkpoint.maximumBytes)
        checkpoint = try Checkpoint(parsing: text)
        guard checkpoint.genesis == genesis else {
            throw Self.refusal(
                path, ["it is of home \(checkpoint.genesis.hex), not of \(genesis.hex)"])
        }
        entryFiles = sums.keys.compactMap { EntryFile(path: $0) }.sorted { $0.first < $1.first }
    }

    /// The folders of whole bundles in a folder, by their names.
    ///
    /// - Throws: `FileError`.
    static func places(in directory: String) throws(FileError) -> [String] {
        try DurableFile.names(in: directory).filter { $0.hasPrefix(namePrefix) }
            .map { directory + "/" + $0 }
            .filter { unsafe access($0 + "/" + checkpointName, F_OK) == 0 }
            .filter { unsafe access($0 + "/" + OutboxBundleWriter.completeName, F_OK) == 0 }
    }

    /// The folders of the bundles at these paths, each a bundle or a folder of whole ones.
    ///
    /// - Throws: `RunnerError` where a path has no bundle: a medium that is not mounted must not pass for
    ///   one that was looked through; `FileError`.
    static func places(under paths: [String]) throws -> [String] {
        var places: [String] = []
        for path in paths {
            let isBundle = unsafe access(path + "/" + checkpointName, F_OK) == 0
            let found = isBundle ? [path] : try Self.places(in: path)
            guard !found.isEmpty else {
                throw RunnerError.refused(
                    subject: quoted(path),
                    [
                        Violation(
                            .recoveryBundle, "there is no whole bundle in this folder",
                            hint: "name a bundle, or a folder of bundles; is the medium mounted?")
                    ])
            }
            places += found
        }
        return places
    }

    /// The bytes of a file that the bundle lists, or nil where it lists none of this name.
    ///
    /// - Throws: `RunnerError` where it is not what the list says; `FileError`.
    func file(_ name: String, limit: Int) throws -> [UInt8]? {
        guard sums[name] != nil else { return nil }
        return try Self.read(name, in: path, sums, limit: limit)
    }

    /// The epoch of serials with which the bundle ends, as the state tells that its last entry names; nil
    /// where that entry ends no ceremony.
    ///
    /// - Throws: `RunnerError` where a file is not what the list says; `Violations`; `FileError`.
    func epoch() throws -> UInt64? {
        guard let last = entryFiles.last,
            let bytes = try file(last.path, limit: EntryFile.maximumBytes),
            let end = try last.entries(in: bytes).last,
            end.index + 1 == checkpoint.size, end.kind == .ceremonyClosed
        else { return nil }
        let name = "audit/contents/" + (try CeremonyClosedRecord(end).state.hex)
        guard let text = try file(name, limit: Content.maximumBytes) else { return nil }
        return UInt64(try StateText(text: text).epoch)
    }

    private static func read(
        _ name: String, in path: String, _ sums: [String: SHA256Digest], limit: Int
    ) throws -> [UInt8] {
        guard let sum = sums[name] else {
            throw refusal(path, ["its \(BundleContents.sumsName) does not list \(name)"])
        }
        let bytes = try DurableFile.read(path + "/" + name, limit: limit)
        guard SHA256Digest(hashing: bytes) == sum else {
            throw refusal(path, ["\(name) is not what \(BundleContents.sumsName) says"])
        }
        return bytes
    }

    /// Reads the lines of sha256sum(1).
    private static func parse(_ list: [UInt8], _ path: String) throws -> [String: SHA256Digest] {
        var sums: [String: SHA256Digest] = [:]
        for line in list.split(separator: 0x0A) {
            let digest = SHA256Digest(hex: String(decoding: line.prefix(64), as: UTF8.self))
            let name = String(decoding: line.dropFirst(66), as: UTF8.self)
            guard let digest, line.dropFirst(64).prefix(2).elementsEqual("  ".utf8),
                !name.isEmpty, !name.hasPrefix("/"),
                !name.split(separator: "/", omittingEmptySubsequences: false).contains(".."),
                sums.updateValue(digest, forKey: name) == nil
            else {
                throw refusal(path, ["its \(BundleContents.sumsName) is not a list of sums"])
            }
        }
        return sums
    }

    /// The persons whose signatures over the list hold, and these signatures.
    private static func sealers(
        of list: [UInt8], in path: String, _ roster: Roster
    ) throws -> (persons: Set<String>, signatures: [[UInt8]]) {
        var persons: Set<String> = []
        var signatures: [[UInt8]] = []
        for number in 1...99 {
            let suffix = number == 1 ? "" : "-\(number)"
            let file = "\(path)/\(BundleContents.sumsName)\(suffix).sig"
            guard unsafe access(file, F_OK) == 0 else { break }
            let armored = try DurableFile.read(file, limit: 65_536)
            let signature: OfficerSignature
            do throws(Violations) {
                signature = try OfficerSignature(
                    armored: armored, message: list,
                    namespace: BundleContents.namespace, what: BundleContents.sumsName)
            } catch {
                throw refusal(path, error.all.map(\.message))
            }
            guard let person = roster.person(holding: signature.key) else { continue }
            persons.insert(person.name)
            signatures.append(armored)
        }
        return (persons, signatures)
    }

    private static func refusal(_ path: String, _ faults: [String]) -> RunnerError {
        .refused(
            subject: "bundle \(quoted(path))",
            faults.map {
                Violation(
                    .recoveryBundle, $0,
                    hint: "look at it with: conclave-verify bundle; take another copy of it")
            })
    }
}
