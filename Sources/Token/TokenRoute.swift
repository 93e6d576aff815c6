// SPDX-License-Identifier: Apache-2.0

/// The way on which a token is reached.
public enum TokenRoute: Hashable, Sendable, CustomStringConvertible {
    /// Through the PKCS#11 module at a path.
    case module(String)
    /// Directly, through the reader of this name.
    case reader(String)

    /// The way as ledger and report state it: the module's path, or `pcsc`.
    ///
    /// A reader's name changes with the place a card is put into, and is left out.
    public var description: String {
        switch self {
        case .module(let path): path
        case .reader: "pcsc"
        }
    }
}
