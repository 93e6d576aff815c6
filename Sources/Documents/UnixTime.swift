// SPDX-License-Identifier: Apache-2.0

/// A moment in seconds since 1970-01-01T00:00:00Z, leap seconds not counted.
public struct UnixTime: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The last moment that has a text: 9999-12-31T23:59:59Z.
    public static let latest = UnixTime(seconds: 253_402_300_799)

    /// Seconds since the epoch.
    public let seconds: UInt64

    /// The moment so many seconds after the epoch.
    public init(seconds: UInt64) {
        self.seconds = seconds
    }

    /// Reads exactly `YYYY-MM-DDThh:mm:ssZ`, a real date from 1970 to 9999.
    public init?(text: String) {
        var text = text
        let read = text.withUTF8 { unsafe Self.read($0) }
        guard let (year, month, day, hour, minute, second) = read else { return nil }
        self.init(
            year: year, month: month, day: day, hour: hour, minute: minute, second: second)
    }

    /// The moment of a date and a time of day in UTC; nil where they are not real ones, 1970 to 9999.
    public init?(
        year: UInt64, month: UInt64, day: UInt64, hour: UInt64, minute: UInt64, second: UInt64
    ) {
        guard (1_970...9_999).contains(year), (1...12).contains(month),
            day >= 1, day <= Self.days(inMonth: month, of: year),
            hour < 24, minute < 60, second < 60
        else { return nil }
        let days = Self.days(year: year, month: month, day: day)
        seconds = days * 86_400 + hour * 3_600 + minute * 60 + second
    }

    /// `YYYY-MM-DDThh:mm:ssZ`; beyond the year 9999, the seconds after an `@`, which is not read back.
    public var text: String {
        guard self <= Self.latest else { return "@\(seconds)" }
        let (year, month, day) = Self.date(days: seconds / 86_400)
        let rest = seconds % 86_400
        let clock = [rest / 3_600, rest / 60 % 60, rest % 60].map(Self.twoDigits)
        return "\(year)-\(Self.twoDigits(month))-\(Self.twoDigits(day))"
            + "T\(clock.joined(separator: ":"))Z"
    }

    /// The same as `text`.
    public var description: String { text }

    /// The moment `span` later; nil beyond `latest`.
    public func adding(_ span: TimeSpan) -> UnixTime? {
        let (sum, overflow) = seconds.addingReportingOverflow(span.seconds)
        return overflow || sum > Self.latest.seconds ? nil : UnixTime(seconds: sum)
    }

    /// The moment `span` earlier; nil before the epoch.
    public func subtracting(_ span: TimeSpan) -> UnixTime? {
        span.seconds > seconds ? nil : UnixTime(seconds: seconds - span.seconds)
    }

    /// Orders by time.
    public static func < (left: UnixTime, right: UnixTime) -> Bool {
        left.seconds < right.seconds
    }
}

// MARK: - The text

extension UnixTime {
    /// The numbers of a text that has the form of a time.
    private static func read(
        _ text: UnsafeBufferPointer<UInt8>
    ) -> (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64)? {
        let pattern: StaticString = "dddd-dd-ddTdd:dd:ddZ"
        guard text.count == pattern.utf8CodeUnitCount else { return nil }
        let form = unsafe UnsafeBufferPointer(start: pattern.utf8Start, count: text.count)
        for place in 0..<text.count {
            let byte = unsafe text[place]
            let expected = unsafe form[place]
            let isDigit = (0x30...0x39).contains(byte)
            guard expected == UInt8(ascii: "d") ? isDigit : byte == expected else { return nil }
        }
        func number(_ range: Range<Int>) -> UInt64 {
            var value: UInt64 = 0
            for place in range { value = value * 10 + UInt64(unsafe text[place] & 0x0F) }
            return value
        }
        return (
            number(0..<4), number(5..<7), number(8..<10), number(11..<13), number(14..<16),
            number(17..<19)
        )
    }
}

// MARK: - The calendar

extension UnixTime {
    private static func isLeap(_ year: UInt64) -> Bool {
        year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400))
    }

    private static func days(inMonth month: UInt64, of year: UInt64) -> UInt64 {
        switch month {
        case 2: isLeap(year) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// The days of all years before `year`, counted from year 1.
    private static func days(before year: UInt64) -> UInt64 {
        let past = year - 1
        return past * 365 + past / 4 - past / 100 + past / 400
    }

    /// The days since the epoch; the date is a real one, not before 1970.
    private static func days(year: UInt64, month: UInt64, day: UInt64) -> UInt64 {
        let months = (1..<month).reduce(0) { $0 + days(inMonth: $1, of: year) }
        return days(before: year) - days(before: 1_970) + months + day - 1
    }

    /// The date so many days after the epoch, up to the year 9999.
    private static func date(days: UInt64) -> (year: UInt64, month: UInt64, day: UInt64) {
        let count = days + Self.days(before: 1_970)
        // 146097 days are 400 years: the estimate is at most one year off.
        var year = count * 400 / 146_097 + 1
        while Self.days(before: year) > count { year -= 1 }
        while Self.days(before: year + 1) <= count { year += 1 }
        var rest = count - Self.days(before: year)
        var month: UInt64 = 1
        while rest >= Self.days(inMonth: month, of: year) {
            rest -= Self.days(inMonth: month, of: year)
            month += 1
        }
        return (year, month, rest + 1)
    }

    private static func twoDigits(_ number: UInt64) -> String {
        number < 10 ? "0\(number)" : "\(number)"
    }
}
