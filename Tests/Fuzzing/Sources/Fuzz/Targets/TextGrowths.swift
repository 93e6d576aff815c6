// SPDX-License-Identifier: Apache-2.0
import Documents
import Issuance
import SSHCrypto
import SSHFormats

let policyGrowths = [
    Growth("authorities", 256...16_384) { count in
        policyHead + repeated(count) { "\nauthority: a\($0)@example.org\ntype: user\n" }
    },
    Growth("profiles", 256...8_192) { count in
        policyHead + "\nauthority: a@b\ntype: user\n" + repeated(count) { profile($0) }
    },
    Growth("profiles of as many authorities", 256...8_192) { count in
        policyHead + repeated(count) { "\nauthority: a\($0)@b\ntype: user\n" }
            + repeated(count) { profile($0, authority: "a\($0)@b") }
    },
    Growth("principals", 512...65_536) { count in
        policyHead + "\nauthority: a@b\ntype: user\n"
            + profile(1, more: repeated(count) { "principal: p\($0)\n" })
    },
    Growth("host patterns", 512...32_768) { count in
        policyHead + "\nauthority: a@b\ntype: host\n"
            + profile(1, principal: "a", more: repeated(count) { "host-pattern: *.p\($0).org\n" })
    },
    Growth("unknown fields", 512...65_536, isAccepted: false) { count in
        policyHead + repeated(count) { "a\($0): b\n" }
    },
    Growth("the same field", 512...65_536, isAccepted: false) { count in
        policyHead + repeated(count) { _ in "batch-lifetime: 7d\n" }
    },
    Growth("blocks at fault", 512...65_536, isAccepted: false) { count in
        policyHead + repeated(count) { _ in "\na: b\n" }
    },
    Growth("key ID template", 512...32_768) { size in
        policyHead + "\nauthority: a@b\ntype: user\n"
            + profile(1, keyID: repeated(size / 8) { _ in "{serial}" })
    },
]

private let policyHead = """
    conclave-policy: v1
    batch-lifetime: 7d
    clock-maximum-step: 90d
    request-maximum-age: 30d

    """

private func profile(
    _ number: Int, authority: String = "a@b", principal: String = "alice", more: String = "",
    keyID: String = "{serial}"
) -> String {
    """

    profile: p\(number)
    authority: \(authority)
    class: routine
    principal: \(principal)
    \(more)key-kind: ed25519
    minimum-rsa-bits: 3072
    validity-default: 7d
    validity-maximum: 30d
    backdate: 5m
    key-id: \(keyID)

    """
}

let rosterGrowths = [
    Growth("officers", 128...4_096) { count in
        rosterHead + repeated(count) { "\nofficer: o\($0)\nkey: \(pointLine($0))\n" }
    },
    Growth("accounts", 512...65_536) { count in
        rosterHead + officers + repeated(count) { "account: a\($0)\n" }
    },
    Growth("classes", 256...16_384) { count in
        rosterHead + officers
            + repeated(count) { "\nclass: c\($0)\nthreshold: 1\n" }
    },
    Growth("the same officer", 256...16_384, isAccepted: false) { count in
        rosterHead + repeated(count) { _ in "\nofficer: o\nkey: \(pointLine(1))\n" }
    },
    Growth("blocks at fault", 512...65_536, isAccepted: false) { count in
        rosterHead + repeated(count) { _ in "\na: b\n" }
    },
    Growth("names of characters that combine", 64...8_192) { count in
        rosterHead + officers
            + repeated(count) {
                "\nwitness: e\($0)" + String(repeating: "\u{323}\u{301}", count: 60)
                    + "\nkey: \(pointLine($0))\n"
            }
    },
    Growth("a name too long", 2_048...32_768, isAccepted: false) { size in
        rosterHead + officers + "\nwitness: e"
            + String(repeating: "\u{323}\u{301}", count: size / 4)
            + "\nkey: \(pointLine(-3))\n"
    },
]

private let rosterHead = """
    conclave-roster: v1
    bundle-signatures: 1

    class: routine
    threshold: 1

    """

private let officers = repeated(2) { "\nofficer: o\($0)\nkey: \(pointLine(-1 - $0))\n" }

/// The lines of FIDO keys with one point of the curve and their numbers in the application: making
/// as many points would take longer than reading them.
private func pointLine(_ number: Int) -> String {
    let point = SigningKey.publicKey.map(\.blob).map { Array($0.suffix(32)) } ?? []
    let blob = wire {
        $0.string("sk-ssh-ed25519@openssh.com")
        $0.string(point)
        $0.string("ssh:\(number)")
    }
    return "sk-ssh-ed25519@openssh.com \(Base64.encode(blob))"
}

let manifestGrowths = [
    Growth("revocations", 64...8_192) { count in
        manifestHead + repeated(count) { revocation($0 + 1, target: "serial \($0 + 1)") }
    },
    Growth("certificates", 16...2_048) { count in
        manifestHead + repeated(count) { issue($0 + 1, principals: 1) }
    },
    Growth("principals", 512...32_768) { count in
        manifestHead + issue(1, principals: count)
    },
    Growth("revocation list", 1_024...131_072) { count in
        var bytes: [UInt8] = []
        bytes = RevocationBytes.list { writer in
            writer.byte(0x20)
            writer.string(wire { for serial in 1...UInt64(count) { $0.uint64(serial * 100) } })
        }
        return manifestHead + krl(1, bytes)
    },
    Growth("items at fault", 512...8_192, isAccepted: false) { count in
        manifestHead + repeated(count) { _ in "\nitem: 1\nkind: x\n" }
    },
    Growth("unknown fields", 512...65_536, isAccepted: false) { count in
        manifestHead + "\nitem: 1\nkind: revoke\n" + repeated(count) { "a\($0): b\n" }
    },
]

private let zeros = String(repeating: "0", count: 64)

private let manifestHead = """
    conclave-batch: v1
    genesis: \(zeros)
    batch: 1
    ledger-size: 5
    ledger-root: \(zeros)
    governing-head: \(zeros)
    roster: \(zeros)
    policy: \(zeros)
    created: 2026-11-22T10:00:00Z
    expires: 2026-11-29T10:00:00Z
    tool: conclave 0.1

    """

private func revocation(_ number: Int, target: String) -> String {
    """

    item: \(number)
    kind: revoke
    authority: users@example.org
    class: revocation
    target: \(target)
    reason: lost

    """
}

private func issue(_ number: Int, principals: Int) -> String {
    """

    item: \(number)
    kind: issue
    authority: users@example.org
    profile: staff
    class: routine
    request: \(zeros)
    type: user
    ca-key: \(KeyBytes.line(0))
    public-key: \(KeyBytes.line(number))
    nonce: \(zeros)
    serial: \(number)
    key-id: alice/\(number)
    \(repeated(principals) { "principal: p\($0)\n" })valid-after: 2026-11-22T10:00:00Z
    valid-before: 2026-11-29T10:00:00Z
    extension: permit-pty
    tbs-sha256: \(zeros)

    """
}

private func krl(_ number: Int, _ bytes: [UInt8]) -> String {
    var lines = ""
    var rest = bytes[...]
    while !rest.isEmpty {
        lines += "data: \(Base64.encode(rest.prefix(48)))\n"
        rest = rest.dropFirst(48)
    }
    return """

        item: \(number)
        kind: krl
        class: revocation
        version: 3
        sha256: \(SHA256Digest(hashing: bytes).hex)
        \(lines)
        """
}
