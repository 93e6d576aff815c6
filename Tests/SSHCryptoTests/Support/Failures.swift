// SPDX-License-Identifier: Apache-2.0
import SSHCrypto

/// The text of the error that `body` ends with; nil where it ends without.
func failure(_ body: () throws -> Void) -> String? {
    do {
        try body()
        return nil
    } catch {
        return "\(error)"
    }
}
