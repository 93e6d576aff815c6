// SPDX-License-Identifier: Apache-2.0

import Testing
import Token

@Suite("Token URIs")
struct TokenURITests {
    static let identity = TokenIdentity(
        label: "CA 1", serial: "0a;b", model: "SoftHSM v2", manufacturer: "SoftHSM project")

    @Test(
        "what is read is written back in its one form",
        arguments: [
            ("pkcs11:", "pkcs11:"),
            ("pkcs11:token=ca", "pkcs11:token=ca"),
            ("pkcs11:serial=1;token=ca", "pkcs11:token=ca;serial=1"),
            ("pkcs11:token=a%20b", "pkcs11:token=a%20b"),
            ("pkcs11:token=%61%62", "pkcs11:token=ab"),
            ("pkcs11:token=a&b", "pkcs11:token=a%26b"),
            ("pkcs11:token=%c3%bc", "pkcs11:token=%C3%BC"),
            ("pkcs11:token=", "pkcs11:token="),
            ("pkcs11:token=a=b", "pkcs11:token=a=b"),
            ("pkcs11:id=%01%fF", "pkcs11:id=%01%FF"),
            ("pkcs11:id=ab", "pkcs11:id=%61%62"),
            (
                "pkcs11:object=key;model=m;manufacturer=x",
                "pkcs11:manufacturer=x;model=m;object=key"
            ),
            (
                "pkcs11:token=ca?module-path=/usr/lib/softhsm/libsofthsm2.so",
                "pkcs11:token=ca?module-path=%2Fusr%2Flib%2Fsofthsm%2Flibsofthsm2.so"
            ),
            ("pkcs11:?module-path=%2Fm", "pkcs11:?module-path=%2Fm"),
            ("piv:", "piv:"),
            ("piv:serial=12345678;token=CA", "piv:token=CA;serial=12345678"),
        ])
    func roundTrip(text: String, canonical: String) throws {
        let uri = try TokenURI(text: text)
        #expect(uri.text == canonical)
        #expect(try TokenURI(text: canonical) == uri)
    }

    @Test(
        "what is not understood is refused, and said",
        arguments: [
            ("token=ca", "it begins with neither \"pkcs11:\" nor \"piv:\""),
            ("PKCS11:token=ca", "it begins with neither \"pkcs11:\" nor \"piv:\""),
            ("pkcs11:token", "\"token\" is not name=value"),
            ("pkcs11:token=ca;", "\"\" is not name=value"),
            ("pkcs11:slot-id=1", "attribute \"slot-id\" is not known there"),
            ("pkcs11:Token=1", "attribute \"Token\" is not known there"),
            ("pkcs11:module-path=/m", "attribute \"module-path\" is not known there"),
            ("pkcs11:token=a?token=b", "attribute \"token\" is not known there"),
            ("pkcs11:token=a?module-name=b", "attribute \"module-name\" is not known there"),
            ("pkcs11:token=a;token=a", "attribute \"token\" is given twice"),
            ("pkcs11:token=a b", "value of \"token\" has a byte that must be escaped"),
            ("pkcs11:token=a/b", "value of \"token\" has a byte that must be escaped"),
            ("pkcs11:token=%2", "value of \"token\" has a byte that must be escaped"),
            ("pkcs11:token=%zz", "value of \"token\" has a byte that must be escaped"),
            ("pkcs11:token=%FF", "value of \"token\" is not UTF-8 without control characters"),
            ("pkcs11:token=%1B", "value of \"token\" is not UTF-8 without control characters"),
            ("pkcs11:?module-path=m.so", "module-path \"m.so\" is not absolute"),
            ("piv:?module-path=/m.so", "a PIV card that is reached directly has no module-path"),
        ])
    func refused(text: String, reason: String) {
        let error = #expect(throws: TokenError.self) { _ = try TokenURI(text: text) }
        #expect(error?.code == .invalidURI)
        #expect(error?.description == "token URI \(text.quotedForDisplay): \(reason)")
    }

    @Test(
        "no PIN is taken from a URI, nor shown in the error",
        arguments: [
            ("pkcs11:token=a?pin-value=739113", "pin-value"),
            ("pkcs11:token=a?pin-source=file:739113", "pin-source"),
            ("pkcs11:pin-value=739113", "pin-value"),
        ])
    func carriesPIN(text: String, name: String) {
        let error = #expect(throws: TokenError.self) { _ = try TokenURI(text: text) }
        #expect(error?.description == "token URI has the attribute \"\(name)\"")
        #expect(
            error?.hint
                == "a PIN is read from the terminal or from a descriptor, never from a URI")
        #expect(!"\(error as Any)".contains("739113"))
    }

    @Test("4096 bytes are read, 4097 are not")
    func length() throws {
        let filler = String(repeating: "a", count: 4096 - "pkcs11:token=".count)
        #expect(try TokenURI(text: "pkcs11:token=\(filler)").token == filler)
        let error = #expect(throws: TokenError.self) {
            _ = try TokenURI(text: "pkcs11:token=\(filler)a")
        }
        #expect(error?.description == "token URI of 4097 bytes exceeds 4096")
    }

    @Test("a token's own URI matches it, and reads back")
    func ownURI() throws {
        let uri = Self.identity.uri
        #expect(
            uri.text == "pkcs11:token=CA%201;manufacturer=SoftHSM%20project;serial=0a%3Bb;"
                + "model=SoftHSM%20v2")
        #expect(try TokenURI(text: uri.text) == uri)
        #expect(uri.matches(Self.identity))
    }

    @Test("what is not given matches anything, what is given must be equal")
    func matching() {
        #expect(TokenURI().matches(Self.identity))
        #expect(TokenURI(token: "CA 1").matches(Self.identity))
        #expect(!TokenURI(token: "CA").matches(Self.identity))
        #expect(!TokenURI(token: "CA 1", serial: "0a").matches(Self.identity))
        #expect(!TokenURI(token: "CA 1", model: "").matches(Self.identity))
        #expect(!TokenURI(manufacturer: "softhsm project").matches(Self.identity))
        #expect(TokenURI(object: "any", id: [1]).matches(Self.identity))
    }
}
