// SPDX-License-Identifier: Apache-2.0

/// The ways to a token that the suite knows; each runs in a process of its own.
public enum Backend: String, CaseIterable, Codable, Sendable {
    /// SoftHSM 2.
    case softHSM = "SoftHSM"
    /// tpm2-pkcs11 on a TPM in software, swtpm.
    case tpm = "tpm2-pkcs11"
    /// NSS softokn, which wants a text when it starts.
    case nss = "NSS"
    /// p11-kit's client of a server with SoftHSM behind it.
    case remote = "p11-kit"
    /// OpenSC on a PIV card behind pcscd.
    case openSC = "OpenSC"
    /// Yubico's module on such a card.
    case ykcs11 = "ykcs11"
    /// Such a card without a module between.
    case piv = "PIV"

    /// Starts what the back end needs.
    func start() throws -> Stand {
        switch self {
        case .softHSM: try .softHSM()
        case .tpm: try .tpm()
        case .nss: try .nss()
        case .remote: try .remote()
        case .openSC: try .card(.openSC)
        case .ykcs11: try .card(.ykcs11)
        case .piv: try .card(.none)
        }
    }
}
