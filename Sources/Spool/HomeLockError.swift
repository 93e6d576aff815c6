// SPDX-License-Identifier: Apache-2.0

/// Why a home could not be locked.
public enum HomeLockError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Another process holds the lock; the text is what its file says of the holder, on one line.
    case held(by: String)
    /// The lock file could not be opened, locked or written.
    case file(FileError)

    /// The failure as one line.
    public var description: String {
        switch self {
        case .held(let holder): "the home is in use by \(holder)"
        case .file(let error): error.description
        }
    }
}
