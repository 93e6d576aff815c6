// SPDX-License-Identifier: Apache-2.0
import TestSupport
import Testing

/// The commands about revocation lists, as a person types them.
@Suite("Revocation lists without a home")
struct KRLTests {
    /// A bench with an authority, another, two users and their certificates.
    private func bench() throws -> Workbench {
        let bench = try Workbench()
        try bench.run(
            """
            for name in ca other alice bob; do ssh-keygen -q -t ed25519 -N '' -C "$name c" -f $name; done
            ssh-keygen -q -s ca -I 'alice 5' -z 5 -n alice alice.pub
            ssh-keygen -q -s ca -I 'bob 0' -z 0 -n bob bob.pub
            printf 'serial: 1-4\\nserial: 9\\nid: mallory\\n' > spec
            """)
        return bench
    }

    private func version(_ bench: Workbench, _ name: String) throws -> String? {
        try bench.run("conclave krl show \(name)").output.value(after: "version    ")
    }

    @Test("a list is made, asked and shown, and ssh-keygen says the same")
    func make() throws {
        let bench = try bench()
        let made = try bench.run(
            "conclave krl make -f r.krl -s ca.pub -C 'a remark' spec alice-cert.pub bob.pub")
        #expect(
            made.output == "\"r.krl\": version 1, 6 serials, 1 key ID, 1 key, 211 bytes\n")
        #expect(made.errors == "")
        let ours = try bench.refuse(
            1, "conclave krl query -f r.krl alice-cert.pub bob.pub alice.pub")
        #expect(
            ours.output == """
                alice-cert.pub (alice c): REVOKED
                bob.pub (bob c): REVOKED
                alice.pub (alice c): ok

                """)
        let theirs = try bench.refuse(1, "ssh-keygen -Qf r.krl alice-cert.pub bob.pub alice.pub")
        #expect(ours.output == theirs.output)
        #expect(try bench.run("conclave krl query -f r.krl alice.pub").output.hasSuffix(": ok\n"))
        #expect(
            try bench.refuse(1, "conclave krl query --why -f r.krl alice-cert.pub").output
                == "alice-cert.pub (alice c): REVOKED: serial listed\n")
        #expect(try bench.refuse(1, "conclave krl query -qf r.krl bob.pub").all == "")
        #expect(
            try bench.refuse(1, "conclave krl query -l -f r.krl bob.pub").output
                == bench.refuse(1, "ssh-keygen -Q -l -f r.krl bob.pub").output)
        let shown = try bench.run("conclave krl show r.krl").output
        #expect(shown.contains("comment    \"a remark\"\n"))
        #expect(shown.contains("  serials  1-5\n  serial   9\n  key ID   \"mallory\"\n"))
        #expect(!shown.contains("remark     "))
        #expect(
            try bench.run("conclave krl show --sections r.krl").output.contains(
                "section      serial bitmap, at byte 116, 14 bytes\n"))
        let json = try bench.refuse(1, "conclave krl query --json -f r.krl alice-cert.pub").output
        #expect(json.contains("\"serial\":\"5\",\"key-id\":\"alice 5\""))
        #expect(json.contains("\"revoked\":true,\"reason\":\"serial listed\""))
        #expect(
            try bench.run("conclave krl show --json r.krl").output.contains(
                "\"serials\":[\"1-5\",\"9\"]"))
    }

    @Test("an updated list holds what it held, and its version grows")
    func update() throws {
        let bench = try bench()
        try bench.refuse(1, "conclave krl make -u -f r.krl spec")
        try bench.run("conclave krl make -q -f r.krl -s ca.pub -z 7 -C kept spec")
        try bench.run("conclave krl make -u -f r.krl bob.pub")
        #expect(try version(bench, "r.krl") == "8")
        #expect(try bench.run("conclave krl show r.krl").output.contains("comment    \"kept\"\n"))
        try bench.refuse(1, "conclave krl query -f r.krl bob.pub")
        for given in ["7", "8"] {
            let refused = try bench.refuse(3, "conclave krl make -u -f r.krl -z \(given) alice.pub")
            #expect(
                refused.errors
                    == "conclave: version \(given) is not greater than 8, that of \"r.krl\" "
                    + "(KRL-VERSION)\n  hint: without --krl-version it is one more than that\n")
        }
        try bench.run("conclave krl make -u -f r.krl -z 9 alice.pub")
        try bench.run("conclave krl make -u -f r.krl -z 18446744073709551615 alice.pub")
        try bench.refuse(3, "conclave krl make -u -f r.krl alice.pub")
        #expect(try version(bench, "r.krl") == "18446744073709551615")
        #expect(try bench.files(in: ".").filter { $0.hasPrefix(".conclave-") } == [])
    }

    @Test("a list in the place of another is newer, and what it no longer revokes is kept")
    func replacement() throws {
        let bench = try bench()
        try bench.run("conclave krl make -q -f r.krl -s ca.pub spec")
        try bench.run("cp r.krl first; echo 'serial: 77' > more")
        // More than before: nothing is lost.
        let grown = try bench.run("conclave krl make -f r.krl -s ca.pub spec more")
        #expect(grown.errors == "")
        try bench.run("cp r.krl second")
        let lost = try bench.run("conclave krl make -f r.krl -s ca.pub more")
        let digest = try bench.run("sha256sum second | cut -c1-16").lines[0]
        let kept = "r.krl.\(digest).old"
        #expect(
            lost.errors.hasPrefix(
                "no longer revoked: 5 serials, 1 key ID; the old list is kept as \""))
        #expect(lost.errors.hasSuffix("/\(kept)\"\n"))
        try bench.run("cmp second \(kept)")
        #expect(try version(bench, "r.krl") == "3")
        try bench.refuse(3, "conclave krl make -f r.krl -s ca.pub -z 3 spec")
        try bench.run("conclave krl make -q --replace -f r.krl -s ca.pub -z 1 spec")
        #expect(try version(bench, "r.krl") == "1")
        // What is no list is not replaced unless that is said, and an empty file is nothing.
        try bench.run("cp alice.pub x; : > empty")
        let refused = try bench.refuse(3, "conclave krl make -f x -s ca.pub spec")
        #expect(
            refused.errors.hasPrefix("conclave: \"x\" is there and cannot be read: magic at byte 0")
        )
        #expect(refused.errors.contains("(KRL-READ)\n"))
        try bench.run("cmp x alice.pub; conclave krl make -q -f empty -s ca.pub spec")
        try bench.run("conclave krl make -q --replace -f x -s ca.pub spec; cmp x.*.old alice.pub")
        try bench.refuse(1, "conclave krl make -f spool -s ca.pub spec")
    }

    @Test("the same input at the same time gives the same bytes")
    func determinism() throws {
        let bench = try bench()
        try bench.run(
            "conclave krl make -q --generated 2026-01-02T03:04:05Z -f a -s ca.pub spec bob.pub")
        try bench.run(
            "SOURCE_DATE_EPOCH=1767323045 conclave krl make -q -f b -s ca.pub bob.pub - < spec")
        try bench.run(
            "cmp a b; conclave krl make -q --generated 1767323045 -f c -s ca.pub spec bob.pub; cmp a c"
        )
        try bench.refuse(64, "conclave krl make -q --generated yesterday -f d -s ca.pub spec")
        try bench.refuse(64, "SOURCE_DATE_EPOCH=x conclave krl make -q -f d -s ca.pub spec")
        try bench.refuse(64, "conclave krl make -u --replace -f d -s ca.pub spec")
        #expect(
            try bench.run("conclave krl show a").output.contains("generated  2026-01-02T03:04:05Z"))
        // Permissions stay, and links are followed.
        try bench.run(
            "chmod 640 a; mkdir sub; mv a sub/a; ln -s sub/a a; conclave krl make -q -uf a bob.pub")
        #expect(try bench.run("stat -c %a sub/a; test -L a && echo link").lines == ["640", "link"])
    }

    @Test("several authorities go into one list")
    func authorities() throws {
        let bench = try bench()
        try bench.run(
            """
            { echo "authority: $(cat ca.pub)"; echo 'serial: 5'
              echo "authority: $(cat other.pub)"; echo 'id: x'; echo 'authority: any'; echo 'serial: 6'
            } > both
            conclave krl make -q -f r.krl both
            """)
        let shown = try bench.run("conclave krl show r.krl").output
        #expect(shown.components(of: "of CA key  ") == 3)
        #expect(try bench.run("ssh-keygen -Qlf r.krl").output.components(of: "# CA key ") == 2)
        try bench.refuse(1, "ssh-keygen -Qf r.krl alice-cert.pub")
    }

    @Test("a fault of a specification has its file, line and rule, and leaves the list as it was")
    func faults() throws {
        let bench = try bench()
        try bench.run("conclave krl make -q -f r.krl -s ca.pub spec; cp r.krl before")
        for (line, refusal) in [
            ("serial: 0", "\"0\" holds serial 0, which stands for none (KRL-SERIAL)"),
            ("serial: x", "\"x\" is no serial and no range (KRL-SERIAL)"),
            ("wrong: 1", "\"wrong: 1\" is neither a key nor a line that is known (KRL-LINE)"),
        ] {
            let refused = try bench.refuse(
                3,
                "printf 'serial: 3\\n\\n\(line)\\n' > bad; conclave krl make -uf r.krl -s ca.pub spec bad"
            )
            #expect(refused.errors == "conclave: \"bad\":3: \(refusal)\n")
        }
        let refused = try bench.refuse(3, "conclave krl make -uf r.krl spec")
        #expect(
            refused.errors
                == "conclave: \"spec\":1: a serial is revoked of an authority's certificates: whose? "
                + "(KRL-AUTHORITY)\n  hint: name it with --authority FILE, or with a line "
                + "\"authority: KEY\" above\n")
        try bench.refuse(3, "conclave krl make -uf r.krl -s alice-cert.pub spec")
        try bench.refuse(1, "conclave krl make -uf r.krl -s ca.pub nothing-there")
        // A certificate that its authority didn't sign.
        try bench.run(
            """
            base64 -d <<END > blob
            $(cut -d' ' -f2 alice-cert.pub)
            END
            printf '\\377' | dd of=blob bs=1 seek=100 conv=notrunc status=none
            echo "$(cut -d' ' -f1 alice-cert.pub) $(base64 -w0 blob)" > forged.pub
            """)
        let forged = try bench.refuse(3, "conclave krl make -uf r.krl forged.pub")
        #expect(forged.errors.contains("\"forged.pub\":1: the certificate does not count: "))
        #expect(forged.errors.contains("(KRL-KEY)"))
        try bench.refuse(255, "conclave krl query -f r.krl forged.pub")
        try bench.refuse(255, "ssh-keygen -Qf r.krl forged.pub")
        try bench.run("cmp r.krl before")
        #expect(try bench.files(in: ".").filter { $0.hasPrefix(".conclave-") } == [])
    }

    @Test("a question that cannot be answered ends with 255, and never with 1")
    func unanswered() throws {
        let bench = try bench()
        try bench.run(
            "conclave krl make -q -f r.krl -s ca.pub spec; head -c 60 r.krl > cut; : > empty")
        for line in [
            "-f nothing-there alice.pub", "-f cut alice.pub", "-f r.krl nothing-there",
            "-f r.krl spec", "-f r.krl r.krl",
        ] {
            let ours = try bench.refuse(255, "conclave krl query \(line)")
            #expect(ours.output == "" && ours.errors.hasPrefix("conclave: "), "\(line)")
            try bench.refuse(255, "ssh-keygen -Q \(line)")
        }
        #expect(
            try bench.refuse(255, "conclave krl query -f cut alice.pub").errors.hasSuffix(
                "  hint: sshd refuses every public key login over such a list\n"))
        // Plain lists, which sshd takes and ssh-keygen doesn't; an empty one revokes nothing.
        try bench.refuse(1, "conclave krl query -f ca.pub alice-cert.pub")
        try bench.run("conclave krl query -f empty alice-cert.pub")
        try bench.refuse(255, "conclave krl query -f spec alice-cert.pub")
        try bench.refuse(255, "conclave krl query -lf ca.pub")
        // A private key's name stands for the public key beside it, and keys may share a file.
        try bench.run("cat alice.pub bob.pub > two; conclave krl make -q -f b.krl bob.pub")
        #expect(
            try bench.refuse(1, "conclave krl query -f b.krl two alice").output
                == "two (alice c): ok\ntwo (bob c): REVOKED\nalice (alice c): ok\n")
    }

    @Test("a comparison says what is no longer revoked and what is newly revoked")
    func difference() throws {
        let bench = try bench()
        try bench.run(
            """
            conclave krl make -q -f a -s none -z 4 spec alice.pub
            printf 'serial: 3-6\\nid: mallory\\nid: "\\033x"\\n' > other-spec
            conclave krl make -q -f b -s none -z 5 other-spec
            """)
        let fingerprint = try bench.run("ssh-keygen -lf alice.pub | cut -d' ' -f2").lines[0]
        let differ = try bench.refuse(1, "conclave krl diff a b")
        #expect(
            differ.output == """
                version    4, then 5
                NO LONGER REVOKED: 3 serials, 1 key
                  of CA key  any
                  - serial: 1-2
                  - serial: 9
                  - key: \(fingerprint) (ssh-ed25519)
                newly revoked: 2 serials, 1 key ID
                  of CA key  any
                  + serial: 5-6
                  + id: "\\"\\u{1B}x\\""

                """)
        #expect(
            try bench.refuse(1, "conclave krl diff b a").errors
                == "the newer list has the lower version\n")
        #expect(
            try bench.run("conclave krl diff a a").output
                == "version    4, then 4\nboth revoke the same\n")
        #expect(
            try bench.refuse(1, "conclave krl diff --json a b").output.contains(
                "\"no-longer-revoked\":{\"authorities\":[{\"key\":\"any\",\"serials\":[\"1-2\",\"9\"]"
            ))
        try bench.refuse(255, "conclave krl diff a spec")
        try bench.refuse(255, "conclave krl diff nothing-there a")
    }

    @Test(
        "an authority's key that OpenSSH cannot read is not written, and a list with one not read")
    func authorityKeys() throws {
        let bench = try bench()
        // A point that is not of its curve: the last byte is another.
        try bench.run(
            """
            ssh-keygen -q -t ecdsa -N '' -C '' -f curve
            conclave krl make -q -f good.krl -s curve.pub spec
            cut -d' ' -f2 curve.pub | base64 -d > blob
            head -c 103 blob > bad
            tail -c 1 blob | tr '\\000-\\377' '\\001-\\377\\000' >> bad
            echo "ecdsa-sha2-nistp256 $(base64 -w0 bad)" > bad.pub
            { head -c 53 good.krl; cat bad; tail -c +158 good.krl; } > bad.krl
            """)
        let refused = try bench.refuse(3, "conclave krl make -q -f r.krl -s bad.pub spec")
        #expect(refused.errors.contains("is not a point of the curve nistp256 (KRL-WRITE)"))
        for line in ["show bad.krl", "query -lf bad.krl", "query -f bad.krl alice.pub"] {
            let finished = try bench.attempt("conclave krl \(line)")
            #expect(finished.status != .exited(0) && finished.output == "", "\(line)")
            #expect(
                finished.errors.hasPrefix(
                    "conclave: \"bad.krl\" cannot be read: ca_key at byte 49: ECDSA key is not a point "
                ), "\(line)")
        }
        try bench.refuse(255, "ssh-keygen -Qlf bad.krl")
        try bench.run("ssh-keygen -Qlf good.krl")
    }

    @Test("what only some releases of OpenSSH read is remarked, with its place")
    func remarks() throws {
        let bench = try bench()
        try bench.run(
            """
            conclave krl make -q -f r.krl -s ca.pub spec
            printf '\\377\\0\\0\\0\\13\\0\\0\\0\\2x\\033\\0\\0\\0\\0\\0' >> r.krl
            """)
        let length = try bench.run("stat -c %s r.krl").lines[0]
        let shown = try bench.run("conclave krl show r.krl").output
        #expect(
            shown.contains(
                """
                remark     byte \((Int(length) ?? 0) - 16): an extension that is not critical
                             OpenSSH 7.9 to 9.3 refuses the list, and every public key login
                             OpenSSH 9.4 to 10.0 ignores it
                             OpenSSH 10.1 to 10.5 ignores it

                """))
        #expect(
            try bench.run("conclave krl query -f r.krl bob.pub").errors
                == "\"r.krl\": OpenSSH 7.9 to 9.3 refuses this list, and with it every public key login\n"
        )
        // It is read all the same, and what is written then every release reads.
        try bench.run("conclave krl make -q -uf r.krl -s ca.pub spec; ssh-keygen -Qlf r.krl")
    }
}

extension String {
    /// How often `part` stands in the text.
    fileprivate func components(of part: String) -> Int { ranges(of: part).count }
}
