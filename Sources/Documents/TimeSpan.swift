// SPDX-License-Identifier: Apache-2.0

/// A length of time in whole seconds, written with one unit: `30s`, `5m`, `12h`, `7d`, `4w`.
public struct TimeSpan: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The longest span that can be read: 100 years of 365.25 days.
    public static let maximum = TimeSpan(seconds: 36_525 * 86_400)

    /// The length, in seconds.
    public let seconds: UInt64

    /// A span of so many seconds.
    public init(seconds: UInt64) {
        self.seconds = seconds
    }

    /// Reads a number without sign or leading zero and one unit of `s m h d w`.
    ///
    /// Zero and what exceeds `maximum` are refused.
    public init?(text: String) {
        let characters = text.utf8
        guard let unit = characters.last, let factor = Self.factor(unit),
            let number = parseDecimal(characters.dropLast()), number > 0
        else { return nil }
        let (seconds, overflow) = number.multipliedReportingOverflow(by: factor)
        guard !overflow, seconds <= Self.maximum.seconds else { return nil }
        self.seconds = seconds
    }

    /// The span in the largest of days, hours, minutes and seconds that divides it.
    ///
    /// Weeks are read and never written: a policy says `7d`, and so do the texts made from it.
    public var text: String {
        for (factor, unit) in [(86_400 as UInt64, "d"), (3_600, "h"), (60, "m")]
        where seconds > 0 && seconds.isMultiple(of: factor) {
            return "\(seconds / factor)\(unit)"
        }
        return "\(seconds)s"
    }

    /// The same as `text`.
    public var description: String { text }

    /// Orders by length.
    public static func < (left: TimeSpan, right: TimeSpan) -> Bool {
        left.seconds < right.seconds
    }

    private static func factor(_ unit: UInt8) -> UInt64? {
        switch unit {
        case UInt8(ascii: "s"): 1
        case UInt8(ascii: "m"): 60
        case UInt8(ascii: "h"): 3_600
        case UInt8(ascii: "d"): 86_400
        case UInt8(ascii: "w"): 7 * 86_400
        default: nil
        }
    }
}
