// SPDX-License-Identifier: Apache-2.0

import Glibc
import TestSupport

/// Namespaces in which a PC/SC service has the network and `/run` for itself.
enum PIVCardRoom {
    private static let script =
        #filePath.split(separator: "/").dropLast(2).reduce(into: "") { $0 += "/" + $1 }
        + "/Support/room.sh"

    /// Whether there are such namespaces here, tried once.
    private static let isOpen: Result<Void, any Error> = Result {
        let outcome = try Subprocess.run("/bin/sh", [script, "true"])
        guard outcome.status == .exited(0) else {
            throw PIVCardError(
                "No PC/SC service can be started for the tests of PIV cards.\n\(outcome.errors)")
        }
    }

    /// Starts a shell in namespaces of its own, which does as `orders` say until they end.
    static func enter(
        directory: TemporaryDirectory, orders: Int32, answers: Int32
    ) throws -> Subprocess {
        try isOpen.get()
        let errors = try checked(
            "open",
            open(directory.file("errors"), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o600))
        defer { close(errors) }
        return try Subprocess(
            "/bin/sh",
            [
                script, "/bin/sh", "-c",
                "mount --bind \(directory.file("run")) /run/pcscd && exec sh",
            ], input: orders, output: answers, errors: errors)
    }
}
