// SPDX-License-Identifier: Apache-2.0
import Configuration
import Documents
import Issuance

/// Policy and roster as YAML.
///
/// Many files say the same: what comes out must be a text in the grammar of `Document`, and be
/// found in the file again line by line.
let configurationTargets = [
    FuzzTarget(
        "policy-yaml", dictionary: .yaml, memory: yamlMemory, cuts: .anywhere,
        growths: yamlGrowths("policy")
    ) { bytes in
        .of({ try PolicyFile.compile(bytes, name: "policy.yaml") }) { compiled in
            try requireSound(compiled, of: bytes, kind: "policy", utf8Fields: [])
            do {
                _ = try Policy(text: compiled.text)
            } catch let violations as Violations {
                try requireFound(violations, in: compiled)
            }
        }
    },

    FuzzTarget(
        "roster-yaml", dictionary: .yaml, memory: yamlMemory, cuts: .anywhere,
        growths: yamlGrowths("roster")
    ) { bytes in
        .of({ try RosterFile.compile(bytes, name: "roster.yaml") }) { compiled in
            try requireSound(
                compiled, of: bytes, kind: "roster", utf8Fields: RosterFile.utf8Fields)
            do {
                _ = try Roster(text: compiled.text)
            } catch let violations as Violations {
                try requireFound(violations, in: compiled)
            }
        }
    },
]

/// A node of two bytes becomes a case with a text, a place and the path to it.
private let yamlMemory = MemoryBound(perByte: 512, constant: 262_144)

private func requireSound(
    _ compiled: CompiledConfiguration, of bytes: [UInt8], kind: String, utf8Fields: Set<String>
) throws {
    try requireRewritten(compiled.text, kind: kind, utf8Fields: utf8Fields)
    let lines = compiled.text.count { $0 == 0x0A }
    let fileLines = bytes.count { $0 == 0x0A } + 1
    for line in 1...lines {
        guard let mark = compiled.marks[line] else {
            throw Broken(description: "line \(line) comes from nowhere")
        }
        try require(
            mark.column >= 1 && (1...fileLines).contains(mark.line),
            "line \(line) comes from \(mark.line):\(mark.column) of \(fileLines) lines")
    }
}

private func requireFound(_ violations: Violations, in compiled: CompiledConfiguration) throws {
    let located = compiled.locate(violations, name: "policy.yaml")
    try require(located.all.count == violations.all.count, "a violation is lost")
    for violation in violations.all {
        guard let line = violation.line else { continue }
        try require(compiled.marks[line] != nil, "\(violation) has no place")
    }
    try requireVisible(Examination.text(of: located))
}

private func yamlGrowths(_ kind: String) -> [Growth] {
    let head = "conclave-\(kind): 1\n"
    return [
        Growth("keys", 128...4_096, isAccepted: false) { count in
            head + repeated(count) { "k\($0): 1\n" }
        },
        Growth("the same key", 128...4_096, isAccepted: false) { count in
            head + repeated(count) { _ in "k: 1\n" }
        },
        Growth("more nodes than are read", 16_384...131_072, isAccepted: false) { count in
            head + "k: [" + String(repeating: "1,", count: count) + "]\n"
        },
        Growth("brackets", 2_048...262_000, isAccepted: false) { count in
            head + "k: " + String(repeating: "[", count: count)
        },
        Growth("braces and colons", 2_048...131_000, isAccepted: false) { count in
            head + "k: " + String(repeating: "{:", count: count)
        },
        Growth("dashes", 2_048...131_000, isAccepted: false) { count in
            head + "k:\n" + String(repeating: "- ", count: count)
        },
        Growth("question marks", 2_048...131_000, isAccepted: false) { count in
            head + String(repeating: "? ", count: count)
        },
        Growth("deeper and deeper", 64...512, isAccepted: false) { count in
            head + repeated(count) { String(repeating: " ", count: $0) + "a:\n" }
        },
        Growth("anchors", 512...4_096, isAccepted: false) { count in
            head + "k:\n" + repeated(count) { "- &a\($0) x\n" }
        },
        Growth("aliases", 512...4_096, isAccepted: false) { count in
            head + "k:\n- &a x\n" + repeated(count) { _ in "- *a\n" }
        },
        Growth("tags", 512...4_096, isAccepted: false) { count in
            head + "k:\n" + repeated(count) { _ in "- !!str x\n" }
        },
        Growth("tag directives", 512...8_192, isAccepted: false) { count in
            repeated(count) { "%TAG !a\($0)! tag:x\n" } + "---\n" + head
        },
        Growth("one text", 8_192...262_000, isAccepted: false) { size in
            head + "k: \"" + String(repeating: "x", count: size) + "\"\n"
        },
        Growth("folded lines", 8_192...262_000, isAccepted: false) { size in
            head + "k: \"" + repeated(size / 3) { _ in "x\n " } + "\"\n"
        },
        Growth("empty lines in a text", 8_192...262_000, isAccepted: false) { size in
            head + "k: \"" + String(repeating: "\n", count: size) + "\"\n"
        },
        Growth("escapes", 8_192...262_000, isAccepted: false) { size in
            head + "k: \"" + String(repeating: "\\x41", count: size / 4) + "\"\n"
        },
        Growth("a block text", 8_192...262_000, isAccepted: false) { size in
            head + "k: |\n" + repeated(size / 4) { _ in "  x\n" }
        },
        Growth("comments", 8_192...262_000, isAccepted: false) { size in
            repeated(size / 4) { _ in "# x\n" }
        },
        Growth("spaces", 8_192...262_000, isAccepted: false) { size in
            head + "k:" + String(repeating: " ", count: size) + "x: y\n"
        },
        Growth("documents", 2_048...32_768, isAccepted: false) { count in
            head + String(repeating: "---\n", count: count)
        },
        Growth("lists of lists", 512...4_096, isAccepted: false) { count in
            head + "officers: [" + repeated(count, separator: ",") { _ in "[]" } + "]\n"
        },
        Growth("wrong entries", 512...4_096, isAccepted: false) { count in
            head + "authorities:\n" + repeated(count) { _ in "- {nam: x}\n" }
                + "officers:\n" + repeated(count) { _ in "- x\n" }
        },
    ] + (kind == "policy" ? policyFileGrowths : rosterFileGrowths)
}

private let policyFileGrowths = [
    Growth("authorities", 64...1_024) { count in
        "conclave-policy: 1\nprofiles: []\nauthorities:\n"
            + repeated(count) { "- {name: a\($0)@b, type: user}\n" }
    }
]

private let rosterFileGrowths = [
    Growth("classes", 64...2_048) { count in
        "conclave-roster: 1\nofficers: []\nthresholds:\n" + repeated(count) { "  c\($0): 1\n" }
    }
]
