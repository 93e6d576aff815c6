// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// The one answer that somebody waits for: the first counts, those behind it are dropped.
public final class Answer<Value: Sendable>: Sendable {
    /// What waits for an answer.
    public typealias Continuation = CheckedContinuation<Result<Value, TokenError>, Never>

    private let continuation: Mutex<Continuation?>

    /// The answer for one who waits.
    public init(_ continuation: Continuation) { self.continuation = Mutex(continuation) }

    /// Gives the answer, unless there is one already.
    public func give(_ result: Result<Value, TokenError>) {
        let waiting = continuation.withLock { continuation in
            defer { continuation = nil }
            return continuation
        }
        waiting?.resume(returning: result)
    }
}
