// SPDX-License-Identifier: Apache-2.0
import Glibc

/// Makes an officer's signature over a text.
public protocol OfficerSigner {
    /// Signs `message` under `namespace`, and answers the armored SSHSIG.
    ///
    /// - Throws: where no signature could be made.
    func sign(_ message: [UInt8], namespace: String) async throws -> [UInt8]
}
