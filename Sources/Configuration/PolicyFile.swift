// SPDX-License-Identifier: Apache-2.0
import Documents

/// The policy as an administrator writes it, in YAML.
public enum PolicyFile {
    /// Compiles a policy to its canonical text, in which every default is stated.
    ///
    /// What the policy means is not judged here but on the canonical text.
    ///
    /// - Throws: `ConfigurationErrors` with every mistake in `yaml`; `name` is the file's in them.
    public static func compile(
        _ yaml: [UInt8], name: String
    ) throws(ConfigurationErrors) -> CompiledConfiguration {
        var reader = ConfigurationReader(file: name)
        let keys = ["batch", "clock", "request", "tokens", "authorities", "profiles"]
        guard let (root, version) = reader.root(yaml, kind: "policy", keys: keys) else {
            throw ConfigurationErrors(reader.errors)
        }
        var text = CanonicalText(kind: "policy", mark: version)

        let batch = reader.mapping(root, "batch", keys: ["lifetime"])
        text.field("batch-lifetime", reader.timeSpan(batch, "lifetime", default: "7d"))
        let clock = reader.mapping(root, "clock", keys: ["maximum-step"])
        text.field("clock-maximum-step", reader.timeSpan(clock, "maximum-step", default: "90d"))
        let request = reader.mapping(root, "request", keys: ["maximum-age"])
        text.field("request-maximum-age", reader.timeSpan(request, "maximum-age", default: "30d"))

        if root.node("tokens") != nil {
            text.block()
            writeTokens(
                reader.mapping(root, "tokens", keys: tokenKeys), from: &reader, to: &text)
        }
        for authority in reader.mappings(root, "authorities", keys: ["name", "type"]) {
            text.block()
            text.field("authority", reader.text(authority, "name"))
            text.field("type", reader.text(authority, "type"))
        }
        for profile in reader.mappings(root, "profiles", keys: profileKeys) {
            text.block()
            write(profile, from: &reader, to: &text)
        }
        try reader.finish()
        return try text.finish(file: name, utf8Fields: [])
    }

    private static let tokenKeys = [
        "attestation", "roots", "minimum-firmware", "pin-policies", "touch-policies",
        "ca-key-kinds", "accepted-advisories",
    ]

    private static func writeTokens(
        _ tokens: Mapping, from reader: inout ConfigurationReader, to text: inout CanonicalText
    ) {
        text.field(
            "attestation",
            tokens.node("attestation") == nil
                ? Value(text: "where-given", mark: tokens.place("attestation"))
                : reader.text(tokens, "attestation"))
        text.fields(
            "attestation-root",
            tokens.node("roots") == nil
                ? [Value(text: "yubico", mark: tokens.place("roots"))]
                : reader.texts(tokens, "roots"))
        if tokens.node("minimum-firmware") != nil {
            text.field("minimum-firmware", reader.text(tokens, "minimum-firmware"))
        }
        text.fields("pin-policy", reader.texts(tokens, "pin-policies"))
        text.fields("touch-policy", reader.texts(tokens, "touch-policies"))
        text.fields("ca-key-kind", reader.texts(tokens, "ca-key-kinds"))
        let accepted = reader.mappings(
            tokens, "accepted-advisories", isOptional: true, keys: ["id", "reason"])
        for advisory in accepted {
            guard let id = reader.text(advisory, "id"),
                let reason = reader.text(advisory, "reason")
            else { continue }
            text.field(
                "accepted-advisory", Value(text: "\(id.text) \(reason.text)", mark: id.mark))
        }
    }

    private static let profileKeys = [
        "name", "authority", "class", "principals", "host-patterns", "login-accounts", "key-kinds",
        "minimum-rsa-bits", "options", "extensions", "validity", "backdate", "key-id",
    ]

    private static func write(
        _ profile: Mapping, from reader: inout ConfigurationReader, to text: inout CanonicalText
    ) {
        text.field("profile", reader.text(profile, "name"))
        text.field("authority", reader.text(profile, "authority"))
        text.field("class", reader.text(profile, "class"))
        text.fields("principal", reader.texts(profile, "principals"))
        text.fields("host-pattern", reader.texts(profile, "host-patterns"))
        text.fields("login-account", reader.texts(profile, "login-accounts"))
        text.fields("key-kind", reader.requiredTexts(profile, "key-kinds"))
        text.field(
            "minimum-rsa-bits", reader.number(profile, "minimum-rsa-bits", default: "3072"))
        let options = reader.mapping(profile, "options", keys: ["allowed", "required"])
        text.fields("option", reader.texts(options, "allowed"))
        text.fields("required-option", reader.texts(options, "required"))
        text.fields("extension", reader.texts(profile, "extensions"))
        if let validity = reader.requiredMapping(profile, "validity", keys: ["default", "maximum"])
        {
            text.field("validity-default", reader.timeSpan(validity, "default"))
            text.field("validity-maximum", reader.timeSpan(validity, "maximum"))
        }
        text.field("backdate", reader.timeSpan(profile, "backdate", default: "5m"))
        text.field("key-id", reader.text(profile, "key-id"))
    }
}
