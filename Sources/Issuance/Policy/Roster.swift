// SPDX-License-Identifier: Apache-2.0
public import Documents
public import SSHCrypto
public import SSHFormats

/// Who may approve, who may witness, and how many approvals each risk class takes.
///
/// Format: `Docs/Formats/Roster.md`.
public struct Roster: Hashable, Sendable {
    /// The canonical text.
    public let text: [UInt8]
    /// How many officers or witnesses sign a bundle, at least.
    public let bundleSignatures: Int
    /// The number of approvals by risk class.
    public let thresholds: [String: Int]
    /// The persons who approve.
    public let officers: [Person]
    /// The persons who witness, and have no vote.
    public let witnesses: [Person]

    /// The SHA-256 of the canonical text.
    public var digest: SHA256Digest { SHA256Digest(hashing: text) }

    /// Reads a canonical roster text.
    ///
    /// - Throws: all `Violations`, with the lines of the canonical text.
    public init(text: [UInt8]) throws(Violations) {
        let document = try Document(
            parsing: text, kind: "roster", utf8Fields: ["officer", "witness"])
        guard let first = document.blocks.first else {
            throw Violations([Violation(.rosterText, "the roster has no fields")])
        }
        var draft = RosterDraft()
        var head = BlockReader(first)
        let signatures = head.value(
            head.required("bundle-signatures"), .rosterText, expected: "a number from 1 to 9"
        ) { text in
            parseDecimal(text).flatMap { (1...9).contains($0) ? Int($0) : nil }
        }
        draft.violations.append(contentsOf: head.finish())
        for block in document.blocks.dropFirst() { draft.read(block) }
        draft.checkThresholds()
        guard draft.violations.isEmpty, let signatures else {
            throw Violations(draft.violations.all)
        }
        self.text = text
        bundleSignatures = signatures
        thresholds = draft.thresholds.mapValues(\.count)
        officers = draft.officers
        witnesses = draft.witnesses
    }

    /// The officer or witness whom each key belongs to.
    var holders: [PublicKey: Person] {
        var holders: [PublicKey: Person] = [:]
        for person in officers + witnesses {
            for key in person.keys { holders[key] = person }
        }
        return holders
    }

    /// The officer whom this key belongs to.
    public func officer(holding key: PublicKey) -> Person? {
        officers.first { $0.keys.contains(key) }
    }

    /// The officer or witness whom this key belongs to.
    public func person(holding key: PublicKey) -> Person? {
        officer(holding: key) ?? witnesses.first { $0.keys.contains(key) }
    }

    /// The moment from which this key signs no more; nil where it has no end.
    public func end(of key: PublicKey) -> UnixTime? { person(holding: key)?.keyEnds[key] }

    /// Demands that a key has not ended.
    ///
    /// - Throws: `Violations` of `ROSTER-KEY-ENDED` from the key's end on.
    public func requireCurrent(_ key: PublicKey, at time: UnixTime) throws(Violations) {
        guard let person = person(holding: key), let end = person.keyEnds[key], time >= end else {
            return
        }
        throw Violations(
            Violation(
                .rosterKeyEnded,
                "key \(key.fingerprint) of \(person.name) ended \(end.text); it is \(time.text)",
                hint: "sign with another key that the roster lists for \(person.name)"))
    }
}

/// A roster on its way from text to value.
private struct RosterDraft {
    var thresholds: [String: (count: Int, line: Int?)] = [:]
    var officers: [Person] = []
    var witnesses: [Person] = []
    var violations = ViolationList()
    private var names: Set<String> = []
    private var accounts: [String: String] = [:]
    private var keys: [PublicKey: String] = [:]

    mutating func read(_ block: Block) {
        var reader = BlockReader(block)
        switch block.fields.first?.name {
        case "class": readClass(&reader)
        case "officer":
            if let person = readPerson("officer", &reader) { officers.append(person) }
        case "witness":
            if let person = readPerson("witness", &reader) { witnesses.append(person) }
        default:
            violations.append(
                Violation(
                    .rosterText, line: block.line,
                    "a part of a roster begins with class, officer or witness"))
            return
        }
        violations.append(contentsOf: reader.finish())
    }

