// SPDX-License-Identifier: Apache-2.0
import ArgumentParser

/// What the program's end says; wrong usage ends with 64.
enum ExitStatus: Int32 {
    /// A fault of the machine: no verdict can be given.
    case machineFault = 1
    /// Something is not as it should be.
    case notSound = 2

    /// The status as the argument parser takes it.
    var code: ExitCode { ExitCode(rawValue) }
}

/// Carries out a command, and says what kept it from its verdict.
func reporting(_ body: () throws -> Bool) throws {
    let isSound: Bool
    do {
        isSound = try body()
    } catch let fault as MachineFault {
        complain(["\(fault)"])
        throw ExitStatus.machineFault.code
    } catch let refused as RefusedFile {
        complain(refused.lines)
        throw ExitStatus.notSound.code
    }
    guard isSound else { throw ExitStatus.notSound.code }
}

/// Writes lines to standard error, each behind the program's name.
func complain(_ lines: [String]) {
    for line in lines {
        do {
            try StandardStream.errors.write(line: "conclave-verify: \(line)")
        } catch {
            // There is nowhere left to say it but in the exit status.
            return
        }
    }
}
