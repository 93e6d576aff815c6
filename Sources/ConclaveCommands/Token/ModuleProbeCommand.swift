// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Glibc
import PKCS11Token
import Token

/// Looks at a module and reports on descriptor 3; what ``ModuleProbe`` starts.
struct ModuleProbeCommand: AsyncParsableCommand {
    static let name = "probe-module"

    static let configuration = CommandConfiguration(
        commandName: name,
        abstract: "Look at a PKCS#11 module and report on descriptor 3; used by this program.",
        discussion: "conclave token probe-module --module PATH --time-limit 10 3>report",
        shouldDisplay: false)

    @Option(help: ArgumentHelp("The module, by its absolute path.", valueName: "path"))
    var module: String

    @Option(help: ArgumentHelp("How long the module may take, in seconds.", valueName: "seconds"))
    var timeLimit: UInt32

    @Flag(help: "Load the module, and call nothing in it but C_GetFunctionList.")
    var loadOnly = false

    mutating func validate() throws {
        try Descriptor.keepToOurselves(ChildRun.reportDescriptor, option: "descriptor")
        guard (1...3600).contains(timeLimit) else {
            throw ValidationError("--time-limit is not from 1 to 3600")
        }
    }

    func run() async throws {
        // Ends a module that hangs even where whoever started us is gone.
        signal(SIGALRM, SIG_DFL)
        alarm(timeLimit)
        let report = await report()
        write(report.bytes)
        // A module's own tidying up at the end has nothing to add, and may crash or hang.
        _exit(0)
    }

    private func report() async -> ModuleReport {
        var report = ModuleReport()
        do throws(TokenError) {
            let module = try PKCS11Module(path: module)
            guard !loadOnly else { return report }
            do throws(TokenError) {
                let information = try module.information()
                report.name = information.description
                report.manufacturer = information.manufacturer
                report.version = information.version
                report.interface = information.interfaceVersion
            } catch  where error.code == .unsupported {
                // A module may leave C_GetInfo out, and work all the same.
            }
            for slot in try module.slots() {
                guard slot.token != nil || slot.fault != nil else { continue }
                report.entries.append(await entry(slot, of: module))
            }
        } catch {
            report.fault = error
        }
        return report
    }

    private func entry(
        _ slot: PKCS11Slot, of module: PKCS11Module
    ) async -> ModuleReport.Entry {
        var entry = ModuleReport.Entry()
        entry.slot = slot.name
        entry.fault = slot.fault
        guard let token = slot.token else { return entry }
        entry.token = token.identity
        entry.isSetUp = token.flags.contains(.initialized)
        entry.firmware = token.firmwareVersion
        entry.tries = token.flags.triesLeft ?? ""
        guard entry.isSetUp else { return entry }
        do throws(TokenError) {
            let open = try await module.open(token.identity.uri)
            do throws(TokenError) {
                entry.keys = try await open.publicKeys().map {
                    ModuleReport.Key(publicKey: $0.key, label: $0.label)
                }
            } catch {
                entry.fault = error
            }
            await open.close()
        } catch {
            entry.fault = error
        }
        return entry
    }

    private func write(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes {
                unsafe Glibc.write(ChildRun.reportDescriptor, $0.baseAddress, $0.count)
            }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if errno != EINTR {
                _exit(1)
            }
        }
    }
}
