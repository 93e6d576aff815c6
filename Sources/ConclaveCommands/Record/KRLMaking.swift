// SPDX-License-Identifier: Apache-2.0
import Documents
import Glibc
import SSHCrypto
import SSHFormats
import Spool

/// The making of a revocation list: what is there, what is to be revoked, and the new file.
struct KRLMaking: ~Copyable {
    private let output: String
    private var staged: StagedFile
    private let generated: UInt64
    private let comment: [UInt8]?
    private let version: UInt64?
    private var builder = RevocationSet.Builder()
    /// The list that is there.
    private var old: Old = .none

    /// What is at the place of the new list.
    private enum Old {
        /// Nothing, or an empty file.
        case none
        /// A list that is added to.
        case updated(RevocationListHeading)
        /// A list that the new one takes the place of.
        case replaced(RevocationSet, bytes: [UInt8])
        /// Something else that the new one shall take the place of.
        case foreign([UInt8])
    }

    /// What was made, as people read it.
    struct Made {
        /// The line about the list.
        let text: String
        /// What else is to be known.
        let notes: [String]
    }

    /// Begins a list.
    init(
        output: String, generated: UInt64, comment: [UInt8]?, version: UInt64?
    ) throws(FileError) {
        self.output = output
        staged = try StagedFile(output, mode: 0o644)
        self.generated = generated
        self.comment = comment
        self.version = version
    }

    /// Looks at what is at the list's place.
    mutating func look(update: Bool, replace: Bool) throws {
        let bytes: [UInt8]
        do throws(FileError) {
            bytes = try DurableFile.read(output, limit: RevocationList.maximumLength)
        } catch {
            guard error.number == ENOENT, !update else { throw error }
            return
        }
        guard update || !bytes.isEmpty else { return }
        do throws(FormatError) {
            if update {
                old = .updated(try builder.insert(parsing: bytes))
            } else {
                old = .replaced(try RevocationListReading(parsing: bytes).list, bytes: bytes)
            }
        } catch {
            guard replace else {
                throw Violations(
                    Violation(
                        .krlRead, "\(quoted(output)) is there and cannot be read: \(error)",
                        hint: update
                            ? nil : "--replace puts the list in its place and keeps it beside"))
            }
            old = .foreign(bytes)
        }
        if !replace { try checkVersion() }
    }

    /// The version of the new list.
    private var newVersion: UInt64 {
        switch old {
        case .none, .foreign: version ?? 1
        case .updated(let heading): version ?? heading.version &+ 1
        case .replaced(let list, _): version ?? list.version &+ 1
        }
    }

    private func checkVersion() throws {
        let present: UInt64
        switch old {
        case .none, .foreign: return
        case .updated(let heading): present = heading.version
        case .replaced(let list, _): present = list.version
        }
        guard newVersion > present else {
            throw Violations(
                Violation(
                    .krlVersion,
                    "version \(newVersion) is not greater than \(present), that of \(quoted(output))",
                    hint: "without --krl-version it is one more than that"))
        }
    }

    /// The remark of the new list.
    private var newComment: [UInt8] {
        guard comment == nil, case .updated(let heading) = old else { return comment ?? [] }
        return heading.comment
    }

    /// Reads all specifications.
    mutating func read(_ files: [String], authority: String?) throws {
        var key: [UInt8]?
        if let authority {
            let isAny = authority.lowercased() == "none"
            key = isAny ? [] : try KRLSubjects.authority(authority)
        }
        var violations: [Violation] = []
        for file in files {
            let name = file == "-" ? "(standard input)" : file
            let stream =
                file == "-" ? try FileStream(standardInput: name) : try FileStream(file)
            var specification = RevocationSpecification(
                name: name, authority: key, tools: SignatureCheck.tools)
            do {
                while case let piece = try stream.next(), !piece.isEmpty {
                    specification.read(piece, into: &builder)
                }
                try specification.finish(into: &builder)
            } catch let error as RevocationSpecificationFaults {
                violations += error.violations
            }
        }
        try Violations.raise(violations)
    }

