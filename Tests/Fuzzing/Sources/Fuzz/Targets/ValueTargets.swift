// SPDX-License-Identifier: Apache-2.0
import Documents
import Issuance
import SSHCrypto
import SSHFormats
import Token

/// The small values that stand within other formats.
let valueTargets = [
    FuzzTarget(
        "base64", maximumLength: 512, dictionary: .value,
        cuts: .at { _, length in length.isMultiple(of: 4) },
        growths: [
            Growth("characters", 65_536...4_194_304) { String(repeating: "Zm9v", count: $0 / 4) }
        ]
    ) { bytes in
        .of(Base64.decode(bytes)) { value in
            try require(Array(Base64.encode(value).utf8) == bytes, "it encodes as another text")
            try require(Base64.decode(Base64.encode(bytes)) == bytes, "its own text is lost")
        }
    },

    FuzzTarget(
        "hex", maximumLength: 512, dictionary: .value,
        cuts: .at { _, length in length.isMultiple(of: 2) },
        growths: [
            Growth("digits", 65_536...4_194_304) { String(repeating: "0f", count: $0 / 2) }
        ]
    ) { bytes in
        .of(Hex.decode(String(decoding: bytes, as: UTF8.self))) { value in
            try require(Array(Hex.encode(value).utf8) == bytes, "it encodes as another text")
            if value.count == SHA256Digest.length {
                let text = String(decoding: bytes, as: UTF8.self)
                try require(SHA256Digest(hex: text)?.bytes == value, "as a digest it is another")
            }
        }
    },

    // A time, a span, a number: whichever the text is, it is written as it was read; a span may be
    // written in a larger unit.
    FuzzTarget("scalar", maximumLength: 64, dictionary: .value, cuts: .anywhere) { bytes in
        let text = String(decoding: bytes, as: UTF8.self)
        let (time, span, number) = (UnixTime(text: text), TimeSpan(text: text), parseDecimal(text))
        guard time != nil || span != nil || number != nil else { return .refused(Unexplained()) }
        return .accepted {
            if let time { try require(time.text == text, "\(text) is written as \(time.text)") }
            if let span {
                try require(TimeSpan(text: span.text) == span, "\(span.text) reads otherwise")
            }
            if let number { try require(String(number) == text, "\(text) reads as \(number)") }
        }
    },

    FuzzTarget(
        "option", maximumLength: 512, dictionary: .value, cuts: .anywhere,
        growths: [
            Growth("command", 512...4_096) { "force-command=" + String(repeating: "x", count: $0) },
            Growth("command too long", 65_536...1_048_576, isAccepted: false) {
                "force-command=" + String(repeating: "x", count: $0)
            },
            Growth("addresses", 4_096...262_144) {
                "source-address=" + repeated($0, separator: ",") { _ in "2001:db8::/32" }
            },
            Growth("one long address", 4_096...1_048_576, isAccepted: false) {
                "source-address=" + String(repeating: "1:", count: $0 / 2)
            },
        ]
    ) { bytes in
        let text = String(decoding: bytes, as: UTF8.self)
        return .of({ try CriticalOption(text: text) }) { option in
            try require(option.text == text, "\(text) is written as \(option.text)")
            try require(CriticalOption.names.contains(option.name), "its name is not in the table")
        }
    },

    FuzzTarget(
        "key-id-template", maximumLength: 256, dictionary: .value, cuts: .anywhere,
        growths: [
            Growth("variables", 1_024...65_536) { repeated($0 / 8) { _ in "{serial}" } },
            Growth("open braces", 4_096...262_144, isAccepted: false) {
                String(repeating: "{", count: $0)
            },
        ]
    ) { bytes in
        let text = String(decoding: bytes, as: UTF8.self)
        return .of({ try KeyIDTemplate(text: text) }) { template in
            try require(template.text == text, "the template keeps another text")
            let keyID = template.expand { _ in "e\u{301}/\u{1B}[2J{}\n" }
            try require(
                keyID.utf8.allSatisfy { (0x21...0x7E).contains($0) }, "\(keyID) could break a line")
        }
    },

    FuzzTarget("name", maximumLength: 300, dictionary: .value, cuts: .anywhere) { bytes in
        let text = String(decoding: bytes, as: UTF8.self)
        return .accepted { try requireNames(text) }
    },

    FuzzTarget(
        "target", maximumLength: 512, dictionary: .value, cuts: .anywhere
    ) { bytes in
        let text = String(decoding: bytes, as: UTF8.self)
        return .of(RevokeItem.Target(text: text)) { target in
            // The comment of a key is left out.
            let again = RevokeItem.Target(text: target.text)
            try require(again == target, "\(target.text) reads otherwise")
            if case .key = target { return }
            try require(target.text == text, "\(text) is written as \(target.text)")
        }
    },

    // Bytes may be escaped that need not be: what is written must read as equal, and be no longer.
    FuzzTarget(
        "token-uri", maximumLength: 1_024, dictionary: .value,
        memory: MemoryBound(perByte: 64, constant: 65_536),
        cuts: .anywhere,
        growths: [
            Growth("escapes", 256...2_048) {
                "pkcs11:id=" + String(repeating: "%41", count: $0 / 3)
            },
            Growth("attributes", 256...4_000, isAccepted: false) {
                "pkcs11:" + String(repeating: "a=b;", count: $0 / 4)
            },
            Growth("too long", 65_536...1_048_576, isAccepted: false) {
                "pkcs11:token=" + String(repeating: "\u{1B}", count: $0)
            },
        ]
    ) { bytes in
        let text = String(decoding: bytes, as: UTF8.self)
        return .of({ try TokenURI(text: text) }) { uri in
            let again = try TokenURI(text: uri.text)
            try require(again == uri && again.text == uri.text, "\(uri.text) reads otherwise")
            try require(
                uri.text.dropFirst(7).split(whereSeparator: { ";?&".contains($0) })
                    .allSatisfy { !$0.hasPrefix("pin-") },
                "a PIN stands in \(uri.text)")
        }
    },
]

private func requireNames(_ text: String) throws {
    for kind in CertificateKind.allCases where Principal.fault(in: text, kind: kind) == nil {
        try require(
            (1...255).contains(text.utf8.count) && !text.contains(","), "\(text) is a principal")
    }
    if AuthorityName.isValid(text) {
        try require(text.utf8.allSatisfy { (0x21...0x7E).contains($0) }, "\(text) is an authority")
    }
    if let pattern = HostPattern(text: text) {
        try require(pattern.text == text, "the pattern keeps another text")
        let name = text.split(separator: ".", omittingEmptySubsequences: false)
            .map { $0 == "*" ? "x" : String($0) }.joined(separator: ".")
        try require(pattern.matches(name), "\(text) does not match \(name)")
        try require(!pattern.matches("a." + name), "\(text) matches a label more")
    }
    if let validity = RequestValidity(text: text) {
        try require(RequestValidity(text: validity.text) == validity, "\(text) reads otherwise")
    }
    if let fingerprint = Fingerprint(text: text) {
        try require(fingerprint.text == text, "\(text) is written as \(fingerprint.text)")
    }
    // Whatever it is, it can be shown.
    let shown = quoted(text) + text.quotedForDisplay
    try require(
        shown.unicodeScalars.allSatisfy { SafeText.allows($0) }, "it is shown as \(quoted(shown))")
}
