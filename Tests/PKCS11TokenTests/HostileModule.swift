// SPDX-License-Identifier: Apache-2.0

import Glibc
import SSHFormats
import SoftHSMSupport
import Synchronization
import Token

@testable import PKCS11Token

/// A copy of the module in Tests/Support/hostile-module, with settings and counters of its own.
final class HostileModule: Sendable {
    let path: String

    private static let count = Atomic<Int>(0)

    /// The public key of the module's one key pair: the generator of P-256.
    static let publicKey: PublicKey = {
        let line =
            "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBGsX0fLhLEJH"
            + "+Lzm5WOkQPJ3A32BLeszoPShOUXYmMKWT+NC4v4af5uO5+tKfA+eFivOM1drMV7Oy7ZAaDe/UfU="
        do {
            return try PublicKey(line: line)
        } catch {
            fatalError("\(error)")
        }
    }()

    /// Makes a copy of the module, compiled once for each set of options, that is loaded alone.
    init(_ options: String...) {
        let number = Self.count.add(1, ordering: .relaxed).newValue
        path = SharedDirectory.file("hostile-\(number).so")
        let compiled = Self.compile(options)
        SharedDirectory.run(["cp", compiled, path])
    }

    /// The package's root, where the tests were built from.
    private static let package = #filePath.split(separator: "/").dropLast(3)
        .reduce(into: "") { $0 += "/" + $1 }

    private static let compiled = Mutex<[[String]: String]>([:])

    private static func compile(_ options: [String]) -> String {
        compiled.withLock { compiled in
            if let path = compiled[options] { return path }
            let path = SharedDirectory.file("compiled-\(compiled.count).so")
            let sources = package
            SharedDirectory.run(
                ["cc", "-shared", "-fPIC", "-I", "\(sources)/Sources/CPKCS11/include", "-o", path]
                    + options + ["\(sources)/Tests/Support/hostile-module/module.c"])
            compiled[options] = path
            return path
        }
    }

    /// The module as the product sees it.
    func load() throws -> PKCS11Module { try PKCS11Module(path: path) }

    /// Opens the module's one token.
    func open() async throws -> PKCS11Token { try await load().open(TokenURI(token: "hostile")) }

    /// Opens the module's one token and logs in.
    func openAndLogIn() async throws -> PKCS11Token {
        let token = try await open()
        try await token.login(try PIN("1234".utf8))
        return token
    }

    /// A counter, or a setting.
    subscript(name: String) -> UInt {
        get {
            typealias Get = @convention(c) (UnsafePointer<CChar>) -> UInt
            return unsafeBitCast(symbol("hostile_get"), to: Get.self)(name)
        }
        set {
            typealias Set = @convention(c) (UnsafePointer<CChar>, UInt) -> Void
            unsafeBitCast(symbol("hostile_set"), to: Set.self)(name, newValue)
        }
    }

    private func symbol(_ name: String) -> UnsafeMutableRawPointer {
        guard let handle = dlopen(path, RTLD_NOW | RTLD_LOCAL), let symbol = dlsym(handle, name)
        else { fatalError("no \(name) in \(path)") }
        return symbol
    }
}
