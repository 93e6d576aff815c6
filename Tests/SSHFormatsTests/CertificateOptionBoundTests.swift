// SPDX-License-Identifier: Apache-2.0
import SSHFormats
import Testing

/// Certificates laid by hand, each with one thing wrong in its options or extensions.
@Suite("bounds of options in certificates")
struct CertificateOptionBoundTests {
    private func nested(_ text: String) -> String {
        String(decoding: packed(text), as: UTF8.self)
    }

    @Test("critical options have known names, their own form of data, and no bytes over")
    func criticalOptions() {
        #expect(taken { $0.criticalOptions = packed("verify-required", "") })
        #expect(taken { $0.criticalOptions = packed("force-command", nested("/bin/x")) })
        #expect(
            text { $0.criticalOptions = packed("verify-required", "x") }
                == "verify-required at byte 169: 1 bytes are left over")
        #expect(
            text { $0.criticalOptions = packed("force-command", "/bin/x") }
                == "force-command at byte 167: 794978670 bytes exceed the limit of 262144")
        #expect(
            text { $0.criticalOptions = packed("force-command", nested("/bin/x") + "y") }
                == "force-command at byte 177: 1 bytes are left over")
        #expect(
            text { $0.criticalOptions = packed("force-command", "") }
                == "force-command at byte 150: value is missing")
        #expect(
            text { $0.criticalOptions = packed("force-command", nested("")) }
                == "force-command at byte 171: it is empty")
        #expect(
            text { $0.criticalOptions = packed("source-address", nested("10.0.0.1/8")) }
                == "source-address at byte 172: \"10.0.0.1/8\" has host bits set")
        #expect(
            text { $0.criticalOptions = packed("permit-pty", "") }
                == "critical option at byte 150: \"permit-pty\" is not known")
        #expect(
            text { $0.criticalOptions = packed("permit-pty", "yes") }
                == "critical option at byte 150: \"permit-pty\" is not known")
        #expect(
            text { $0.criticalOptions = packed("verify-required") }
                == "critical options at byte 165: needs 4 bytes, 0 are left")
    }

    @Test("extensions have known names and no data")
    func extensions() {
        #expect(taken { $0.extensions = packed("permit-pty", "") })
        #expect(
            text { $0.extensions = packed("permit-pty", nested("yes")) }
                == "permit-pty at byte 168: 7 bytes are left over")
        #expect(
            text { $0.extensions = packed("force-command", nested("/bin/x")) }
                == "extension at byte 154: \"force-command\" is not known")
        #expect(
            text { $0.extensions = packed("permit-pty") }
                == "extensions at byte 164: needs 4 bytes, 0 are left")
    }

    @Test("names stand in the order of their bytes, each once")
    func optionOrder() {
        #expect(
            taken { $0.extensions = packed("permit-X11-forwarding", "", "permit-pty", "") })
        #expect(
            text { $0.extensions = packed("permit-pty", "", "permit-X11-forwarding", "") }
                == "extensions at byte 172: \"permit-X11-forwarding\" is not in the order of names")
        #expect(
            text { $0.extensions = packed("permit-pty", "", "permit-pty", "") }
                == "extensions at byte 172: \"permit-pty\" is there twice")
        #expect(
            text {
                $0.criticalOptions = packed(
                    "force-command", nested("a"), "force-command", nested("b"))
            } == "critical options at byte 176: \"force-command\" is there twice")
        #expect(
            text {
                $0.criticalOptions = packed(
                    "verify-required", "", "force-command", nested("b"))
            } == "critical options at byte 173: \"force-command\" is not in the order of names")
    }

    @Test("a host certificate has neither options nor extensions")
    func host() {
        #expect(
            text {
                $0.kind = 2
                $0.extensions = packed("permit-pty", "")
            } == "extensions at byte 150: a host certificate may have none")
        #expect(
            text {
                $0.kind = 2
                $0.criticalOptions = packed("verify-required", "")
            } == "critical options at byte 146: a host certificate may have none")
    }
}
