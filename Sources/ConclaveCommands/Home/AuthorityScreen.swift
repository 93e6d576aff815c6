// SPDX-License-Identifier: Apache-2.0
import Issuance
import SSHCrypto
import SSHFormats

/// How CA keys are shown.
enum AuthorityScreen {
    /// Shows a CA key and each token that holds it.
    static func show(_ key: Genesis.AuthorityKey, standing: String? = nil) {
        Screen.line(
            "  \(key.publicKey.fingerprint) (\(key.publicKey.kind.shortName))"
                + (standing.map { ", \($0)" } ?? ""))
        Screen.line("    on       \(key.token)")
        for copy in key.copies { Screen.line("    copy on  \(copy.token): \(copy.origin)") }
    }

    /// Shows the CA keys that a genesis names, authority by authority.
    static func show(_ genesis: Genesis) {
        var shown: Set<String> = []
        for authority in genesis.keys.map(\.authority) where shown.insert(authority).inserted {
            let keys = genesis.keys.filter { $0.authority == authority }
            Screen.line("CA keys of \(authority):")
            for key in keys { show(key) }
            if keys.count == 1 {
                Screen.line(
                    "    (the only one: without a spare, this authority ends with its token)")
            }
        }
    }
}
