// SPDX-License-Identifier: Apache-2.0
import Documents
import Issuance
import Ledger
import SSHCrypto

extension BundleCheck {
    static let contentDirectory = "audit/contents/"
    static let genesisEntryPath = "audit/genesis-entry.txt"

    /// The files of entries, by what their names say, in order.
    var entryFiles: [EntryFile] {
        files.paths(below: EntryFile.directory).compactMap { EntryFile(path: $0) }
            .sorted { $0.first < $1.first }
    }

    /// Checks the entries one by one: readable, one after the other, with the texts that they name.
    mutating func checkEntries() -> AuditTrail {
        let before = findings.faults.count
        var entries: [AuditTrail.Entry] = []
        var isContiguous = checkEntryNames()
        let files = entryFiles
        for (place, file) in files.enumerated() {
            if place > 0, files[place - 1].last == .max || files[place - 1].last + 1 != file.first {
                isContiguous = false
                findings.fail(
                    file.path, .entry,
                    "it begins with entry \(file.first), behind entry \(files[place - 1].last)")
            }
            if place < files.count - 1, file.last % UInt64(LogTile.fullWidth) != 255 {
                findings.fail(
                    file.path, .entry, "it ends within a tile, and another file follows")
            }
            if !readEntries(file, into: &entries) { isContiguous = false }
        }
        if entries.isEmpty {
            isContiguous = false
            findings.fail(EntryFile.directory, .entry, "there is no entry that can be read")
        }
        let trail = AuditTrail(
            entries: entries, isContiguous: isContiguous, base: readBase(of: entries.first?.index))
        noteExceptions(trail)
        checkGenesisEntry(trail)
        checkContents(trail)
        if findings.faults.count == before, let first = trail.first, let last = trail.entries.last {
            findings.ok(
                "ledger entries \(first) to \(last.index) can be read, follow one another, and "
                    + "the texts that they name are there")
        }
        return trail
    }

    /// Whether each name is that of a file of entries.
    private mutating func checkEntryNames() -> Bool {
        let strays = files.paths(below: EntryFile.directory).filter { EntryFile(path: $0) == nil }
        for path in strays {
            examined.insert(path)
            findings.fail(
                path, .entry,
                "its name is not that of a file of entries, such as 00000000-00000012.txt")
        }
        return strays.isEmpty
    }

    /// Reads the entries of a file; answers whether each stands in its place.
    private mutating func readEntries(
        _ file: EntryFile, into entries: inout [AuditTrail.Entry]
    ) -> Bool {
        guard let bytes = require(file.path) else { return false }
        let texts = EntryFile.split(bytes)
        var isWhole = texts.count == file.count
        if !isWhole {
            findings.fail(
                file.path, .entry, "it holds \(texts.count) of \(file.count) entries")
        }
        for (index, text) in zip(file.first...file.last, texts) {
            guard let entry = readEntry(Array(text), index: index, "\(file.path), entry \(index)")
            else {
                isWhole = false
                continue
            }
            if let last = entries.last, entry.entry.time < last.entry.time {
                findings.fail(
                    entry.path, .entry,
                    "its time, \(entry.entry.time.text), is before that of the entry before, "
                        + last.entry.time.text)
            }
            entries.append(entry)
        }
        return isWhole
    }

    /// What a person confirmed against a rule is no fault, and the auditor should look at it.
    private mutating func noteExceptions(_ trail: AuditTrail) {
        for entry in trail.entries {
            guard case .exception(let rule, let message)? = entry.record else { continue }
            findings.note("entry \(entry.index) records an exception to \(rule): \(message)")
        }
    }

    private mutating func readEntry(
        _ text: [UInt8], index: UInt64, _ place: String
    ) -> AuditTrail.Entry? {
        let entry: LedgerEntry
        do throws(Violations) {
            entry = try LedgerEntry(parsing: text)
        } catch {
            findings.fail(place, error)
            return nil
        }
        guard entry.index == index else {
            findings.fail(place, .entry, "it says that it is entry \(entry.index)")
            return nil
        }
        return AuditTrail.Entry(path: place, entry: entry, record: record(of: entry, place))
    }

    mutating func record(of entry: LedgerEntry, _ path: String) -> AuditRecord? {
        do throws(Violations) {
            let record = try AuditRecord(entry)
            if case .genesis = record, entry.index != 0 {
                findings.fail(path, .entry, "a genesis stands behind the ledger's beginning")
                return nil
            }
            if entry.index == 0, entry.kind != .genesis {
                findings.fail(path, .entry, "the ledger does not begin with a genesis")
                return nil
            }
            return record
        } catch {
            findings.fail(path, error)
            return nil
        }
    }

    /// The first entry goes with every bundle; it must name the texts that stand beside it.
    private mutating func checkGenesisEntry(_ trail: AuditTrail) {
        let entry = read(Self.genesisEntryPath) { bytes throws(Violations) in
            try LedgerEntry(parsing: bytes)
        }
        guard let entry else { return }
        if let first = trail.entries.first, first.index == 0, first.entry != entry {
            findings.fail(Self.genesisEntryPath, .entry, "it is not entry 0, \(first.path)")
        }
        guard entry.index == 0, entry.kind == .genesis,
            case .genesis(let genesis)? = record(of: entry, Self.genesisEntryPath)
        else {
            findings.fail(Self.genesisEntryPath, .entry, "it is not the genesis of a ledger")
            return
        }
        let signatures = genesisSignaturePaths
        let names =
            [
                ("audit/genesis.txt", genesis.text), ("audit/policy.txt", genesis.policy),
                ("audit/roster.txt", genesis.roster),
            ] + zip(signatures, genesis.signatures)
        for (path, digest) in names {
            guard let file = files.files[path], file.digest != digest else { continue }
            findings.fail(path, .entry, "the ledger's first entry names another: \(digest.hex)")
        }
        if signatures.count != genesis.signatures.count {
            findings.fail(
                Self.genesisEntryPath, .entry,
                "it names \(counted(genesis.signatures.count, "signature")), the bundle holds "
                    + "\(signatures.count)")
        }
    }

    private mutating func checkContents(_ trail: AuditTrail) {
        var named: Set<SHA256Digest> = []
        for entry in trail.entries {
            for digest in entry.record?.contents(of: entry.entry) ?? [] {
                named.insert(digest)
                if files.files[Self.contentDirectory + digest.hex] == nil {
                    findings.fail(
                        entry.path, .content,
                        "it names a text that is not there: \(Self.contentDirectory)\(digest.hex)")
                }
            }
        }
        for path in files.paths(below: Self.contentDirectory) {
            examined.insert(path)
            guard let file = files.files[path] else { continue }
            let name = String(path.dropFirst(Self.contentDirectory.count))
            if file.digest.hex != name {
                findings.fail(path, .content, "its SHA-256 is \(file.digest.hex), not its name")
            } else if !named.contains(file.digest), trail.isContiguous {
                findings.fail(path, .content, "no entry of the bundle names it")
            }
        }
    }
}
