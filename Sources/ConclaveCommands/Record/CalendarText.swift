// SPDX-License-Identifier: Apache-2.0
import Documents

/// A calendar as text, RFC 5545: lines that end with CR LF and are folded at 75 bytes.
struct CalendarText {
    /// The longest line, without its end, in bytes (RFC 5545, section 3.1).
    private static let maximumLine = 75

    private(set) var text = ""

    /// Begins a calendar; `end()` ends it.
    init(product: String, name: String) {
        line("BEGIN", "VCALENDAR")
        line("VERSION", "2.0")
        property("PRODID", product)
        line("CALSCALE", "GREGORIAN")
        property("X-WR-CALNAME", name)
    }

    /// Something in the calendar: a moment, and what there is to say of it.
    struct Event {
        /// A name that no other event has, and that it keeps.
        let name: String
        let moment: UnixTime
        let summary: String
        let description: String
        let category: String
        /// When a reminder comes, before the moment.
        let reminder: UnixTime?
    }

    /// Adds an event to a calendar that was made at `stamp`.
    mutating func add(_ event: Event, stamp: UnixTime) {
        line("BEGIN", "VEVENT")
        property("UID", event.name)
        line("DTSTAMP", Self.time(stamp))
        line("DTSTART", Self.time(event.moment))
        property("SUMMARY", event.summary)
        property("DESCRIPTION", event.description)
        property("CATEGORIES", event.category)
        // It takes nobody's time: free for whoever looks for a meeting.
        line("TRANSP", "TRANSPARENT")
        if let reminder = event.reminder {
            line("BEGIN", "VALARM")
            line("ACTION", "DISPLAY")
            property("DESCRIPTION", event.summary)
            line("TRIGGER;VALUE=DATE-TIME", Self.time(reminder))
            line("END", "VALARM")
        }
        line("END", "VEVENT")
    }

    /// Ends the calendar.
    mutating func end() { line("END", "VCALENDAR") }

    /// `20261122T160102Z`.
    private static func time(_ time: UnixTime) -> String {
        min(time, .latest).text.filter { $0 != "-" && $0 != ":" }
    }

    /// A line whose value is text: what separates values is escaped (RFC 5545, section 3.3.11).
    private mutating func property(_ name: String, _ value: String) {
        var escaped = ""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\\", ";", ",": escaped += "\\\(scalar)"
            case "\n": escaped += "\\n"
            case _ where SafeText.allows(scalar): escaped.unicodeScalars.append(scalar)
            default: escaped += "(\(SafeText.name(scalar)))"
            }
        }
        line(name, escaped)
    }

    private mutating func line(_ name: String, _ value: String) {
        var length = 0
        for scalar in "\(name):\(value)".unicodeScalars {
            let width = String(scalar).utf8.count
            if length + width > Self.maximumLine {
                text += "\r\n "
                length = 1
            }
            text.unicodeScalars.append(scalar)
            length += width
        }
        text += "\r\n"
    }
}
