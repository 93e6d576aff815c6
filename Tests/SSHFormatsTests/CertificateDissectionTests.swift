// SPDX-License-Identifier: Apache-2.0
import SSHFormats
import Testing

@Suite("The dissection of a certificate")
struct CertificateDissectionTests {
    /// Whether each byte belongs to exactly one field, and the fields are in the order of the bytes.
    private static func tiles(_ dissection: CertificateDissection) -> Bool {
        var offset = 0
        for field in dissection.fields {
            guard field.range.lowerBound == offset else { return false }
            offset = field.range.upperBound
        }
        return offset == dissection.blob.count
    }

    @Test(
        "a good certificate has the values that the strict reader finds",
        arguments: Vectors.certificateNames)
    func agreesWithStrict(name: String) throws {
        let certificate = try Vectors.certificate(name)
        let dissection = CertificateDissection(certificate.blob)
        let parts = dissection.parts
        let fields = certificate.fields
        #expect(Self.tiles(dissection))
        #expect(dissection.faults == [])
        #expect(parts.standing == .current)
        #expect(
            parts.typeName.map(Array.init) == Array(fields.publicKey.kind.certificateTypeName.utf8))
        #expect(parts.nonce.map(Array.init) == fields.nonce)
        #expect(parts.key?.plainBlob == fields.publicKey.blob)
        #expect(parts.serial?.value == fields.serial)
        #expect(parts.kind?.value == UInt64(fields.kind.rawValue))
        #expect(parts.keyID.map(Array.init) == Array(fields.keyID.utf8))
        #expect(parts.principals.map(Array.init) == fields.validPrincipals.map { Array($0.utf8) })
        #expect(parts.validAfter?.value == fields.validAfter)
        #expect(parts.validBefore?.value == fields.validBefore)
        #expect(
            parts.criticalOptions.map { Array($0.name) }
                == fields.criticalOptions.map { Array($0.name.utf8) })
        #expect(
            parts.extensions.map { Array($0.name) }
                == fields.extensions.map { Array($0.rawValue.utf8) })
        #expect(parts.reserved?.isEmpty == true)
        #expect(parts.signatureKeyBytes.map(Array.init) == fields.signatureKey.blob)
        #expect(parts.toBeSigned.map(Array.init) == certificate.toBeSigned)
        #expect(parts.signatureBytes.map(Array.init) == certificate.signature.blob)
        #expect(parts.trailing == nil)
        let bare = CertificateDissection(certificate.blob, listsFields: false)
        #expect(bare.fields == [])
        #expect(bare.parts == parts)
    }

    @Test("fields are told in order, with their depth and meaning")
    func fields() throws {
        let blob = RawCertificate.with {
            $0.criticalOptions = packed("force-command") + [0, 0, 0, 6] + packed("ls")
            $0.extensions = packed("permit-pty", "")
        }
        let dissection = CertificateDissection(blob)
        let told = dissection.fields.filter { $0.form != .length }.map {
            String(repeating: " ", count: $0.depth)
                + "\($0.range.lowerBound) \($0.name): \(dissection.meaning(of: $0))"
        }
        #expect(
            told == [
                "4 certificate type: \"ssh-ed25519-cert-v01@openssh.com\"",
                "40 nonce: 16 bytes", "60 pk: 32 bytes", "92 serial: 7", "100 type: 1",
                "108 key id: \"alice\"", " 121 principal: \"alice\"",
                "126 valid after: 1000 seconds after 1970",
                "134 valid before: 2000 seconds after 1970",
                " 150 critical option: \"force-command\"", "  171 value: \"ls\"",
                " 181 extension: \"permit-pty\"", "199 reserved: 0 bytes that were not read",
                " 207 public key type: \"ssh-ed25519\"", " 222 pk: 32 bytes",
                " 262 signature algorithm: \"ssh-ed25519\"", " 277 signature: 64 bytes",
            ])
        #expect(Self.tiles(dissection))
        let lengths = dissection.fields.filter { $0.form == .length }.prefix(2)
        #expect(lengths.map { dissection.meaning(of: $0) } == ["32 bytes", "16 bytes"])
    }

    @Test("what breaks is told with its place, and what was read before and behind it is kept")
    func breaks() {
        var blob = RawCertificate.with {
            $0.validPrincipals = packed("alice") + [0, 0, 0, 9, 0x62]
        }
        var dissection = CertificateDissection(blob)
        #expect(Self.tiles(dissection))
        #expect(
            dissection.faults.map(\.description)
                == ["principal at byte 130: needs 9 bytes, 1 are left"])
        #expect(dissection.parts.principals.map { Array($0) } == [Array("alice".utf8)])
        #expect(dissection.parts.validBefore?.value == 2_000)
        blob = RawCertificate.with { $0.rest = [1, 2, 3] }
        dissection = CertificateDissection(blob)
        #expect(dissection.faults == [])
        #expect(dissection.parts.trailing.map { Array($0) } == [1, 2, 3])
        blob = Array(RawCertificate.with { _ in }.prefix(110))
        dissection = CertificateDissection(blob)
        #expect(
            dissection.faults.map(\.description)
                == ["key id at byte 108: needs 5 bytes, 2 are left"])
        #expect(dissection.parts.kind?.value == 1)
        #expect(dissection.fields.last?.form == .unread)
    }

    @Test("an unknown type ends the reading, and a known one under another name does not")
    func typeNames() {
        for (name, standing) in [
            ("rsa-sha2-512-cert-v01@openssh.com", KeyLayout.Standing.algorithm),
            ("webauthn-sk-ecdsa-sha2-nistp256-cert-v01@openssh.com", .algorithm),
            ("ssh-ed25519-cert", .draft), ("rsa-sha2-256-cert", .draft),
            ("ssh-dss-cert-v01@openssh.com", .removed),
            ("ssh-mldsa44-ed25519-cert-v01@openssh.com", .experimental),
        ] {
            let dissection = CertificateDissection(
                RawCertificate.with { $0.typeName = Array(name.utf8) })
            #expect(dissection.parts.standing == standing, "\(name)")
            #expect(Self.tiles(dissection), "\(name)")
        }
        let unknown = CertificateDissection(RawCertificate.with { $0.typeName = [0x78] })
        #expect(unknown.parts.standing == nil)
        #expect(unknown.fields.count == 3)
        #expect(Self.tiles(unknown))
    }

    @Test("a certificate as signature key is opened, and not without end")
    func nested() {
        var blob = RawCertificate.with { _ in }
        for _ in 0..<30 {
            let inner = blob
            blob = RawCertificate.with { $0.signatureKey = inner }
        }
        let dissection = CertificateDissection(blob)
        #expect(Self.tiles(dissection))
        #expect(dissection.parts.isSignedByCertificate)
        #expect(dissection.fields.map(\.depth).max() == 8)
    }

    @Test(
        "every prefix is read as far as it goes, and what is missing is told",
        arguments: Vectors.shapes)
    func prefixes(name: String) throws {
        let blob = try Vectors.certificate(name).blob
        for count in 0..<blob.count {
            let dissection = CertificateDissection(Array(blob.prefix(count)))
            #expect(Self.tiles(dissection), "\(count)")
            #expect(!dissection.faults.isEmpty, "\(count)")
        }
    }

    @Test("whatever the bytes are, each belongs to one field", arguments: Vectors.shapes)
    func mutations(name: String) throws {
        let blob = try Vectors.certificate(name).blob
        var random = Dice(seed: 7)
        for _ in 0..<3_000 {
            var altered = blob
            for _ in 0...random.next(3) {
                let place = random.next(altered.count)
                switch random.next(4) {
                case 0: altered[place] = UInt8(truncatingIfNeeded: random.next(256))
                case 1: altered[place] = [0, 1, 0x7F, 0x80, 0xFF][random.next(5)]
                case 2: altered.remove(at: place)
                default: altered.insert(UInt8(truncatingIfNeeded: random.next(256)), at: place)
                }
            }
            let dissection = CertificateDissection(altered)
            #expect(Self.tiles(dissection))
            for field in dissection.fields { _ = dissection.meaning(of: field) }
        }
    }
}

/// Numbers that look random and are the same in each run.
struct Dice {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    /// A number from zero to below `bound`.
    mutating func next(_ bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(truncatingIfNeeded: state >> 33) % max(bound, 1)
    }
}
