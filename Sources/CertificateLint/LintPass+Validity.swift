// SPDX-License-Identifier: Apache-2.0
import Documents
import SSHFormats

extension LintPass {
    /// The longest validity that is not remarked on: a leap year, in seconds.
    private static let longValidity: UInt64 = 366 * 86_400

    /// The time from which and until which the certificate holds.
    mutating func checkValidity(at time: UnixTime?) {
        guard let after = parts.validAfter, let before = parts.validBefore else { return }
        let limit = CertificateFields.latestTime
        if after.value > limit {
            add(.validityRange, "valid after", after.offset, "\(after.value) is not below 2^63")
        }
        if before.value > limit, before.value != .max {
            add(
                .validityRange, "valid before", before.offset,
                "\(before.value) is neither below 2^63 nor 2^64-1")
        }
        if after.value >= before.value {
            add(
                .validityEmpty, "valid before", before.offset,
                "\(before.value) is not after the start \(after.value)")
        } else if before.value == .max {
            add(.validityForEver, "valid before", before.offset, "it never ends")
        } else if after.value > 0, before.value - after.value > Self.longValidity {
            let days = (before.value - after.value) / 86_400
            add(.validityLong, "valid before", before.offset, "it lasts \(days) days")
        }
        if after.value == 0 {
            add(.validityAlways, "valid after", after.offset, "it has always been valid")
        }
        guard let time else { return }
        if time.seconds < after.value {
            add(
                .validityEarly, "valid after", after.offset,
                "\(UnixTime(seconds: after.value).text) is after \(time.text)")
        }
        if time.seconds >= before.value {
            add(
                .validityEnded, "valid before", before.offset,
                "\(UnixTime(seconds: before.value).text) is not after \(time.text)")
        }
    }
}
