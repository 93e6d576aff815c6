// SPDX-License-Identifier: Apache-2.0
import Documents

/// The roster as an administrator writes it, in YAML.
public enum RosterFile {
    /// The fields of the canonical text that hold names of people, in UTF-8.
    public static let utf8Fields: Set<String> = ["officer", "witness"]

    /// Compiles a roster to its canonical text; the comments of keys are left out.
    ///
    /// What the roster means is not judged here but on the canonical text.
    ///
    /// - Throws: `ConfigurationErrors` with every mistake in `yaml`; `name` is the file's in them.
    public static func compile(
        _ yaml: [UInt8], name: String
    ) throws(ConfigurationErrors) -> CompiledConfiguration {
        var reader = ConfigurationReader(file: name)
        let keys = ["officers", "witnesses", "thresholds", "bundle-signatures"]
        guard let (root, version) = reader.root(yaml, kind: "roster", keys: keys) else {
            throw ConfigurationErrors(reader.errors)
        }
        var text = CanonicalText(kind: "roster", mark: version)
        text.field(
            "bundle-signatures", reader.number(root, "bundle-signatures", default: "1"))

        if let thresholds = reader.requiredMapping(root, "thresholds", keys: nil) {
            for entry in thresholds.entries {
                text.block()
                text.field("class", Value(text: entry.key, mark: entry.keyMark))
                text.field("threshold", reader.number(entry))
            }
        }
        for officer in reader.mappings(root, "officers", keys: ["name", "accounts", "keys"]) {
            text.block()
            text.field("officer", reader.text(officer, "name"))
            text.fields("account", reader.requiredTexts(officer, "accounts"))
            text.keys(reader.publicKeys(officer, "keys"))
        }
        for witness in reader.mappings(
            root, "witnesses", isOptional: true, keys: ["name", "keys"])
        {
            text.block()
            text.field("witness", reader.text(witness, "name"))
            text.keys(reader.publicKeys(witness, "keys"))
        }
        try reader.finish()
        return try text.finish(file: name, utf8Fields: utf8Fields)
    }
}

extension CanonicalText {
    fileprivate mutating func keys(_ keys: (endless: [Value], ending: [Value])) {
        fields("key", keys.endless)
        fields("key-until", keys.ending)
    }
}
