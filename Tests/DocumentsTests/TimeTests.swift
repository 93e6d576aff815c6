// SPDX-License-Identifier: Apache-2.0
import Documents
import Testing

@Suite struct UnixTimeTests {
    @Test(
        "a moment has one text, and comes back from it",
        arguments: [
            (0, "1970-01-01T00:00:00Z"), (1, "1970-01-01T00:00:01Z"),
            (86_399, "1970-01-01T23:59:59Z"), (86_400, "1970-01-02T00:00:00Z"),
            (68_169_599, "1972-02-28T23:59:59Z"), (68_169_600, "1972-02-29T00:00:00Z"),
            (68_256_000, "1972-03-01T00:00:00Z"), (94_694_399, "1972-12-31T23:59:59Z"),
            (951_782_400, "2000-02-29T00:00:00Z"), (1_795_360_987, "2026-11-22T15:23:07Z"),
            (2_147_483_648, "2038-01-19T03:14:08Z"), (4_107_542_400, "2100-03-01T00:00:00Z"),
            (4_107_542_399, "2100-02-28T23:59:59Z"), (253_402_300_799, "9999-12-31T23:59:59Z"),
        ] as [(UInt64, String)])
    func roundTrip(seconds: UInt64, text: String) {
        #expect(UnixTime(seconds: seconds).text == text)
        #expect(UnixTime(text: text) == UnixTime(seconds: seconds))
        #expect(UnixTime(seconds: seconds).description == text)
    }

    @Test("every day of four centuries comes back and is the day after the one before")
    func everyDay() {
        var previous = ""
        for day in UInt64(10_957)..<UInt64(10_957 + 146_098) {
            let text = UnixTime(seconds: day * 86_400 + 43_200).text
            #expect(previous < text)
            #expect(UnixTime(text: text)?.seconds == day * 86_400 + 43_200)
            previous = text
        }
        #expect(previous == "2400-01-01T12:00:00Z")
    }

    @Test(
        "what is not exactly a real moment is refused",
        arguments: [
            "", "2026-11-22", "2026-11-22T15:23:07", "2026-11-22T15:23:07z", "2026-11-22 15:23:07Z",
            "2026-11-22T15:23:07Z ", " 2026-11-22T15:23:07Z", "2026-11-22T15:23:07.0Z",
            "2026-11-22T15:23:07+00:00", "26-11-22T15:23:07Z", "12026-11-22T15:23:07Z",
            "1969-12-31T23:59:59Z", "0000-01-01T00:00:00Z", "2026-00-22T15:23:07Z",
            "2026-13-22T15:23:07Z", "2026-11-00T15:23:07Z", "2026-11-31T15:23:07Z",
            "2026-12-32T15:23:07Z", "2026-02-29T00:00:00Z", "2028-02-30T00:00:00Z",
            "2100-02-29T00:00:00Z", "2026-11-22T24:00:00Z", "2026-11-22T15:60:00Z",
            "2026-11-22T15:23:60Z", "2026-1a-22T15:23:07Z", "+026-11-22T15:23:07Z",
            "２026-11-22T15:23:0Z", "2026-11-22T15:23:-7Z",
        ])
    func refused(text: String) {
        #expect(UnixTime(text: text) == nil)
    }

    @Test("beyond the year 9999 the text is a number that is not read back")
    func beyond() {
        #expect(UnixTime(seconds: 253_402_300_800).text == "@253402300800")
        #expect(UnixTime(seconds: .max).text == "@18446744073709551615")
        #expect(UnixTime(text: "@253402300800") == nil)
    }

    @Test("sums stay within the years 1970 to 9999")
    func sums() {
        let time = UnixTime(seconds: 1_000)
        #expect(time.adding(TimeSpan(seconds: 24)) == UnixTime(seconds: 1_024))
        #expect(time.subtracting(TimeSpan(seconds: 1_000)) == UnixTime(seconds: 0))
        #expect(time.subtracting(TimeSpan(seconds: 1_001)) == nil)
        let last = UnixTime(seconds: UnixTime.latest.seconds - 9)
        #expect(last.adding(TimeSpan(seconds: 9)) == .latest)
        #expect(last.adding(TimeSpan(seconds: 10)) == nil)
        #expect(last.adding(TimeSpan(seconds: .max)) == nil)
        #expect(UnixTime(seconds: .max).adding(TimeSpan(seconds: 1)) == nil)
    }

    @Test("moments are ordered by time")
    func order() {
        #expect(UnixTime(seconds: 9) < UnixTime(seconds: 10))
        #expect(!(UnixTime(seconds: 10) < UnixTime(seconds: 10)))
    }
}

@Suite struct TimeSpanTests {
    @Test(
        "a span is read with one unit and written with the largest up to days that divides it",
        arguments: [
            ("1s", 1, "1s"), ("30s", 30, "30s"), ("90s", 90, "90s"), ("60s", 60, "1m"),
            ("5m", 300, "5m"), ("90m", 5_400, "90m"), ("12h", 43_200, "12h"), ("24h", 86_400, "1d"),
            ("25h", 90_000, "25h"), ("7d", 604_800, "7d"), ("4w", 2_419_200, "28d"),
            ("36525d", 3_155_760_000, "36525d"), ("3155760000s", 3_155_760_000, "36525d"),
            ("5217w", 3_155_241_600, "36519d"),
        ] as [(String, UInt64, String)])
    func read(text: String, seconds: UInt64, written: String) {
        #expect(TimeSpan(text: text)?.seconds == seconds)
        #expect(TimeSpan(seconds: seconds).text == written)
        #expect(TimeSpan(seconds: seconds).description == written)
    }

    @Test(
        "no unit, sign, zero, leading zero, fraction, second unit or more than 100 years",
        arguments: [
            "", "7", "d", "0d", "07d", "+7d", "-7d", "7 d", " 7d", "7d ", "7D", "1.5h", "1h30m",
            "7y",
            "36526d", "3155760001s", "5218w", "18446744073709551616s", "18446744073709551615w",
            "٧d", "7ď",
        ])
    func refused(text: String) {
        #expect(TimeSpan(text: text) == nil)
    }

    @Test("any number of seconds has a text")
    func anyText() {
        #expect(TimeSpan(seconds: 0).text == "0s")
        #expect(TimeSpan(seconds: .max).text == "18446744073709551615s")
    }

    @Test("spans are ordered by length")
    func order() throws {
        #expect(TimeSpan(seconds: 59) < TimeSpan(seconds: 60))
        #expect(TimeSpan(text: "24h") == TimeSpan(text: "1d"))
    }
}

@Suite struct DecimalTests {
    @Test(
        "decimal digits are a number",
        arguments: [
            ("0", 0), ("7", 7), ("10", 10), ("18446744073709551615", .max),
        ] as [(String, UInt64)])
    func read(text: String, number: UInt64) {
        #expect(parseDecimal(text) == number)
    }

    @Test(
        "signs, leading zeros, other characters and more than 64 bits are refused",
        arguments: [
            "", "00", "01", "+1", "-1", " 1", "1 ", "1_0", "0x1", "1.0", "1e3", "٣", "１",
            "18446744073709551616", "99999999999999999999999",
        ])
    func refused(text: String) {
        #expect(parseDecimal(text) == nil)
    }
}
