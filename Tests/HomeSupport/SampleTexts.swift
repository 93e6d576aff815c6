// SPDX-License-Identifier: Apache-2.0
import Documents
import Issuance
import SSHCrypto
import SSHFormats

/// The texts of a small home: two authorities, three officers with four keys, a witness.
public enum SampleTexts {
    /// A policy with two profiles for users and one for hosts.
    public static let policy = """
        conclave-policy: v1
        batch-lifetime: 7d
        clock-maximum-step: 90d
        request-maximum-age: 30d

        authority: users@example.org
        type: user

        authority: hosts@example.org
        type: host

        profile: staff
        authority: users@example.org
        class: routine
        principal: alice
        principal: bob
        principal: olivia
        key-kind: ed25519
        key-kind: sk-ed25519
        key-kind: ecdsa-p256
        key-kind: rsa
        minimum-rsa-bits: 3072
        option: force-command
        option: source-address
        option: permit-X11-forwarding
        extension: permit-pty
        validity-default: 7d
        validity-maximum: 30d
        backdate: 5m
        key-id: {requester}/{profile}/{serial}

        profile: admins
        authority: users@example.org
        class: elevated
        principal: root
        key-kind: ed25519
        minimum-rsa-bits: 3072
        required-option: source-address=192.0.2.0/24
        required-option: permit-pty
        validity-default: 8h
        validity-maximum: 12h
        backdate: 1m
        key-id: admin-{serial}

        profile: servers
        authority: hosts@example.org
        class: routine
        principal: bastion.example.net
        host-pattern: *.example.org
        key-kind: ed25519
        key-kind: ecdsa-p384
        minimum-rsa-bits: 3072
        validity-default: 28d
        validity-maximum: 90d
        backdate: 5m
        key-id: {principal}/{serial}

        """

    /// A roster: Olivia with two keys, Pavel and Quinn with one; Wim, who witnesses.
    public static func roster() throws -> String {
        """
        conclave-roster: v1
        bundle-signatures: 1

        class: routine
        threshold: 2

        class: elevated
        threshold: 2

        class: revocation
        threshold: 1

        officer: Olivia Lind
        account: olivia
        account: olivia@example.org
        key: \(try SoftwareKey("olivia").publicKey.line)
        key: \(try SoftwareKey("olivia-spare").publicKey.line)

        officer: Pavel Nov\u{E1}k
        account: pavel
        key: \(try SoftwareKey("pavel").publicKey.line)

        officer: Quinn Okafor
        account: quinn
        key: \(try SoftwareKey("quinn").publicKey.line)

        witness: Wim Peeters
        account: wim
        key: \(try SoftwareKey("wim").publicKey.line)

        """
    }

    /// The names by which ``SoftwareKey`` makes the first key of each officer.
    public static let officers = ["olivia", "pavel", "quinn"]

    /// Reads the policy, with this text for that.
    public static func makePolicy(
        replacing old: String = "", with new: String = ""
    ) throws -> Policy {
        try Policy(text: Array(replace(old, with: new, in: policy).utf8))
    }

    /// Reads the roster, with this text for that.
    public static func makeRoster(
        replacing old: String = "", with new: String = ""
    ) throws -> Roster {
        try Roster(text: Array(replace(old, with: new, in: roster()).utf8))
    }

    /// The text with `new` for each `old`.
    public static func replace(_ old: String, with new: String, in text: String) -> String {
        old.isEmpty ? text : text.replacing(old, with: new)
    }
}

/// The moment that a text such as `2026-11-22T10:00:00Z` names.
public func time(_ text: String) throws -> UnixTime {
    struct NoTime: Error { let text: String }
    guard let time = UnixTime(text: text) else { throw NoTime(text: text) }
    return time
}

/// The span that a text such as `7d` names.
public func span(_ text: String) throws -> TimeSpan {
    struct NoSpan: Error { let text: String }
    guard let span = TimeSpan(text: text) else { throw NoSpan(text: text) }
    return span
}

/// The descriptions of the violations that `body` throws; nil where it throws none.
public func violations<Result>(_ body: () throws -> Result) throws -> [String]? {
    do {
        _ = try body()
        return nil
    } catch let violations as Violations {
        return violations.all.map { "\($0)" }
    }
}
