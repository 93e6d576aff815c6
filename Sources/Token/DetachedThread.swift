// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A thread of our own, for what may block as long as a device or a person likes.
public enum DetachedThread {
    /// Starts a thread that does some work and ends; what the work holds lives until then.
    ///
    /// - Parameters:
    ///   - purpose: What it is for, as the error says it.
    ///   - work: What it does.
    /// - Throws: ``TokenError`` where the system has no thread to give.
    @safe public static func start(
        _ purpose: String, _ work: @escaping @Sendable () -> Void
    ) throws(TokenError) {
        let work = unsafe Unmanaged.passRetained(Work(work))
        var thread = pthread_t()
        let number = unsafe pthread_create(
            &thread, nil,
            { argument in
                guard let argument = unsafe argument else { return nil }
                unsafe Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().body()
                return nil
            }, work.toOpaque())
        guard number == 0 else {
            unsafe work.release()
            throw TokenError(
                .other, "no thread \(purpose): \(unsafe String(cString: strerror(number)))")
        }
        pthread_detach(thread)
    }

    private final class Work: Sendable {
        let body: @Sendable () -> Void

        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
}
