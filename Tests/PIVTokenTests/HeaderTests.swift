// SPDX-License-Identifier: Apache-2.0
import TestSupport
import Testing

/// The numbers of our own declarations beside those of the distribution's headers.
@Suite("Declarations of PC/SC")
struct HeaderTests {
    private static let functions = [
        "SCardEstablishContext", "SCardReleaseContext", "SCardListReaders", "SCardGetStatusChange",
        "SCardCancel", "SCardConnect", "SCardReconnect", "SCardDisconnect", "SCardBeginTransaction",
        "SCardEndTransaction", "SCardStatus", "SCardTransmit", "pcsc_stringify_error",
    ]

    @Test("names have the numbers, and fields the places, that pcsc-lite's headers give them")
    func sameNumbers() throws {
        let root = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let directory = try TemporaryDirectory()
        let header = "\(root)/Sources/CPCSC/include/pcsc.h"
        let text = String(decoding: try contents(ofFile: header), as: UTF8.self)
        // static const SCARD_NUMBER SCARD_NAME = 1;
        var names: [String] = []
        for line in text.split(separator: "\n") where line.hasPrefix("static const") {
            names.append(String(line.split(separator: " ")[3]))
        }
        #expect(names.count > 25)
        // The headers' names are macros: what they give is kept before ours are declared.
        var program = "#include <PCSC/winscard.h>\n"
        program += "enum { theirState = sizeof(SCARD_READERSTATE) };\n"
        program += "enum { theirRequest = sizeof(SCARD_IO_REQUEST) };\n"
        for name in names {
            program += "static const long their_\(name) = (long)\(name);\n#undef \(name)\n"
        }
        for function in Self.functions {
            program += "#define \(function) our_\(function)\n"
        }
        program += "#define SCARD_READER_STATE our_state\n#include \"\(header)\"\n"
        program +=
            "_Static_assert(theirState == sizeof(our_state), \"size of a reader's state\");\n"
        program += "_Static_assert(theirRequest == sizeof(SCARD_REQUEST), \"size of a request\");\n"
        program += "int main(void) {\n    int faults = 0;\n"
        for name in names { program += "    faults += (long)\(name) != their_\(name);\n" }
        program += "    return faults;\n}\n"
        _ = try directory.write("headers.c", program)
        let built = try Subprocess.run(
            "/usr/bin/cc",
            [
                "-I/usr/include/PCSC", "-o", directory.file("headers"), directory.file("headers.c"),
            ])
        #expect(built.status == .exited(0), "\(built.errors)")
        #expect(try Subprocess.run(directory.file("headers"), []).status == .exited(0))
    }
}
