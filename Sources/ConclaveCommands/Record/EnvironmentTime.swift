// SPDX-License-Identifier: Apache-2.0
import Glibc

/// The time as the machine and its environment tell it.
enum EnvironmentTime {
    /// Seconds since 1970, by the machine's clock.
    static var now: UInt64 {
        UInt64(max(0, time(nil)))
    }

    /// What SOURCE_DATE_EPOCH says, where it is set and not empty.
    static var sourceDate: String? {
        guard let value = unsafe getenv("SOURCE_DATE_EPOCH") else { return nil }
        let text = unsafe String(cString: value)
        return text.isEmpty ? nil : text
    }
}
