// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import ConclaveCommands

@Suite("Progress")
struct ProgressTests {
    @Test("it shows nothing in the first second, then a line after each pause")
    func pauses() {
        var progress = Progress("entries", after: 10, at: 100)
        #expect(progress.line(20, of: 50, at: 100.9, pause: 2) == nil)
        #expect(progress.line(20, of: 50, at: 101.9, pause: 2) == nil)
        let first = progress.line(20, of: 50, at: 102, pause: 2)
        #expect(first == "entries: 20 of 50, 5 a second, 6 s left")
        #expect(progress.line(30, of: 50, at: 103.9, pause: 2) == nil)
        let second = progress.line(30, of: 50, at: 104, pause: 2)
        #expect(second == "entries: 30 of 50, 5 a second, 4 s left")
    }

    @Test("it shows the end at once, and once, however often it is told")
    func end() {
        var progress = Progress("entries", after: 0, at: 0)
        let last = progress.line(50, of: 50, at: 5, pause: 10)
        #expect(last == "entries: 50 of 50, 10 a second")
        #expect(progress.line(50, of: 50, at: 5, pause: 10) == nil)
        #expect(progress.line(50, of: 50, at: 500, pause: 10) == nil)
        // What grows has an end each time.
        let next = progress.line(60, of: 60, at: 6, pause: 10)
        #expect(next == "entries: 60 of 60, 10 a second")
    }

    @Test("what took less than a second is not shown at its end either")
    func quick() {
        var progress = Progress("entries", after: 0, at: 0)
        #expect(progress.line(50, of: 50, at: 0.5, pause: 0) == nil)
    }
}
