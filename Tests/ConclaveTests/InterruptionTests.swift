// SPDX-License-Identifier: Apache-2.0
import TestSupport
import Testing

/// The sweeps of `Tests/Faults/sweep.sh` at some of their points; `make faults` tries all of them.
@Suite("Interrupted at any point, the same command goes on")
struct InterruptionTests {
    private func sweep(_ options: String, points: ClosedRange<Int>) throws {
        let bench = try Workbench()
        let done = try bench.run(
            "\"$SOURCES/Tests/Faults/sweep.sh\" --jobs 1 --helpers \"$HELPERS\" "
                + "--program \"$(command -v conclave)\" \(options)")
        let tried = try #require(done.output.firstMatch(of: #/: (\d+) of \d+ points tried/#))
        #expect(points.contains(Int(tried.output.1) ?? 0), "\(done.output)")
    }

    @Test("a ceremony of 70 certificates that is killed signs each of them once, and hands out all")
    func killedCeremony() throws {
        try sweep("--scene sign --effect kill --step 35", points: 24...30)
    }

    @Test(
        "a ceremony of 70 certificates whose disk fails or is full stops, and goes on afterwards",
        arguments: [("EIO", 21), ("ENOSPC", 77)])
    func failedCeremony(effect: String, from: Int) throws {
        try sweep(
            "--scene sign --effect \(effect) --from \(from) --step 220", points: 4...6)
    }

    @Test("an abandonment that is killed is carried out once, with both bundles")
    func killedAbandonment() throws {
        try sweep("--scene abandon --effect kill --from 3 --step 157", points: 7...9)
    }

    @Test(
        "a founding, an intake, a draft and an approval that are killed are done once in the end",
        arguments: [("found", 24), ("intake", 13), ("draft", 14), ("approve", 9)])
    func killedCommand(scene: String, step: Int) throws {
        try sweep("--scene \(scene) --effect kill --from 2 --step \(step)", points: 4...8)
    }
}
