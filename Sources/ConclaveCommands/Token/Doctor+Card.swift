// SPDX-License-Identifier: Apache-2.0
import Documents
import Token
import TokenEvidence

extension Doctor {
    /// Whether the system's service runs, and which readers it has.
    mutating func lookAtReaders() async {}

    /// Whether the firmware is one that its maker or others advise against.
    mutating func addFirmware(_ evidence: DeviceEvidence) {
        guard let firmware = evidence.firmware else { return }
        add(DoctorCheck(.ok, "firmware", "\(evidence.model) \(firmware)"))
    }
}
