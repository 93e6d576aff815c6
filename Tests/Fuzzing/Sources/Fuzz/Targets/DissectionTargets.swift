// SPDX-License-Identifier: Apache-2.0
import CertificateLint
import Documents
import SSHFormats

/// Certificates of any maker: whatever the bytes are, they are explained and judged.
let dissectionTargets = [
    FuzzTarget(
        "dissection", dictionary: .wire, memory: MemoryBound(perByte: 160, constant: 65_536),
        cuts: .anywhere, growths: dissectionGrowths
    ) { bytes in
        let dissection = CertificateDissection(bytes)
        return .accepted {
            var place = 0
            for field in dissection.fields {
                try require(
                    field.range.lowerBound == place && field.range.upperBound >= place,
                    "\(field.name) begins at \(field.range.lowerBound), not \(place)")
                place = field.range.upperBound
                let meaning = dissection.meaning(of: field)
                try requireVisible(meaning)
                try require(
                    meaning.utf8.count <= 1_024, "the meaning is \(meaning.utf8.count) long")
            }
            try require(place == bytes.count, "\(bytes.count - place) bytes are of no field")
            for fault in dissection.faults {
                try requireVisible(fault.description)
                try require((0...bytes.count).contains(fault.offset), "a fault lies outside")
            }
            let quick = CertificateDissection(bytes, listsFields: false)
            try require(
                quick.parts == dissection.parts && quick.faults == dissection.faults
                    && quick.fields.isEmpty,
                "without the fields it is another")
            if let certificate = try? Certificate(blob: bytes) {
                try requireSame(dissection, certificate)
            }
        }
    },

    FuzzTarget(
        "lint", dictionary: .wire, memory: MemoryBound(perByte: 256, constant: 1_048_576),
        cuts: .anywhere, growths: dissectionGrowths
    ) { bytes in
        var linter = CertificateLinter()
        let inspection = linter.inspect(bytes, at: UnixTime(seconds: 1_700_000_000))
        return .accepted {
            for finding in inspection.findings {
                try requireVisible(finding.description)
                try require(
                    (0...bytes.count).contains(finding.offset), "\(finding) lies outside")
                try require(
                    finding.message.utf8.count <= 4_096,
                    "\(finding.rule.id) has \(finding.message.utf8.count) bytes")
            }
            let strict = try? Certificate(blob: bytes)
            try require(
                (strict == nil) == (inspection.certificate == nil), "the strict reader differs")
            try require(
                strict != nil || !inspection.findings.isEmpty,
                "the strict reader refuses, and no rule is broken")
        }
    },
]

private func requireSame(
    _ dissection: CertificateDissection, _ certificate: Certificate
) throws {
    let parts = dissection.parts
    let fields = certificate.fields
    try require(dissection.faults.isEmpty, "a sound certificate has faults")
    try require(parts.serial?.value == fields.serial, "the serial is another")
    try require(parts.keyID.map(Array.init) == Array(fields.keyID.utf8), "the key ID is another")
    try require(
        parts.principals.map(Array.init) == fields.validPrincipals.map { Array($0.utf8) },
        "the principals are others")
    try require(parts.validAfter?.value == fields.validAfter, "the start is another")
    try require(parts.validBefore?.value == fields.validBefore, "the end is another")
    try require(parts.key?.plainBlob == fields.publicKey.blob, "the key is another")
    try require(
        parts.signatureKeyBytes.map(Array.init) == fields.signatureKey.blob, "another authority")
    try require(parts.toBeSigned.map(Array.init) == certificate.toBeSigned, "other signed bytes")
    try require(
        parts.signatureBytes.map(Array.init) == certificate.signature.blob, "another signature")
}

private let dissectionGrowths = [
    Growth("principals", 1_024...65_536) { count in
        certificate(principals: (0..<count).map { "p\($0)" })
    },
    Growth("the same principal", 1_024...65_536) { count in
        certificate(principals: Array(repeating: "root", count: count))
    },
    Growth("empty principals", 4_096...131_072) { count in
        certificate(principals: Array(repeating: "", count: count))
    },
    Growth("principals of control characters", 1_024...65_536) { count in
        certificate(principals: (0..<count).map { "\u{1B}\($0)" })
    },
    Growth("one principal of characters that combine", 1_024...65_536) { size in
        certificate(principals: ["e" + String(repeating: "\u{323}\u{301}", count: size / 4)])
    },
    Growth("options", 1_024...32_768) { count in
        certificate(options: (0..<count).map { ("x\($0)@example.org", "y") })
    },
    Growth("options in no order", 1_024...32_768) { count in
        certificate(options: (0..<count).map { ("x\(count - $0)", "y") })
    },
    Growth("the same option", 1_024...32_768) { count in
        certificate(options: Array(repeating: ("force-command", "x"), count: count))
    },
    Growth("source addresses", 1_024...65_536) { count in
        certificate(options: [
            ("source-address", repeated(count, separator: ",") { "192.0.2.\($0 % 256)/24" })
        ])
    },
    Growth("wrong source addresses", 1_024...65_536) { count in
        certificate(options: [("source-address", repeated(count, separator: ",") { _ in "x" })])
    },
    Growth("extensions of raw data", 1_024...32_768) { count in
        certificate(
            extensions: wire { writer in
                for number in 0..<count {
                    writer.string("x\(number)")
                    writer.string([1])
                }
            })
    },
    Growth("key ID", 4_096...1_048_576) { size in
        certificate(keyID: String(repeating: "\u{202E}", count: size / 3))
    },
    Growth("certificates as authorities", 2...64) { depth in
        (0..<depth).reduce(KeyBytes.ed25519(1)) { inner, _ in
            certificate(
                nonce: [UInt8](repeating: 1, count: 4_096), authority: inner)
        }
    },
    Growth("bytes left over", 4_096...1_048_576) { size in
        certificate() + [UInt8](repeating: 0, count: size)
    },
    Growth("zeros", 4_096...1_048_576) { [UInt8](repeating: 0, count: $0) },
]
