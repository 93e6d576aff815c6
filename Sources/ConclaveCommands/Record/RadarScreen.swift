// SPDX-License-Identifier: Apache-2.0
import Ceremony
import CeremonyRunner
import Documents

/// What radar found, for people, programs and calendars.
struct RadarScreen {
    let radar: Radar
    /// The home's identity, in hexadecimal.
    let home: String

    /// Writes it for people: by kind, and of certificates by authority, the earliest first.
    func show() {
        Screen.line("as of \(radar.time.text), within \(radar.span.text)")
        if radar.items.isEmpty { Screen.line("nothing ends, and nothing waits") }
        var heading = ""
        for item in ordered {
            let next = Self.heading(of: item)
            if next != heading {
                Screen.line()
                Screen.line(next)
                heading = next
            }
            Screen.line("  \(moment(of: item))  \(item.title)")
            for detail in item.details { Screen.line("      \(detail)") }
            Screen.line("      > \(item.action)")
        }
        guard !radar.items.isEmpty else { return }
        Screen.line()
        Screen.line(
            "\(counted(radar.items.count, "item")): \(radar.items(.overdue).count) overdue, "
                + "\(radar.items(.late).count) to begin now, \(radar.items(.due).count) to come")
    }

    /// The items by kind and authority.
    private var ordered: [RadarItem] {
        let kinds = RadarItem.Kind.allCases
        return kinds.flatMap { kind in
            let items = radar.items.filter { $0.kind == kind }
            var authorities: [String?] = []
            for item in items where !authorities.contains(item.authority) {
                authorities.append(item.authority)
            }
            return authorities.flatMap { name in items.filter { $0.authority == name } }
        }
    }

    private static func heading(of item: RadarItem) -> String {
        let of = item.authority.map { " of \($0)" } ?? ""
        return switch item.kind {
        case .ceremony: "ceremonies that are not finished"
        case .batch: "batches that gather approvals"
        case .request: "requests that wait\(item.authority.map { " for \($0)" } ?? "")"
        case .hostCertificate: "host certificates\(of)"
        case .userCertificate: "user certificates\(of)"
        case .authorityKey: "CA keys\(of)"
        case .officerKey: "officers' keys"
        case .endingKey: "keys on the roster that end"
        case .revocationList: "revocation list"
        case .clock: "clock"
        }
    }

    private func moment(of item: RadarItem) -> String {
        if item.isWaiting { return "\(item.moment.text)  waits since then" }
        let span = Self.distance(from: radar.time, to: item.moment)
        return switch item.standing(at: radar.time) {
        case .overdue: "\(item.moment.text)  OVERDUE by \(span)"
        case .late: "\(item.moment.text)  in \(span), begin now"
        case .due: "\(item.moment.text)  in \(span)"
        }
    }

    /// Whole days, or hours below two days, or minutes below two hours.
    private static func distance(from: UnixTime, to: UnixTime) -> String {
        let seconds = max(from, to).seconds - min(from, to).seconds
        if seconds >= 2 * 86_400 { return "\(seconds / 86_400)d" }
        return seconds >= 2 * 3_600 ? "\(seconds / 3_600)h" : "\(seconds / 60)m"
    }
}

// MARK: - Programs and calendars

extension RadarScreen {
    /// The items as one JSON object.
    var json: String {
        JSONText.object([
            ("home", .string(home)), ("time", .string(radar.time.text)),
            ("within", .string(radar.span.text)),
            ("overdue", .number(UInt64(radar.items(.overdue).count))),
            ("late", .number(UInt64(radar.items(.late).count))),
            ("due", .number(UInt64(radar.items(.due).count))),
            ("items", .array(ordered.map(json(of:)))),
        ]).text
    }

    private func json(of item: RadarItem) -> JSONText {
        .object(
            [
                ("kind", .string(item.kind.rawValue)), ("name", .string(item.name)),
                ("title", .string(item.title)), ("moment", .string(item.moment.text)),
                ("standing", .string(item.standing(at: radar.time).rawValue)),
            ] + (item.begin.map { [("begin", .string($0.text))] } ?? [])
                + (item.authority.map { [("authority", .string($0))] } ?? [])
                + (item.serial.map { [("serial", .string(String($0)))] } ?? []) + [
                    ("details", .array(item.details.map { .string($0) })),
                    ("action", .string(item.action)),
                ])
    }

    /// The items as a calendar; an event keeps its name for as long as it is about the same.
    var calendar: String {
        var calendar = CalendarText(
            product: "-//Conclave//\(Tool.name)//EN", name: "Conclave \(home.prefix(16))")
        for item in ordered {
            let authority = item.authority.map { ", \($0)" } ?? ""
            calendar.add(
                CalendarText.Event(
                    name: "\(item.name)@\(home.prefix(32)).conclave", moment: item.moment,
                    summary: Self.summary(of: item) + authority,
                    description: (item.details + [item.action]).joined(separator: "\n"),
                    category: item.kind.rawValue, reminder: item.begin),
                stamp: radar.time)
        }
        calendar.end()
        return calendar.text
    }

    private static func summary(of item: RadarItem) -> String {
        switch item.kind {
        case .ceremony: "\(item.title) is not finished"
        case .batch: "\(item.title) expires"
        case .request: "\(item.title) waits"
        case .hostCertificate, .userCertificate: "certificate of \(item.title) ends"
        case .authorityKey, .officerKey: "\(item.title) unused for long"
        case .endingKey: "\(item.title) ends"
        case .revocationList: "\(item.title) is old"
        case .clock: "\(item.title) is over"
        }
    }
}
