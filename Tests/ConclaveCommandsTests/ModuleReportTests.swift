// SPDX-License-Identifier: Apache-2.0
import Documents
import SSHFormats
import Testing
import Token

@testable import ConclaveCommands

@Suite("The report on a module")
struct ModuleReportTests {
    private static let key =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHxXJ4MoPkt0iIGFLjxAr3IEVYcaGgoIFbVCJZAxTcyQ"

    private func report() throws -> ModuleReport {
        var report = ModuleReport()
        report.name = "a \"library\" of 100 %"
        report.manufacturer = "Zoë\n"
        report.version = "2.6"
        report.interface = "2.40"
        var entry = ModuleReport.Entry()
        entry.slot = " slot "
        entry.token = TokenIdentity(
            label: "ca; of\u{1B}[2J", serial: "", model: "m", manufacturer: "%")
        entry.firmware = "5.4"
        entry.tries = "one try left"
        entry.keys = [
            ModuleReport.Key(publicKey: try PublicKey(line: Self.key), label: "a key"),
            ModuleReport.Key(publicKey: try PublicKey(line: Self.key), label: ""),
        ]
        var other = ModuleReport.Entry()
        other.isSetUp = false
        other.fault = TokenError(.removed, "the token is gone", hint: "put it in")
        report.entries = [entry, other]
        return report
    }

    @Test("what was written is read back, whatever names hold")
    func roundTrip() throws {
        let report = try report()
        #expect(try ModuleReport(parsing: report.bytes) == report)
        #expect(try ModuleReport(parsing: ModuleReport().bytes) == ModuleReport())
        // One line to a field, and nothing that a terminal would act on.
        #expect(report.bytes.allSatisfy { $0 == 0x0A || (0x20...0x7E).contains($0) })
    }

    @Test("no text that was cut or changed traps, and each is refused or read")
    func damaged() throws {
        let original = try report()
        let bytes = original.bytes
        for count in bytes.indices {
            _ = try? ModuleReport(parsing: Array(bytes.prefix(count)))
        }
        for place in bytes.indices {
            for byte: UInt8 in [0, 0x0A, 0x20, 0x25, 0x3A, 0xFF] {
                var changed = bytes
                changed[place] = byte
                guard let report = try? ModuleReport(parsing: changed) else { continue }
                #expect(report.bytes == changed || report != original)
            }
        }
    }

    @Test(
        "what a report may not hold is refused",
        arguments: [
            "name: a b", "name: %0", "name: %41", "fault: strange text", "fault: removed",
            "fault: removed a b c", "strange: x",
        ])
    func header(line: String) {
        let bytes = Array("conclave-module-report: v1\n\(line)\n".utf8)
        #expect(throws: Violations.self) { try ModuleReport(parsing: bytes) }
    }

    @Test(
        "what an entry may not hold is refused",
        arguments: [
            "slot: x", "set-up: perhaps", "set-up: yes\ntoken: no",
            "set-up: yes\ntoken: yes\nlabel: %C3",
            "set-up: yes\nkey: ssh-ed25519", "set-up: yes\nkey: ssh-ed25519 AAAA",
            "set-up: yes\nkey: \(key) a b", "set-up: yes\nkey: \(key) %4",
        ])
    func entry(lines: String) {
        let bytes = Array("conclave-module-report: v1\n\n\(lines)\n".utf8)
        #expect(throws: Violations.self) { try ModuleReport(parsing: bytes) }
    }
}
