// SPDX-License-Identifier: Apache-2.0

/// A date and a time of day as ssh-keygen(1) writes them, TIME FORMATS: `YYYYMMDD`, `YYYYMMDDHHMM`
/// or `YYYYMMDDHHMMSS`, and `Z` or `UTC` behind it where it is not meant for the local zone.
public struct CivilTime: Hashable, Sendable {
    /// The year, 1970 to 9999.
    public let year: Int
    /// The month, 1 to 12.
    public let month: Int
    /// The day of the month, one that there is.
    public let day: Int
    /// The hour, 0 to 23.
    public let hour: Int
    /// The minute, 0 to 59.
    public let minute: Int
    /// The second, 0 to 59.
    public let second: Int
    /// Whether it is meant for UTC; else for the zone of whoever reads it.
    public let isUTC: Bool

    /// Reads a date and a time of day; nil where the text is of another form or no such day is.
    ///
    /// ssh-keygen takes 30 February for 2 March, second 60 for the next minute, and blanks for
    /// zeros; here they are refused.
    public init?(_ text: String) {
        var digits = Array(text.utf8)[...]
        let upper = digits.suffix(3).map { $0 & 0xDF }
        if upper.last == UInt8(ascii: "Z") {
            isUTC = true
            digits = digits.dropLast()
        } else if upper.elementsEqual("UTC".utf8) {
            isUTC = true
            digits = digits.dropLast(3)
        } else {
            isUTC = false
        }
        guard [8, 12, 14].contains(digits.count),
            digits.allSatisfy({ (0x30...0x39).contains($0) })
        else { return nil }
        func number(_ start: Int, _ length: Int) -> Int {
            digits.dropFirst(start).prefix(length).reduce(0) { $0 * 10 + Int($1 & 0x0F) }
        }
        year = number(0, 4)
        month = number(4, 2)
        day = number(6, 2)
        hour = number(8, 2)
        minute = number(10, 2)
        second = number(12, 2)
        guard year >= 1970, (1...12).contains(month),
            day >= 1, day <= Self.days(inMonth: month, of: year),
            hour < 24, minute < 60, second < 60
        else { return nil }
    }

    /// The second since 1970 at which a clock in UTC shows this.
    public var secondsInUTC: UInt64 {
        let past = year - 1
        let leapDays = past / 4 - past / 100 + past / 400 - (1969 / 4 - 1969 / 100 + 1969 / 400)
        let months = (1..<month).reduce(0) { $0 + Self.days(inMonth: $1, of: year) }
        let days = (year - 1970) * 365 + leapDays + months + day - 1
        return UInt64(days * 86_400 + hour * 3_600 + minute * 60 + second)
    }

    /// The date and time of day in UTC as ssh-keygen writes them, `20261231235959Z`; for a second
    /// beyond the year 9999, the seconds since 1970 behind an `@`.
    public static func text(secondsInUTC seconds: UInt64) -> String {
        guard seconds < 253_402_300_800 else { return "@\(seconds)" }
        // Years begin in March here, so that the odd day is each year's last.
        let days = Int(seconds / 86_400) + 719_468
        let era = days / 146_097
        let dayOfEra = days % 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        let rest = Int(seconds % 86_400)
        let parts = [month, day, rest / 3_600, rest / 60 % 60, rest % 60]
        return "\(year)" + parts.map { $0 < 10 ? "0\($0)" : "\($0)" }.joined() + "Z"
    }

    private static func days(inMonth month: Int, of year: Int) -> Int {
        switch month {
        case 2:
            year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400))
                ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}
