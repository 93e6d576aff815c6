// SPDX-License-Identifier: Apache-2.0
public import Documents

/// What the times in a log need to be understood: a year and a zone, where lines name none.
public struct LogClock: Sendable {
    /// How far the clock of a host may be ahead, in seconds.
    private static let tolerance: UInt64 = 86_400

    /// The latest moment that a line without a year may mean, a day left open.
    public let now: UnixTime
    /// Seconds east of UTC of lines that name no zone; within a day.
    public let offset: Int
    /// The year of lines that name none; without it, the latest that makes them past.
    public let year: UInt64?
    private let thisYear: UInt64

    /// States year and zone; an offset beyond a day is cut to a day.
    public init(now: UnixTime, offset: Int = 0, year: UInt64? = nil) {
        self.now = now
        self.offset = min(max(offset, -86_400), 86_400)
        self.year = year
        thisYear = decimal(Array(now.text.utf8.prefix(4))[...]) ?? 9_999
    }

    /// A date and a time of day as a line writes them.
    struct Reading {
        var year: UInt64?
        var month: UInt64
        var day: UInt64
        var hour: UInt64
        var minute: UInt64
        var second: UInt64
        /// Seconds east of UTC, where the line tells.
        var offset: Int?
    }

    /// The moment that a line means, or nil where it is not a real date, or before 1970.
    func time(_ reading: Reading) -> UnixTime? {
        if let year = reading.year ?? year { return time(reading, in: year) }
        let limit = now.seconds.addingReportingOverflow(Self.tolerance).partialValue
        // A leap day may be eight years back.
        for back in 0...9 {
            let year = (thisYear + 1).subtractingReportingOverflow(UInt64(back))
            guard !year.overflow else { return nil }
            if let time = time(reading, in: year.partialValue), time.seconds <= limit {
                return time
            }
        }
        return nil
    }

    private func time(_ reading: Reading, in year: UInt64) -> UnixTime? {
        // A leap second counts as the one before it.
        let local = UnixTime(
            year: year, month: reading.month, day: reading.day, hour: reading.hour,
            minute: reading.minute, second: min(reading.second, 59))
        guard let local, reading.second <= 60 else { return nil }
        let span = TimeSpan(seconds: UInt64((reading.offset ?? offset).magnitude))
        return (reading.offset ?? offset) < 0 ? local.adding(span) : local.subtracting(span)
    }
}

extension ByteScanner {
    /// The months as syslog(3) names them.
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ].map { Array($0.utf8) }
    private static let weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
        .map { Array($0.utf8) }

    /// `16:01:02`, with or without a fraction of a second.
    private mutating func timeOfDay() -> (hour: UInt64, minute: UInt64, second: UInt64)? {
        guard let hour = number(2...2), skip(UInt8(ascii: ":")), let minute = number(2...2),
            skip(UInt8(ascii: ":")), let second = number(2...2)
        else { return nil }
        if next == UInt8(ascii: ".") || next == UInt8(ascii: ",") {
            var fraction = ByteScanner(rest.dropFirst())
            if fraction.number(1...9) != nil { self = fraction }
        }
        return (hour, minute, second)
    }

    /// `Z`, `+01:00`, `+0100` or `+01`: seconds east of UTC.
    private mutating func zone() -> Int? {
        if skip(UInt8(ascii: "Z")) { return 0 }
        let isWest = next == UInt8(ascii: "-")
        guard skip(UInt8(ascii: "+")) || skip(UInt8(ascii: "-")) else { return nil }
        var hours: UInt64 = 0
        var minutes: UInt64 = 0
        if let both = number(4...4) {
            (hours, minutes) = both.quotientAndRemainder(dividingBy: 100)
        } else {
            guard let number = number(2...2) else { return nil }
            hours = number
            if skip(UInt8(ascii: ":")) {
                guard let number = self.number(2...2) else { return nil }
                minutes = number
            }
        }
        guard hours <= 23, minutes < 60 else { return nil }
        let seconds = Int(hours * 3_600 + minutes * 60)
        return isWest ? -seconds : seconds
    }

    /// `2026-11-22T16:01:02.123+01:00`, RFC 3339, also with a blank for the T and without a zone.
    mutating func isoTime() -> LogClock.Reading? {
        var ahead = self
        guard let year = ahead.number(4...4), ahead.skip(UInt8(ascii: "-")),
            let month = ahead.number(2...2), ahead.skip(UInt8(ascii: "-")),
            let day = ahead.number(2...2),
            ahead.skip(UInt8(ascii: "T")) || ahead.skip(UInt8(ascii: " ")),
            let time = ahead.timeOfDay()
        else { return nil }
        let offset = ahead.zone()
        self = ahead
        return LogClock.Reading(
            year: year, month: month, day: day, hour: time.hour, minute: time.minute,
            second: time.second, offset: offset)
    }

    /// `Sun 2026-11-22 16:01:02 UTC`, as `journalctl -o short-full` writes it.
    mutating func weekdayTime() -> LogClock.Reading? {
        var ahead = self
        guard let weekday = ahead.word(), Self.weekdays.contains(Array(weekday)) else {
            return nil
        }
        if let reading = ahead.syslogTime() {
            self = ahead
            return reading
        }
        guard var reading = ahead.isoTime() else { return nil }
        if reading.offset == nil, ahead.skip(UInt8(ascii: " ")) {
            let zone = ahead.rest.prefix { $0 != UInt8(ascii: " ") }
            if zone.elementsEqual("UTC".utf8) || zone.elementsEqual("GMT".utf8) {
                reading.offset = 0
            } else {
                var scanner = ByteScanner(zone)
                reading.offset = scanner.zone()
            }
            ahead = ByteScanner(ahead.rest.dropFirst(zone.count))
        }
        self = ahead
        return reading
    }

    /// `Nov 22 16:01:02`, RFC 3164, also with a year before or behind the time of day.
    mutating func syslogTime() -> LogClock.Reading? {
        var ahead = self
        guard let name = ahead.word(), let month = Self.months.firstIndex(of: Array(name)) else {
            return nil
        }
        _ = ahead.skip(UInt8(ascii: " "))
        guard let day = ahead.number(1...2), ahead.skip(UInt8(ascii: " ")) else { return nil }
        var year = ahead.number(4...4)
        if year != nil, !ahead.skip(UInt8(ascii: " ")) { return nil }
        guard let time = ahead.timeOfDay() else { return nil }
        if year == nil {
            var behind = ahead
            if behind.skip(UInt8(ascii: " ")), let found = behind.number(4...4),
                (1_970...9_999).contains(found), behind.next == UInt8(ascii: " ")
            {
                year = found
                ahead = behind
            }
        }
        self = ahead
        return LogClock.Reading(
            year: year, month: UInt64(month) + 1, day: day, hour: time.hour,
            minute: time.minute, second: time.second, offset: zone())
    }
}
