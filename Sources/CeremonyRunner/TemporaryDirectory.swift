// SPDX-License-Identifier: Apache-2.0
import Glibc

/// A directory for this user alone, for a moment.
struct TemporaryDirectory {
    let path: String

    init() throws {
        let base = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? "/tmp"
        var template = Array("\(base)/conclave-XXXXXX".utf8CString)
        guard unsafe mkdtemp(&template) != nil else {
            throw RunnerError.system("mkdtemp", number: errno)
        }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    func remove(_ names: [String]) {
        for name in names { unsafe unlink(path + "/" + name) }
        unsafe rmdir(path)
    }
}
