// SPDX-License-Identifier: Apache-2.0
public import Documents
public import SSHFormats

/// A person on the roster, with the accounts and keys that are this person's.
public struct Person: Hashable, Sendable {
    /// The person's name, unique in the roster.
    public let name: String
    /// The person's accounts: principals and requester names that touch the person.
    public let accounts: [String]
    /// The person's keys, each of which signs for the person.
    public let keys: [PublicKey]
    /// The moments from which keys of this person sign no more, for those that have an end.
    public let keyEnds: [PublicKey: UnixTime]

    /// The longest name, in bytes; of a longer one, Swift takes time with the square of its length
    /// to bring characters that combine into their order.
    public static let maximumNameLength = 256
}
