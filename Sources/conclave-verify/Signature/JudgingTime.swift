// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Documents
import Glibc
import SSHFormats

/// The moment for which a signature is judged.
struct JudgingTime: Hashable, Sendable {
    /// The moment.
    let moment: UnixTime

    /// Reads a time as our texts have it, or as ssh-keygen(1) does; nil where it is neither.
    init?(_ text: String) {
        if let moment = UnixTime(text: text) {
            self.moment = moment
        } else if let civil = CivilTime(text), let seconds = civil.seconds, seconds > 0 {
            moment = UnixTime(seconds: seconds)
        } else {
            return nil
        }
    }

    /// The time of this machine's clock.
    static func now() throws(MachineFault) -> JudgingTime {
        var clock = timespec()
        guard unsafe clock_gettime(CLOCK_REALTIME, &clock) == 0,
            let seconds = UInt64(exactly: clock.tv_sec)
        else { throw MachineFault("clock_gettime", "the clock", errno) }
        return JudgingTime(UnixTime(seconds: seconds))
    }

    private init(_ moment: UnixTime) {
        self.moment = moment
    }
}

extension CivilTime {
    /// The second since 1970 at which this is so: in UTC, or else in this machine's zone.
    var seconds: UInt64? { isUTC ? secondsInUTC : secondsInLocalZone }

    /// The second since 1970 at which the clocks of this machine's zone show this; nil where the
    /// system cannot tell.
    ///
    /// Where summer time holds it is taken for standard time, as ssh-keygen takes it.
    var secondsInLocalZone: UInt64? {
        var parts = unsafe tm()
        unsafe parts.tm_year = Int32(year - 1900)
        unsafe parts.tm_mon = Int32(month - 1)
        unsafe parts.tm_mday = Int32(day)
        unsafe parts.tm_hour = Int32(hour)
        unsafe parts.tm_min = Int32(minute)
        unsafe parts.tm_sec = Int32(second)
        return UInt64(exactly: unsafe mktime(&parts))
    }
}