    private mutating func readClass(_ reader: inout BlockReader) {
        let name = reader.value(reader.required("class"), .rosterText, expected: ProfileName.form) {
            ProfileName.isValid($0) ? $0 : nil
        }
        let field = reader.required("threshold")
        let count = reader.value(field, .rosterText, expected: "a number from 1 to 99") { text in
            parseDecimal(text).flatMap { (1...99).contains($0) ? Int($0) : nil }
        }
        guard let name, let count else { return }
        if thresholds.updateValue((count, field?.line), forKey: name) != nil {
            reader.report(
                Violation(
                    .rosterText, line: field?.line, "class \"\(name)\" stands there twice"))
        }
    }

    private mutating func readPerson(_ role: String, _ reader: inout BlockReader) -> Person? {
        guard let field = reader.required(role) else { return nil }
        let name = field.value
        let accountFields = reader.repeated("account")
        let keyFields = reader.repeated("key")
        let endingFields = reader.repeated("key-until")
        guard name.utf8.count <= Person.maximumNameLength else {
            reader.report(
                Violation(
                    .rosterText, line: field.line,
                    "\(role) has \(name.utf8.count) bytes, more than \(Person.maximumNameLength)"))
            return nil
        }
        if !names.insert(name).inserted {
            reader.report(
                Violation(
                    .rosterText, line: field.line, "\"\(name)\" stands in the roster twice"))
        }
        for account in accountFields {
            if let other = accounts.updateValue(name, forKey: account.value), other != name {
                reader.report(
                    Violation(
                        .rosterText, line: account.line,
                        "account \"\(account.value)\" belongs to \(other) already"))
            }
        }
        if keyFields.isEmpty, endingFields.isEmpty {
            reader.report(Violation(.rosterKey, line: field.line, "\(name) has no key"))
        }
        var own: [PublicKey] = []
        var ends: [PublicKey: UnixTime] = [:]
        for field in keyFields {
            if let key = readKey(field.value, field, of: name, &reader) { own.append(key) }
        }
        for field in endingFields {
            let parts = field.value.split(separator: " ", maxSplits: 1).map(String.init)
            guard let text = parts.first, parts.count == 2, let end = UnixTime(text: text) else {
                reader.report(
                    Violation(
                        .rosterKey, line: field.line,
                        "\(quoted(field.value)) is not a time YYYY-MM-DDThh:mm:ssZ and a key"))
                continue
            }
            guard let key = readKey(parts[1], field, of: name, &reader) else { continue }
            own.append(key)
            ends[key] = end
        }
        return Person(
            name: name, accounts: accountFields.map(\.value), keys: own, keyEnds: ends)
    }

    /// Reads a key of a person's; nil where it cannot be read.
    private mutating func readKey(
        _ line: String, _ field: Field, of name: String, _ reader: inout BlockReader
    ) -> PublicKey? {
        do throws(FormatError) {
            let key = try PublicKey(line: line)
            for fault in key.sanityFaults(minimumRSABits: Policy.Ceiling.minimumRSABits) {
                reader.report(Violation(.rosterKey, line: field.line, fault))
            }
            if let other = keys.updateValue(name, forKey: key) {
                reader.report(
                    Violation(
                        .rosterKey, line: field.line,
                        "key \(key.fingerprint) belongs to \(other) already"))
            }
            return key
        } catch {
            reader.report(
                Violation(.rosterKey, line: field.line, "key cannot be read: \(error)"))
            return nil
        }
    }

    mutating func checkThresholds() {
        if thresholds.isEmpty {
            violations.append(Violation(.rosterThreshold, "the roster sets no threshold"))
        }
        for (name, threshold) in thresholds.sorted(by: { $0.key < $1.key })
        where threshold.count >= officers.count {
            violations.append(
                Violation(
                    .rosterThreshold, line: threshold.line,
                    "threshold \(threshold.count) of class \"\(name)\" is not below the number "
                        + "of officers, \(officers.count)",
                    hint: "one lost key must not stop the home: add an officer or lower it"))
        }
    }
}
