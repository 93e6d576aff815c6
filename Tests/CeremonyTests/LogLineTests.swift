// SPDX-License-Identifier: Apache-2.0
import Ceremony
import Documents
import HomeSupport
import Testing

@Suite("Lines of a log")
struct LogLineTests {
    private static let message = "Accepted publickey for deploy from 10.0.0.7 port 5 ssh2: …"

    private func line(
        _ text: String, now: String = "2026-11-22T18:00:00Z", offset: Int = 0, year: UInt64? = nil
    ) throws -> LogLine {
        LogLine(
            Array(text.utf8)[...],
            clock: LogClock(now: try time(now), offset: offset, year: year))
    }

    private func message(_ line: LogLine) -> String {
        String(decoding: line.message, as: UTF8.self)
    }

    @Test(
        "every form in which hosts keep a line gives the same time, host, program and message",
        arguments: [
            // syslog: traditional, with a priority, with a year before or behind, with a fraction.
            "Nov 22 16:01:02 web1 sshd[321]: ", "<38>Nov 22 16:01:02 web1 sshd[321]: ",
            "Nov 22 2026 16:01:02 web1 sshd[321]: ", "Nov 22 16:01:02 2026 web1 sshd[321]: ",
            "Nov 22 16:01:02.123456 web1 sshd[321]: ", "Nov 22 16:01:02 web1 sshd-session[321]: ",
            "Nov 22 16:01:02 web1 sshd-auth[321]: ", "Nov 22 16:01:02 web1 /usr/sbin/sshd[321]: ",
            "Nov 22 16:01:02 web1 sshd: ", "Sun Nov 22 16:01:02 2026 web1 sshd[321]: ",
            // rsyslog with RFC 3339, and journalctl -o short-iso, short-iso-precise.
            "2026-11-22T16:01:02Z web1 sshd[321]: ",
            "2026-11-22T17:01:02.123456+01:00 web1 sshd[321]: ",
            "2026-11-22T17:01:02+0100 web1 sshd[321]: ",
            "2026-11-22T10:31:02-05:30 web1 sshd[321]: ", "2026-11-22 16:01:02 web1 sshd[321]: ",
            "2026-11-22T18:01:02+02 web1 sshd[321]: ", "2026-11-22T16:01:02,5Z web1 sshd[321]: ",
            "<86>2026-11-22T16:01:02Z web1 sshd[321]: ",
            // journalctl -o short-full, with-unit, short-unix.
            "Sun 2026-11-22 16:01:02 UTC web1 sshd[321]: ",
            "Sun 2026-11-22 16:01:02 UTC web1 ssh.service[321]: ",
            "Sun 2026-11-22 17:01:02 +01 web1 sshd-session[321]: ",
            "1795363262.123456 web1 sshd[321]: ",
            // RFC 5424, without and with structured data, with and without a mark of UTF-8.
            "<86>1 2026-11-22T16:01:02.003Z web1 sshd 321 - - ",
            "<86>1 2026-11-22T16:01:02.003Z web1 sshd-session 321 ID47 - \u{FEFF}",
            #"<86>1 2026-11-22T16:01:02Z web1 sshd 321 - [a@1 b="\"]x"][c d="e"] "#,
            "1 2026-11-22T17:01:02+01:00 web1 sshd 321 - - ",
        ])
    func forms(header: String) throws {
        let found = try line(header + Self.message)
        #expect(found.time == (try time("2026-11-22T16:01:02Z")))
        #expect(found.host == "web1")
        #expect(found.isOfSSHD)
        #expect(message(found) == Self.message)
    }

    @Test(
        "what tells no time, no host or no program is read as far as it goes",
        arguments: [
            ("", nil, nil, nil), ("[ 1234.567890] web1 sshd[321]: ", nil, "web1", "sshd"),
            ("[ 1234.567890 <    0.000012 >] web1 sshd[3]: ", nil, "web1", "sshd"),
            ("<38>1 - web1 sshd 3 - - ", nil, "web1", "sshd"),
            ("<38>Nov 22 16:01:02 sshd[321]: ", "2026-11-22T16:01:02Z", nil, "sshd"),
            ("2026-11-22T16:01:02Z ", "2026-11-22T16:01:02Z", nil, nil),
            ("Feb 30 16:01:02 web1 sshd[321]: ", nil, "web1", "sshd"),
            ("2026-11-22T16:60:02Z web1 sshd[321]: ", nil, "web1", "sshd"),
        ])
    func partial(header: String, moment: String?, host: String?, program: String?) throws {
        let found = try line(header + Self.message)
        #expect(found.time == (try moment.map { try time($0) }))
        #expect(found.host == host)
        #expect(found.program == program)
        #expect(found.isOfSSHD)
        #expect(message(found) == Self.message)
    }

    @Test(
        "the journal's JSON is read, its escapes and its bytes too",
        arguments: [
            #"{"MESSAGE":"Accepted é\"\\\n","_HOSTNAME":"web1","SYSLOG_IDENTIFIER":"sshd","#
                + #""__REALTIME_TIMESTAMP":"1795363262123456","_PID":"3","X":null,"N":1.5e3}"#,
            #"{ "__REALTIME_TIMESTAMP" : "1795363262000000" , "_COMM" : "sshd-session", "#
                + #""MESSAGE" : "Accepted \u00e9\u0022\u005C\u000a", "_HOSTNAME":"web1" }"#,
            #"{"MESSAGE":[65,99,99,101,112,116,101,100,32,195,169,34,92,10],"_HOSTNAME":"web1","#
                + #""_COMM":"sshd","A":["x","y"],"__REALTIME_TIMESTAMP":"1795363262999999"}"#,
        ])
    func journal(text: String) throws {
        let found = try line(text)
        #expect(found.time == (try time("2026-11-22T16:01:02Z")))
        #expect(found.host == "web1")
        #expect(found.isOfSSHD)
        #expect(message(found) == "Accepted é\"\\\n")
    }

