// SPDX-License-Identifier: Apache-2.0

import Glibc
import SoftHSMSupport
import Testing
import Token

@testable import PKCS11Token

@Suite("Loading a PKCS#11 module")
struct ModuleTests {
    @Test("a relative path is refused, so that no search decides what code runs")
    func relativePath() async {
        let error = await refusal { _ = try PKCS11Module(path: "libsofthsm2.so") }
        #expect(error.code == .moduleMissing)
        #expect(error.description == "module path \"libsofthsm2.so\" is not absolute")
    }

    @Test("a path with nothing there is refused")
    func missing() async {
        let error = await refusal { _ = try PKCS11Module(path: "/nonexistent/module.so") }
        #expect(error.code == .moduleMissing)
        #expect(
            error.description == "module \"/nonexistent/module.so\": No such file or directory")
    }

    @Test("a file that is no library is refused")
    func noLibrary() async {
        let file = SharedDirectory.write("text.so", "not a library\n")
        let error = await refusal { _ = try PKCS11Module(path: file) }
        #expect(error.code == .moduleFault)
        #expect(
            error.description
                == "module \"\(file)\" cannot be loaded: \(file): file too short")
    }

    @Test("a library without C_GetFunctionList is refused")
    func noEntry() async {
        let path = HostileModule("-DHOSTILE_ENTRY=other").path
        let error = await refusal { _ = try PKCS11Module(path: path) }
        #expect(error.code == .moduleFault)
        #expect(
            error.description
                == "\"\(path)\" is no PKCS#11 module: it has no C_GetFunctionList")
    }

    @Test("a module that gives no function list is refused")
    func emptyList() async {
        let path = HostileModule("-DHOSTILE_EMPTY").path
        let error = await refusal { _ = try PKCS11Module(path: path) }
        #expect(error.code == .moduleFault)
        #expect(error.description == "module \"\(path)\" gave no function list")
    }

    @Test("a module of an unknown version of the interface is refused")
    func unknownVersion() async {
        let path = HostileModule("-DHOSTILE_MAJOR=9").path
        let error = await refusal { _ = try PKCS11Module(path: path) }
        #expect(error.code == .moduleFault)
        #expect(error.description == "module \"\(path)\" is of Cryptoki 9.40, not 2 or 3")
    }

    @Test("a function that the module does not have is named")
    func missingFunction() async throws {
        let hostile = HostileModule()
        let error = await refusal { _ = try hostile.load().information() }
        #expect(error.code == .unsupported)
        #expect(error.description == "the module has no C_GetInfo")
    }

    @Test("a module tells of itself and of its slots")
    func information() throws {
        let test = TestToken("information")
        let module = try TestToken.module()
        let information = try module.information()
        #expect(information.interfaceVersion == "2.40")
        #expect(information.manufacturer == "SoftHSM")
        #expect(information.description == "Implementation of PKCS11")
        let tokens = try module.tokens()
        #expect(tokens.filter { $0.identity.serial == test.uri.serial }.count == 1)
        #expect(try module.slots().contains { $0.token?.identity.serial == test.uri.serial })
        // SoftHSM always has one slot more, with a token that is not set up.
        #expect(try module.slots().contains { $0.token?.flags.contains(.initialized) == false })
        #expect(tokens.allSatisfy { $0.identity.model == "SoftHSM v2" })
        #expect(tokens.allSatisfy { $0.identity.manufacturer == "SoftHSM project" })
        #expect(tokens.allSatisfy { $0.minimumPINLength == 4 && $0.maximumPINLength == 255 })
    }

    @Test("two paths that lead to one file are one module, initialised once")
    func oneModule() async throws {
        let hostile = HostileModule()
        let link = SharedDirectory.file("link-to-hostile.so")
        symlink(hostile.path, link)
        let first = try PKCS11Module(path: hostile.path)
        let second = try PKCS11Module(path: link)
        #expect(first.loaded === second.loaded)
        _ = try first.slots()
        _ = try second.slots()
        #expect(hostile["initializations"] == 1)
        #expect(hostile["initialize-flags"] == 2, "CKF_OS_LOCKING_OK")
    }

    @Test("a module that wants a text when it starts gets it in the reserved word")
    func initializationText() async throws {
        let hostile = HostileModule()
        let text = "configdir='sql:/x'"
        let module = try PKCS11Module(path: hostile.path, initialization: text)
        _ = try module.slots()
        #expect(hostile["initialize-text-is-right"] == 1)
        #expect(hostile["initialize-flags"] == 2, "CKF_OS_LOCKING_OK")
        let error = await refusal { _ = try hostile.load() }
        #expect(error.code == .moduleFault)
        #expect(
            error.description
                == "module \"\(hostile.path)\" is loaded with another initialization")
        _ = try PKCS11Module(path: hostile.path, initialization: text).slots()
    }

    @Test("a module that wants none gets none")
    func noInitializationText() throws {
        let hostile = HostileModule()
        _ = try hostile.load().slots()
        #expect(hostile["initializations"] == 1)
        #expect(hostile["initialize-text"] == 0)
    }

    @Test("a library of 32 bits is named as one")
    func narrow() async throws {
        let hostile = HostileModule()
        let path = SharedDirectory.file("narrow.so")
        SharedDirectory.run(["cp", hostile.path, path])
        let descriptor = open(path, O_WRONLY)
        #expect(pwrite(descriptor, [1 as UInt8], 1, 4) == 1)
        close(descriptor)
        let error = await refusal { _ = try PKCS11Module(path: path) }
        #expect(error.code == .moduleFault)
        #expect(error.description.hasSuffix("wrong ELF class: ELFCLASS32"))
        #expect(
            error.hint == "it is a library for programs of 32 bits; install the one of 64 bits")
    }

    @Test(
        "versions 2 and 3 of the interface are taken",
        arguments: [(2, 1), (2, 20), (2, 40), (3, 0), (3, 2)])
    func versions(major: Int, minor: Int) async throws {
        let hostile = HostileModule("-DHOSTILE_MAJOR=\(major)", "-DHOSTILE_MINOR=\(minor)")
        let token = try await hostile.openAndLogIn()
        #expect(try await token.keys().count == 1)
        await token.close()
    }

    @Test("a token without a session for us says so; with two it works, and makes keys too")
    func sessionLimit() async throws {
        let hostile = HostileModule()
        for limit in [0, 1] as [UInt] {
            hostile["session-limit"] = limit
            let error = await refusal { _ = try await hostile.open() }
            #expect(
                error.description
                    == "token \"hostile\" (serial \"666\") has no session left, and two are "
                    + "needed (C_OpenSession: CKR_SESSION_COUNT, 0xb1)")
            #expect(error.hint == "end the other programs that use the token")
            #expect(hostile["open-sessions"] == 0)
        }
        hostile["session-limit"] = 2
        let token = try await hostile.openAndLogIn()
        let key = try await token.generate(KeyRequest(.ecdsaP256, label: "ca"))
        #expect(key.publicKey == HostileModule.publicKey)
        #expect(hostile["open-sessions"] == 2)
        #expect(try await token.sign([[1]], with: key.publicKey).count == 1)
        await token.close()
    }

    @Test("the module is finalised with its last token, and starts afresh for the next")
    func finalised() async throws {
        let hostile = HostileModule()
        hostile["slot-count"] = 1
        for round in 1...3 as ClosedRange<UInt> {
            let token = try await hostile.open()
            #expect(hostile["initializations"] == round)
            #expect(hostile["finalizations"] == round - 1)
            #expect(hostile["open-sessions"] == 2)
            await token.close()
            #expect(hostile["open-sessions"] == 0)
            #expect(hostile["finalizations"] == round)
        }
    }

    @Test("a token that is let go without close is let go all the same")
    func abandoned() async throws {
        let hostile = HostileModule()
        do {
            _ = try await hostile.open()
        }
        // Nobody waits for it: the token's own thread does it in its time.
        #expect(await eventually { hostile["finalizations"] == 1 })
        #expect(hostile["open-sessions"] == 0)
    }

    @Test("what somebody else in the process has initialised is not finalised")
    func initialisedElsewhere() async throws {
        let hostile = HostileModule()
        hostile["already-initialized"] = 1
        let token = try await hostile.open()
        await token.close()
        #expect(hostile["initializations"] == 0)
        #expect(hostile["finalizations"] == 0)
    }

    @Test("a start that fails once is tried again, one that fails twice is not")
    func startRace() async throws {
        let hostile = HostileModule()
        hostile["initialize-failures"] = 1
        hostile["open-session-failures"] = 1
        let token = try await hostile.open()
        await token.close()

        hostile["initialize-failures"] = 2
        let error = await refusal { _ = try await hostile.open() }
        #expect(hostile["initialize-failures"] == 0)
        #expect(
            error.description
                == "the token or its module failed (C_Initialize: CKR_GENERAL_ERROR, 0x5)")
    }

    @Test("a module that tells of impossibly many slots is refused")
    func manySlots() async throws {
        let hostile = HostileModule()
        hostile["slot-count"] = 4097
        let error = await refusal { _ = try hostile.load().slots() }
        #expect(error.code == .moduleFault)
        #expect(error.description == "C_GetSlotList tells of 4097 entries")
    }

    @Test("an attribute of impossible length is refused")
    func longAttribute() async throws {
        let hostile = HostileModule()
        let token = try await hostile.openAndLogIn()
        hostile["attribute-length"] = 1 << 40
        let error = await refusal { _ = try await token.keys() }
        #expect(error.code == .moduleFault)
        #expect(
            error.description == "attribute 0x100 of 1099511627776 bytes exceeds 65536")
    }

    @Test("return values have the names of the standard")
    func names() {
        #expect(ReturnValue.name(0x0) == "CKR_OK")
        #expect(ReturnValue.name(0xA0) == "CKR_PIN_INCORRECT")
        #expect(ReturnValue.name(0x150) == "CKR_BUFFER_TOO_SMALL")
        #expect(ReturnValue.name(0x201) == "CKR_TOKEN_RESOURCE_EXCEEDED")
        #expect(ReturnValue.name(0x8000_0012) == "CKR_VENDOR_DEFINED+0x12")
        #expect(ReturnValue.name(0x4) == "unnamed return value")
    }
}
