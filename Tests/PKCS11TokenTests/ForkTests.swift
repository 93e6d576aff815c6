// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@Suite("A process with a module in it")
struct ForkTests {
    @Test("never forks: modules would share their devices with the child")
    func noFork() throws {
        let sources = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let found = try Subprocess.run(
            "/bin/grep", ["-rnwE", "(v?fork|forkpty|daemon)[(]", "\(sources)/Sources"])
        #expect(found.status == .exited(1))
        #expect(found.output == "")
        let spawned = try Subprocess.run(
            "/bin/grep", ["-rlw", "posix_spawn", "\(sources)/Sources"])
        #expect(spawned.status == .exited(0), "the programs that are started are so started")
    }
}
