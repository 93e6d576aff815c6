// SPDX-License-Identifier: Apache-2.0
import Glibc
import TestSupport

@testable import conclave_verify

extension SampleBundle {
    /// The check of the files as they are now, with the bundle before given.
    func check(after before: SampleBundle) throws -> BundleCheck {
        let directory = try TemporaryDirectory()
        for (path, bytes) in before.files {
            var parent = directory.file("before")
            for part in path.split(separator: "/") {
                mkdir(parent, 0o700)
                parent += "/\(part)"
            }
            try directory.write("before/\(path)", bytes)
        }
        return check(earlier: [try EarlierCheckpoint(reading: directory.file("before"))])
    }
}
