// SPDX-License-Identifier: Apache-2.0
import Documents
import Issuance
import SSHCrypto
import SSHFormats

/// Texts in the grammar of `Document`.
///
/// One that is cut where a line ends may be a text that says less; cut anywhere else, it must be
/// refused.
let textTargets = [
    FuzzTarget(
        "document", dictionary: .text, memory: textMemory, cuts: .at(endsLine),
        growths: [
            Growth("fields", 4_096...262_144) {
                "conclave-sample: v1\n" + repeated($0) { _ in "a: b\n" }
            },
            Growth("blocks", 4_096...262_144) {
                "conclave-sample: v1\na: b\n" + repeated($0) { _ in "\na: b\n" }
            },
            Growth("empty lines", 8_192...1_048_576, isAccepted: false) {
                "conclave-sample: v1\n" + String(repeating: "\n", count: $0)
            },
            Growth("lines that are no fields", 4_096...262_144, isAccepted: false) {
                "conclave-sample: v1\n" + repeated($0) { _ in "\u{1B}\n" }
            },
            Growth("one value", 4_096...65_536) {
                "conclave-sample: v1\na: " + String(repeating: "x", count: $0) + "\n"
            },
            Growth("value too long", 131_072...4_194_304, isAccepted: false) {
                "conclave-sample: v1\na: " + String(repeating: "x", count: $0) + "\n"
            },
        ]
    ) { bytes in
        .of({
            try Document(parsing: bytes, kind: "sample", utf8Fields: ["free"])
        }) { document in
            try require(document.bytes == bytes, "the document keeps other bytes")
            try require(Document.kind(of: bytes) == "sample", "its kind is another")
            try require(written(document) == bytes, "its fields are written as another text")
            var line = 0
            for block in document.blocks {
                try require(block.line > line, "block of line \(block.line) after line \(line)")
                line = max(line, block.fields.last?.line ?? block.line)
            }
        }
    },

    FuzzTarget(
        "policy", dictionary: .text, memory: textMemory, cuts: .at(endsLine), growths: policyGrowths
    ) { bytes in
        .of({ try Policy(text: bytes) }) { policy in
            try require(policy.text == bytes, "the policy keeps another text")
            try requireRewritten(bytes, kind: "policy")
            for profile in policy.profiles.prefix(8) {
                try require(
                    policy.profile(profile.name) == profile, "a profile's name is another's")
                try require(
                    policy.authority(profile.authority)?.kind == profile.kind,
                    "profile \(profile.name) is of no authority")
                try require(
                    profile.principals.prefix(4).allSatisfy(profile.allows),
                    "a principal is not allowed")
                try require(
                    profile.defaultValidity <= profile.maximumValidity, "the default is too long")
            }
        }
    },

    FuzzTarget(
        "roster", dictionary: .text, memory: textMemory, cuts: .at(endsLine), growths: rosterGrowths
    ) { bytes in
        .of({ try Roster(text: bytes) }) { roster in
            try require(roster.text == bytes, "the roster keeps another text")
            try requireRewritten(bytes, kind: "roster", utf8Fields: ["officer", "witness"])
            for (name, count) in roster.thresholds {
                try require(
                    count >= 1 && count <= roster.officers.count, "class \(name) takes \(count)")
            }
            for person in roster.officers.prefix(8) {
                for key in person.keys.prefix(4) {
                    try require(roster.officer(holding: key) == person, "a key is another's")
                }
            }
        }
    },

    FuzzTarget(
        "manifest", maximumLength: 8_192, dictionary: .text, memory: textMemory,
        cuts: .at(endsLine), growths: manifestGrowths
    ) { bytes in
        .of({ try BatchManifest(text: bytes) }) { manifest in
            try require(manifest.text == bytes, "the manifest keeps another text")
            let again = BatchManifest(header: manifest.header, items: manifest.items)
            try require(again == manifest, "its parts make another manifest")
            for case .issue(let item) in manifest.items {
                guard let certificate = try? item.rebuild() else { continue }
                try require(certificate.fields == item.fields, "its fields are others")
            }
            for case .revoke(let item) in manifest.items {
                try require(
                    RevokeItem.Target(text: item.target.text) == item.target,
                    "target \(item.target.text) reads otherwise")
            }
        }
    },

    // The order of its fields is free: what is written must read as equal and be a fixed point.
    FuzzTarget("rejection", dictionary: .text, memory: textMemory) { bytes in
        .of({ try Rejection.Text(parsing: bytes) }) { text in
            let again = try Rejection.Text(parsing: text.bytes)
            try require(again == text && again.bytes == text.bytes, "it reads otherwise")
            try requireRewritten(bytes, kind: "rejection", utf8Fields: ["reason"])
        }
    },

    FuzzTarget(
        "genesis", dictionary: .text, memory: textMemory, cuts: .at(endsLine),
        growths: [
            Growth("CA keys", 128...8_192) { count in
                genesisHead
                    + repeated(count) {
                        "\nauthority: a\($0)\nca-key: \(KeyBytes.line($0))\ntoken: pkcs11:\n"
                    }
            }
        ]
    ) { bytes in
        .of({ try Genesis(text: bytes) }) { genesis in
            try require(genesis.text == bytes, "the genesis writes another text")
            _ = try genesis.firstRevocationList()
        }
    },
]

/// A field of five bytes becomes two texts and a number, and is held twice while an array grows; a
/// thousand faults may be told of a short text.
let textMemory = MemoryBound(perByte: 48, constant: 524_288)

/// Whether the first `length` bytes end with a line.
func endsLine(_ bytes: [UInt8], _ length: Int) -> Bool {
    length > 0 && bytes[length - 1] == 0x0A
}

/// Demands that the text's fields, written again, are the text.
func requireRewritten(_ bytes: [UInt8], kind: String, utf8Fields: Set<String> = []) throws {
    let document = try Document(parsing: bytes, kind: kind, utf8Fields: utf8Fields)
    try require(written(document) == bytes, "its fields are written as another text")
}

private func written(_ document: Document) -> [UInt8] {
    var writer = DocumentWriter(kind: document.kind)
    for (index, block) in document.blocks.enumerated() {
        if index > 0 { writer.block() }
        for field in block.fields { writer.field(field.name, field.value) }
    }
    return writer.bytes
}

private let genesisHead = """
    conclave-genesis: v1
    created: 2026-11-22T10:00:00Z
    policy: \(String(repeating: "0", count: 64))
    roster: \(String(repeating: "1", count: 64))
    tool: conclave 0.1

    """
