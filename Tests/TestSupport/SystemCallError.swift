// SPDX-License-Identifier: Apache-2.0
import Glibc

/// A call of the test's own making that failed, which fails the test.
public struct SystemCallError: Error, CustomStringConvertible {
    /// The call, the path where there is one, and `errno`.
    public let description: String

    /// Takes `errno` as it stands, or `number` where the call returns it.
    public init(_ what: String, _ number: Int32 = errno) {
        description = "\(what): \(String(cString: strerror(number)))"
    }
}

/// The result of a call that answers -1 where it fails.
@discardableResult
public func checked<Result: SignedInteger>(_ what: String, _ result: Result) throws -> Result {
    guard result >= 0 else { throw SystemCallError(what) }
    return result
}
