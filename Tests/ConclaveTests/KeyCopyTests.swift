// SPDX-License-Identifier: Apache-2.0
import TestSupport
import Testing

/// A key that is on two tokens, as HSMs restore one from a wrapped backup of their maker's.
///
/// SoftHSM has no such backups: the key is made by OpenSSL and imported into both. The files of
/// the token `demo` then say what those of the token would on which it was made.
@Suite("A CA key on two tokens")
struct KeyCopyTests {
    private let bench: Workbench

    init() throws {
        bench = try Workbench()
        try bench.makeToken("demo")
        try bench.makeToken("backup")
        try bench.run(
            """
            openssl ecparam -name prime256v1 -genkey -noout |
                openssl pkcs8 -topk8 -nocrypt -out key.pem
            openssl pkey -in key.pem -pubout -out public.pem
            ssh-keygen -i -m PKCS8 -f public.pem >shared.pub
            for token in demo backup; do
                softhsm2-util --import key.pem --token $token --label shared --id 5A \\
                    --pin "$(cat pin)"
            done
            """)
        // CKA_MODIFIABLE; and CKA_ALWAYS_SENSITIVE, CKA_NEVER_EXTRACTABLE, CKA_LOCAL.
        try setAttribute(0x70, on: "demo", to: false)
        for attribute: UInt8 in [0x65, 0x64, 0x63] {
            try setAttribute(attribute, on: "demo", to: true)
        }
    }

    private let origin = "wrapped backup of 2026-11-20, safe B"
    private let seal = Officer.quinn.seal

    /// Sets a boolean attribute, 0x100 and this number, of the imported key in the token's own files.
    private func setAttribute(_ number: UInt8, on token: String, to value: Bool) throws {
        let type = "\\x01\\x\(String(number, radix: 16))"
        try bench.run(
            """
            perl -0777 -pi -e \
            's/(\\x00{6}\(type)\\x00{7}\\x01)[\\x00\\xff]/$1\\x\(value ? "ff" : "00")/g' \
            "$(dirname "$(grep -l '\(token) ' tokens/*/token.object)")"/*-*.object
            """)
    }

    /// Founds a home in which the users' second key is on both tokens, as the genesis tells.
    private func found(_ copies: String? = nil) throws {
        try bench.run(
            """
            conclave token generate --module $MODULE --token pkcs11:token=demo --kind ed25519 \\
                --label aside --output aside --pin-fd 3 3<pin
            { echo "conclave-token-key: v1"; echo "public-key: $(cat shared.pub)"
              grep ^token: aside.token; echo "module: $MODULE"; } >shared.token
            """)
        try bench.found(
            HomePlan(),
            "--ca-key users@example.org=shared.token "
                + (copies ?? "--copy shared.token=pkcs11:token=backup --copy-origin '\(origin)'"))
    }

    private func draft() throws {
        try bench.run(
            "conclave intake --home ca --spool spool && rm spool/* && "
                + "conclave batch new --home ca --key shared.pub")
        try bench.approve(1, .olivia, .pierre)
    }

    private var evidence: String {
        "restored from a vendor's wrapped backup (\(origin)) CKA_SENSITIVE=true "
            + "CKA_ALWAYS_SENSITIVE=false CKA_EXTRACTABLE=false CKA_NEVER_EXTRACTABLE=false "
            + "CKA_LOCAL=false CKA_MODIFIABLE=false"
    }

