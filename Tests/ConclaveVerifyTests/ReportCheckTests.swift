// SPDX-License-Identifier: Apache-2.0
import Documents
import Testing

@testable import conclave_verify

@Suite("The report in a bundle")
struct ReportCheckTests {
    @Test("a report of the ceremony is checked against all that the bundle proves")
    func sound() throws {
        for sample in [Samples.first, Samples.second] {
            let check = try sample.get().check()
            #expect(check.isSound, "\(check.findings.faults.map(\.line))")
            let oks = check.findings.all.filter { $0.level == .ok }.map(\.message)
            #expect(oks.last?.hasPrefix("the report tells of this ceremony: ") == true)
        }
    }

    @Test("each field that the bundle proves is found where it was altered, under a new seal")
    func everyField() throws {
        let bundle = try Samples.first.get()
        let report = try JSON(parsing: bundle.files["report.json"] ?? [])
        var places = 0
        try report.forEachAlteration { place, altered in
            places += 1
            // Each third of them, or it takes its time.
            guard places.isMultiple(of: 3) else { return }
            var forged = bundle
            forged.files["report.json"] = Array(altered.text.utf8)
            try forged.seal()
            // A new length of a list is told of the list.
            #expect(
                forged.faults == [
                    "FAIL  report.json: \(place) is not what the rest of the bundle says "
                        + "(VERIFY-REPORT)"
                ])
        }
        #expect(places > 120)
    }

    @Test("a page with another digest, order, mark or a script is found, under a new seal")
    func pages() throws {
        let bundle = try Samples.first.get()
        for path in ["report.txt", "report.html"] {
            let page = String(decoding: bundle.files[path] ?? [], as: UTF8.self)
            let lines = page.split(separator: "\n").map(String.init)
            for place in lines.indices {
                var altered = lines
                altered[place] = String(lines[place].reversed())
                try expect(
                    altered, path, in: bundle,
                    "\(lines[place]) is missing in it, or stands in another place")
            }
            try expect(
                Array(lines.reversed()), path, in: bundle,
                "\(lines[1]) is missing in it, or stands in another place")
            try expect(
                lines + ["NOT ISSUED"], path, in: bundle,
                "it marks 1 certificates as not issued, and there are 0")
            try expect(
                lines + ["<script>"], path, in: bundle, "it brings a script")
        }
    }

    private func expect(
        _ lines: [String], _ path: String, in bundle: SampleBundle, _ message: String
    ) throws {
        var forged = bundle
        forged.files[path] = Array(lines.joined(separator: "\n").utf8)
        try forged.seal()
        #expect(forged.faults == ["FAIL  \(path): \(message) (VERIFY-REPORT)"])
    }

    @Test("a report that is not there, or no JSON, is a fault")
    func unreadable() throws {
        var bundle = try Samples.first.get()
        bundle.files["report.json"] = Array("{\"format\":".utf8)
        try bundle.seal()
        #expect(
            bundle.faults == [
                "FAIL  report.json: it cannot be read: byte 10: no value begins here (VERIFY-REPORT)"
            ])
        for path in ["report.json", "report.txt", "report.html"] {
            var bundle = try Samples.first.get()
            bundle.files[path] = nil
            try bundle.seal()
            #expect(bundle.faults == ["FAIL  \(path): it is not there (VERIFY-LISTED)"])
        }
    }
}

@Suite("The reader of JSON")
struct JSONReadingTests {
    @Test(
        "what the writer writes is read back",
        arguments: [
            JSON.null, .bool(true), .number(0), .number(.max), .string(""), .array([]),
            .object([]), .string("\u{0}\u{1F}\"\\/\u{7F}é\u{2028}\u{10FFFD}"),
            .array([.object([.init("a", .array([.null, .number(12)])), .init("é", .bool(false))])]),
        ])
    func roundTrip(value: JSON) throws {
        #expect(try JSON(parsing: Array(value.text.utf8)) == value)
    }

    @Test(
        "texts that are no JSON, or mean two things, are refused with their place",
        arguments: [
            ("", 0, "no value begins here"), ("nul", 0, "no value begins here"),
            ("1 2", 2, "something stands behind the value"),
            ("[1,]", 3, "no value begins here"),
            ("[1 2]", 3, "a comma or a closing bracket is missing"),
            ("{\"a\" 1}", 5, "a colon is missing"), ("{a:1}", 1, "a text in quotes is missing"),
            ("{\"a\":1,\"\\u0061\":2}", 15, "the name \"a\" stands there twice"),
            ("\"abc", 4, "a text has no end"),
            ("\"a\nb\"", 3, "a control character stands in a text"),
            ("\"\\x\"", 2, "an unknown escape"), ("\"\\u12g4\"", 3, "an unknown escape"),
            ("\"\\u12", 3, "an unknown escape"), ("\"\\ud800\"", 7, "half a character"),
            ("\"\\udc00\"", 7, "half a character"),
            ("\"\\ud800\\u0041\"", 13, "half a character"),
            ("-1", 0, "no value begins here"),
            ("1.5", 1, "the number is not a whole one below 2^63, in plain digits"),
            ("1e3", 1, "the number is not a whole one below 2^63, in plain digits"),
            ("01", 2, "the number is not a whole one below 2^63, in plain digits"),
            (
                "9223372036854775808", 19,
                "the number is not a whole one below 2^63, in plain digits"
            ),
            (
                String(repeating: "[", count: 17), 16,
                "values stand more than 16 deep in one another"
            ),
        ])
    func refused(text: String, offset: Int, message: String) throws {
        #expect(throws: JSON.ReadingFault(offset: offset, message: message)) {
            try JSON(parsing: Array(text.utf8))
        }
    }

    @Test("bytes that are no UTF-8 are refused, and sixteen values deep is not too deep")
    func bounds() throws {
        #expect(throws: JSON.ReadingFault(offset: 3, message: "the text before is not UTF-8")) {
            try JSON(parsing: [0x22, 0xFF, 0x22])
        }
        let deep = String(repeating: "[", count: 16) + String(repeating: "]", count: 16)
        #expect(try JSON(parsing: Array(deep.utf8)) != .null)
        for length in 0..<40 {
            let text = "{\"a\":[1,true,null,\"\\ud83d\\ude00\"],\"b\":0}"
            #expect(throws: JSON.ReadingFault.self) {
                try JSON(parsing: Array(text.utf8.prefix(length)))
            }
        }
    }
}

extension JSON {
    /// Hands over the value once for each place in it, with the value there altered.
    fileprivate func forEachAlteration(
        at place: String = "", _ body: (String, JSON) throws -> Void
    ) throws {
        switch self {
        case .object(let members):
            for (index, member) in members.enumerated() {
                let inner = place.isEmpty ? member.name : "\(place).\(member.name)"
                var fewer = members
                fewer.remove(at: index)
                // What nobody can prove is not asked for.
                if member.name != "done" || member.value == .null {
                    try body(inner, .object(fewer))
                }
                try member.value.forEachAlteration(at: inner) { place, altered in
                    var others = members
                    others[index] = Member(member.name, altered)
                    try body(place, .object(others))
                }
            }
        case .array(let values):
            try body(place, .array(values + [.null]))
            for (index, value) in values.enumerated() {
                try value.forEachAlteration(at: "\(place)[\(index)]") { place, altered in
                    var others = values
                    others[index] = altered
                    try body(place, .array(others))
                }
            }
        case .string(let text): try body(place, .string(text + " "))
        case .number(let number): try body(place, .number(number + 1))
        case .bool: break
        case .null: try body(place, .bool(true))
        }
    }
}
