// SPDX-License-Identifier: Apache-2.0

/// The NIST curves of RFC 5656 section 10.1.
public enum EllipticCurve: String, CaseIterable, Hashable, Sendable {
    /// NIST P-256.
    case p256 = "nistp256"
    /// NIST P-384.
    case p384 = "nistp384"
    /// NIST P-521.
    case p521 = "nistp521"

    /// The size of a coordinate, in bytes.
    public var coordinateLength: Int {
        switch self {
        case .p256: 32
        case .p384: 48
        case .p521: 66
        }
    }
}
