// SPDX-License-Identifier: Apache-2.0
import Documents
import Issuance
import SSHCrypto
import Testing

@testable import conclave_verify

@Suite("The bundles of a ceremony that was abandoned")
struct AbandonmentTests {
    private static let users = AuthoritySerials(authority: "users@example.org", serials: 2...2)
    private static let hosts = AuthoritySerials(authority: "hosts@example.org", serials: 1...1)

    /// The faults of both bundles.
    private func faults(
        _ change: (inout SampleAbandonment) -> Void
    ) throws -> (finished: [String], decision: [String]) {
        var sample = SampleAbandonment()
        change(&sample)
        let bundles = try sample.bundles()
        return (bundles.finished.faults, bundles.decision.faults)
    }

    @Test("the finished part is sound, and says by whose quorum it is but a part")
    func finished() throws {
        let check = try SampleAbandonment().bundles().finished.check()
        #expect(check.findings.faults.map(\.line) == [])
        #expect(check.certificates == 1)
        let oks = check.findings.all.filter { $0.level == .ok }.map(\.message)
        for line in [
            "batch 1 was ended by the quorum of batch 2, Anna Ode and Bert Poe: "
                + "1 certificate issued, hosts@example.org 1 given up and revoked",
            "1 certificate: each signed by a CA key of the genesis, over the approved bytes; "
                + "1 were given up, and none is too many",
        ] { #expect(oks.contains(line), "\(oks)") }
    }

    @Test("the decision is sound, and shows the ceremony that it ended")
    func decision() throws {
        let check = try SampleAbandonment().bundles().decision.check()
        #expect(check.findings.faults.map(\.line) == [])
        let oks = check.findings.all.filter { $0.level == .ok }.map(\.message)
        #expect(
            oks.contains("the ceremony of batch 1 ended as the manifest says, with 1 certificate"))
    }

    @Test("a decision without its quorum ends nothing")
    func noQuorum() throws {
        let found = try faults { $0.officers = ["Anna Ode"] }
        #expect(found.finished.count == 1)
        #expect(
            found.finished.first?.hasSuffix(
                "has 1 of 2 approvals for class \"routine\" (QUORUM-MISSING)") == true)
        #expect(found.decision.count == 1)
    }

    @Test("nor does one in a class that takes fewer")
    func lowerClass() throws {
        let found = try faults {
            $0.officers = ["Anna Ode"]
            $0.riskClass = "revocation"
        }
        let told = "class \"revocation\" is not the strictest of batch 1 (VERIFY-ITEM)"
        #expect(found.finished.contains { $0.hasSuffix(told) }, "\(found.finished)")
        #expect(found.decision == ["FAIL  audit/batch.txt: \(told)"])
    }

    @Test("nor one that was not carried out, or whose list was not published")
    func notCarriedOut() throws {
        let unopened = try faults { $0.opens = false }
        #expect(
            unopened.finished.contains {
                $0.hasSuffix("no entry opens the ceremony of this batch (VERIFY-CEREMONY)")
            })
        let unpublished = try faults { $0.publishes = false }
        #expect(
            unpublished.finished.contains {
                $0.hasSuffix("no entry publishes its revocation list (VERIFY-CEREMONY)")
            })
    }

    @Test("what is given up is all that has no certificate, and what was decided")
    func otherEnd() throws {
        let found = try faults { $0.ended = [Self.users] }
        #expect(
            found.finished.contains {
                $0.hasSuffix(
                    "it gives up users@example.org 2, and hosts@example.org 1 had no certificate "
                        + "(VERIFY-CEREMONY)")
            }, "\(found.finished)")
        #expect(
            found.finished.contains {
                $0.contains("item 2, serial 1 of hosts@example.org, has no sound certificate")
            })
        #expect(
            found.finished.contains {
                $0.hasSuffix("it does not abandon the ceremony as it ended (VERIFY-CEREMONY)")
            })
        #expect(
            found.decision.contains {
                $0.hasSuffix("goes on while it is abandoned (VERIFY-CEREMONY)")
            })
    }

    @Test("a decision revokes what it gives up")
    func revokesLess() throws {
        let found = try faults {
            $0.abandoned = [Self.hosts, Self.users]
            $0.revoked = [Self.hosts]
        }
        let told =
            "it abandons batch 1, and does not revoke the serials that it gives up, them alone and for "
            + "this reason (VERIFY-MANIFEST)"
        #expect(found.finished.contains { $0.hasSuffix(told) })
        #expect(found.decision.contains("FAIL  audit/batch.txt: \(told)"))
    }

    @Test("a ceremony does not go on while it is abandoned")
    func goesOn() throws {
        let found = try faults { $0.goesOn = true }
        let told = "the ceremony of batch 1 goes on while it is abandoned (VERIFY-CEREMONY)"
        for faults in [found.finished, found.decision] {
            #expect(faults.filter { $0.hasSuffix(told) }.count == 1, "\(faults)")
        }
    }

    @Test(
        "another list than the decision's is not handed out, and an end that is missing is missed")
    func otherList() throws {
        let found = try faults { $0.otherList = true }
        #expect(
            found.finished == [
                "FAIL  trust/revoked_keys.krl: it is not the list that batch 2 publishes, by whose "
                    + "decision the ceremony ended (VERIFY-KRL)"
            ])
        let endless = try faults { $0.ends = false }
        #expect(
            endless.decision == [
                "FAIL  audit/batch.txt: no entry ends the ceremony of batch 1, which is to be "
                    + "abandoned (VERIFY-CEREMONY)"
            ])
        #expect(endless.finished.contains { $0.contains("no entry ends the ceremony") })
    }

    @Test("a certificate that was given up is not handed out")
    func handedOut() throws {
        var bundle = try SampleAbandonment().bundles().finished
        let first = try #require(
            bundle.files.keys.first {
                $0.hasPrefix("certificates/user/") && $0.hasSuffix(".pub")
            })
        let second = try #require(
            Samples.first.get().files.keys.first {
                $0.hasPrefix("certificates/host/") && $0.hasSuffix(".pub")
            })
        // Another's certificate, and none at all.
        bundle.files[second] = try Samples.first.get().files[second]
        bundle.files[first] = nil
        try bundle.seal()
        #expect(
            bundle.faults.contains { $0.contains("item 1, serial 1 of users@example.org, has no") })
        #expect(bundle.faults.count > 1)
    }

    @Test("without the decision's text there is nothing to show for it")
    func noDecision() throws {
        let sample = try SampleAbandonment().bundles()
        var bundle = sample.finished
        let manifest = try #require(sample.decision.files["audit/batch.txt"])
        bundle.files["audit/contents/\(SHA256Digest(hashing: manifest).hex)"] = nil
        try bundle.seal()
        #expect(
            bundle.faults.contains { $0.hasSuffix("the manifest is not there (VERIFY-CONTENT)") })
    }

    @Test("an officer reads what a manifest abandons")
    func description() throws {
        let manifest = try #require(
            SampleAbandonment().bundles().decision.files["audit/batch.txt"])
        let lines = BatchReport(file: manifest, path: "0002.batch").lines
        #expect(lines.contains("  issued            1"))
        #expect(lines.contains("  gives up          hosts@example.org 1"))
        #expect(lines.contains("  reason            \"the token is dead\""))
        #expect(lines.last?.hasPrefix("sound: batch 2 of home ") == true)
    }
}
