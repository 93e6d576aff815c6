// SPDX-License-Identifier: Apache-2.0
import Issuance
import SSHCrypto
import SSHFormats

/// Manifests that are sound in themselves and say something else than they should.
public enum ManifestForge {
    /// The field that is to be changed is not there.
    public struct NoField: Error {
        let name: String
    }

    /// The manifest with another value of the first field of each name from `item: 1` on, or of the
    /// header's; the digest of the first certificate is made to fit.
    public static func forge(
        _ manifest: BatchManifest, _ changes: (name: String, value: String)...
    ) throws -> BatchManifest {
        var lines = String(decoding: manifest.text, as: UTF8.self)
            .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let first = lines.firstIndex(of: "item: 1") ?? 0
        for change in changes {
            let inItem = lines[first...].firstIndex { $0.hasPrefix("\(change.name): ") }
            let inHeader = lines[..<first].firstIndex { $0.hasPrefix("\(change.name): ") }
            guard let place = headerFields.contains(change.name) ? inHeader : inItem else {
                throw NoField(name: change.name)
            }
            lines[place] = change.value.isEmpty ? "" : "\(change.name): \(change.value)"
            if change.value.isEmpty { lines.remove(at: place) }
        }
        let forged = try BatchManifest(text: Array(lines.joined(separator: "\n").utf8))
        guard case .issue(let item)? = forged.items.first,
            let place = lines.firstIndex(where: { $0.hasPrefix("tbs-sha256: ") })
        else { return forged }
        let digest = SHA256Digest(hashing: try item.fields.toBeSigned())
        lines[place] = "tbs-sha256: \(digest.hex)"
        return try BatchManifest(text: Array(lines.joined(separator: "\n").utf8))
    }

    private static let headerFields: Set<String> = [
        "genesis", "batch", "ledger-size", "ledger-root", "governing-head", "roster", "policy",
        "created", "expires", "tool",
    ]
}
