// SPDX-License-Identifier: Apache-2.0

import Token
import TokenEvidence

/// Looks for cards on the thread on which one of them will be used.
actor PIVOpener {
    nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe thread.asUnownedSerialExecutor()
    }

    private nonisolated let thread: TokenThread
    private nonisolated let watch: CallWatch
    /// Whether thread and watch have gone over to a token.
    private var isReleased = false

    init(_ thread: TokenThread, _ watch: CallWatch) {
        self.thread = thread
        self.watch = watch
    }

    deinit {
        guard !isReleased else { return }
        thread.stop()
        watch.stop()
    }

    /// Leaves thread and watch to the token that was opened.
    func release() { isReleased = true }

    /// The readers, with what is in them.
    func cards() -> Result<[PIVReader], TokenError> {
        result { () throws(TokenError) in
            let context = try watch.call(.call) { () throws(TokenError) in try PCSCContext() }
            var cards: [PIVReader] = []
            for reader in try watch.call(.call, { () throws(TokenError) in try context.readers() })
            {
                let contents: PIVReader.Contents =
                    switch try look(reader, context) {
                    case .success(let contents): contents
                    case .failure(let error): .unreadable(error.description)
                    }
                cards.append(
                    PIVReader(
                        reader: reader.name, answerToReset: reader.answerToReset,
                        contents: contents))
            }
            return cards
        }
    }

    /// The one card that a URI describes.
    func open(_ uri: TokenURI) async -> Result<PIVToken, TokenError> {
        do throws(TokenError) {
            let (application, facts) = try find(uri)
            return .success(await PIVToken(application, facts, on: thread))
        } catch {
            return .failure(error)
        }
    }

    /// The card of a transport.
    func open(
        _ reach: @Sendable () throws(TokenError) -> any CardTransport
    ) async -> Result<PIVToken, TokenError> {
        do throws(TokenError) {
            let (application, facts) = try take(reach)
            return .success(await PIVToken(application, facts, on: thread))
        } catch {
            return .failure(error)
        }
    }

    private typealias Found = (application: PIVApplication, facts: CardFacts)

    private nonisolated func find(_ uri: TokenURI) throws(TokenError) -> Found {
        guard uri.scheme == .piv else {
            throw TokenError(
                .invalidURI, "token URI \(uri.text.quotedForDisplay) is no \"piv:\" one")
        }
        let context = try watch.call(.call) { () throws(TokenError) in try PCSCContext() }
        var matches: [(PCSCContext.Reader, TokenIdentity)] = []
        var others: [TokenIdentity] = []
        var unreadable: [(reader: String, error: TokenError)] = []
        for reader in try watch.call(.call, { () throws(TokenError) in try context.readers() }) {
            switch try look(reader, context) {
            case .failure(let error): unreadable.append((reader.name, error))
            case .success(.nothing), .success(.otherCard), .success(.unreadable): break
            case .success(.card(let identity, _)):
                if uri.matches(identity) {
                    matches.append((reader, identity))
                } else {
                    others.append(identity)
                }
            }
        }
        guard let match = matches.first else { throw absent(uri, others, unreadable) }
        guard matches.count == 1 else {
            let names = matches.map { "\($0.1) in \($0.0.name.quotedForDisplay)" }
            throw TokenError(
                .ambiguousToken,
                "\(matches.count) cards match \(uri.text.quotedForDisplay): "
                    + names.joined(separator: ", "),
                hint: "name one by its serial, or take the others out")
        }
        return try take { () throws(TokenError) in
            // A line of the card's own, in place of the one that looked at all of them.
            try PCSCTransport(match.0.name, in: PCSCContext())
        } checking: { facts throws(TokenError) in
            guard uri.matches(facts.identity) else { throw absent(uri, [facts.identity], []) }
        }
    }

    private nonisolated func take(
        _ reach: () throws(TokenError) -> any CardTransport,
        checking: (CardFacts) throws(TokenError) -> Void = { _ in }
    ) throws(TokenError) -> Found {
        let transport = try watch.call(.call) { () throws(TokenError) in try reach() }
        let application = PIVApplication(transport, watch)
        try application.beginTransaction()
        defer { application.endTransaction() }
        try application.select()
        let facts = try application.facts()
        try checking(facts)
        return (application, facts)
    }

    /// What is in a reader; only what ends the search is an error.
    private nonisolated func look(
        _ reader: PCSCContext.Reader, _ context: PCSCContext
    ) throws(TokenError) -> Result<PIVReader.Contents, TokenError> {
        guard reader.isPresent else { return .success(.nothing) }
        guard !reader.isMute else {
            return .failure(
                TokenError(
                    .other, "the card does not answer",
                    hint: "put it in the right way round; wipe its contacts"))
        }
        do throws(TokenError) {
            let transport = try watch.call(.call) { () throws(TokenError) in
                try PCSCTransport(reader.name, in: context)
            }
            let application = PIVApplication(transport, watch)
            try application.beginTransaction()
            defer { application.endTransaction() }
            guard try application.selectIfPresent() else { return .success(.otherCard) }
            let facts = try application.facts()
            return .success(.card(facts.identity, firmware: facts.firmware))
        } catch {
            switch error.code {
            case .noService, .timedOut: throw error
            case .removed where error.operation == "SCardConnect": return .success(.nothing)
            default: return .failure(error)
            }
        }
    }

    private nonisolated func absent(
        _ uri: TokenURI, _ others: [TokenIdentity],
        _ unreadable: [(reader: String, error: TokenError)]
    ) -> TokenError {
        let name = uri.text.quotedForDisplay
        if let other = others.first {
            let names = others.map(\.description).joined(separator: ", ")
            return TokenError(
                others.count == 1 ? .wrongToken : .noToken,
                others.count == 1
                    ? "the card in the reader is \(other), not \(name); no PIN went to it"
                    : "no card matches \(name), only \(names)",
                hint: "insert the right card")
        }
        if let first = unreadable.first {
            // It may be the one that is wanted: why it cannot be asked is what there is to say.
            let reasons = unreadable.map { "\($0.reader.quotedForDisplay): \($0.error)" }
            return TokenError(
                unreadable.count == 1 ? first.error.code : .noToken,
                "no card matches \(name); " + reasons.joined(separator: "; "),
                hint: first.error.hint)
        }
        return TokenError(
            .noToken, "no PIV card is in a reader, so none matches \(name)",
            hint: "insert the card")
    }

    private func result<Value>(
        _ body: () throws(TokenError) -> Value
    ) -> Result<Value, TokenError> {
        do throws(TokenError) {
            return .success(try body())
        } catch {
            return .failure(error)
        }
    }
}
