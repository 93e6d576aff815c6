// SPDX-License-Identifier: Apache-2.0
import CertificateLint
import Documents
import SSHFormats
import Testing

@Suite("The linter and the strict reader")
struct ConsistencyTests {
    /// What is wrong between both over these bytes; nil where they agree.
    private static func disagreement(_ blob: [UInt8]) -> String? {
        var linter = CertificateLinter(listsFields: false)
        let inspection = linter.inspect(blob)
        let strict = inspection.findings.filter(\.rule.isStrict).map(\.description)
        guard inspection.refusal == nil else {
            let reason = "\(inspection.refusal.map(\.description) ?? "")"
            if strict.isEmpty { return "no rule for: \(reason)" }
            return strict.contains { $0.hasSuffix("(CERT-STRICT)") }
                ? "no rule of its own: \(reason)" : nil
        }
        return strict.isEmpty ? nil : "taken in spite of: \(strict)"
    }

    @Test("they agree over every certificate of the other tests", arguments: Case.all)
    func examples(_ example: Case) throws {
        var crafted = try CraftedCertificate()
        try example.change(&crafted)
        #expect(Self.disagreement(try crafted.blob()) == nil)
    }

    @Test("whatever the strict reader refuses breaks a rule of its own, and nothing else does")
    func mutations() throws {
        let keys = try CraftedCertificate.Keys.ready.get()
        let point = Array(keys.subject.publicKey.blob.suffix(32))
        let shapes: [(inout CraftedCertificate) throws -> Void] = [
            { _ in },
            {
                $0.certify(keys.rsa.publicKey)
                $0.sign(by: keys.ecdsa)
                $0.principals = packed("a", "b", "c")
            },
            {
                $0.certify(keys.ecdsa.publicKey)
                $0.sign(by: keys.rsa)
                $0.forHost()
            },
            {
                $0.certify(try PublicKey(.skEd25519(point, application: "ssh:")))
                $0.criticalOptions =
                    OptionCases.text("force-command", "ls")
                    + OptionCases.text("source-address", "10.0.0.0/8,::1")
                    + OptionCases.pair("verify-required", [])
                $0.extensions =
                    OptionCases.pair("no-touch-required", []) + OptionCases.pair("permit-pty", [])
            },
        ]
        var dice = Dice(seed: 11)
        for shape in shapes {
            var crafted = try CraftedCertificate()
            try shape(&crafted)
            let blob = try crafted.blob()
            #expect(Self.disagreement(blob) == nil)
            for count in 0..<blob.count {
                let fault = Self.disagreement(Array(blob.prefix(count)))
                #expect(fault == nil, "prefix of \(count)")
            }
            for place in 0..<blob.count {
                let bit = UInt8(1) << UInt8(truncatingIfNeeded: (place &* 5 &+ 7) % 8)
                var altered = blob
                altered[place] ^= bit
                let fault = Self.disagreement(altered)
                #expect(fault == nil, "byte \(place), bit \(bit)")
            }
            for round in 0..<600 {
                var altered = blob
                for _ in 0...dice.next(3) {
                    let place = dice.next(altered.count)
                    switch dice.next(4) {
                    case 0: altered[place] = UInt8(truncatingIfNeeded: dice.next(256))
                    case 1: altered[place] = [0, 1, 2, 0x7F, 0x80, 0xFF][dice.next(6)]
                    case 2: altered.remove(at: place)
                    default: altered.insert(UInt8(truncatingIfNeeded: dice.next(256)), at: place)
                    }
                }
                let fault = Self.disagreement(altered)
                #expect(fault == nil, "round \(round): \(altered)")
            }
        }
    }

