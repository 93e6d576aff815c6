// SPDX-License-Identifier: Apache-2.0
import SSHFormats
import Testing

@Suite("critical options and extensions")
struct CertificateOptionTests {
    @Test(
        "the text form comes back",
        arguments: [
            ("force-command=/bin/true", CriticalOption.forceCommand("/bin/true")),
            ("force-command=a=b, c", .forceCommand("a=b, c")),
            ("source-address=10.0.0.0/8", .sourceAddress(["10.0.0.0/8"])),
            ("source-address=192.0.2.1,::1/128", .sourceAddress(["192.0.2.1", "::1/128"])),
            ("verify-required", .verifyRequired),
        ])
    func text(text: String, option: CriticalOption) throws {
        #expect(try CriticalOption(text: text) == option)
        #expect(option.text == text)
        #expect(text.hasPrefix(option.name))
    }

    @Test(
        "a text that is no option is refused",
        arguments: [
            ("", "critical option at byte 0: \"\" is not known"),
            ("permit-pty", "critical option at byte 0: \"permit-pty\" is not known"),
            ("Force-Command=x", "critical option at byte 0: \"Force-Command\" is not known"),
            ("force-command", "force-command at byte 0: value is missing"),
            ("force-command=", "force-command at byte 14: it is empty"),
            ("force-command=a\nb", "force-command at byte 15: byte 0a is not printable ASCII"),
            ("force-command=é", "force-command at byte 14: byte c3 is not printable ASCII"),
            ("source-address", "source-address at byte 0: value is missing"),
            ("source-address=", "source-address at byte 15: an entry is empty"),
            ("verify-required=", "verify-required at byte 0: it takes no value"),
            ("verify-required=yes", "verify-required at byte 0: it takes no value"),
            ("verify-required ", "critical option at byte 0: \"verify-required \" is not known"),
        ])
    func textRefused(text: String, expected: String) {
        #expect(fault { try CriticalOption(text: text) } == expected)
    }

    @Test("a forced command has 4096 characters at most")
    func commandLimit() {
        let longest = "force-command=" + String(repeating: "x", count: 4096)
        #expect(throws: Never.self) { try CriticalOption(text: longest) }
        #expect(
            fault { try CriticalOption(text: longest + "x") }
                == "force-command at byte 14: 4097 bytes exceed the limit of 4096")
    }

    @Test(
        "addresses and networks that every reader takes alike are taken",
        arguments: [
            "127.0.0.1", "0.0.0.0/0", "255.255.255.255/32", "10.0.0.0/8", "10.128.0.0/9",
            "192.0.2.128/25", "192.0.2.7/32", "::", "::/0", "::1", "::1/128", "2001:db8::/32",
            "2001:DB8::1", "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7::", "::2:3:4:5:6:7:8", "fe80::/10",
            "::ffff:192.0.2.1", "64:ff9b::192.0.2.0/120", "1:2:3:4:5:6:192.0.2.1", "8000::/1",
            "1111:2222:3333:4444:5555:6666:7777:8888/128",
        ])
    func addresses(entry: String) throws {
        #expect(try CriticalOption(text: "source-address=\(entry)") == .sourceAddress([entry]))
    }

    @Test(
        "anything else is not an address",
        arguments: [
            "localhost", "*", "!10.0.0.1", "10.0.0.*", " 10.0.0.1", "10.0.0.1 ", "10.0.0",
            "10.0.0.1.2", "10.0.0.256", "10.0.0.01", "010.0.0.1", "10.0.0.-1", "0x7f.0.0.1",
            "2130706433", "10..0.1", "10.0.0.", ":", ":::", "1::2::3", "1:2:3:4:5:6:7",
            "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8::", "1:2:3:4::5:6:7:8", "12345::", "g::1",
            "fe80::1%eth0", "[::1]", "::1:", ":1::", "192.0.2.1::", "::192.0.2.1:1",
            "1:2:3:4:5:6:7:192.0.2.1", "1:192.0.2.1::", "::ffff:1.2.3", "é", "::１", "/8", "",
        ])
    func notAddresses(entry: String) {
        let text = fault { try CriticalOption(text: "source-address=10.0.0.1,\(entry)") }
        #expect(
            text.hasPrefix("source-address at byte 24: ")
                && (text.hasSuffix(" is not an IPv4 or IPv6 address or network")
                    || text.hasSuffix("an entry is empty")),
            "\(text)")
    }

    @Test(
        "the prefix length is a number within the address, and no bit is set behind it",
        arguments: [
            ("10.0.0.0/33", "has no prefix length of 0 to 32"),
            ("10.0.0.0/", "has no prefix length of 0 to 32"),
            ("10.0.0.0/08", "has no prefix length of 0 to 32"),
            ("10.0.0.0/+8", "has no prefix length of 0 to 32"),
            ("10.0.0.0/8/8", "has no prefix length of 0 to 32"),
            ("10.0.0.0/255.0.0.0", "has no prefix length of 0 to 32"),
            ("::/129", "has no prefix length of 0 to 128"),
            ("::/1000", "has no prefix length of 0 to 128"),
            ("10.0.0.1/8", "has host bits set"),
            ("10.128.0.0/8", "has host bits set"),
            ("128.0.0.0/0", "has host bits set"),
            ("192.0.2.129/31", "has host bits set"),
            ("2001:db8::1/32", "has host bits set"),
            ("2001:db8:8000::/32", "has host bits set"),
            ("::1/127", "has host bits set"),
        ])
    func networks(entry: String, expected: String) {
        #expect(
            fault { try CriticalOption(text: "source-address=\(entry)") }
                == "source-address at byte 15: \"\(entry)\" \(expected)")
    }

    @Test("an entry has 49 characters at most")
    func entryLimit() {
        // No well-formed entry is that long; the limit keeps messages short.
        let long = String(repeating: "1", count: 50)
        #expect(
            fault { try CriticalOption(text: "source-address=\(long)") }
                == "source-address at byte 15: entry of 50 bytes exceeds the limit of 49")
        #expect(
            fault { try CriticalOption(text: "source-address=\(long.dropLast())") }
                .hasSuffix("is not an IPv4 or IPv6 address or network"))
    }

    @Test("extensions are their names", arguments: CertificateExtension.allCases)
    func extensions(flag: CertificateExtension) throws {
        #expect(flag.text == flag.rawValue)
        #expect(try CertificateExtension(text: flag.text) == flag)
        #expect(
            fault { try CertificateExtension(text: flag.text.uppercased()) }
                == "extension at byte 0: \"\(flag.text.uppercased())\" is not known")
    }

    @Test("there are six extensions, under the names of the draft")
    func extensionNames() {
        #expect(
            CertificateExtension.allCases.map(\.text) == [
                "no-touch-required", "permit-X11-forwarding", "permit-agent-forwarding",
                "permit-port-forwarding", "permit-pty", "permit-user-rc",
            ])
    }

    @Test("kinds of certificate have a number and a name")
    func kinds() {
        #expect(CertificateKind.user.rawValue == 1)
        #expect(CertificateKind.host.rawValue == 2)
        #expect(CertificateKind(name: "user") == .user)
        #expect(CertificateKind(name: "host") == .host)
        #expect(CertificateKind.allCases.map(\.name) == ["user", "host"])
        #expect(CertificateKind(name: "Host") == nil)
    }
}
