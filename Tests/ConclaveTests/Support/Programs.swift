// SPDX-License-Identifier: Apache-2.0
import Glibc
import TestSupport

/// The programs and libraries that the tests run.
enum Programs {
    /// The directory of the running tests, in which `conclave` was built too.
    static let directory: String = {
        var path = [CChar](repeating: 0, count: Int(PATH_MAX))
        let length = readlink("/proc/self/exe", &path, path.count)
        let bytes = path.prefix(max(0, length)).map { UInt8(bitPattern: $0) }
        return String(
            String(decoding: bytes, as: UTF8.self).reversed().drop { $0 != "/" }.reversed())
    }()

    /// The root of the source tree.
    static let sources = String(
        #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(4)
            .joined(separator: "/"))

    /// SoftHSM's module: a PKCS#11 token in software.
    static let softHSM = first(
        of: [
            "/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
            "/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so",
        ])

    /// OpenSC's module that writes down each call to another module.
    static let spy = first(
        of: [
            "/usr/lib/x86_64-linux-gnu/pkcs11-spy.so", "/usr/lib/aarch64-linux-gnu/pkcs11-spy.so",
            "/usr/lib/pkcs11-spy.so",
        ])

    /// The directory of the helpers in C, which are compiled where they are not up to date.
    static let helpers: Result<String, any Error> = Result {
        let helpers =
            getenv("CONCLAVE_TEST_SUPPORT").map { String(cString: $0) }
            ?? directory + "conclave-helpers"
        let outcome = try Subprocess.run(
            "/bin/sh", [sources + "/Tests/Support/build.sh", helpers])
        guard outcome.status == .exited(0) else { throw HelpersMissing(reason: outcome.errors) }
        return helpers
    }

    private static func first(of paths: [String]) -> String {
        paths.first { access($0, R_OK) == 0 } ?? paths[0]
    }
}

/// The helpers of the tests could not be compiled.
struct HelpersMissing: Error {
    let reason: String
}
