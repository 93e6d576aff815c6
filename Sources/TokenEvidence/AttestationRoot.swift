// SPDX-License-Identifier: Apache-2.0
public import SSHCrypto
import SSHFormats

/// A key that attestation is trusted to begin with: pinned by its number, not by a certificate.
public struct AttestationRoot: Hashable, Sendable {
    /// Whose it is.
    public let name: String
    /// The SHA-256 of its `SubjectPublicKeyInfo`.
    public let digest: SHA256Digest
    /// The key; nil where only its digest is pinned, so that the chain must bring it.
    public let key: SubjectPublicKeyInfo?

    /// A root of a site's own, by the SHA-256 of its `SubjectPublicKeyInfo`.
    public init(pin digest: SHA256Digest) {
        name = "a root that the policy names"
        self.digest = digest
        key = nil
    }

    private init?(name: String, key base64: String) {
        guard let bytes = Base64.decode(base64) else { return nil }
        do throws(SSHCryptoError) {
            let key = try SubjectPublicKeyInfo(der: bytes)
            self.name = name
            self.key = key
            digest = key.digest
        } catch {
            return nil
        }
    }

    /// The roots that Yubico published for PIV attestation, of all generations.
    public static let yubico: [AttestationRoot] = [
        AttestationRoot(
            name: "Yubico PIV Root CA Serial 263751",
            key:
                "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAw3ZwxM1HpgJ1xMVHG4/LfU9ptGfmbqkn6dITQdFa"
                + "mhozx9zzAcL5OZv3yOY2+FY0TYSKVTzm5gp8QU/13pDYabK2oGfFmwBrcqpmIILHYvBDiJgQ5vWWWCi1Wv"
                + "/CESl1U6qOhTQ/l7WPXLs5/A6+TL/4Bcg3/1enRUWVhGTa1D0Zx1goOapT51v2IrCkDOJ3igcFUsiGYPem"
                + "+RZpEDYfcMD23sf8c2rm/c6I7WPItl4qpmgxs85uvGoOD71851KHOB/AKqBPddWZN6LC8FJNy3KL2YdB9h"
                + "3YPCRqrFGcts1XIr3OX4PONIan0iFU+JW0Z61fTZ3GFCcZLsroE7RB7wIDAQAB"),
        AttestationRoot(
            name: "Yubico Attestation Root 1",
            key:
                "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAxnr9PEzyshP4Rqg+8bzWie0w6j/aZDZEHAkdLRBl"
                + "zFVo1e+XXYtSEFnkuaIFJwhl3VGfHWh3nzmH792EruESbskAAuQoq2zV87ncoY0tm6PPmHfAadyviHIoXQ"
                + "bvhv9Tcr2ETmYY0PrOphyEJEAd+tgxhEMXhgvRfgPmcZ3G+mkDLqeQSa1aYyfA7eLRMC5yytsTjzke8Yzi"
                + "vRWmBV0mm+BCOJMkJMir4PfmHC1PxAMi/6ca+lzKLnBwh8KTPIKKYm6SFjLoqio0wpAR2k2JI69bIMxMy3"
                + "VvAK8TOnD3W76axS3iuPR5+c72zRk7B3AxEOcfjGBSXlkvCus+R8LX/QIDAQAB"),
        AttestationRoot(
            name: "Yubico U2F Root CA Serial 457200631",
            key:
                "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAv48GLoQVZamomFhDLK1hYrICfj7TPdXkq6SOEyu1"
                + "Od5sAiGsEgx8vL1JpOTdigI/Wm70/TT+UjEtYUIt7rMaGBqJ10IHzumV8lAPWvigJKnRZwZ5croEngjnqf"
                + "BHWRX7GkRbTI5MM+RnM9j8uLyGLwnTBz7cGs9G1bs53rniBM+k50IxOt0Xbds28J3m8ExuWcm3lksG88vg"
                + "Sd+GR3FITwGPPciUF7hNCMzGRXBAWzzUW1hAkSoI6v/6k/Z5gzhVZUkQrdsIqj0s5bsJ/r/rLkBAbFI0xj"
                + "BHdubSl105DVttcCFm8XkslKE18C7xkusZcEEoDaZNql2MH/Il4O1VmQIDAQAB"),
    ].compactMap { $0 }

    /// The root that devices of this firmware normally chain to; nil where none is known.
    public static func expected(for firmware: FirmwareVersion) -> AttestationRoot? {
        let name =
            if firmware >= FirmwareVersion(5, 7, 4) {
                "Yubico Attestation Root 1"
            } else if firmware >= FirmwareVersion(4, 3, 0) {
                "Yubico PIV Root CA Serial 263751"
            } else {
                ""
            }
        return yubico.first { $0.name == name }
    }
}
