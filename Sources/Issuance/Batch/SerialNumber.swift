// SPDX-License-Identifier: Apache-2.0

/// A serial by its parts: 16 bits of epoch, 48 bits of counter.
///
/// An authority begins with epoch 0 and counts from 1. A new epoch begins where a home was restored
/// from a backup and nobody knows which serials were given since.
public struct SerialNumber: Hashable, Sendable {
    /// The last epoch.
    public static let lastEpoch = UInt16.max
    /// The counter of an epoch's last serial, which is given to no certificate: a new epoch always
    /// has something to give up.
    public static let lastCounter: UInt64 = (1 << 48) - 1

    /// The serial as certificates have it.
    public let serial: UInt64

    /// Takes a serial apart.
    public init(_ serial: UInt64) {
        self.serial = serial
    }

    /// The first serial of an epoch: its counter is 1.
    public init(firstOf epoch: UInt16) {
        serial = UInt64(epoch) << 48 | 1
    }

    /// The epoch.
    public var epoch: UInt16 { UInt16(truncatingIfNeeded: serial >> 48) }

    /// The counter within the epoch, from 1 to ``lastCounter``; 0 is of no certificate.
    public var counter: UInt64 { serial & Self.lastCounter }

    /// Whether a certificate may have it.
    public var isForCertificates: Bool { 0 < counter && counter < Self.lastCounter }

    /// The serials of an epoch.
    public static func serials(of epoch: UInt16) -> ClosedRange<UInt64> {
        let first = SerialNumber(firstOf: epoch).serial
        return first...(first | lastCounter)
    }
}
