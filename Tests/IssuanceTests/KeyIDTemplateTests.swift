// SPDX-License-Identifier: Apache-2.0
import HomeSupport
import Issuance
import Testing

@Suite("Key-ID templates")
struct KeyIDTemplateTests {
    private func expand(_ text: String, requester: String = "alice") throws -> String {
        try KeyIDTemplate(text: text).expand { variable in
            switch variable {
            case .authority: "users@example.org"
            case .profile: "staff"
            case .requester: requester
            case .principal: "bob"
            case .serial: "18446744073709551615"
            case .request: "0123456789abcdef"
            }
        }
    }

    @Test("each variable and the text between them stand in their places")
    func variables() throws {
        #expect(
            try expand("{authority}:{profile}/{requester}-{principal}+{serial}={request}")
                == "users@example.org:staff/alice-bob+18446744073709551615=0123456789abcdef")
        #expect(try expand("{serial}{serial}") == "1844674407370955161518446744073709551615")
        #expect(try expand("a.b_c{request}") == "a.b_c0123456789abcdef")
    }

    @Test("a character that a log line could not carry safely becomes an underscore")
    func unsafeCharacters() throws {
        #expect(
            try expand("{requester}/{serial}", requester: "A B\t\"\u{E4}\u{202E}\\%,{}")
                == "A_B_________/18446744073709551615")
    }

    @Test("a requester's words cannot look like several parts")
    func forgedParts() throws {
        #expect(
            try expand("{requester}/{profile}/{serial}", requester: "root/admins/1")
                == "root_admins_1/staff/18446744073709551615")
    }

    @Test("a variable's value is cut to 96 bytes")
    func cut() throws {
        let longest = String(repeating: "a", count: 96)
        #expect(try expand("{requester}/{request}", requester: longest).hasPrefix(longest + "/"))
        #expect(
            try expand("{requester}/{request}", requester: longest + "b").hasPrefix(longest + "/"))
    }

    @Test("a template names the serial or the request")
    func unique() throws {
        for text in ["{requester}", "fixed", ""] {
            #expect(
                try violations { try KeyIDTemplate(text: text, line: 3) }
                    == ["line 3: key-id names neither {serial} nor {request} (POLICY-TEXT)"])
        }
        #expect(try violations { try KeyIDTemplate(text: "{serial}") } == nil)
        #expect(try violations { try KeyIDTemplate(text: "{request}") } == nil)
    }

    @Test("a variable that no table knows is refused with those that are")
    func unknownVariable() throws {
        for name in ["", "Serial", "serial ", "{serial"] {
            #expect(
                try violations { try KeyIDTemplate(text: "{\(name)}/{serial}") } == [
                    "key-id variable \"\(name)\" is not one of authority, profile, requester, "
                        + "principal, serial, request (POLICY-TEXT)"
                ])
        }
    }

    @Test("a variable is quoted with what no screen may show as it is")
    func hostileVariable() throws {
        #expect(
            try violations { try KeyIDTemplate(text: "{a\u{1B}[2J\"}/{serial}") }?.first?
                .hasPrefix("key-id variable \"a\\u{1B}[2J\\\"\" is not one of ") == true)
    }

    @Test("a brace that is not closed is refused")
    func openBrace() throws {
        for text in ["{serial", "{serial}/{", "{"] {
            #expect(
                try violations { try KeyIDTemplate(text: text) }
                    == ["key-id has a brace that is not closed (POLICY-TEXT)"])
        }
    }

    @Test("a literal character outside the table is refused")
    func literal() throws {
        for text in ["{serial} x", "}{serial}", "{serial}#", "{serial}%", "{serial}\u{E4}"] {
            #expect(
                try violations { try KeyIDTemplate(text: text) }
                    == ["key-id has a character outside A-Z a-z 0-9 . _ @ : + / = - (POLICY-TEXT)"])
        }
    }
}