    /// Writes the list, reads it back, compares, and puts it in its place.
    mutating func publish() throws -> Made {
        var notes: [String] = []
        let heading = (version: newVersion, generated: generated, comment: newComment)
        let set = builder.finish(
            version: heading.version, generated: heading.generated, comment: heading.comment)
        for authority in set.authorities where !authority.keyBlob.isEmpty {
            try Self.check(authority: authority.keyBlob)
        }
        var lost: String?
        if case .replaced(let list, _) = old {
            let difference = RevocationDifference(list, minus: set, tools: SignatureCheck.tools)
            if !difference.isEmpty { lost = difference.summary }
        }
        let summary = set.summary
        let check = RevocationListCheck(set)
        try Self.write(set, to: &staged)
        let length = try Self.readBack(&staged, check)
        switch (old, lost) {
        case (.foreign(let bytes), _):
            notes.append("kept what was there as \(quoted(try Self.keep(bytes, of: staged.path)))")
        case (.replaced(_, let bytes), let lost?):
            let kept = try Self.keep(bytes, of: staged.path)
            notes.append("no longer revoked: \(lost); the old list is kept as \(quoted(kept))")
        default: break
        }
        try staged.publish()
        return Made(
            text: "\(quoted(output)): version \(heading.version), \(summary), \(length) bytes",
            notes: notes)
    }

    /// Checks that every release of OpenSSH reads an authority's key.
    private static func check(authority keyBlob: [UInt8]) throws {
        let reason: String
        do throws(FormatError) {
            let key = try PublicKey(blob: keyBlob)
            let fault = SignatureCheck.authorityFault(key)
            guard fault != nil || !key.kind.isCertifiable else { return }
            reason = fault ?? "\(key.kind.rawValue) is a kind of its own"
        } catch {
            reason = "\(error)"
        }
        throw Violations(
            Violation(
                .krlWrite,
                "releases of OpenSSH that do not read an authority's key refuse the whole list: "
                    + reason, hint: "make the list without that authority"))
    }

    /// Keeps the bytes of a list beside it, under a name that their digest makes unique.
    private static func keep(_ bytes: [UInt8], of path: String) throws(FileError) -> String {
        let kept = "\(path).\(SHA256Digest(hashing: bytes).hex.prefix(16)).old"
        do throws(FileError) {
            try DurableFile.create(kept, bytes)
        } catch {
            guard error.number == EEXIST else { throw error }
        }
        return kept
    }

    /// Writes the list.
    private static func write(
        _ set: consuming RevocationSet, to staged: inout StagedFile
    ) throws {
        let writer: RevocationListWriter
        do throws(FormatError) {
            writer = try RevocationListWriter(set)
        } catch {
            throw Violations(Violation(.krlWrite, "no release of OpenSSH would read it: \(error)"))
        }
        try writer.write { (piece) throws(FileError) in try staged.write(piece) }
    }

    /// Reads the file back by the independent reader, and answers its length.
    private static func readBack(
        _ staged: inout StagedFile, _ check: consuming RevocationListCheck
    ) throws -> Int {
        let bytes = try staged.readBack(limit: RevocationList.maximumLength)
        var scanner = RevocationListScanner(check, rules: .openSSH)
        do throws(FormatError) {
            try scanner.scan(bytes)
        } catch {
            throw Violations(Violation(.krlReadBack, "what was written cannot be read: \(error)"))
        }
        if let release = scanner.remarks.refusing.first {
            throw Violations(
                Violation(.krlReadBack, "OpenSSH \(release) would refuse what was written"))
        }
        if let difference = scanner.withVisitor({ $0.difference() }) {
            throw Violations(
                Violation(.krlReadBack, "\(difference) read back otherwise than written"))
        }
        return bytes.count
    }
}
