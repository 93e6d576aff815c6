// SPDX-License-Identifier: Apache-2.0
import Documents
import Ledger
import SSHCrypto

extension LedgerEntry {
    /// The texts that the entry names by their SHA-256.
    ///
    /// A file that was refused is named too, but not kept.
    var namedDigests: [SHA256Digest] {
        let names: [String] =
            switch kind {
            case .genesis: ["genesis", "policy", "roster", "signature"]
            case .request: ["file"]
            case .batch: ["batch"]
            case .approval: ["signature"]
            case .rejection: ["text", "signature"]
            case .krl: ["list"]
            case .ceremonyClosed: ["state"]
            default: []
            }
        guard !names.isEmpty else { return [] }
        var digests: [SHA256Digest] = []
        for block in blocks {
            for field in block.fields where names.contains(field.name) {
                if let digest = SHA256Digest(hex: field.value) { digests.append(digest) }
            }
        }
        return digests
    }
}
