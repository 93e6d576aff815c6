// SPDX-License-Identifier: Apache-2.0
import SSHFormats

extension CertificateFields {
    /// What speaks against a certificate as a signer that its authority answers for.
    func signerFaults(at time: UInt64) -> [SignatureRefusal.Fault] {
        var faults: [String] = []
        if kind != .user {
            faults.append("it is a \(kind.name)'s, and only a user's may sign")
        }
        if time < validAfter {
            faults.append("it is not valid before \(Self.text(validAfter)), \(Self.at(time))")
        } else if time >= validBefore {
            faults.append("it ended at \(Self.text(validBefore)), \(Self.at(time))")
        }
        for option in criticalOptions {
            switch option {
            case .forceCommand, .sourceAddress:
                faults.append("it is for logins with \(option.name) only")
            case .verifyRequired: break
            }
        }
        return faults.map { .init(.certificate($0)) }
    }

    private static func text(_ time: UInt64) -> String { CivilTime.text(secondsInUTC: time) }

    private static func at(_ time: UInt64) -> String { "the time is \(text(time))" }
}