    @Test("parts of one certificate in another break rules that the strict reader knows")
    func splicing() throws {
        var dice = Dice(seed: 12)
        let blobs = try Case.all.prefix(400).map { example in
            var crafted = try CraftedCertificate()
            try example.change(&crafted)
            return try crafted.blob()
        }.filter { $0.count < 4_096 }
        for _ in 0..<1_000 {
            let left = blobs[dice.next(blobs.count)]
            let right = blobs[dice.next(blobs.count)]
            let place = dice.next(left.count)
            let blob = left.prefix(place) + right.dropFirst(min(place, right.count))
            #expect(Self.disagreement(Array(blob)) == nil)
        }
    }
}

@Suite("The table of rules for certificates")
struct CertificateRuleTests {
    @Test("every rule has a test that breaks it")
    func everyRuleIsTested() throws {
        var broken: Set<String> = [
            // Told of files by the program that reads them.
            "CERT-FILE-FORM", "CERT-FILE-PRIVATE", "CERT-FILE-KEY", "CERT-FILE-TYPE",
            "CERT-FILE-SPACE", "CERT-FILE-LINE-END",
            // In tests of their own.
            "CERT-RSA-ROCA", "CERT-SIGNATURE-SHORT", "CERT-SIGNATURE-INTEGER", "CERT-CA-FIDO",
            "CERT-VALIDITY-EARLY", "CERT-VALIDITY-ENDED", "CERT-TYPE-EXPERIMENTAL",
            "CERT-CA-EXPERIMENTAL",
            // For what no rule tells yet.
            "CERT-STRICT",
        ]
        for example in Case.all {
            for line in example.expected {
                if let name = line.split(separator: "(").last?.dropLast() {
                    broken.insert(String(name))
                }
            }
        }
        let known = Set(CertificateRule.all.map(\.id.name))
        #expect(known.subtracting(broken).sorted() == [])
        #expect(broken.subtracting(known).sorted() == [])
    }

    @Test("every rule has a name of its own and all its texts, and a strict one is an error")
    func textsAreThere() {
        let names = CertificateRule.all.map(\.id.name)
        #expect(names.count == Set(names).count)
        for rule in CertificateRule.all {
            for text in [rule.holds, rule.reason, rule.readers, rule.source, rule.hint] {
                #expect(!text.isEmpty && !text.hasSuffix(".") && !text.contains("|"), "\(rule.id)")
            }
            #expect(!rule.isStrict || rule.severity == .error, "\(rule.id)")
        }
    }

    @Test("the rules of time are those of a given moment")
    func moments() throws {
        var crafted = try CraftedCertificate()
        crafted.validAfter = 1_000
        crafted.validBefore = 2_000
        let blob = try crafted.blob()
        func told(_ seconds: UInt64) -> [String] {
            var linter = CertificateLinter()
            return linter.inspect(blob, at: UnixTime(seconds: seconds)).findings
                .map(\.description)
        }
        #expect(
            told(999) == [
                "valid after at byte 142: 1970-01-01T00:16:40Z is after 1970-01-01T00:16:39Z "
                    + "(CERT-VALIDITY-EARLY)"
            ])
        #expect(told(1_000) == [])
        #expect(told(1_999) == [])
        #expect(
            told(2_000) == [
                "valid before at byte 150: 1970-01-01T00:33:20Z is not after "
                    + "1970-01-01T00:33:20Z (CERT-VALIDITY-ENDED)"
            ])
    }

    @Test("the experimental kind is told of keys and of authorities")
    func experimental() throws {
        let told = try rules {
            $0.typeName = Array("ssh-mldsa44-ed25519-cert-v01@openssh.com".utf8)
            $0.keyFields = string(noise(1_344))
            $0.signatureKey = packed("ssh-mldsa44-ed25519@openssh.com") + string(noise(1_344))
        }
        #expect(told.contains("CERT-TYPE-EXPERIMENTAL"))
        #expect(told.contains("CERT-CA-EXPERIMENTAL"))
        #expect(told.contains("CERT-SIGNATURE-UNCHECKED") || told.contains("CERT-SIGNATURE-WRONG"))
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
