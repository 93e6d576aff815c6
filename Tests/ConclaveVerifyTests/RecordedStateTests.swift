// SPDX-License-Identifier: Apache-2.0
import Documents
import SSHCrypto
import Testing

@testable import conclave_verify

/// Everything is hashed and signed anew around the forged text: nothing but the comparison finds it.
@Suite("The state that a ceremony's end records")
struct RecordedStateTests {
    private static let zeros = String(repeating: "0", count: 64)
    private static let honest = Result { try SampleHistory() }

    /// The faults of the bundle of a ceremony in whose state a text is replaced.
    private func faults(
        _ place: Int, _ pattern: String, _ replacement: String, afterPrevious: Bool = false
    ) throws -> [String] {
        let regex = try Regex(pattern).anchorsMatchLineEndings()
        let history = try Self.honest.get()
        let bundle = try history.bundle(place) { text in
            Array(
                String(decoding: text, as: UTF8.self)
                    .replacing(regex, with: replacement, maxReplacements: 1).utf8)
        }
        let found =
            try afterPrevious
            ? bundle.check(after: history.bundles[place - 2]).findings.faults.map(\.line)
            : bundle.faults
        return found.map { line in
            line.replacing(#/^FAIL  audit\/contents\/[0-9a-f]{64}: /#, with: "")
                .replacing(#/[0-9a-f]{64}|AAAA[^" ]*|SHA256:[^ ,]*/#, with: "…")
        }
    }

    @Test("an honest home's states are those of its entries, with and without the bundle before")
    func honest() throws {
        let bundles = try Self.honest.get().bundles
        for bundle in bundles { #expect(bundle.faults == []) }
        let whole = "the recorded state is that to which the entries lead, in each field"
        #expect(bundles[0].check().findings.all.map(\.message).contains(whole))
        for place in 1..<bundles.count {
            let known = try bundles[place].check(after: bundles[place - 1]).findings
            #expect(known.faults == [])
            #expect(known.all.map(\.message).contains(whole))
            let alone = bundles[place].check().findings.all.map(\.message)
            #expect(alone.contains(whole + ", as far as these entries tell"))
        }
    }

    @Test(
        "each field that is forged is found by a home's first bundle",
        arguments: [
            ("^genesis: .*", "genesis: \(zeros)", "its genesis is"),
            ("^governing-head: .*", "governing-head: \(zeros)", "its governing-head is"),
            ("^policy: .*", "policy: \(zeros)", "its policy is"),
            ("^roster: .*", "roster: \(zeros)", "its roster is"),
            ("^batches: 1", "batches: 2", "its batches is \"2\", the entries lead to \"1\""),
            ("^krl-version", "abandoned: 1 by 2\nkrl-version", "its abandoned has \"1 by 2\""),
            ("^krl-version", "epoch: 3 by 1\nkrl-version", "its epoch has \"3 by 1\""),
            ("^krl-version", "given-up: 3 \(zeros)\nkrl-version", "its given-up has \"3 …\""),
            ("^krl-version: 0", "krl-version: 1", "its krl-version is \"1\""),
            ("^krl: .*", "krl: \(zeros)", "its krl is"),
            ("^waiting", "revoked: 1 a serial 5\nwaiting", "its revoked has \"1 a serial 5\""),
            ("^waiting: 3\n", "", "its waiting lacks \"3\""),
            ("^waiting: 3", "waiting: 3-4", "its waiting is \"3-4\", the entries lead to \"3\""),
            ("^authority: users", "authority: user", "its authority of users@example.org is"),
            ("^next-serial: 2", "next-serial: 3", "its next-serial of users@example.org is \"3\""),
            ("^next-serial: 2", "next-serial: 2\nunissued: 1", "its unissued of users@"),
            ("^ca-key: .*", "ca-key: ssh-ed25519 AAAA", "its ca-key of users@example.org is"),
            ("^ca-key: .*\n", "", "its ca-key of users@example.org lacks"),
            ("\\z", "\nbatch-entry: 9\n", "it has 4 parts, the entries lead to 3"),
            ("^batches: 1", "batches: 1\nmore: 1", "its more has \"1\""),
        ])
    func first(pattern: String, replacement: String, fault: String) throws {
        let found = try faults(1, pattern, replacement)
        #expect(found.contains { $0.hasPrefix(fault) }, "\(found)")
        #expect(found.allSatisfy { $0.hasSuffix("(VERIFY-STATE)") || $0.contains("DOC-") })
    }

    @Test(
        "each field that is forged is found by a later bundle by itself",
        arguments: [
            ("^governing-head: .*", "governing-head: \(zeros)", "its governing-head is"),
            ("^batches: 3", "batches: 2", "its batches is \"2\", the entries lead to \"3\""),
            ("^batches: 3", "batches: 4", "its batches is \"4\", the entries lead to \"3\""),
            (
                "^krl-version", "abandoned: 1 by 2\nkrl-version",
                "batch 2 gave up serials as it says, and revoked nothing"
            ),
            (
                "^krl-version", "epoch: 3 by 1\nkrl-version",
                "its epoch has that of entry 3, and the batch was of the first"
            ),
            (
                "^krl-version", "given-up: 3 \(zeros)\nkrl-version",
                "its given-up has \"3 …\", to which the entries do not lead"
            ),
            ("^krl-version: 1", "krl-version: 2", "its krl-version is \"2\""),
            ("^krl: .*", "krl: \(zeros)", "its krl is"),
            ("^revoked: .*\n", "", "its revoked lacks \"3 users@example.org serial 1\""),
            (
                "^revoked", "revoked: 1 users@example.org serial 9\nrevoked",
                "FAIL  trust/revoked_keys.krl: it does not revoke exactly what the recorded state "
                    + "says was revoked: it revokes 2 serials, 0 key IDs and 0 keys"
            ),
            ("^waiting: 3", "waiting: 3\nwaiting: 14", "its waiting has \"14\""),
            ("^waiting: 3", "waiting: 0\nwaiting: 3", "its waiting has entry 0, which is no"),
            ("^waiting: 3", "waiting: 3\nwaiting: 99", "its waiting has \"99\""),
            ("^next-serial: 3", "next-serial: 2", "its next-serial of users@example.org is \"2\""),
            ("^next-serial: 3", "next-serial: 4", "its next-serial of users@example.org is \"4\""),
            (
                "^next-serial: 2", "next-serial: 281474976710657",
                "its next-serial of hosts@example.org is 281474976710657, which is not of epoch 0"
            ),
            ("^unissued: 2\n", "", "its unissued of users@example.org lacks \"2\""),
            (
                "^unissued: 2", "unissued: 2-3",
                "its unissued of users@example.org has 2-3, which no batch has"
            ),
            ("^ca-key: .*", "ca-key: ssh-ed25519 AAAA", "its ca-key of users@example.org is"),
            (
                "^ca-key: (.*)\n\nauthority: hosts", "ca-key: $1\n\nauthority: host",
                "its authority of hosts@example.org is"
            ),
            (
                "\nbatch-entry: 13\napproval-entry: 14\n", "",
                "it has 3 parts, the entries lead to 4"
            ),
            ("^approval-entry: 14\n", "", "its approval-entry of 13 lacks \"14\""),
            ("^approval-entry: 14", "approval-entry: 16", "its approval-entry of 13 is \"16\""),
            ("^batch-entry: 13", "batch-entry: 15", "its batch-entry of 13 is \"15\""),
        ])
    func later(pattern: String, replacement: String, fault: String) throws {
        let found = try faults(2, pattern, replacement)
        #expect(found.contains { $0.hasPrefix(fault) }, "\(found)")
    }

    @Test(
        "what a state says of the time before the entries is found with the bundle before",
        arguments: [
            (
                2, "^krl-version", "abandoned: 1 by 3\nkrl-version",
                "its abandoned has \"1 by 3\", to which the entries do not lead"
            ),
            (2, "^waiting: 3\n", "", "its waiting lacks \"3\""),
            (2, "^waiting: 3", "waiting: 2-3", "its waiting is \"2-3\""),
            (2, "^next-serial: 2", "next-serial: 9", "its next-serial of hosts@example.org is"),
            (2, "^unissued: 2", "unissued: 1-2", "its unissued of users@example.org is \"1-2\""),
            (2, "^batch-entry", "batch-entry: 12\n\nbatch-entry", "it has 5 parts"),
            (3, "^revoked: 3", "revoked: 1", "its revoked is \"1 users@example.org serial 1\""),
            (3, "^batches: 3", "batches: 4", "its batches is \"4\", the entries lead to \"3\""),
            (3, "\\z", "unissued: 1\n", "its unissued of hosts@example.org"),
        ])
    func earlier(place: Int, pattern: String, replacement: String, fault: String) throws {
        let alone = try faults(place, pattern, replacement)
        #expect(alone.allSatisfy { $0.hasSuffix("(VERIFY-STATE)") }, "\(alone)")
        let found = try faults(place, pattern, replacement, afterPrevious: true)
        #expect(found.contains { $0.hasPrefix(fault) }, "\(found)")
    }

    @Test("the bundle before is taken only where it is sound by itself, and is the one before")
    func unsound() throws {
        let bundles = try Self.honest.get().bundles
        var before = bundles[0]
        before.files["more"] = [1]
        let notes = try bundles[1].check(after: before).findings.all.map(\.message)
        #expect(notes.contains { $0.hasPrefix("not taken as the state before: that of ") })
        let skipped = try bundles[2].check(after: bundles[0])
        #expect(!skipped.isSound)
    }

    @Test("where something else is wrong, the state is not looked at, and the check says so")
    func skipped() throws {
        var bundle = try Self.honest.get().bundles[0]
        bundle.files["trust/known_hosts"] = []
        try bundle.seal()
        #expect(
            bundle.check().findings.all.map(\.message).contains(
                "not checked: the recorded state, since what it follows from is not sound"))
    }
}
