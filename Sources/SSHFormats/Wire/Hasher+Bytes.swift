// SPDX-License-Identifier: Apache-2.0

extension Hasher {
    /// Takes in bytes all at once; the array itself would give them one by one.
    mutating func combine(allOf bytes: [UInt8]) {
        unsafe bytes.withUnsafeBytes { unsafe combine(bytes: $0) }
    }
}
