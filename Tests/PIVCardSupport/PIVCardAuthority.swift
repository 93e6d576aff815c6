// SPDX-License-Identifier: Apache-2.0

import Glibc
import TestSupport

/// The root of the attestations of all cards of this test process.
enum PIVCardAuthority {
    /// The root's certificate, PEM; it is there as soon as a card has started.
    static var rootPath: String { path + "/root.crt" }

    /// The directory that the cards share; it goes when the process ends.
    static var path: String { directory.file("authority") }

    private static let directory: TemporaryDirectory = {
        do {
            let directory = try TemporaryDirectory()
            // An object in a static property is never let go.
            atexit { PIVCardAuthority.remove() }
            return directory
        } catch {
            fatalError("\(error)")
        }
    }()

    private static func remove() {
        _ = try? Subprocess.run("/bin/rm", ["-rf", "--", directory.path])
    }
}
