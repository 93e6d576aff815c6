// SPDX-License-Identifier: Apache-2.0

/// The fields of a key by its type name, for reading what others wrote; data, and no promise that
/// this implementation takes such a key.
public struct KeyLayout: Hashable, Sendable {
    /// What a type name of a certificate is to the readers of today.
    public enum Standing: Hashable, Sendable {
        /// The type name of a certificate that OpenSSH reads and writes.
        case current
        /// A type that OpenSSH reads since 10.4, and no other implementation.
        case experimental
        /// A type that OpenSSH no longer reads.
        case removed
        /// The name of a signature algorithm, which no certificate should bear as its type.
        case algorithm
        /// A name of draft-ietf-sshm-cert, which no OpenSSH up to 10.5 reads.
        case draft
    }

    /// One field of the key.
    public struct Part: Hashable, Sendable {
        /// The name that the standard gives it.
        public let name: String
        /// How its bytes are to be read.
        public let form: DissectedField.Form
    }

    /// The type name of the plain key.
    public let name: String
    /// The fields that follow the type name; each is a string of RFC 4251.
    public let parts: [Part]

    private init(_ name: String, _ parts: [(String, DissectedField.Form)]) {
        self.name = name
        self.parts = parts.map { Part(name: $0.0, form: $0.1) }
    }

    /// The fields of a plain key of this type name; nil where the name is not known.
    public static func ofKey(named name: ArraySlice<UInt8>) -> KeyLayout? {
        name.count <= PublicKey.maximumNameLength
            ? keys[String(decoding: name, as: UTF8.self)] : nil
    }

    /// The fields of a certificate's key by the certificate's type name, and what that name is.
    public static func ofCertificate(
        named name: ArraySlice<UInt8>
    ) -> (layout: KeyLayout, standing: Standing)? {
        name.count <= PublicKey.maximumNameLength
            ? certificates[String(decoding: name, as: UTF8.self)] : nil
    }

    /// The type name of an experimental key, whose certificates are read by few.
    public static let compositeName = "ssh-mldsa44-ed25519@openssh.com"

    private static let point: [(String, DissectedField.Form)] = [("curve", .text), ("Q", .bytes)]

    private static let table: [KeyLayout] = [
        KeyLayout("ssh-rsa", [("e", .integer), ("n", .integer)]),
        KeyLayout("ecdsa-sha2-nistp256", point),
        KeyLayout("ecdsa-sha2-nistp384", point),
        KeyLayout("ecdsa-sha2-nistp521", point),
        KeyLayout("ssh-ed25519", [("pk", .bytes)]),
        KeyLayout("sk-ecdsa-sha2-nistp256@openssh.com", point + [("application", .text)]),
        KeyLayout("sk-ssh-ed25519@openssh.com", [("pk", .bytes), ("application", .text)]),
        KeyLayout(compositeName, [("pk", .bytes)]),
        KeyLayout(
            "ssh-dss", [("p", .integer), ("q", .integer), ("g", .integer), ("y", .integer)]),
    ]

    private static let keys = Dictionary(uniqueKeysWithValues: table.map { ($0.name, $0) })

    /// The names that are not made of a key's name by the rule, with the key that they are of.
    private static let aliases: [(String, String, Standing)] = [
        ("rsa-sha2-256-cert-v01@openssh.com", "ssh-rsa", .algorithm),
        ("rsa-sha2-512-cert-v01@openssh.com", "ssh-rsa", .algorithm),
        (
            "webauthn-sk-ecdsa-sha2-nistp256-cert-v01@openssh.com",
            "sk-ecdsa-sha2-nistp256@openssh.com", .algorithm
        ),
        ("rsa-sha2-256-cert", "ssh-rsa", .draft), ("rsa-sha2-512-cert", "ssh-rsa", .draft),
    ]

    private static let certificates: [String: (layout: KeyLayout, standing: Standing)] = {
        var names: [String: (layout: KeyLayout, standing: Standing)] = [:]
        for layout in table {
            let stem = layout.name.prefix { $0 != "@" }
            let standing: Standing =
                switch layout.name {
                case "ssh-dss": .removed
                case compositeName: .experimental
                default: .current
                }
            names["\(stem)-cert-v01@openssh.com"] = (layout, standing)
            names["\(stem)-cert"] = (layout, .draft)
        }
        for (name, key, standing) in aliases {
            if let layout = keys[key] { names[name] = (layout, standing) }
        }
        return names
    }()
}
