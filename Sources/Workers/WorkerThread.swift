// SPDX-License-Identifier: Apache-2.0
import Glibc

/// A thread of our own that carries out one body, and is waited for or left alone.
public struct WorkerThread: Sendable {
    private let thread: pthread_t

    /// Starts a thread; nil where the system has none to give, and then nothing is carried out.
    @safe public init?(_ body: @escaping @Sendable () -> Void) {
        let work = unsafe Unmanaged.passRetained(Body(body))
        var thread = pthread_t()
        let number = unsafe pthread_create(
            &thread, nil,
            { argument in
                guard let argument = unsafe argument else { return nil }
                unsafe Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run()
                return nil
            }, work.toOpaque())
        guard number == 0 else {
            unsafe work.release()
            return nil
        }
        self.thread = thread
    }

    /// Waits until the body has ended; to be called once.
    public func join() { pthread_join(thread, nil) }

    /// Lets the thread end by itself, for what may block as long as a device or a person likes; to be
    /// called once, and instead of ``join()``.
    public func detach() { pthread_detach(thread) }

    /// What the thread is given to run.
    private final class Body: Sendable {
        let run: @Sendable () -> Void

        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }
}
