// SPDX-License-Identifier: Apache-2.0

import Token

/// The line to a token: its thread, what lives on it, and the watch over both.
///
/// A line that was given up stays so; a new one can be made once its call has come back.
@safe final class TokenLine: @unchecked Sendable {
    private let thread: TokenThread
    private let watch: CallWatch
    private let module: LoadedModule
    /// Touched on the thread alone.
    private var worker: TokenWorker?

    private init(_ thread: TokenThread, _ watch: CallWatch, _ module: LoadedModule) {
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
        let watch = try CallWatch(
            limits, observer: observer, name: "module \(module.path.quotedForDisplay)")
        let thread: TokenThread
        do throws(TokenError) {
            thread = try TokenThread()
        } catch {
            watch.stop()
            throw error
        }
        let line = TokenLine(thread, watch, module.loaded)
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
            // What was given up was answered for; nobody waits for this.
            try? watch.end()
            watch.stop()
        }
        thread.stop()
    }

    /// Runs `body` on the thread; answers with its result, or where the token is given up.
    private func onThread<Value: Sendable>(
        _ body: @escaping @Sendable () throws(TokenError) -> Value
    ) async throws(TokenError) -> Value {
        let result = await withCheckedContinuation { continuation in
            let answer = Answer<Value>(continuation)
            guard let number = watch.join(answer, onGivingUp: { [module] in module.abandonCall() })
            else { return }
            thread.submit { [self] in
                let result: Result<Value, TokenError>
                do throws(TokenError) {
                    result = .success(try body())
                } catch {
                    result = .failure(error)
                }
                do throws(TokenError) {
                    try watch.end()
                    watch.leave(number)
                    answer.give(result)
                } catch {
                    worker?.giveUp(error)
                    module.callReturned()
                }
            }
        }
        return try result.get()
    }
}
