// SPDX-License-Identifier: Apache-2.0
public import Documents

/// How long a requester asks to be certified: a span from the day of issue, or a fixed window.
public enum RequestValidity: Hashable, Sendable {
    /// A span that begins when the batch is drafted.
    case span(TimeSpan)
    /// A fixed window: from the first time, up to but not including the second.
    case window(from: UnixTime, to: UnixTime)

    /// Reads `7d`, or two times joined by `/`.
    public init?(text: String) {
        if let span = TimeSpan(text: text) {
            self = .span(span)
            return
        }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let from = UnixTime(text: String(parts[0])),
            let to = UnixTime(text: String(parts[1])), from < to
        else { return nil }
        self = .window(from: from, to: to)
    }

    /// The form in which it stands in a request.
    public var text: String {
        switch self {
        case .span(let span): span.text
        case .window(let from, let to): "\(from.text)/\(to.text)"
        }
    }

    /// How long the certificate would be valid, backdating not counted.
    public var length: TimeSpan {
        switch self {
        case .span(let span): span
        case .window(let from, let to): TimeSpan(seconds: to.seconds - from.seconds)
        }
    }
}
