// SPDX-License-Identifier: Apache-2.0
import Documents
import Issuance
import Ledger
import SSHCrypto

extension BundleCheck {
    /// The most that a text of a state may be.
    private static let stateLimits = DocumentLimits(
        maximumBytes: Content.maximumBytes, maximumLines: 1_048_576, maximumValueBytes: 65_536)

    /// Checks that each state that an end of a ceremony names is one of this home and its rules.
    ///
    /// Whether it is the one that the entries lead to, only a whole ledger says.
    mutating func checkStates(_ trail: AuditTrail, founding: Founding?) {
        guard let founding else { return }
        for entry in trail.entries {
            guard case .closed(_, _, _, let state)? = entry.record else { continue }
            guard let head = governingHead(at: entry.index, trail) else { return }
            let expected = [
                ("genesis", founding.genesis.id), ("governing-head", head),
                ("policy", founding.policy.digest), ("roster", founding.roster.digest),
            ]
            let path = Self.contentDirectory + state.hex
            // That it is not there was told.
            guard let file = files.files[path] else { continue }
            do throws(Violations) {
                let document = try Document(
                    parsing: file.bytes, kind: "state", limits: Self.stateLimits)
                for (name, digest) in expected {
                    let found = document.header.fields.first { $0.name == name }?.value
                    guard found != digest.hex else { continue }
                    findings.fail(
                        path, .ceremony,
                        "its \(name) is \(found ?? "not there"), that of the home \(digest.hex)")
                }
            } catch {
                findings.fail(path, error)
            }
        }
    }
}
