// SPDX-License-Identifier: Apache-2.0

import Glibc
import PIVCardSupport
import PIVToken
import SoftHSMSupport
import TestSupport
import Token

extension Stand {
    /// The modules that reach a PIV card.
    enum CardModule {
        case openSC
        case ykcs11
        case none

        fileprivate var path: String? {
            switch self {
            case .openSC: "/usr/lib/x86_64-linux-gnu/opensc-pkcs11.so"
            case .ykcs11: Stand.yubico
            case .none: nil
            }
        }

        fileprivate var uri: TokenURI {
            switch self {
            case .openSC: TokenURI()
            case .ykcs11: TokenURI(serial: "12345678")
            case .none: TokenURI(scheme: .piv, serial: "12345678")
            }
        }
    }

    private static let yubico = "/usr/lib/x86_64-linux-gnu/libykcs11.so"

    private static let managementKey = "010203040506070801020304050607080102030405060708"

    /// A PIV card behind pcscd, with keys in 9a, 9c and 9e that ykcs11 made, and their certificates.
    static func card(_ kind: CardModule) throws -> Stand {
        let readers = try PIVCardReaders([PIVCardSettings(serial: 12_345_678)])
        let environment = readers.variable
        for (id, type) in [("01", "EC:prime256v1"), ("02", "EC:secp384r1"), ("03", "rsa:2048")] {
            SharedDirectory.run(
                [
                    "pkcs11-tool", "--module", yubico, "--login", "--login-type", "so", "--so-pin",
                    managementKey, "--keypairgen", "--id", id, "--key-type", type,
                ], environment: environment)
        }
        export(environment)
        let card = readers.cards[0]
        var stand = Stand(
            module: kind.path,
            uri: kind.uri, environment: environment,
            kinds: kind == .openSC
                ? [.ecdsaP256, .ecdsaP384] : [.ecdsaP256, .ecdsaP384, .rsa2048])
        switch kind {
        case .openSC: break
        case .ykcs11: stand.remark = "fewer tries left than at first"
        case .none:
            stand.remark = "2 tries left"
            // The judge reaches the same card through Yubico's module, which numbers the slots.
            stand.judge = (
                yubico, { [[0x9A: 1, 0x9C: 2, 0x9D: 3][$0.id.first ?? 0] ?? 0] }
            )
            stand.foreignIDs = [[0x9A], [0x9C], [0x9D]]
            stand.hidesKeys = false
            stand.loginCall = "VERIFY"
            stand.makes = [.ecdsaP256, .ecdsaP384, .rsa2048]
            stand.slots = [.ecdsaP256: "82", .ecdsaP384: "83", .rsa2048: "84"].compactMapValues {
                PIVSlot(text: $0)
            }
            stand.beforeGeneration = { token in
                guard let token = token as? PIVToken else { return }
                try await token.authenticate(try ManagementKey(hexDigits: managementKey.utf8))
            }
        }
        stand.remove = {
            try card.remove()
            try readers.awaitRemoved()
        }
        stand.insert = {
            try card.insert()
            try readers.awaitSeen(card)
        }
        stand.disturb = { try card.send("logout") }
        stand.stop = { withExtendedLifetime(readers) {} }
        return stand
    }
}
