// SPDX-License-Identifier: Apache-2.0

import Glibc
import TestSupport

/// Something about a simulated card or its reader that fails the test.
public struct PIVCardError: Error, CustomStringConvertible {
    /// What was wanted, and what came of it.
    public let description: String

    init(_ description: String) { self.description = description }
}

/// The card in C, `Tests/Support/piv-card`.
public enum PIVCardProgram {
    /// The program's path; it is compiled where it is not up to date.
    public static func path() throws -> String { try helpers.get() + "/piv-card" }

    private static let helpers: Result<String, any Error> = Result {
        let sources = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let folder = getenv("CONCLAVE_TEST_SUPPORT").map { String(cString: $0) } ?? besideTests
        let outcome = try Subprocess.run(
            "/bin/sh", ["/\(sources)/Tests/Support/build.sh", folder])
        guard outcome.status == .exited(0) else { throw PIVCardError(outcome.errors) }
        return folder
    }

    /// A folder beside the running tests, which the build owns.
    private static var besideTests: String {
        var path = [CChar](repeating: 0, count: Int(PATH_MAX))
        let length = readlink("/proc/self/exe", &path, path.count)
        let bytes = path.prefix(max(0, length)).map { UInt8(bitPattern: $0) }
        let folder = String(decoding: bytes, as: UTF8.self).split(separator: "/").dropLast()
        return "/" + folder.joined(separator: "/") + "/conclave-helpers"
    }
}
