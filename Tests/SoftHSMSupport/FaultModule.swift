// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization

/// A copy of the module in Tests/Support/fault-module, in front of a real one.
public final class FaultModule: Sendable {
    /// The copy's path, which no other has.
    public let path: String

    private static let count = Atomic<Int>(0)

    /// Makes a copy in front of the module at `path`; `lines` say how it differs from it.
    public init(_ path: String = SoftHSM.modulePath, _ lines: String...) {
        let number = Self.count.add(1, ordering: .relaxed).newValue
        let name = "fault-\(getpid())-\(number).so"
        self.path = SharedDirectory.file(name)
        SharedDirectory.run(["cp", Self.compiled, self.path])
        let settings = (["module \(path)"] + lines).joined(separator: "\n")
        _ = SharedDirectory.write(name + ".conf", settings + "\n")
    }

    private static let compiled: String = {
        let path = SharedDirectory.file("fault-module-\(getpid()).so")
        let sources = #filePath.split(separator: "/").dropLast(3)
            .reduce(into: "") { $0 += "/" + $1 }
        SharedDirectory.run([
            "cc", "-std=gnu11", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC",
            "-I", "\(sources)/Sources/CPKCS11/include", "-o", path,
            "\(sources)/Tests/Support/fault-module/module.c", "-ldl",
        ])
        return path
    }()

    /// Tells the module a line of its language.
    public func tell(_ line: String) {
        typealias Function = @convention(c) (UnsafePointer<CChar>) -> Int32
        guard unsafeBitCast(symbol("fault_do"), to: Function.self)(line) == 1 else {
            fatalError("the module doesn't understand \(line)")
        }
    }

    /// How often a function was called since the last rule, or another number that it keeps.
    public subscript(name: String) -> UInt {
        typealias Function = @convention(c) (UnsafePointer<CChar>) -> UInt
        return unsafeBitCast(symbol("fault_count"), to: Function.self)(name)
    }

    /// The functions that are counted.
    public static let functions = [
        "C_Initialize", "C_Finalize", "C_GetInfo", "C_GetSlotList", "C_GetSlotInfo",
        "C_GetTokenInfo", "C_GetMechanismList", "C_GetMechanismInfo", "C_OpenSession",
        "C_CloseSession", "C_GetSessionInfo", "C_Login", "C_Logout", "C_GetAttributeValue",
        "C_FindObjectsInit", "C_FindObjects", "C_FindObjectsFinal", "C_SignInit", "C_Sign",
        "C_GenerateKeyPair", "C_GenerateRandom", "C_CreateObject", "C_DestroyObject",
    ]

    private func symbol(_ name: String) -> UnsafeMutableRawPointer {
        guard let handle = dlopen(path, RTLD_NOW | RTLD_LOCAL), let symbol = dlsym(handle, name)
        else { fatalError("no \(name) in \(path)") }
        return symbol
    }
}
