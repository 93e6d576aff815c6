// SPDX-License-Identifier: Apache-2.0
import Glibc
import TestSupport

/// Where the programs lie that are built beside the tests.
enum ProgramFolder {
    /// The folder, with a slash at its end; empty where the system does not tell.
    static let path: String = {
        var buffer = [CChar](repeating: 0, count: 4_096)
        let length = readlink("/proc/self/exe", &buffer, buffer.count)
        guard length > 0 else { return "" }
        let bytes = buffer.prefix(length).map { UInt8(bitPattern: $0) }
        let path = String(decoding: bytes, as: UTF8.self)
        return "/" + path.split(separator: "/").dropLast().joined(separator: "/") + "/"
    }()
}
