// SPDX-License-Identifier: Apache-2.0
import TestSupport
import Testing

@Suite("The state that officers signed")
struct SealedStateTests {
    private let bench: Workbench

    /// A home with one ceremony behind it, a batch that may be signed, and a request that waits.
    init() throws {
        bench = try Workbench.founded()
        try bench.ask("alice")
        try bench.holdCeremony(1)
        try bench.ask("bob")
        try bench.draft()
        try bench.approve(2, .olivia, .pierre)
        try bench.directory.write("alter.py", Self.alter)
    }

    /// What somebody with SQLite's own tools can do: the triggers go, and come back.
    private static let alter = """
        import hashlib, os, sys
        sys.path.insert(0, os.environ["SOURCES"] + "/Tests/Support")
        sys.dont_write_bytecode = True
        import ledger_texts
        db, triggers = ledger_texts.opened("ca/ledger.sqlite")
        def sha(data):
            return hashlib.sha256(data).digest()
        def named(kind, field):
            text, = db.execute("SELECT unpacked(text) FROM entry WHERE kind = ? ORDER BY idx DESC", (kind,)).fetchone()
            return bytes.fromhex(next(l[len(field) + 2:] for l in text.decode().split("\\n")
                                      if l.startswith(field + ": ")))
        def rewrite(kind, old, new, leaf=True):
            index, text = db.execute("SELECT idx, unpacked(text) FROM entry WHERE kind = ? ORDER BY idx DESC",
                                     (kind,)).fetchone()
            assert old in text
            text = text.replace(old, new)
            db.execute("UPDATE entry SET text = packed(?) WHERE idx = ?", (text, index))
            if leaf:
                db.execute("UPDATE entry SET leaf = ? WHERE idx = ?", (sha(b"\\0" + text), index))
        def nodes():
            level, hashes = 0, [row[0] for row in db.execute("SELECT leaf FROM entry ORDER BY idx")]
            while len(hashes) > 1:
                level, hashes = level + 1, [sha(b"\\1" + a + b) for a, b in zip(hashes[::2], hashes[1::2])]
                for place, value in enumerate(hashes):
                    db.execute("UPDATE node SET hash = ? WHERE level = ? AND position = ?", (value, level, place))
        def content(digest, old, new):
            data, = db.execute("SELECT unpacked(bytes) FROM content WHERE sha256 = ?", (digest,)).fetchone()
            assert old in data
            return data.replace(old, new)
        exec(sys.argv[1])
        ledger_texts.done(db, triggers)
        """

    private static let altered =
        "conclave: ca/checkpoints/00000009.txt, which officers signed, does not fit the ledger: it "
        + "has another history of its first 9 entries\n"
    private static let damaged = ": its bytes have another digest"

