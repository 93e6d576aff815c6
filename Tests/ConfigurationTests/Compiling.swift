// SPDX-License-Identifier: Apache-2.0
import Configuration
import Documents

/// A kind of file, so that one test can serve both.
enum FileKind {
    case policy
    case roster

    func compile(_ yaml: [UInt8]) throws(ConfigurationErrors) -> CompiledConfiguration {
        switch self {
        case .policy: try PolicyFile.compile(yaml, name: "policy.yaml")
        case .roster: try RosterFile.compile(yaml, name: "roster.yaml")
        }
    }
}

/// The mistakes of a file; empty if it compiles.
func mistakes(_ yaml: [UInt8], as kind: FileKind = .policy) -> [ConfigurationError] {
    do throws(ConfigurationErrors) {
        _ = try kind.compile(yaml)
        return []
    } catch {
        return error.all
    }
}

/// The mistakes of a file as they are shown.
func mistakes(_ yaml: String, as kind: FileKind = .policy) -> [String] {
    mistakes(Array(yaml.utf8), as: kind).map(\.description)
}

/// The hints to the mistakes of a file.
func hints(_ yaml: String, as kind: FileKind = .policy) -> [String?] {
    mistakes(Array(yaml.utf8), as: kind).map(\.hint)
}

/// The canonical text of a file without mistakes.
func canonical(_ yaml: String, as kind: FileKind = .policy) throws -> String {
    String(decoding: try kind.compile(Array(yaml.utf8)).text, as: UTF8.self)
}

/// A policy with nothing but what must be there.
let smallPolicy = """
    conclave-policy: 1
    authorities:
      - name: users@example.org
        type: user
    profiles:
      - name: staff
        authority: users@example.org
        class: routine
        key-kinds: [ed25519]
        validity: {default: 7d, maximum: 30d}
        key-id: "{serial}"

    """

/// A roster with nothing but what must be there.
let smallRoster = """
    conclave-roster: 1
    officers:
      - name: Olivia Lind
        accounts: [olivia]
        keys: [ssh-ed25519 AAAA]
    thresholds: {routine: 1}

    """

extension String {
    /// The text with its only `old` replaced; nil if there is not exactly one.
    func replacing(only old: String, with new: String) -> String {
        let parts = self.split(separator: old, omittingEmptySubsequences: false)
        return parts.count == 2 ? parts.joined(separator: new) : "not exactly one \(old)"
    }
}
