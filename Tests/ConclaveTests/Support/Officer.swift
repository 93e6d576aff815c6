// SPDX-License-Identifier: Apache-2.0

/// A person on the roster, as the tests set one up.
struct Officer {
    /// The name on the roster, of the account, and of the key file.
    let name: String
    /// What ssh-keygen is told to make the person's key.
    var kind = "-t ed25519"
    /// The names of further key files on the roster.
    var spares: [String] = []
    /// When the person's own key ends, as YAML.
    var until: String?

    static let olivia = Officer(name: "olivia")
    static let pierre = Officer(name: "pierre")
    static let quinn = Officer(name: "quinn")
    static let wim = Officer(name: "wim")

    /// The options with which this person signs.
    var key: String { "--key officers/\(name)" + (isSecurityKey ? " --sk-provider $SK" : "") }
    /// The options with which this person signs a bundle.
    var seal: String {
        "--seal-with officers/\(name)" + (isSecurityKey ? " --sk-provider $SK" : "")
    }

    private var isSecurityKey: Bool { kind.contains("-sk") }
}
