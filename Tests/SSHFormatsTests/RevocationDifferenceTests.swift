// SPDX-License-Identifier: Apache-2.0
import SSHFormats
import Testing

/// What one list revokes and another doesn't.
@Suite struct RevocationDifferenceTests {
    private static let tools = RevocationTools(
        sha1: { Array($0.suffix(20)) }, sha256: { Array($0.suffix(32)) },
        signatureFault: { _ in nil })
    private static let key =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcH"

    private static func set(_ lines: String...) throws -> RevocationSet {
        var builder = RevocationSet.Builder()
        var specification = RevocationSpecification(name: "x", authority: [], tools: tools)
        specification.read(Array(lines.joined(separator: "\n").utf8), into: &builder)
        try specification.finish(into: &builder)
        return builder.finish(version: 1, generated: 1, comment: [])
    }

    private static func summary(_ list: RevocationSet, minus other: RevocationSet) -> String {
        RevocationDifference(list, minus: other, tools: tools).summary
    }

    @Test("each sort of thing that is more is told")
    func sorts() throws {
        let old = try Self.set("serial: 1-10", "id: a")
        let new = try Self.set("serial: 5-20", "id: a", "id: b", "key: \(Self.key)")
        #expect(Self.summary(new, minus: old) == "10 serials, 1 key ID, 1 key")
        #expect(Self.summary(old, minus: new) == "4 serials")
        let difference = RevocationDifference(new, minus: old, tools: Self.tools)
        #expect(difference.authorities.count == 1)
        #expect(difference.authorities.first.map { Array($0.serials) } == [11...20])
        #expect(RevocationDifference(old, minus: old, tools: Self.tools).isEmpty)
        #expect(Self.summary(old, minus: old) == "nothing revoked")
    }

    @Test("what counts is the effect: any authority covers each, a hash covers its key")
    func effect() throws {
        let any = try Self.set("serial: 1-10", "id: a")
        let one = try Self.set("authority: \(Self.key)", "serial: 3", "id: a", "id: b")
        #expect(Self.summary(one, minus: any) == "1 key ID")
        #expect(Self.summary(any, minus: one) == "10 serials, 1 key ID")
        let both = try Self.set("serial: 1-4", "authority: \(Self.key)", "serial: 4-12")
        let other = try Self.set("authority: \(Self.key)", "serial: 1-13")
        #expect(Self.summary(other, minus: both) == "1 serial")

        let key = try Self.set("key: \(Self.key)")
        for hash in ["sha256", "sha1"] {
            let hashed = try Self.set("\(hash): \(Self.key)")
            #expect(Self.summary(key, minus: hashed) == "nothing revoked")
            #expect(Self.summary(hashed, minus: key) == "nothing revoked")
            #expect(Self.summary(hashed, minus: any) == "1 key hash")
        }
    }
}
