// SPDX-License-Identifier: Apache-2.0
import TestSupport
import Testing

@Suite("The bundle of a ceremony")
struct BundleTests {
    private let bench: Workbench

    init() throws {
        bench = try Workbench.founded()
        try bench.ask("alice")
        try bench.askForHost("web1")
        try bench.holdCeremony(1)
    }

    @Test("it holds what hosts, clients and auditors need, and nothing else")
    func files() throws {
        let files = try bench.files(in: "outbox/conclave-0001")
        let digest = #/contents/[0-9a-f]{64}$/#
        let entries = files.filter { $0.hasPrefix("audit/entries/") }
        let contents = files.filter { $0.firstMatch(of: digest) != nil }
        #expect(entries == ["audit/entries/00000000-\(padded(try ledgerSize() - 1)).txt"])
        #expect(
            files.filter { !entries.contains($0) && !contents.contains($0) } == [
                "COMPLETE", "SHA256SUMS", "SHA256SUMS.sig", "audit/approval-1.sig",
                "audit/approval-2.sig", "audit/batch.txt", "audit/checkpoint.txt",
                "audit/genesis-1.sig", "audit/genesis-2.sig", "audit/genesis-3.sig",
                "audit/genesis-entry.txt", "audit/genesis.txt", "audit/policy.txt",
                "audit/roster.txt", "certificates/host/000001-web1.example.org-cert.pub",
                "certificates/host/000001-web1.example.org-cert.tlog-proof",
                "certificates/user/000001-alice-cert.pub",
                "certificates/user/000001-alice-cert.tlog-proof", "report.html", "report.json",
                "report.txt",
                "sshd/auth_principals/deploy", "sshd/conclave.conf", "trust/hosts_example.org.pub",
                "trust/known_hosts", "trust/revoked_keys.krl", "trust/user_ca_keys.pub",
                "trust/users_example.org.pub",
            ])
    }

    @Test("sha256sum and ssh-keygen check it without Conclave")
    func checkedByOthers() throws {
        try bench.run(
            """
            cd outbox/conclave-0001
            sha256sum --quiet --strict -c SHA256SUMS
            for name in olivia pierre quinn; do
                printf '%s %s\\n' $name "$(cat ../../officers/$name.pub)"
            done >../../allowed
            ssh-keygen -Y verify -f ../../allowed -I quinn -n conclave-bundle-v1 \\
                -s SHA256SUMS.sig <SHA256SUMS
            ssh-keygen -Y verify -f ../../allowed -I olivia -n conclave-batch-v1 \\
                -s audit/approval-1.sig <audit/batch.txt
            ssh-keygen -Y verify -f ../../allowed -I pierre -n conclave-batch-v1 \\
                -s audit/approval-2.sig <audit/batch.txt
            ssh-keygen -Y verify -f ../../allowed -I quinn -n conclave-genesis-v1 \\
                -s audit/genesis-3.sig <audit/genesis.txt
            """)
        let summed = try bench.text("outbox/conclave-0001/SHA256SUMS").split(separator: "\n")
            .compactMap { $0.split(separator: " ").last.map(String.init) }
        let unsummed = Set(try bench.files(in: "outbox/conclave-0001")).subtracting(summed)
        #expect(unsummed == ["COMPLETE", "SHA256SUMS", "SHA256SUMS.sig"])
    }

    @Test("its files for sshd and ssh name the CA keys, the accounts and the hosts")
    func trust() throws {
        func key(_ name: String) throws -> String {
            try bench.text(name).split(separator: " ").prefix(2).joined(separator: " ")
        }
        let users = try key("users.pub")
        let hosts = try key("hosts.pub")
        let bundle = "outbox/conclave-0001"
        #expect(try bench.text("\(bundle)/trust/user_ca_keys.pub") == "\(users)\n")
        #expect(
            try bench.text("\(bundle)/trust/users_example.org.pub")
                == "\(users) users@example.org\n")
        #expect(
            try bench.text("\(bundle)/trust/hosts_example.org.pub")
                == "\(hosts) hosts@example.org\n")
        #expect(
            try bench.text("\(bundle)/trust/known_hosts")
                == "@cert-authority *.example.org,localhost \(hosts)\n")
        #expect(
            try bench.text("\(bundle)/sshd/auth_principals/deploy")
                == "alice\nbob\ncarol\ndave\nerin\nfrank\ngrace\nolivia\n")
        #expect(
            try bench.run("grep -v -e '^#' -e '^$' \(bundle)/sshd/conclave.conf").lines == [
                "TrustedUserCAKeys /etc/ssh/conclave/user_ca_keys.pub",
                "RevokedKeys /etc/ssh/conclave/revoked_keys.krl",
                "AuthorizedPrincipalsFile /etc/ssh/auth_principals/%u",
            ])
    }

    @Test("the auditor's program passes it, and names the file in which a byte was flipped")
    func auditorsProgram() throws {
        let sound = try bench.run("conclave-verify bundle outbox/conclave-0001")
        #expect(!sound.output.isEmpty)
        let path = "certificates/user/000001-alice-cert.pub"
        let flipped = try bench.refuse(
            2,
            """
            cp -r outbox/conclave-0001 flipped
            letter=A
            [ "$(dd if=flipped/\(path) bs=1 skip=200 count=1 status=none)" != A ] || letter=B
            printf $letter | dd of=flipped/\(path) bs=1 seek=200 conv=notrunc status=none
            conclave-verify bundle flipped
            """)
        #expect(flipped.all.contains(path))
    }

    @Test("it is written once; another of its name is not touched")
    func neverOverwritten() throws {
        try bench.ask("bob")
        try bench.draft()
        try bench.approve(2, .olivia, .pierre)
        try bench.run("mkdir outbox/conclave-0002 && echo mine >outbox/conclave-0002/note")
        let inTheWay = try bench.refuse(1, "\(Workbench.sign) 2 --seal-with officers/quinn")
        #expect(
            inTheWay.errors.hasSuffix("conclave: mkdir \"outbox/conclave-0002\": File exists\n"))
        #expect(try bench.files(in: "outbox/conclave-0002") == ["note"])

        try bench.run("mv outbox/conclave-0002 mine")
        try bench.sign(2)
        let before = try bench.run("cat outbox/conclave-0002/SHA256SUMS").output
        let again = try bench.refuse(3, "\(Workbench.sign) 2 --seal-with officers/quinn")
        #expect(again.errors == "conclave: batch 2 was carried out already (BATCH-CLOSED)\n")
        #expect(try bench.run("cat outbox/conclave-0002/SHA256SUMS").output == before)
    }

    @Test("it is written anew where it was lost, with the same certificates")
    func writtenAnew() throws {
        let path = "certificates/user/000001-alice-cert.pub"
        let before = try bench.text("outbox/conclave-0001/\(path)")
        try bench.run("rm -r outbox/conclave-0001")
        let again = try bench.sign(1)
        #expect(again.lines.contains("the ceremony ended before; its bundle is written now"))
        #expect(try bench.text("outbox/conclave-0001/\(path)") == before)
        try bench.run("cd outbox/conclave-0001 && sha256sum --quiet --strict -c SHA256SUMS")
    }

    @Test("without its seal it is not handed out; the ceremony stands, and another person seals it")
    func missingSeal() throws {
        try bench.ask("bob")
        try bench.draft()
        try bench.approve(2, .olivia, .pierre)
        try bench.run("mv officers/quinn elsewhere")
        let unsealed = try bench.refuse(1, "\(Workbench.sign) 2 --seal-with officers/quinn")
        #expect(
            unsealed.errors.hasSuffix(
                "conclave: read key \"officers/quinn\": No such file or directory\n"),
            "\(unsealed.errors)")
        #expect(try bench.directory.names(in: "outbox") == ["conclave-0001"])
        let sealed = try bench.run("\(Workbench.sign) 2 --seal-with officers/wim </dev/null")
        #expect(sealed.output.contains("bundle      outbox/conclave-0002\n"))
        try bench.run("conclave-verify bundle outbox/conclave-0002")
    }

    @Test("a ceremony leaves nothing half done in home, outbox and temporary directory")
    func nothingHalfDone() throws {
        let checkpoint = "checkpoints/" + padded(try ledgerSize())
        #expect(
            try bench.files(in: "ca") == [
                "batches/0001.batch", "\(checkpoint).sums", "\(checkpoint).sums.sig",
                "\(checkpoint).txt", "ledger.sqlite", "lock",
            ])
        #expect(try bench.directory.names(in: "outbox") == ["conclave-0001"])
        #expect(try bench.directory.names(in: "tmp") == [])
    }

    private func ledgerSize() throws -> Int {
        let checkpoint = try bench.run("conclave ledger checkpoint --home ca").lines
        return try #require(Int(checkpoint[1]))
    }

    private func padded(_ number: Int) -> String {
        String(repeating: "0", count: 8 - String(number).count) + String(number)
    }
}
