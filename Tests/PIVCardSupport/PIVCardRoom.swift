// SPDX-License-Identifier: Apache-2.0

import Glibc
import TestSupport

/// Namespaces in which a PC/SC service has the network and `/run` for itself.
enum PIVCardRoom {
    /// The ways in: as root of a user namespace, else as root where no such namespace is allowed.
    private static let ways: [[String]] = [
        ["--user", "--map-root-user"], [],
    ].map { $0 + ["--mount", "--net", "--pid", "--fork", "--kill-child"] }

    private static let preparation = "mount -t tmpfs none /run && mkdir /run/pcscd"

    /// The way that works here, tried once.
    private static let way: Result<[String], any Error> = Result {
        var reasons: [String] = []
        for way in ways {
            let outcome = try Subprocess.run(
                "/usr/bin/unshare", way + ["/bin/sh", "-c", preparation])
            if outcome.status == .exited(0) { return way }
            reasons.append("unshare \(way.joined(separator: " ")): \(outcome.errors)")
        }
        throw PIVCardError(
            """
            No PC/SC service can be started for the tests of PIV cards: neither user namespaces nor \
            root's own mount, network and process namespaces are allowed here.
            \(reasons.joined())Allow user namespaces (sysctl kernel.unprivileged_userns_clone=1, \
            kernel.apparmor_restrict_unprivileged_userns=0), or run the tests as root with \
            CAP_SYS_ADMIN.
            """)
    }

    /// Starts a shell in namespaces of its own, which does as `orders` say until they end.
    static func enter(
        directory: TemporaryDirectory, orders: Int32, answers: Int32
    ) throws -> Subprocess {
        let errors = try checked(
            "open",
            open(directory.file("errors"), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o600))
        defer { close(errors) }
        return try Subprocess(
            "/usr/bin/unshare",
            try way.get() + [
                "/bin/sh", "-c",
                "\(preparation) && mount --bind \(directory.file("run")) /run/pcscd && exec sh",
            ], input: orders, output: answers, errors: errors)
    }
}
