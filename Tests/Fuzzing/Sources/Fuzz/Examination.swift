// SPDX-License-Identifier: Apache-2.0
import CFuzzing
import Configuration
import Documents
import Token

/// What is looked at in every input of every target.
struct Examination {
    let target: FuzzTarget
    /// Whether every prefix is tried, and not only some of a long input.
    let everyPrefix: Bool

    /// Throws ``Broken`` where something does not hold.
    func examine(_ bytes: [UInt8]) throws {
        // What is made once and kept is left behind by the first try alone.
        for _ in 0..<3 {
            try examineOnce(bytes)
            if fuzzing_held_allocation() <= 0 { return }
        }
        throw Broken(description: "\(fuzzing_held_allocation()) bytes are left behind each time")
    }

    private func examineOnce(_ bytes: [UInt8]) throws {
        fuzzing_reset_allocations()
        let outcome = target.read(bytes)
        let first = fuzzing_peak_allocation()
        if !target.memory.allows(Int(first), for: bytes.count) {
            // What libcrypto sets up when it is first called is not the input's.
            fuzzing_reset_allocations()
            _ = target.read(bytes)
            let peak = fuzzing_peak_allocation()
            try require(
                target.memory.allows(Int(peak), for: bytes.count),
                "\(bytes.count) bytes took \(peak) bytes of memory")
        }
        switch outcome {
        case .refused(let error): try examine(error, of: bytes)
        case .accepted(let holds):
            try holds()
            try examinePrefixes(of: bytes)
        }
    }

    /// A refusal is told on a terminal: no character in it may be anything but seen.
    private func examine(_ error: any Error, of bytes: [UInt8]) throws {
        let text = Self.text(of: error)
        try require(!text.isEmpty, "the refusal has no text")
        let bound = MemoryBound(perByte: 64, constant: 65_536)
        try require(
            bound.allows(text.utf8.count, for: bytes.count),
            "the refusal of \(bytes.count) bytes has \(text.utf8.count)")
        try requireVisible(text)
    }

    private func examinePrefixes(of bytes: [UInt8]) throws {
        if case .anywhere = target.cuts { return }
        for length in prefixes(of: bytes) where !target.cuts.allow(bytes, length) {
            guard target.read(Array(bytes.prefix(length))).isAccepted else { continue }
            throw Broken(description: "the first \(length) of \(bytes.count) bytes are taken too")
        }
    }

    /// All lengths of a short input; of a long one both ends, and some between that differ from
    /// input to input.
    private func prefixes(of bytes: [UInt8]) -> [Int] {
        guard bytes.count > 64, !everyPrefix else { return Array(0..<bytes.count) }
        var state = bytes.reduce(0xCBF2_9CE4_8422_2325 as UInt64) {
            ($0 ^ UInt64($1)) &* 0x100_0000_01B3
        }
        let between = (0..<16).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bytes.count
        }
        return [0, 1, 4] + between + (1...8).map { bytes.count - $0 }
    }

    /// All that is said to people of a refusal.
    static func text(of error: any Error) -> String {
        switch error {
        case let violations as Violations:
            violations.all.map { "\($0)\n\($0.hint ?? "")" }.joined(separator: "\n")
        case let errors as ConfigurationErrors:
            errors.all.map { "\($0)\n\($0.hint ?? "")" }.joined(separator: "\n")
        case let error as TokenError: "\(error)\n\(error.hint ?? "")"
        default: "\(error)"
        }
    }
}

/// Demands that a text can be shown: each character is seen for what it is, or ends a line.
func requireVisible(_ text: String) throws {
    if let scalar = text.unicodeScalars.first(where: { $0 != "\n" && !SafeText.allows($0) }) {
        throw Broken(description: "what is told holds \(SafeText.name(scalar)): \(quoted(text))")
    }
}
