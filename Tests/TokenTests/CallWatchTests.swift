// SPDX-License-Identifier: Apache-2.0
import Glibc
import Synchronization
import Testing
import Token

@Suite("The watch over a token's calls", .timeLimit(.minutes(20)))
struct CallWatchTests {
    /// A caller of a token, with a thread of its own on which calls hang until they are let go.
    private actor Worker {
        nonisolated var unownedExecutor: UnownedSerialExecutor {
            unsafe thread.asUnownedSerialExecutor()
        }
        private nonisolated let thread: TokenThread
        let watch: CallWatch

        init(_ watch: CallWatch) throws {
            thread = try TokenThread()
            self.watch = watch
        }

        deinit {
            thread.stop()
            watch.stop()
        }

        func call(
            _ kind: CallWatch.Kind, _ body: () -> Void
        ) -> Result<Int, TokenError> {
            do throws(TokenError) {
                try watch.call(kind) { () throws(TokenError) in body() }
                return .success(1)
            } catch {
                return .failure(error)
            }
        }
    }

    /// Notes what it is told.
    private final class Screen: TokenObserver {
        let lines = Mutex<[String]>([])

        func waits(on token: TokenIdentity, forTouch: Bool, left: Duration) {
            lines.withLock { $0.append("\(token.label) \(forTouch) \(left > .seconds(1))") }
        }

        func waitEnded(on token: TokenIdentity) {
            lines.withLock { $0.append("\(token.label) ended") }
        }
    }

    /// Something that a thread waits for.
    private final class Gate: Sendable {
        private let ends: [Int32]

        init() {
            var ends: [Int32] = [-1, -1]
            _ = pipe(&ends)
            self.ends = ends
        }

        deinit { for end in ends { close(end) } }

        func open() {
            var byte: UInt8 = 1
            _ = write(ends[1], &byte, 1)
        }

        func wait() {
            var byte: UInt8 = 0
            _ = read(ends[0], &byte, 1)
        }
    }

    private static let identity = TokenIdentity(
        label: "card", serial: "1", model: "", manufacturer: "")

    private static func worker(
        _ limits: TimeLimits, _ observer: (any TokenObserver)? = nil
    ) throws -> Worker {
        let watch = try CallWatch(limits, observer: observer)
        watch.identify(identity)
        return try Worker(watch)
    }

    @Test("a call within its limit is answered with what it gave, and nobody is told")
    func quickCall() async throws {
        let screen = Screen()
        let worker = try Self.worker(.standard, screen)
        let value = try await worker.watch.wait { await worker.call(.call) {} }
        #expect(value == 1)
        #expect(screen.lines.withLock { $0 } == [])
    }

    @Test("a call beyond its limit frees all who wait, and none is made after it")
    func hungCall() async throws {
        let worker = try Self.worker(TimeLimits(call: .milliseconds(50)))
        let gate = Gate()
        let watch = worker.watch
        async let first = Self.error {
            try await watch.wait { await worker.call(.call, gate.wait) }
        }
        async let second = Self.error { try await watch.wait { await worker.call(.call) {} } }
        let errors = await [first, second]
        for error in errors {
            #expect(error?.code == .timedOut)
            #expect(
                error?.description
                    == "token \"card\" (serial \"1\") did not answer within 0.05 seconds")
        }
        gate.open()
        let third = await Self.error { try await watch.wait { await worker.call(.call) {} } }
        #expect(third?.code == .timedOut)
        let late = await worker.call(.call) { Issue.record("the call is made") }
        #expect(late == .failure(try #require(third)))
    }

    @Test("a signature has its own limit, and is said to wait when patience ends")
    func patience() async throws {
        let screen = Screen()
        let worker = try Self.worker(
            TimeLimits(call: .milliseconds(1), patience: .milliseconds(20)), screen)
        let gate = Gate()
        let watch = worker.watch
        async let value = watch.wait { await worker.call(.signature, gate.wait) }
        while screen.lines.withLock({ $0.isEmpty }) { try await Task.sleep(for: .milliseconds(1)) }
        gate.open()
        #expect(try await value == 1)
        // It is told once a second that it still waits.
        let lines = screen.lines.withLock { $0 }
        #expect(lines.dropLast().allSatisfy { $0 == "card false true" }, "\(lines)")
        #expect(lines.last == "card ended")
    }

    @Test("a touch that is surely wanted is told of at once, and its end as well")
    func touch() async throws {
        let screen = Screen()
        let worker = try Self.worker(.standard, screen)
        _ = try await worker.watch.wait {
            await worker.call(.touch) {
                #expect(screen.lines.withLock { $0 } == ["card true true"])
            }
        }
        #expect(screen.lines.withLock { $0 } == ["card true true", "card ended"])
    }

    @Test("a wait that ends with its limit is told of as ended")
    func toldOfTheEnd() async throws {
        let screen = Screen()
        let worker = try Self.worker(TimeLimits(signature: .milliseconds(50)), screen)
        let gate = Gate()
        let watch = worker.watch
        let error = await Self.error {
            try await watch.wait { await worker.call(.touch, gate.wait) }
        }
        #expect(error?.hint == "touch it while it blinks; open it anew to go on")
        #expect(screen.lines.withLock { $0 } == ["card true false", "card ended"])
        gate.open()
    }

    @Test("a limit beyond all time is none")
    func endlessLimit() async throws {
        let worker = try Self.worker(TimeLimits(call: .seconds(Int64.max)))
        #expect(try await worker.watch.wait { await worker.call(.call) {} } == 1)
    }

    private static func error(_ body: () async throws -> some Any) async -> TokenError? {
        do {
            _ = try await body()
            return nil
        } catch {
            return error as? TokenError
        }
    }
}
