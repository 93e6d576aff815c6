// SPDX-License-Identifier: Apache-2.0
import CPKCS11
import Glibc
import Token

/// What a module says of itself.
public struct PKCS11ModuleInformation: Hashable, Sendable {
    /// The version of the interface, `major.minor`.
    public let interfaceVersion: String
    /// Who made the library.
    public let manufacturer: String
    /// What the library is.
    public let description: String
    /// The library's version, `major.minor`.
    public let version: String

    init(_ information: CK_INFO) {
        interfaceVersion = information.cryptokiVersion.text
        manufacturer = fixedText(information.manufacturerID)
        description = fixedText(information.libraryDescription)
        version = information.libraryVersion.text
    }
}
