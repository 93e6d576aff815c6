// SPDX-License-Identifier: Apache-2.0

/// A file of the spool: its bytes, and those of the signature that lay beside it.
public struct SpoolFile: Equatable, Sendable {
    /// The file's name, printable ASCII.
    public let name: String
    /// The whole contents.
    public let bytes: [UInt8]
    /// The contents of NAME`.sig`, where there is one.
    public let signature: [UInt8]?
}
