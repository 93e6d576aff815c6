// SPDX-License-Identifier: Apache-2.0

import Glibc
import SoftHSMSupport
import Token

extension Stand {
    /// NSS softokn with a database of its own.
    static func nss() throws -> Stand {
        let directory = SharedDirectory.file("nss")
        mkdir(directory, 0o700)
        let password = SharedDirectory.write("nss-password", "123456\n")
        let noise = SharedDirectory.write("nss-noise", String(repeating: "noise", count: 20))
        SharedDirectory.run(["certutil", "-N", "-d", "sql:\(directory)", "-f", password])
        for kind in ["nistp256", "nistp384"] {
            SharedDirectory.run([
                "certutil", "-G", "-k", "ec", "-q", kind, "-d", "sql:\(directory)", "-f", password,
                "-z", noise,
            ])
        }
        return Stand(
            module: "/usr/lib/x86_64-linux-gnu/libsoftokn3.so",
            initialization: "configdir='sql:\(directory)' certPrefix='' keyPrefix='' "
                + "secmod='secmod.db' flags=readWrite",
            uri: TokenURI(token: "NSS Certificate DB"), kinds: [.ecdsaP256, .ecdsaP384],
            refusals: [
                .ecdsaP256: .attributeFault, .ecdsaP384: .attributeFault,
                .ecdsaP521: .attributeFault, .rsa2048: .attributeFault, .rsa3072: .attributeFault,
            ],
            faults: [
                "CKA_EXTRACTABLE is true, must be false",
                "CKA_NEVER_EXTRACTABLE is false, must be true", "CKA_LOCAL is false, must be true",
                "CKA_MODIFIABLE is true, must be false",
            ])
    }
}
