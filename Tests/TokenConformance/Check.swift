// SPDX-License-Identifier: Apache-2.0

import Token

/// What was not as it should be.
struct CheckFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// Ends the behaviour where a condition does not hold.
func require(_ condition: Bool, _ text: @autoclosure () -> String) throws {
    guard condition else { throw CheckFailure(text()) }
}

/// Ends the behaviour where two values differ.
func require<Value: Equatable>(
    _ value: Value, is expected: Value, _ what: @autoclosure () -> String
) throws {
    try require(value == expected, "\(what()) is \(value), should be \(expected)")
}

/// The error that `body` throws.
func refusal(_ what: String, _ body: () async throws -> Void) async throws -> TokenError {
    do {
        try await body()
    } catch let error as TokenError {
        return error
    }
    throw CheckFailure("\(what) was not refused")
}

/// The error that `body` throws; its kind is looked at.
func refusal(
    _ what: String, _ codes: TokenError.Code..., body: () async throws -> Void
) async throws -> TokenError {
    let error = try await refusal(what, body)
    try require(codes.contains(error.code), "\(what) was refused as \(error.code): \(error)")
    return error
}

/// Waits until something is so that another process brings about.
func eventually(_ what: String, _ condition: () async throws -> Bool) async throws {
    let end = ContinuousClock.now + .seconds(300)
    while try await !condition() {
        try require(ContinuousClock.now < end, "\(what) takes too long")
        try await Task.sleep(for: .milliseconds(20))
    }
}
