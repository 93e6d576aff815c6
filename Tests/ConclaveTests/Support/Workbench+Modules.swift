// SPDX-License-Identifier: Apache-2.0
import TestSupport

extension Workbench {
    /// Compiles a module from C, and answers its name here.
    @discardableResult
    func compileModule(_ name: String, _ source: String, _ options: String = "") throws -> String {
        try directory.write("\(name).c", source)
        try run("cc -shared -fPIC \(options) -o \(name).so \(name).c")
        return "\(name).so"
    }

    /// Compiles the hostile module of the tests of PKCS#11, and answers its name here.
    func compileHostileModule(_ options: String = "") throws -> String {
        try run(
            "cc -shared -fPIC \(options) -I $SOURCES/Sources/CPKCS11/include -o hostile.so "
                + "$SOURCES/Tests/Support/hostile-module/module.c")
        return "hostile.so"
    }
}