    @Test(
        "JSON that is broken, or says its message twice, is a line without a header",
        arguments: [
            "{", "{}", "{\"MESSAGE\":\"x\"", "{\"MESSAGE\":\"x\"} y", "{\"MESSAGE\":\"x",
            "{\"MESSAGE\":\"\\uD800\"}", "{\"MESSAGE\":[256]}", "{\"MESSAGE\":[[1]]}",
            "{\"MESSAGE\":\"x\",\"MESSAGE\":\"y\"}", "{\"MESSAGE\":\"\\q\"}", "{\"A\":1}",
            "{\"_COMM\":\"a\",\"_COMM\":\"sshd\",\"MESSAGE\":\"x\"}", "{\"MESSAGE\":{\"a\":1}}",
        ])
    func brokenJournal(text: String) throws {
        let found = try line(text)
        #expect(message(found) == text)
        #expect(found.program == nil && found.time == nil)
    }

    @Test("a line of another program is not sshd's, whatever it says")
    func others() throws {
        for program in ["mallory", "su", "ssh", "sshdx", "xsshd", "sshd_"] {
            let found = try line("Nov 22 16:01:02 web1 \(program)[1]: sshd[2]: \(Self.message)")
            #expect(found.program == program)
            #expect(!found.isOfSSHD, "\(program)")
        }
        let json = try line(#"{"MESSAGE":"Accepted publickey for x"}"#)
        #expect(!json.isOfSSHD)
    }

    @Test("a line without a year means the last such day that is not more than a day ahead")
    func years() throws {
        func moment(_ date: String, now: String, year: UInt64? = nil) throws -> String? {
            try line("\(date) web1 sshd[1]: x", now: now, year: year).time?.text
        }
        let now = "2026-11-22T16:01:02Z"
        #expect(try moment("Nov 22 16:01:02", now: now) == "2026-11-22T16:01:02Z")
        #expect(try moment("Nov 23 16:01:02", now: now) == "2026-11-23T16:01:02Z")
        #expect(try moment("Nov 23 16:01:03", now: now) == "2025-11-23T16:01:03Z")
        #expect(try moment("Dec  1 00:00:00", now: now) == "2025-12-01T00:00:00Z")
        #expect(
            try moment("Jan  1 00:00:00", now: "2026-12-31T12:00:00Z") == "2027-01-01T00:00:00Z")
        #expect(try moment("Feb 29 00:00:00", now: now) == "2024-02-29T00:00:00Z")
        #expect(try moment("Feb 29 00:00:00", now: now, year: 2025) == nil)
        #expect(try moment("Nov 22 16:01:02", now: now, year: 2020) == "2020-11-22T16:01:02Z")
        #expect(try moment("Dec 31 23:59:60", now: now) == "2025-12-31T23:59:59Z")
        #expect(try moment("Dec 31 23:59:61", now: now) == nil)
    }

    @Test("a line without a zone is in the zone that was named, and one with a zone in its own")
    func zones() throws {
        let east = 3_600
        #expect(
            try line("Nov 22 16:01:02 web1 sshd[1]: x", offset: east).time?.text
                == "2026-11-22T15:01:02Z")
        #expect(
            try line("Sun 2026-11-22 16:01:02 CET web1 sshd[1]: x", offset: -east).time?.text
                == "2026-11-22T17:01:02Z")
        #expect(
            try line("2026-11-22T16:01:02Z web1 sshd[1]: x", offset: east).time?.text
                == "2026-11-22T16:01:02Z")
        #expect(try line("1970-01-01T00:00:00+01:00 web1 sshd[1]: x").time == nil)
    }

    @Test("no line traps, however it is cut or filled")
    func hostile() throws {
        let whole = [
            #"<86>1 2026-11-22T16:01:02Z web1 sshd 321 - [a@1 b="\"]x"] \#(Self.message)"#,
            #"{"MESSAGE":"A\u00e9\ud83d\ude00","_HOSTNAME":"w","__REALTIME_TIMESTAMP":"1"}"#,
            "Sun 2026-11-22 16:01:02.5 +01:30 web1 sshd[321]: x", "Nov  2 16:01:02 web1 sshd: x",
            "99999999999.9 a b: c", "18446744073709551616.1 a b: c", "[1] ",
            "9999-12-31T23:59:59-23:59 a b: c",
        ]
        for text in whole {
            let bytes = Array(text.utf8)
            for end in 0...bytes.count {
                _ = LogLine(bytes[..<end], clock: LogClock(now: UnixTime(seconds: 0)))
                for byte: UInt8 in [0x00, 0x20, 0x22, 0x5B, 0x5C, 0x7B, 0xFF]
                where end < bytes.count {
                    var changed = bytes
                    changed[end] = byte
                    _ = LogLine(
                        changed[...],
                        clock: LogClock(now: UnixTime(seconds: .max), offset: .max, year: .max))
                }
            }
        }
        let deep = Array(repeating: UInt8(ascii: "["), count: 100_000)
        _ = LogLine((Array("{\"a\":".utf8) + deep)[...], clock: LogClock(now: .latest))
        _ = LogLine(deep[...], clock: LogClock(now: .latest))
    }
}
