// SPDX-License-Identifier: Apache-2.0

import Testing
import Token

/// The error that `body` throws; a failure of the test where it throws none of a token's.
func refusal(
    _ body: () async throws -> Void, sourceLocation: SourceLocation = #_sourceLocation
) async -> TokenError {
    do {
        try await body()
        Issue.record("nothing was refused", sourceLocation: sourceLocation)
    } catch let error as TokenError {
        return error
    } catch {
        Issue.record("\(error) is no error of a token", sourceLocation: sourceLocation)
    }
    return TokenError(.other, "nothing was refused")
}
