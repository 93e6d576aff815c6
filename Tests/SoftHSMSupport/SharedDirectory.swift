// SPDX-License-Identifier: Apache-2.0

import Glibc
import TestSupport

/// A directory for what lives as long as the test process: tokens, modules.
public enum SharedDirectory {
    /// The directory; it goes when the process ends.
    public static let directory: TemporaryDirectory = {
        do {
            let directory = try TemporaryDirectory()
            // An object in a static property is never let go.
            atexit { SharedDirectory.remove() }
            return directory
        } catch {
            fatalError("\(error)")
        }
    }()

    /// The path of a name in the directory.
    public static func file(_ name: String) -> String { directory.file(name) }

    /// Writes a file into the directory, and answers its path.
    public static func write(_ name: String, _ text: String) -> String {
        do {
            return try directory.write(name, text)
        } catch {
            fatalError("\(error)")
        }
    }

    /// Runs a program by name; without its success nothing that follows would make sense.
    public static func run(_ arguments: [String], environment: [String: String] = [:]) {
        let path = ["PATH": "/usr/local/bin:/usr/bin:/bin"]
        do {
            let outcome = try Subprocess.run(
                "/usr/bin/env", arguments, environment: path.merging(environment) { $1 })
            guard outcome.status == .exited(0) else {
                fatalError("\(arguments): \(outcome.status), \(outcome.errors)")
            }
        } catch {
            fatalError("\(arguments): \(error)")
        }
    }

    private static func remove() { run(["rm", "-rf", "--", directory.path]) }
}
