// SPDX-License-Identifier: Apache-2.0

/// The options of a line of ``AllowedSigners``; the names' case does not matter.
struct SignerOptions {
    private(set) var isAuthority = false
    private(set) var namespaces: PatternList?
    private(set) var validAfter: UInt64?
    private(set) var validBefore: UInt64?
    private(set) var hasLocalTime = false

    /// No options.
    init() {}

    /// Reads options between commas; offsets in errors are those of the line.
    init(
        _ bytes: ArraySlice<UInt8>, localClock: AllowedSigners.LocalClock?
    ) throws(FormatError) {
        var rest = bytes
        repeat {
            let name = rest.prefix { $0 != UInt8(ascii: "=") && $0 != Self.comma }
            let start = rest.startIndex
            rest = rest.dropFirst(name.count)
            if rest.first == UInt8(ascii: "=") {
                rest = rest.dropFirst()
                let place = rest.startIndex
                let value = try Self.takeQuoted(from: &rest, of: name)
                try set(name, value, at: place, localClock)
            } else {
                try set(name, at: start)
            }
            guard let next = rest.first else { break }
            guard next == Self.comma else {
                throw FormatError(
                    "options", at: rest.startIndex,
                    .invalid("no comma follows the closing quote"))
            }
            rest = rest.dropFirst()
        } while true
        if let validAfter, let validBefore, validBefore <= validAfter {
            throw FormatError(
                "valid-before", at: bytes.startIndex,
                .invalid("it is not later than valid-after"))
        }
    }

    private mutating func set(_ name: ArraySlice<UInt8>, at start: Int) throws(FormatError) {
        switch Self.lowercased(name) {
        case "cert-authority": isAuthority = true
        case "": throw FormatError("options", at: start, .invalid("an option is empty"))
        case "namespaces", "valid-after", "valid-before":
            throw FormatError("options", at: start, .invalid("value is missing"))
        default:
            throw FormatError(
                "options", at: start, .unknown(String(decoding: name, as: UTF8.self)))
        }
    }

    private mutating func set(
        _ name: ArraySlice<UInt8>, _ value: [UInt8], at place: Int,
        _ localClock: AllowedSigners.LocalClock?
    ) throws(FormatError) {
        switch Self.lowercased(name) {
        case "namespaces":
            try Self.requireFirst(namespaces == nil, name)
            do throws(FormatError) {
                namespaces = try PatternList("namespaces", value[...])
            } catch {
                // The value was unquoted, so its offsets are not the line's.
                throw FormatError("namespaces", at: place, error.problem)
            }
        case "valid-after":
            try Self.requireFirst(validAfter == nil, name)
            validAfter = try time(name, value, at: place, localClock)
        case "valid-before":
            try Self.requireFirst(validBefore == nil, name)
            validBefore = try time(name, value, at: place, localClock)
        case "cert-authority":
            throw FormatError("options", at: place, .invalid("cert-authority takes no value"))
        default:
            throw FormatError(
                "options", at: name.startIndex,
                .unknown(String(decoding: name, as: UTF8.self)))
        }
    }

    private mutating func time(
        _ name: ArraySlice<UInt8>, _ value: [UInt8], at place: Int,
        _ localClock: AllowedSigners.LocalClock?
    ) throws(FormatError) -> UInt64 {
        let text = String(decoding: value, as: UTF8.self)
        let field = Self.lowercased(name)
        guard let civil = CivilTime(text) else {
            throw FormatError(
                field, at: place,
                .invalid("\(PrintableText.quoted(text)) is not a time such as 20261231235959Z"))
        }
        let seconds: UInt64
        if civil.isUTC {
            seconds = civil.secondsInUTC
        } else {
            guard let local = localClock?(civil) else {
                throw FormatError(
                    field, at: place,
                    .invalid("\(PrintableText.quoted(text)) does not end in Z: its zone is unknown")
                )
            }
            hasLocalTime = true
            seconds = local
        }
        // OpenSSH takes zero for no time at all.
        guard seconds > 0 else {
            throw FormatError(
                field, at: place,
                .invalid("\(PrintableText.quoted(text)) is not later than 1970 began"))
        }
        return seconds
    }

    private static func requireFirst(
        _ isFirst: Bool, _ name: ArraySlice<UInt8>
    ) throws(FormatError) {
        guard isFirst else {
            throw FormatError(
                "options", at: name.startIndex, .invalid("\(lowercased(name)) is there twice"))
        }
    }

    /// Takes a value between quotes; `\"` in it stands for a quote.
    private static func takeQuoted(
        from rest: inout ArraySlice<UInt8>, of name: ArraySlice<UInt8>
    ) throws(FormatError) -> [UInt8] {
        guard rest.first == quote else {
            throw FormatError(
                "options", at: rest.startIndex, .invalid("the value is not in quotes"))
        }
        rest = rest.dropFirst()
        var value: [UInt8] = []
        while let byte = rest.first, byte != quote {
            if byte == UInt8(ascii: "\\"), rest.dropFirst().first == quote {
                rest = rest.dropFirst()
            }
            if let kept = rest.first { value.append(kept) }
            rest = rest.dropFirst()
        }
        guard rest.first == quote else {
            throw FormatError("options", at: name.startIndex, .invalid("a quote is not closed"))
        }
        rest = rest.dropFirst()
        return value
    }

    private static func lowercased(_ name: ArraySlice<UInt8>) -> String {
        let lower = name.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
        return String(decoding: lower, as: UTF8.self)
    }

    private static let comma = UInt8(ascii: ",")
    private static let quote = UInt8(ascii: "\"")
}
