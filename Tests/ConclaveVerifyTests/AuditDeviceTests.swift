// SPDX-License-Identifier: Apache-2.0
import Issuance
import SSHCrypto
import Testing
import TokenEvidence

@testable import conclave_verify

@Suite("The tokens that a ceremony names")
struct AuditDeviceTests {
    private static let sound = "CKA_SENSITIVE=true CKA_EXTRACTABLE=false CKA_MODIFIABLE=false"

    /// What is told of the users' CA key on a token, once or more often; the genesis has it on
    /// `pkcs11:token=a`.
    private func faults(
        _ token: String, _ evidence: String = Self.sound, times: Int = 1
    ) throws -> [String] {
        let genesis = try SampleHome().genesis
        let key = genesis.keys[0].publicKey
        let device = AuditDevice(
            publicKey: key, token: token, evidence: evidence, proof: RecordedEvidence())
        return AuditDevice.faults(of: Array(repeating: device, count: times), genesis).map {
            $0.replacing("CA key \(key.fingerprint)", with: "it")
        }
    }

    @Test(
        "a token is the one of the genesis, whatever else is known of it",
        arguments: [
            "pkcs11:token=a", "pkcs11:token=a;serial=1;model=x", "pkcs11:serial=1;token=%61",
            "pkcs11:model=x",
        ])
    func same(token: String) throws {
        #expect(try faults(token) == [])
    }

    @Test(
        "another token is not",
        arguments: [
            "pkcs11:token=b", "pkcs11:token=A;serial=1", "pkcs11:token=", "piv:token=a", "?", "x",
        ])
    func other(token: String) throws {
        #expect(try faults(token) == ["it is on no token \"\(token)\" by the genesis"])
    }

    @Test("a key that could leave its token, or be changed, is told; what is not told is no claim")
    func claims() throws {
        #expect(try faults("pkcs11:token=a", "") == [])
        #expect(
            try faults(
                "pkcs11:token=a",
                "CKA_SENSITIVE=false CKA_EXTRACTABLE=unknown CKA_MODIFIABLE=true CKA_LOCAL=false")
                == [
                    "it: CKA_SENSITIVE must be true", "it: CKA_EXTRACTABLE must be false",
                    "it: CKA_MODIFIABLE must be false",
                ])
    }

    @Test("a CA key stands there once")
    func twice() throws {
        #expect(try faults("pkcs11:token=a", times: 2) == ["it stands there twice"])
    }
}