    @Test("what somebody altered of it is found before a batch is drafted, or anything signed")
    func altered() throws {
        let lower = "b'next-serial: 2', b'next-serial: 1'"
        let state = "named('ceremony-closed', 'state')"
        let other = "data = content(\(state), \(lower))"
        let edit =
            "db.execute('UPDATE content SET bytes = packed(?) WHERE sha256 = ?', (data, name))"
        let cases = [
            (
                "rewrite('ceremony-closed', b'certificates: 1', b'certificates: 0', leaf=False)",
                "conclave: entry 8 is damaged: its text does not have the hash that is stored with it"
            ),
            ("rewrite('ceremony-closed', b'certificates: 1', b'certificates: 0')", Self.altered),
            (
                "rewrite('ceremony-closed', b'certificates: 1', b'certificates: 0')\nnodes()",
                Self.altered
            ),
            ("name = \(state)\n\(other)\n\(edit)", Self.damaged),
            (
                """
                \(other)
                db.execute('INSERT INTO content SELECT max(id) + 1, ?, packed(?) FROM content', (sha(data), data))
                db.execute('INSERT INTO handle_0 SELECT 0, ?, max(id) FROM content', (int.from_bytes(sha(data)[:8], 'big', signed=True),))
                rewrite('ceremony-closed', \(state).hex().encode(), sha(data).hex().encode())
                nodes()
                """, Self.altered
            ),
            (
                "db.execute('DELETE FROM content WHERE sha256 = ?', (\(state),))",
                ", which the ledger lost\n"
            ),
            ("db.execute('UPDATE node SET hash = zeroblob(32) WHERE level = 3')", Self.altered),
            (
                "rewrite('request', b'name: ', b'name: x')\nnodes()",
                "the batch was not drafted on the ledger as it stands: ledger-root (RECORD)"
            ),
            (
                "name = named('genesis', 'policy')\ndata = content(name, b'batch-lifetime: ', "
                    + "b'batch-lifetime: 9')\n\(edit)", Self.damaged
            ),
            (
                "name = named('genesis', 'roster')\ndata = content(name, b'officer: olivia', "
                    + "b'officer: mallory')\n\(edit)", Self.damaged
            ),
        ]
        try bench.run("cp -r ca kept; ls outbox >released")
        for (code, message) in cases {
            try bench.directory.write("code", code)
            try bench.run(
                """
                rm -r ca; cp -r kept ca
                python3 alter.py "$(cat code)"
                sha256sum ca/ledger.sqlite >sum
                """)
            for command in [
                "conclave batch new --home ca", "\(Workbench.sign) 2 \(Officer.quinn.seal)",
            ] {
                let refused = try bench.refuse(2, command)
                #expect(refused.errors.contains(message), "\(code)\n\(refused.errors)")
            }
            try bench.run("sha256sum -c --quiet sum; ls outbox | cmp - released")
        }
    }

    @Test("what is past is not read again, and what is signed no more is replayed from the genesis")
    func past() throws {
        let officer = "rewrite('ceremony-opened', b'tier: T1', b'tier: T9', leaf=False)"
        try bench.run(
            "cp -r ca kept; python3 alter.py \"\(officer)\"; conclave reject --home ca 2 --reason no --key officers/olivia"
        )
        let verified = try bench.refuse(2, "conclave ledger verify --home ca")
        #expect(
            verified.errors.contains(
                "entry 5: its text does not have the hash that is stored with it"))
        for breakage in [
            "rm ca/checkpoints/00000009.sums", "rm ca/checkpoints/00000009.sums.sig",
            "echo x >>ca/checkpoints/00000009.sums",
            "ssh-keygen -q -Y sign -f people/alice -n conclave-bundle-v1 - <ca/checkpoints/00000009.sums "
                + ">sig; cp sig ca/checkpoints/00000009.sums.sig",
        ] {
            let command = "conclave approve --home ca 2 --key officers/quinn"
            try bench.run("rm -r ca; cp -r kept ca; \(breakage); \(command)")
            let refused = try bench.refuse(
                2,
                "rm -r ca; cp -r kept ca; \(breakage); python3 alter.py \"\(officer)\"; \(command)")
            #expect(refused.errors.contains("entry 5 is damaged: "), "\(breakage)")
        }
    }

    @Test(
        "the checkpoint is sealed before the bundle is complete, and again by who releases it anew")
    func sealing() throws {
        try bench.sign(2)
        let names = try bench.files(in: "ca/checkpoints")
        #expect(
            names == [
                "00000009.sums", "00000009.sums.sig", "00000009.txt", "00000017.sums",
                "00000017.sums.sig", "00000017.txt",
            ])
        try bench.run(
            """
            cmp ca/checkpoints/00000017.sums outbox/conclave-0002/SHA256SUMS
            cmp ca/checkpoints/00000017.sums.sig outbox/conclave-0002/SHA256SUMS.sig
            rm -r outbox/conclave-0002 ca/checkpoints/00000017.sums.sig
            """)
        try bench.sign(2)
        try bench.run(
            """
            cmp ca/checkpoints/00000017.sums outbox/conclave-0002/SHA256SUMS
            cmp ca/checkpoints/00000017.sums.sig outbox/conclave-0002/SHA256SUMS.sig
            """)
    }
}