    @Test(
        "the copy signs where the other token is not there, and the record says how it came there")
    func copySigns() throws {
        try setAttribute(0x70, on: "backup", to: false)
        try found()
        try bench.ask("alice")
        try draft()
        try bench.takeAway("demo")
        let signed = try bench.sign(1)
        #expect(signed.lines.contains("  a copy    \(origin)"))
        #expect(try bench.text("outbox/conclave-0001/report.txt").contains(evidence))
        let entries = try bench.run("cat outbox/conclave-0001/audit/entries/*").output
        #expect(entries.contains("evidence: \(evidence)"))
        let listing = try bench.certificate(
            "outbox/conclave-0001/certificates/user/000001-alice-cert.pub")
        #expect(
            listing["Signing CA"]?.split(separator: " ")[1]
                == Substring(try bench.fingerprint("shared.pub")))
        try bench.run("conclave-verify bundle outbox/conclave-0001")
    }

    @Test(
        "a ceremony goes on with the copy where it stopped, and tells which token signed what, in an export too"
    )
    func goesOn() throws {
        try setAttribute(0x70, on: "backup", to: false)
        try found()
        try bench.askMany(70)
        try draft()
        try #require(try bench.interrupt(1) == 64)
        try bench.takeAway("demo")
        try bench.sign(1)
        #expect(try bench.issued(1) == 70)
        let report = try bench.text("outbox/conclave-0001/report.txt")
        #expect(report.contains("    took over with ledger entry "), "\(report)")
        #expect(report.contains(evidence))
        for (serial, token) in [(64, "demo"), (65, "backup")] {
            let traced = try bench.run("conclave trace --home ca \(serial)").output
            #expect(traced.contains("pkcs11:token=\(token);"), "\(traced)")
        }
        let kinds = try bench.run("conclave ledger show --home ca | awk '{ print $3 }' | uniq")
        #expect(kinds.lines.contains("token"))
        try bench.run(
            "conclave-verify bundle outbox/conclave-0001 && conclave ledger verify --home ca")
        try bench.checkExport(bundles: ["conclave-0001"], holding: "kind: token")
        try bench.refuseExport(
            "sed -i '/^kind: token$/,/^module: /s/^module: .*/module: another/'")
    }

    @Test("a person chooses the token; one that holds no key of the batch is refused")
    func chosen() throws {
        try setAttribute(0x70, on: "backup", to: false)
        try found()
        try bench.ask("alice")
        try draft()
        let stranger = try bench.refuse(
            3, "\(Workbench.sign) 1 \(seal) --token pkcs11:token=other")
        #expect(
            stranger.errors.hasPrefix(
                "conclave: --token: \"pkcs11:token=other\" names no token that the genesis knows for "
                    + "this batch (KEY-CHOICE)\n  hint: "), "\(stranger.errors)")
        let signed = try bench.run("\(Workbench.sign) 1 \(seal) --token pkcs11:token=backup")
        #expect(signed.lines.contains("  a copy    \(origin)"))
    }

    @Test("a copy that the genesis does not name is no CA key, nor is one that could be changed")
    func unfit() throws {
        try found()
        try bench.ask("alice")
        try draft()
        let modifiable = try bench.refuse(
            1, "\(Workbench.sign) 1 \(seal) --token pkcs11:token=backup")
        #expect(
            modifiable.errors.hasSuffix(
                " must not sign certificates: CKA_MODIFIABLE is true, must be false "
                    + "(TOKEN-KEY-UNFIT)\n"),
            "\(modifiable.errors)")

        // The token of the genesis itself is held to what the genesis says of it.
        try setAttribute(0x63, on: "demo", to: false)
        let imported = try bench.refuse(1, "\(Workbench.sign) 1 \(seal)")
        #expect(imported.errors.contains("CKA_LOCAL is false, must be true"), "\(imported.errors)")
        #expect(try bench.files(in: "outbox") == [])
    }

    @Test("copies are declared with their key and with where they come from")
    func declared() throws {
        try found()
        #expect(
            try bench.text("ca.genesis/genesis.txt").value(after: "copy: ")
                == "pkcs11:token=backup \(origin)")
        let draft =
            "conclave init --home other --policy policy.yaml --roster roster.yaml "
            + "--ca-key users@example.org=shared.token --ca-key hosts@example.org=hosts.token"
        #expect(
            try bench.refuse(64, "\(draft) --copy shared.token=pkcs11:token=backup").errors
                .hasPrefix("conclave: --copy and --copy-origin belong together, to draft"))
        #expect(
            try bench.refuse(64, "\(draft) --copy x=pkcs11:token=backup --copy-origin y").errors
                .contains("--copy \"x=…\" names no file of a --ca-key"))
        let token = try #require(try bench.text("shared.token").value(after: "token: "))
        #expect(
            try bench.refuse(3, "\(draft) --copy 'shared.token=\(token)' --copy-origin y").errors
                .contains("which stands there already (GENESIS-TEXT)"))
    }
}
