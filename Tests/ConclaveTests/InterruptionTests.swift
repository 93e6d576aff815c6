// SPDX-License-Identifier: Apache-2.0
import TestSupport
import Testing

/// The sweep of `Tests/Faults` at some of its points; `make faults` tries all of them.
@Suite("Interrupted at any point, the same command goes on")
struct InterruptionTests {
    private func sweep(_ options: String, points: Int) throws {
        let bench = try Workbench()
        let done = try bench.run(
            "python3 -B \"$SOURCES/Tests/Faults/sweep.py\" --jobs 1 --helpers \"$HELPERS\" "
                + "--program \"$(command -v conclave)\" \(options)")
        let tried = try #require(done.output.firstMatch(of: #/\n(\d+) points tried/#))
        // Not each run of a ceremony makes as many calls: the last one may be beyond its end.
        #expect((points - 2...points).contains(Int(tried.output.1) ?? 0), "\(done.output)")
    }

    @Test("a ceremony of 70 certificates signs each of them once, and hands out all")
    func ceremony() throws {
        try sweep(
            "--scene sign --items 70 --points 4 --kind kill --kind torn --kind full --kind error",
            points: 16)
    }

    @Test("a ceremony of 70 certificates whose token fails is finished by the same command")
    func token() throws {
        try sweep(
            "--scene sign --items 70 --points 4 --kind token-kill --kind token-error",
            points: 8)
    }

    @Test("an abandonment that is killed is carried out once, with both bundles")
    func abandonment() throws {
        try sweep("--scene abandon --items 70 --points 4 --kind kill", points: 4)
    }

    @Test(
        "what else writes to a home does it once in the end",
        arguments: ["found", "intake", "draft", "approve", "end"])
    func command(scene: String) throws {
        try sweep("--scene \(scene) --items 70 --points 4 --kind kill", points: 4)
    }
}
