// SPDX-License-Identifier: Apache-2.0

import Glibc
import SoftHSMSupport

/// The program that shows behaviours on one back end.
///
/// Modules read their variables once in a process, some crash, and some never come back: so each
/// back end has a process of its own. It reads the name of a behaviour from each line, and answers
/// with `ok`, or with what was not as it should be on one line.
public enum Driver {
    /// Serves until the input ends.
    public static func run(_ arguments: [String]) async {
        if arguments.first == "sweep" {
            say("ready")
            while let line = readLine() { say(await sweep(line)) }
            return
        }
        guard let name = arguments.first, let backend = Backend(rawValue: name) else {
            return say("no back end is named")
        }
        let stand: Stand
        do {
            stand = try backend.start()
        } catch {
            return say(oneLine("\(backend.rawValue) does not start: \(error)"))
        }
        defer { stand.stop() }
        say("ready")
        while let line = readLine() {
            say(await answer(to: line, stand))
        }
    }

    /// Sweeps over an operation with a fault: `sign: a hang`.
    private static func sweep(_ line: String) async -> String {
        let parts = line.split(separator: ":", maxSplits: 1)
        guard parts.count == 2, let operation = Operation(rawValue: String(parts[0])),
            let fault = FaultSweep(rawValue: String(parts[1].dropFirst()))
        else { return "no such sweep: \(line)" }
        do {
            return "ok \(try await fault.sweep(operation))"
        } catch {
            return oneLine("\(error)")
        }
    }

    private static func answer(to line: String, _ stand: Stand) async -> String {
        do {
            guard let behaviour = Behaviour(rawValue: line) else {
                return "no such behaviour: \(line)"
            }
            try await behaviour.show(on: stand)
            return "ok"
        } catch {
            return oneLine("\(error)")
        }
    }

    /// Says a line at once.
    private static func say(_ line: String) {
        let bytes = Array((line + "\n").utf8)
        _ = write(1, bytes, bytes.count)
    }

    private static func oneLine(_ text: String) -> String {
        text.split(separator: "\n").joined(separator: " | ")
    }
}
