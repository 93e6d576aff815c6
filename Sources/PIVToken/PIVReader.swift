// SPDX-License-Identifier: Apache-2.0

public import Token
public import TokenEvidence

/// A reader for smart cards, and what was found in it.
public struct PIVReader: Hashable, Sendable {
    /// What is in a reader.
    public enum Contents: Hashable, Sendable {
        /// No card.
        case nothing
        /// A card without the PIV application.
        case otherCard
        /// A PIV card, with the firmware of one that speaks Yubico's extensions.
        case card(TokenIdentity, firmware: FirmwareVersion?)
        /// A card that could not be asked, and why.
        case unreadable(String)
    }

    /// The reader's name.
    public let reader: String
    /// What the card said when it got power; empty where there is none.
    public let answerToReset: [UInt8]
    /// What is in the reader.
    public let contents: Contents

    /// The identity of a PIV card; nil for everything else.
    public var identity: TokenIdentity? {
        if case .card(let identity, _) = contents { return identity }
        return nil
    }
}
