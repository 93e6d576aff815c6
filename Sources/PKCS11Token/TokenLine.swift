// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Token

/// The line to a token: its thread, what lives on it, and the watch over both.
///
/// A line that was given up stays so; a new one can be made once its call has come back.
@safe final class TokenLine: @unchecked Sendable {
    private let thread: ModuleThread
    private let watch: ModuleWatch
    private let module: LoadedModule
    /// Touched on the thread alone.
    private var worker: TokenWorker?

    private init(_ thread: ModuleThread, _ watch: ModuleWatch, _ module: LoadedModule) {
        self.thread = thread
        self.watch = watch
        self.module = module
    }

    /// Opens a token on the thread on which it will be used.
    ///
    /// Opening may take seconds: modules read whole cards, and attest every key.
    static func open(
        _ module: PKCS11Module, _ uri: TokenURI, _ limits: TimeLimits,
        _ observer: (any TokenObserver)?
    ) async throws(TokenError) -> (TokenLine, PKCS11TokenInformation) {
        let watch = ModuleWatch(limits, observer, module: module.path)
        let line = TokenLine(try ModuleThread(), watch, module.loaded)
        do throws(TokenError) {
            let token = try await line.onThread { () throws(TokenError) in
                let connection = try module.connect(uri, watch)
                watch.identify(connection.token.identity)
                line.worker = TokenWorker(module, connection)
                return connection.token
            }
            return (line, token)
        } catch {
            line.end()
            throw error
        }
    }

    /// Does something with the token, in its turn.
    func withWorker<Result: Sendable>(
        _ body: @escaping @Sendable (TokenWorker) throws(TokenError) -> Result
    ) async throws(TokenError) -> Result {
        try await onThread { [self] () throws(TokenError) in
            guard let worker else { throw TokenError(.closed, "the token is closed") }
            return try body(worker)
        }
    }

    /// Lets the token go, behind what is still to be done, and does not wait for it.
    func end() {
        thread.submit { [self] in
            worker?.close()
            worker = nil
        }
        thread.stop()
    }

    /// Runs `body` on the thread; answers with its result, or where the token is given up.
    private func onThread<Value: Sendable>(
        _ body: @escaping @Sendable () throws(TokenError) -> Value
    ) async throws(TokenError) -> Value {
        let result = await withCheckedContinuation {
            (continuation: CheckedContinuation<Result<Value, TokenError>, Never>) in
            let answer = Answer(continuation)
            let number: Int
            do throws(TokenError) {
                number = try watch.join { [module] failure in
                    module.abandonCall()
                    answer.give(.failure(failure))
                }
            } catch {
                answer.give(.failure(error))
                return
            }
            thread.submit { [self] in
                let result: Result<Value, TokenError>
                do throws(TokenError) {
                    result = .success(try body())
                } catch {
                    result = .failure(error)
                }
                if let failure = watch.leave(number) {
                    worker?.giveUp(failure)
                    module.callReturned()
                } else {
                    answer.give(result)
                }
            }
        }
        return try result.get()
    }
}

/// An answer that is given once, by whoever comes first.
private final class Answer<Value: Sendable>: Sendable {
    private typealias Continuation = CheckedContinuation<Result<Value, TokenError>, Never>

    private let continuation: Mutex<Continuation?>

    init(_ continuation: CheckedContinuation<Result<Value, TokenError>, Never>) {
        self.continuation = Mutex(continuation)
    }

    /// Gives the answer, unless there is one already.
    func give(_ result: Result<Value, TokenError>) {
        let waiting = continuation.withLock { continuation in
            defer { continuation = nil }
            return continuation
        }
        waiting?.resume(returning: result)
    }
}
