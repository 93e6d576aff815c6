// SPDX-License-Identifier: Apache-2.0
import Documents
import SSHFormats
import Token

/// What a child found behind a PKCS#11 module, as a strict text between it and us.
///
/// The module runs in the child and can write what it likes there, so the text is read as a
/// stranger's: every value is checked, and names are shown as names.
struct ModuleReport: Equatable {
    /// A token behind the module, or a place whose token could not be asked.
    struct Entry: Equatable {
        /// What the module calls the place.
        var slot = ""
        /// The token; nil where it could not be asked.
        var token: TokenIdentity?
        /// Whether the token has been set up.
        var isSetUp = true
        /// The firmware's version, as the module tells it.
        var firmware = ""
        /// What the token's flags say of the tries left; empty where nothing.
        var tries = ""
        /// The public keys that can be seen without a login, with their labels.
        var keys: [Key] = []
        /// Why something could not be told.
        var fault: TokenError?
    }

    /// A public key with its label.
    struct Key: Equatable {
        let publicKey: PublicKey
        let label: String
    }

    /// What the library calls itself.
    var name = ""
    /// Who made it.
    var manufacturer = ""
    /// Its version.
    var version = ""
    /// The version of the interface.
    var interface = ""
    /// Why the module cannot be used; nil where it can.
    var fault: TokenError?
    /// What is behind it.
    var entries: [Entry] = []

    /// Makes an empty report.
    init() {}

    /// The text.
    var bytes: [UInt8] {
        var writer = DocumentWriter(kind: Self.kind)
        func add(_ name: String, _ value: String) {
            if !value.isEmpty { writer.field(name, Percent.encode(value)) }
        }
        add("name", name)
        add("manufacturer", manufacturer)
        add("version", version)
        add("interface", interface)
        if let fault { writer.field("fault", Self.text(fault)) }
        for entry in entries {
            writer.block()
            writer.field("set-up", entry.isSetUp ? "yes" : "no")
            add("slot", entry.slot)
            if let token = entry.token {
                writer.field("token", "yes")
                add("label", token.label)
                add("serial", token.serial)
                add("model", token.model)
                add("maker", token.manufacturer)
            }
            add("firmware", entry.firmware)
            add("tries", entry.tries)
            for key in entry.keys {
                let label = key.label.isEmpty ? "" : " " + Percent.encode(key.label)
                writer.field("key", key.publicKey.line + label)
            }
            if let fault = entry.fault { writer.field("fault", Self.text(fault)) }
        }
        return writer.bytes
    }

    private static let kind = "module-report"
    private static let limits = DocumentLimits(
        maximumBytes: ChildRun.maximumReport, maximumLines: 50_000, maximumValueBytes: 8192)

    private static func text(_ fault: TokenError) -> String {
        // The call and its value stand in the description already.
        let hint = fault.hint.map { " " + Percent.encode($0) } ?? ""
        return "\(fault.code.rawValue) \(Percent.encode("\(fault)"))\(hint)"
    }
}

extension ModuleReport {
    /// Reads a report.
    ///
    /// - Throws: `Violations` with everything that is not as it must be.
    init(parsing bytes: [UInt8]) throws(Violations) {
        let document = try Document(parsing: bytes, kind: Self.kind, limits: Self.limits)
        var header = BlockReader(document.header)
        name = Self.plain("name", &header)
        manufacturer = Self.plain("manufacturer", &header)
        version = Self.plain("version", &header)
        interface = Self.plain("interface", &header)
        fault = Self.fault(&header)
        var violations = header.finish()
        for section in document.sections {
            var reader = BlockReader(section)
            entries.append(Self.entry(&reader))
            violations += reader.finish()
        }
        try Violations.raise(violations)
    }

    private static func entry(_ reader: inout BlockReader) -> Entry {
        var entry = Entry()
        let isSetUp = reader.required("set-up")
        entry.isSetUp =
            reader.value(isSetUp, expected: "yes or no") { text -> Bool? in
                text == "yes" ? true : text == "no" ? false : nil
            } ?? false
        entry.slot = plain("slot", &reader)
        let token = reader.optional("token")
        let isThere = reader.value(token, expected: "yes") { $0 == "yes" ? true : nil }
        let identity = TokenIdentity(
            label: plain("label", &reader), serial: plain("serial", &reader),
            model: plain("model", &reader), manufacturer: plain("maker", &reader))
        entry.token = isThere == nil ? nil : identity
        entry.firmware = plain("firmware", &reader)
        entry.tries = plain("tries", &reader)
        for field in reader.repeated("key") {
            if let key = reader.value(field, expected: "a public key and a label", key) {
                entry.keys.append(key)
            }
        }
        entry.fault = fault(&reader)
        return entry
    }

    private static func key(_ text: String) -> Key? {
        let words = text.split(separator: " ", omittingEmptySubsequences: false)
        guard (2...3).contains(words.count) else { return nil }
        let label = words.count == 3 ? words.last.flatMap { Percent.decode(String($0)) } : ""
        do throws(FormatError) {
            let key = try PublicKey(line: words.prefix(2).joined(separator: " "))
            return label.map { Key(publicKey: key, label: $0) }
        } catch {
            return nil
        }
    }

    private static func plain(_ name: String, _ reader: inout BlockReader) -> String {
        let field = reader.optional(name)
        return reader.value(field, expected: "text with escapes", Percent.decode) ?? ""
    }

    private static func fault(_ reader: inout BlockReader) -> TokenError? {
        let field = reader.optional("fault")
        return reader.value(field, expected: "a kind of fault and its text") { text in
            let words = text.split(separator: " ", omittingEmptySubsequences: false)
            guard (2...3).contains(words.count),
                let code = TokenError.Code(rawValue: String(words[0])),
                let detail = Percent.decode(String(words[1]))
            else { return nil }
            guard words.count == 3 else { return TokenError(code, detail) }
            return Percent.decode(String(words[2])).map { TokenError(code, detail, hint: $0) }
        }
    }
}
