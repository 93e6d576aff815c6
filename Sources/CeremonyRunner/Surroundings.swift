// SPDX-License-Identifier: Apache-2.0
import CLinux
public import Documents
import Glibc

/// What a home needs of the machine it runs on: the time, and random bytes.
///
/// Both are arguments, so that whole ceremonies run in tests at any hour.
public struct Surroundings: Sendable {
    /// The time, to the second.
    public let now: @Sendable () -> UnixTime
    /// As many random bytes as asked for, fit for keys.
    public let random: @Sendable (Int) throws -> [UInt8]

    /// Makes surroundings of these two.
    public init(
        now: @escaping @Sendable () -> UnixTime,
        random: @escaping @Sendable (Int) throws -> [UInt8]
    ) {
        self.now = now
        self.random = random
    }

    /// The machine's own clock, and the kernel's random bytes (getrandom(2)).
    public static let machine = Surroundings(
        now: {
            var time = timespec()
            unsafe clock_gettime(CLOCK_REALTIME, &time)
            return UnixTime(seconds: UInt64(max(0, time.tv_sec)))
        },
        random: { count in
            var bytes = [UInt8](repeating: 0, count: count)
            var filled = 0
            while filled < count {
                let got = unsafe bytes.withUnsafeMutableBytes { buffer in
                    unsafe getrandom(
                        buffer.baseAddress?.advanced(by: filled), count - filled, 0)
                }
                if got > 0 {
                    filled += got
                } else if errno != EINTR {
                    throw RunnerError.system("getrandom", number: errno)
                }
            }
            return bytes
        })
}
