// SPDX-License-Identifier: Apache-2.0
import TestSupport
import Testing

@Suite("Modules that are not as they must be")
struct TokenModuleTests {
    private let bench: Workbench

    init() throws {
        bench = try Workbench()
        try bench.makeToken("demo")
    }

    /// The list of a module here and of SoftHSM, in which the module must fail.
    private func list(beside module: String, _ options: String = "") throws -> Finished {
        let listed = try bench.refuse(
            1, "conclave token list --only --module \"$PWD/\(module)\" --module $MODULE \(options)")
        // Whatever the other one did, the good one is listed.
        #expect(listed.lines.contains { $0.hasPrefix("  pkcs11:token=demo;") }, "\(listed.all)")
        #expect(listed.errors == "")
        return listed
    }

    /// A module here, as messages quote its path.
    private func quoted(_ module: String) -> String { "\"\(bench.directory.path)/\(module)\"" }

    @Test("one that crashes as it is loaded costs a line of the list, and no command its life")
    func crash() throws {
        let module = try bench.compileModule(
            "crash", "__attribute__((constructor)) static void f(void) { *(volatile int *)0 = 1; }")
        let line =
            "module \(quoted(module)) crashed the program that looked at it: signal 11, "
            + "Segmentation fault (TOKEN-MODULE-CRASHED)"
        #expect(try list(beside: module).lines.contains("  " + line))
        let shown = try bench.refuse(1, "conclave token show --module $PWD/\(module)")
        #expect(
            shown.errors == """
                conclave: \(line)
                  hint: nothing else was affected; do not use this module before its maker has mended it

                """)
    }

    @Test("one that ends the program that loads it")
    func exit() throws {
        let module = try bench.compileModule(
            "exit",
            """
            #include <unistd.h>
            __attribute__((constructor)) static void f(void) { _exit(0); }
            """)
        #expect(
            try list(beside: module).lines.contains(
                "  module \(quoted(module)) ended the program that looked at it, with exit status 0 "
                    + "and no report (TOKEN-MODULE-CRASHED)"))
    }

    @Test("one that hangs as it is loaded is given up when its time is over")
    func hang() throws {
        let module = try bench.compileModule(
            "hang",
            """
            #include <unistd.h>
            __attribute__((constructor)) static void f(void) { for (;;) pause(); }
            """)
        let listed = try list(beside: module, "--time-limit 1")
        #expect(
            listed.lines.contains(
                "  module \(quoted(module)) did not answer within 1 s (TOKEN-TIMED-OUT)"))
        #expect(try bench.run("pgrep -f \"$PWD/\(module)\" || :").output == "")
    }

    @Test(
        "one that prints is told of, and nothing of it steers the terminal or passes for a report")
    func noise() throws {
        let module = try bench.compileModule(
            "noise",
            """
            #include <string.h>
            #include <unistd.h>
            __attribute__((constructor)) static void f(void) {
                const char *text = "\\x1b[2Jpkcs11:token=forged\\n";
                write(1, text, strlen(text));
                write(2, text, strlen(text));
            }
            """)
        let listed = try list(beside: module)
        #expect(
            listed.lines.contains(
                "module \(bench.directory.path)/\(module): it printed 48 bytes, which begin with "
                    + "\"\\u{1b}[2Jpkcs11:token=forged\""))
        #expect(!listed.output.contains("\u{1B}"))
        #expect(!listed.lines.contains { $0.hasPrefix("  pkcs11:token=forged") })
    }

    @Test("one that writes a report of its own, which cannot be read")
    func forgedReport() throws {
        let module = try bench.compileModule(
            "forged",
            """
            #include <string.h>
            #include <unistd.h>
            __attribute__((constructor)) static void f(void) {
                const char *text = "conclave-module-report: v1\\nset-up: maybe\\n";
                write(3, text, strlen(text));
                _exit(0);
            }
            """)
        let listed = try list(beside: module)
        let line = try #require(listed.lines.first { $0.contains("cannot be read") })
        #expect(
            line.hasPrefix("  the report on module \(quoted(module)) cannot be read: line 2: "))
        #expect(line.hasSuffix("(DOC-FIELD) (TOKEN-MODULE-UNUSABLE)"))
    }

    @Test("one that floods its report is stopped")
    func flood() throws {
        let module = try bench.compileModule(
            "flood",
            """
            #include <unistd.h>
            __attribute__((constructor)) static void f(void) {
                static char zeros[65536];
                for (;;) write(3, zeros, sizeof zeros);
            }
            """)
        let listed = try list(beside: module, "--time-limit 60")
        #expect(
            listed.lines.contains(
                "  the report on module \(quoted(module)) exceeds 4194304 bytes "
                    + "(TOKEN-MODULE-UNUSABLE)"))
    }

    @Test("one for a machine of 32 bits")
    func otherArchitecture() throws {
        // The head of an ELF file: 32 bits, little-endian, a shared object for the Intel 386.
        let head: [UInt8] =
            [0x7F, 0x45, 0x4C, 0x46, 1, 1, 1] + [UInt8](repeating: 0, count: 9) + [3, 0, 3, 0, 1]
        try bench.directory.write("old.so", head + [UInt8](repeating: 0, count: 4096))
        let text =
            "module \(quoted("old.so")) cannot be loaded: \(bench.directory.path)/old.so: "
            + "wrong ELF class: ELFCLASS32 (TOKEN-MODULE-UNUSABLE)"
        #expect(try list(beside: "old.so").lines.contains("  " + text))
        #expect(
            try bench.refuse(1, "conclave token show --module $PWD/old.so").errors.hasPrefix(
                "conclave: \(text)\n"))
    }

    @Test("one that is missing, or named by a relative path")
    func missing() throws {
        #expect(
            try list(beside: "nowhere.so").lines.contains(
                "  module \(quoted("nowhere.so")): No such file or directory "
                    + "(TOKEN-MODULE-MISSING)"))
        let relative = try bench.refuse(1, "conclave token list --only --module nowhere.so")
        #expect(
            relative.lines == [
                "module nowhere.so",
                "  module path \"nowhere.so\" is not absolute (TOKEN-MODULE-MISSING)",
                "no token is there",
            ])
    }

    @Test(
        "a hostile one: of an unknown version, without functions, without an entry",
        arguments: [
            ("-DHOSTILE_MAJOR=9", "is of Cryptoki 9.40, not 2 or 3"),
            ("-DHOSTILE_EMPTY", "gave no function list"),
            ("-DHOSTILE_ENTRY=other", "is no PKCS#11 module: it has no C_GetFunctionList"),
        ])
    func hostile(option: String, message: String) throws {
        let listed = try list(beside: try bench.compileHostileModule(option))
        let line = try #require(listed.lines.first { $0.contains("(TOKEN-MODULE-UNUSABLE)") })
        #expect(line.hasSuffix("\(message) (TOKEN-MODULE-UNUSABLE)"))
    }

    @Test("a hostile one that tells little is listed with what it tells")
    func sparse() throws {
        let module = try bench.compileHostileModule()
        let listed = try bench.run("conclave token list --only --module $PWD/\(module)")
        #expect(listed.output.contains("pkcs11:token=hostile;manufacturer=nobody;serial=666"))
    }

    @Test("a pkcs11 token wants a module, and a URI with a path brings its own")
    func modulePath() throws {
        let none = try bench.refuse(1, "conclave token show --token pkcs11:token=demo")
        #expect(
            none.errors == """
                conclave: no PKCS#11 module is named for "pkcs11:token=demo" (TOKEN-MODULE-MISSING)
                  hint: name it with --module PATH; conclave token list shows those it finds here

                """)
        try bench.run(
            "conclave token show --token \"pkcs11:token=demo?module-path=$MODULE\" --pin-fd 3 3<pin"
        )
    }

    @Test("of several modules, the one that has the token")
    func several() throws {
        let hostile = try bench.compileHostileModule()
        try bench.run(
            "conclave token show --module $PWD/\(hostile) --module $MODULE --token pkcs11:token=demo "
                + "--pin-fd 3 3<pin")
        let none = try bench.refuse(
            1,
            "conclave token show --module $PWD/\(hostile) --module $MODULE --token pkcs11:token=x")
        #expect(
            none.errors == """
                conclave: no token behind any of 2 modules matches "pkcs11:token=x" (TOKEN-NONE)
                  hint: put the token in, or see what is there: conclave token list

                """)
    }

    @Test("the list as JSON is of one line that Python reads, whatever a label holds")
    func json() throws {
        try bench.run(
            "softhsm2-util --init-token --free --label 'a\"b\\\\c' --so-pin 12345678 --pin 123456")
        let read = try bench.run(
            """
            conclave token list --only --module $MODULE --json >list.json
            python3 -c 'import json; w = json.load(open("list.json"))["ways"]
            print(sorted(t["label"] for t in w[0]["tokens"] if t["setUp"]))'
            """)
        #expect(read.lines == ["['a\"b\\\\\\\\c', 'demo']"])
        #expect(try bench.text("list.json").filter { $0 == "\n" }.count == 1)
    }
}
