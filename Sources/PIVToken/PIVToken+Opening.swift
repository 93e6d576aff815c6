// SPDX-License-Identifier: Apache-2.0

public import Token
import TokenEvidence

extension PIVToken {
    /// The readers that are connected, with what is in them, in pcscd's order.
    ///
    /// To know a card, its PIV application is selected; a program that has logged in to it may have
    /// to do so again.
    ///
    /// - Throws: ``Token/TokenError`` where pcscd does not run or no reader is there.
    public static func cards(
        limits: TimeLimits = .standard
    ) async throws(TokenError) -> [PIVReader] {
        let thread = try TokenThread()
        let watch = try CallWatch(limits, observer: nil)
        let opener = PIVOpener(thread, watch)
        return try await watch.wait { await opener.cards() }
    }

    /// Opens the one PIV card that a URI describes.
    ///
    /// No PIN goes to any card here. The observer is told of touches that the card waits for.
    ///
    /// - Throws: ``Token/TokenError`` where no card matches, or more than one; the error names those
    ///   that are there.
    public static func open(
        _ uri: TokenURI, limits: TimeLimits = .standard, observer: (any TokenObserver)? = nil
    ) async throws(TokenError) -> PIVToken {
        let thread = try TokenThread()
        let watch = try CallWatch(limits, observer: observer)
        let opener = PIVOpener(thread, watch)
        let token = try await watch.wait { await opener.open(uri) }
        await opener.release()
        return token
    }

    /// Opens a card over a transport that is already there; for tests.
    static func open(
        limits: TimeLimits = .standard, observer: (any TokenObserver)? = nil,
        _ connect: @escaping @Sendable () throws(TokenError) -> any CardTransport
    ) async throws(TokenError) -> PIVToken {
        let thread = try TokenThread()
        let watch = try CallWatch(limits, observer: observer)
        let opener = PIVOpener(thread, watch)
        let token = try await watch.wait { await opener.open(connect) }
        await opener.release()
        return token
    }
}
