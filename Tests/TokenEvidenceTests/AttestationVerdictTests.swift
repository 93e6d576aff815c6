// SPDX-License-Identifier: Apache-2.0
import AttestationSupport
import SSHCrypto
import SSHFormats
import Testing
import TokenEvidence

@Suite("Attestation") struct AttestationVerdictTests {
    @Test("a chain to a pinned root proves slot, firmware, serial, policies and form")
    func verified() throws {
        let attested = try Attested()
        let verdict = try attested.verdict()
        #expect(verdict.faults == [])
        #expect(verdict.isVerified)
        #expect(verdict.remarks == [])
        #expect(verdict.root == attested.roots[0])
        #expect(
            verdict.certificates
                == [attested.leaf, attested.device, attested.intermediate, attested.root]
                .map(\.bytes))
        let statement = try #require(verdict.statement)
        #expect(statement.formFactor?.description == "USB-C keychain")
        #expect(
            statement.text
                == "slot=9c firmware=5.4.3 serial=28751259 pin-policy=always touch-policy=always "
                + "fips=true cspn=false")
    }

    @Test("the order of what the site brings says nothing, and what is not needed is left out")
    func order() throws {
        let attested = try Attested()
        let other = try Attested(isOther: true)
        let verdict = try attested.verdict([
            attested.leaf, attested.device, other.root, attested.root, other.intermediate,
            attested.intermediate,
        ])
        #expect(verdict.isVerified)
        #expect(verdict.certificates.count == 4)
    }

    @Test("a device's certificate that is no authority's is taken, as some devices have it")
    func noAuthority() throws {
        let attested = try Attested(deviceExtensions: ["basicConstraints=CA:FALSE"])
        #expect(try attested.verdict().isVerified)
    }

    @Test("a root that is not pinned proves nothing, and neither does one that is missing")
    func otherRoot() throws {
        let attested = try Attested()
        let fault =
            "the attestation leads to no root that is pinned; its top is signed by CN=Site Root"
        #expect(try attested.verdict(roots: AttestationRoot.yubico).faults == [fault])
        #expect(try attested.verdict(roots: AttestationRoot.yubico).root == nil)
        #expect(
            try attested.verdict([attested.leaf, attested.device, attested.intermediate]).faults
                == [fault])
        #expect(
            try attested.verdict([attested.leaf, attested.device, attested.root]).faults == [
                "the attestation leads to no root that is pinned; its top is signed by "
                    + "CN=Site Intermediate"
            ])
    }

    @Test("without the device's certificate, or with another's, there is no proof")
    func device() throws {
        let attested = try Attested()
        let other = try Attested(isOther: true)
        #expect(try attested.verdict([]).faults == ["the attestation has no certificate"])
        #expect(
            try attested.verdict([attested.leaf]).faults
                == ["the attestation lacks the device's own certificate, of slot f9"])
        #expect(
            try attested.verdict([
                attested.leaf, other.device, other.intermediate, other.root,
            ]).faults
                == ["the device's key did not sign the attestation: signature does not verify"])
    }

    @Test("a key that was attested itself can attest no other: its owner signs what he likes")
    func forgedByOwner() throws {
        let attested = try Attested(deviceExtensions: [Attested.authority])
        try attested.maker.key("forged")
        let forged = try attested.maker.certificate(
            "forged", key: "forged", subject: "/CN=YubiKey PIV Attestation 9c",
            issuer: ("leaf", "ca"), extensions: Attested.statement)
        let expectation = AttestationVerdict.Expectation(
            key: try forged.subjectPublicKeyInfo.publicKey())
        let verdict = try attested.verdict(
            [forged, attested.leaf, attested.device, attested.intermediate, attested.root],
            expectation: expectation)
        #expect(
            verdict.faults == [
                "the device's certificate is a statement about a key: "
                    + "CN=YubiKey PIV Attestation 9c"
            ])
        // One step further: a device's certificate of his own, signed with the attested key.
        try attested.maker.key("device")
        let device = try attested.maker.certificate(
            "device", key: "device", subject: "/CN=Yubico PIV Attestation", issuer: ("leaf", "ca"),
            extensions: [Attested.authority])
        let second = try attested.maker.certificate(
            "second", key: "forged", subject: "/CN=YubiKey PIV Attestation 9c",
            issuer: ("device", "device"), extensions: Attested.statement)
        let faults = try attested.verdict(
            [
                second, device, attested.leaf, attested.device, attested.intermediate,
                attested.root,
            ], expectation: expectation
        ).faults
        #expect(
            faults == [
                "the attestation leads to no root that is pinned; its top is signed by "
                    + "CN=YubiKey PIV Attestation 9c"
            ])
    }

    @Test(
        "what signed the device's certificate is an authority's, and may stand as high as it does",
        arguments: [
            ("basicConstraints=critical,CA:TRUE,pathlen:1", true),
            ("basicConstraints=critical,CA:TRUE,pathlen:0", false),
            ("basicConstraints=CA:FALSE", false),
            ("keyUsage=keyCertSign", false),
        ])
    func authorities(_ constraints: String, _ isTaken: Bool) throws {
        let attested = try Attested(intermediateExtensions: [constraints])
        #expect(try attested.verdict().isVerified == isTaken)
    }

    @Test("a statement about another key, slot, firmware or serial number is no proof")
    func others() throws {
        let attested = try Attested()
        let other = try Attested(isOther: true)
        let key = try other.key()
        let all = try attested.verdict(
            expectation: AttestationVerdict.Expectation(
                key: key, slot: 0x9A, firmware: FirmwareVersion(5, 4, 4), serial: "28751260",
                metadata: KeyMetadata(origin: .imported, pinPolicy: .once, touchPolicy: .never)))
        #expect(
            all.faults == [
                "the attested key is not CA key \(key.fingerprint)",
                "the attested slot is 9c, not 9a",
                "the attested firmware is 5.4.3, the device says 5.4.4",
                "the attested serial number is 28751259, the token's is \"28751260\"",
                "the attested PIN policy is always, the card says once",
                "the attested touch policy is always, the card says never",
                "the card says that the attested key was imported",
            ])
        #expect(!all.isVerified)
    }

    @Test("a serial number is compared as a number, and what the device does not tell is not")
    func lenient() throws {
        let attested = try Attested()
        let key = try attested.key()
        #expect(
            try attested.verdict(
                expectation: AttestationVerdict.Expectation(key: key, serial: "0028751259")
            ).isVerified)
        #expect(
            try attested.verdict(expectation: AttestationVerdict.Expectation(key: key))
                .isVerified)
    }

    @Test("slot f9 is no place for a CA key")
    func attestationSlot() throws {
        let attested = try Attested(subject: "/CN=YubiKey PIV Attestation f9")
        let key = try attested.key()
        #expect(
            try attested.verdict(expectation: AttestationVerdict.Expectation(key: key)).faults
                == ["the attested slot is f9, that of attestation itself"])
    }

    @Test("what a statement must hold is missed")
    func missing() throws {
        let attested = try Attested(subject: "/CN=Somebody", extensions: [])
        #expect(
            try attested.verdict().faults == [
                "the attestation names no slot: CN=Somebody",
                "the attestation does not tell the firmware",
                "the attestation does not tell PIN and touch policy",
            ])
        let old = try Attested(extensions: [Attested.firmware, Attested.policies])
        #expect(try old.verdict().faults == [])
        #expect(
            try old.verdict().remarks == ["the attestation does not tell the serial number"])
    }

    @Test(
        "an extension that is out of form is a fault",
        arguments: [
            ("3=DER:0504", "the attestation's firmware is out of form (2 bytes)"),
            ("3=DER:05040300", "the attestation's firmware is out of form (4 bytes)"),
            ("7=DER:02050100000000", "the attestation's serial number is out of form (7 bytes)"),
            ("7=DER:020200010500", "the attestation's serial number is out of form (6 bytes)"),
            ("7=DER:020181", "the attestation's serial number is out of form (3 bytes)"),
            ("7=DER:01", "the attestation's serial number is out of form (1 bytes)"),
            ("8=DER:03", "the attestation's PIN and touch policy is out of form (1 bytes)"),
            ("8=DER:030201", "the attestation's PIN and touch policy is out of form (3 bytes)"),
            ("8=DER:0002", "the attestation's PIN policy is none that is known"),
            ("8=DER:0602", "the attestation's PIN policy is none that is known"),
            ("8=DER:0300", "the attestation's touch policy is none that is known"),
            ("8=DER:0304", "the attestation's touch policy is none that is known"),
            ("9=DER:0102", "the attestation's form factor is out of form (2 bytes)"),
        ])
    func outOfForm(_ item: String, _ fault: String) throws {
        let name = "1.3.6.1.4.1.41482.3.\(item)"
        let kept = Attested.statement.filter { !name.hasPrefix($0.prefix(22)) }
        let attested = try Attested(extensions: kept + [name])
        #expect(try attested.verdict().faults.contains(fault))
    }

    @Test("every flipped byte of a chain is refused or changes nothing that was signed")
    func flips() throws {
        let attested = try Attested()
        let good = [attested.leaf, attested.device, attested.intermediate, attested.root]
            .map(\.bytes)
        let expectation = try attested.expectation()
        for certificate in 0..<3 {
            for place in stride(from: 0, to: good[certificate].count, by: 3) {
                var changed = good
                changed[certificate][place] ^= 0x41
                let verdict = AttestationVerdict(
                    certificates: changed, expectation: expectation, roots: attested.roots)
                #expect(!verdict.isVerified)
            }
        }
        for count in good[0].indices {
            let cut = [Array(good[0].prefix(count))] + good.dropFirst()
            #expect(
                !AttestationVerdict(
                    certificates: cut, expectation: expectation, roots: attested.roots
                ).isVerified)
        }
    }

    @Test("more certificates than are looked at are refused; as many are not")
    func many() throws {
        let attested = try Attested()
        let all = [attested.leaf, attested.device, attested.intermediate, attested.root]
        let fill = Array(repeating: attested.root, count: 60)
        #expect(try attested.verdict(all + fill).isVerified)
        #expect(
            try attested.verdict(all + fill + [attested.root]).faults
                == ["the attestation has 65 certificates, more than 64"])
    }
}
