// SPDX-License-Identifier: Apache-2.0
import Glibc
import PIVCardSupport
import SSHCrypto
import SSHFormats
import TestSupport
import Testing
import Token
import TokenEvidence

@testable import PIVToken

/// Takes a card out, and waits until pcscd has seen that it is.
private func remove(_ readers: PIVCardReaders, _ index: Int) async throws {
    try readers.cards[index].remove()
    // A card that is put in before is taken for the one that was there.
    while try await PIVToken.cards()[index].contents != .nothing {
        try await Task.sleep(for: .milliseconds(10))
    }
}

/// libpcsclite asks for the service's socket once in a process: each test has a process of its own.
@Suite("PIV cards in readers of pcscd", .timeLimit(.minutes(20)))
struct ServiceTests {
    @Test("without pcscd the error says how to start it")
    func noService() async {
        await #expect(processExitsWith: .success) {
            setenv("PCSCLITE_CSOCK_NAME", "/nonexistent/pcscd.comm", 1)
            let listing = await tokenError { try await PIVToken.cards() }
            #expect(listing?.code == .noService)
            #expect(
                listing?.description
                    == "the service for smart cards, pcscd, does not run "
                    + "(SCardEstablishContext: SCARD_E_NO_SERVICE, 0x8010001d)")
            #expect(listing?.hint?.contains("systemctl start pcscd") == true)
            let opening = await tokenError { try await PIVToken.open(TokenURI(scheme: .piv)) }
            #expect(opening?.code == .noService)
        }
    }

    @Test("readers and cards are listed, and a card is opened by its serial and no other")
    func listing() async {
        await #expect(processExitsWith: .success) {
            let readers = try PIVCardReaders([
                PIVCardSettings(serial: 1111), PIVCardSettings(serial: 2222),
            ])
            setenv("PCSCLITE_CSOCK_NAME", readers.directory.file("run/pcscd.comm"), 1)
            let cards = try await PIVToken.cards()
            #expect(cards.map(\.reader) == PIVCardReaders.readerNames)
            #expect(cards.map { $0.identity?.serial } == ["1111", "2222"])
            #expect(
                cards.first?.contents
                    == .card(
                        TokenIdentity(
                            scheme: .piv, label: "YubiKey PIV #1111", serial: "1111",
                            model: "YubiKey", manufacturer: "Yubico"),
                        firmware: FirmwareVersion(5, 4, 3)))

            let several = await tokenError { try await PIVToken.open(TokenURI(scheme: .piv)) }
            #expect(several?.code == .ambiguousToken)
            let token = try await PIVToken.open(TokenURI(text: "piv:serial=2222"))
            #expect(token.identity.serial == "2222")
            #expect(token.reader == PIVCardReaders.readerNames[1])
            await token.close()

            let absent = await tokenError {
                try await PIVToken.open(TokenURI(text: "piv:serial=3333"))
            }
            #expect(absent?.code == .noToken)
            // A card without the application, and one that cannot be asked.
            try readers.cards[0].fault("status 6a82 ins a4")
            try readers.cards[1].fault("status 6f00 ins fd")
            let others = try await PIVToken.cards().map(\.contents)
            #expect(others.first == .otherCard)
            #expect(
                others.last
                    == .unreadable(
                        "the card does not tell its version (GET VERSION: the card failed without a "
                            + "reason, 0x6f00)"))
            try readers.cards[0].fault("status 6a82 ins a4")
            try readers.cards[1].fault("status 6f00 ins fd")
            let unreadable = await tokenError {
                try await PIVToken.open(TokenURI(text: "piv:serial=2222"))
            }
            #expect(unreadable?.code == .other)
            #expect(
                unreadable?.description
                    == "no card matches \"piv:serial=2222\"; "
                    + "\"\(PIVCardReaders.readerNames[1])\": the card does not tell its version "
                    + "(GET VERSION: the card failed without a reason, 0x6f00)")

            try await remove(readers, 0)
            let wrong = await tokenError {
                try await PIVToken.open(TokenURI(text: "piv:serial=1111"))
            }
            #expect(wrong?.code == .wrongToken)
            #expect(
                wrong?.description
                    == "the card in the reader is token \"YubiKey PIV #2222\" (serial \"2222\"), not "
                    + "\"piv:serial=1111\"; no PIN went to it")
            try await remove(readers, 1)
            let empty = await tokenError { try await PIVToken.open(TokenURI(scheme: .piv)) }
            #expect(empty?.code == .noToken)
            #expect(empty?.hint == "insert the card")
            #expect(try await PIVToken.cards().map(\.contents) == [.nothing, .nothing])
        }
    }

    @Test("a card that is removed stays removed, and is opened anew when it is back")
    func removal() async {
        await #expect(processExitsWith: .success) {
            let readers = try PIVCardReaders()
            setenv("PCSCLITE_CSOCK_NAME", readers.directory.file("run/pcscd.comm"), 1)
            let card = readers.cards[0]
            let uri = try TokenURI(text: "piv:serial=12345678")
            let token = try await PIVToken.open(uri)
            try await token.authenticate(ManagementKey(Workbench.managementKey))
            try await token.login(PIN(Workbench.pin.utf8))
            let key = try await token.generate(
                KeyRequest(.ecdsaP256, label: "", slot: .authentication)
            ).publicKey
            try card.remove()
            for _ in 0..<2 {
                let gone = await tokenError { try await token.sign([[1]], with: key) }
                #expect(gone?.code == .removed)
            }
            try await remove(readers, 0)
            try card.insert()
            try readers.awaitSeen(card)
            #expect(
                await tokenError { try await token.sign([[1]], with: key) }?.code == .removed)
            await token.close()
            let again = try await PIVToken.open(uri)
            let early = await tokenError { try await again.sign([[1]], with: key) }
            #expect(early?.code == .notLoggedIn)
            try await again.login(PIN(Workbench.pin.utf8))
            _ = try await again.sign([[1]], with: key)

            // In the middle of a command, before and after it is carried out.
            for fault in ["vanish-before", "vanish-after"] {
                let token = try await PIVToken.open(uri)
                try await token.login(PIN(Workbench.pin.utf8))
                try card.fault("\(fault) ins 87")
                let gone = await tokenError { try await token.sign([[1]], with: key) }
                #expect(gone?.code == .removed)
                try await remove(readers, 0)
                try card.insert()
                try readers.awaitSeen(card)
            }
        }
    }

    @Test("a reset or another program's work between two signatures is made good")
    func otherPrograms() async {
        await #expect(processExitsWith: .success) {
            let readers = try PIVCardReaders()
            setenv("PCSCLITE_CSOCK_NAME", readers.directory.file("run/pcscd.comm"), 1)
            let card = readers.cards[0]
            let uri = try TokenURI(text: "piv:serial=12345678")
            let token = try await PIVToken.open(uri)
            try await token.authenticate(ManagementKey(Workbench.managementKey))
            try await token.login(PIN(Workbench.pin.utf8))
            for slot in [PIVSlot.authentication, .signature] {
                let key = try await token.generate(KeyRequest(.ecdsaP256, label: "", slot: slot))
                    .publicKey
                _ = try await token.sign([[1]], with: key)
                let other = try await PIVToken.open(uri)
                try await other.login(PIN(Workbench.pin.utf8))
                // With it goes a reset.
                await other.close()
                _ = try await token.sign([[1], [2]], with: key)
                let status = try readers.run(
                    "yubico-piv-tool", ["-r", "Yubi", "-a", "status"])
                #expect(status.status == .exited(0), "\(status.errors)")
                _ = try await token.sign([[3]], with: key)
                try card.send("deselect")
                _ = try await token.sign([[4]], with: key)
                try card.send("logout")
                _ = try await token.sign([[5]], with: key)
                #expect(try card.tries().pin == 3)
            }
            await token.close()
            // The reset took the login away: another program is asked for the PIN.
            let after = try await PIVToken.open(uri)
            let key = try await after.keys().first?.publicKey
            let refused = await tokenError { try await after.sign([[1]], with: #require(key)) }
            #expect(refused?.code == .notLoggedIn)
        }
    }

    @Test("a service that ends says so, and another card in the reader gets no PIN")
    func serviceEnds() async {
        await #expect(processExitsWith: .success) {
            let readers = try PIVCardReaders([
                PIVCardSettings(serial: 1111), PIVCardSettings(serial: 2222, isInserted: false),
            ])
            setenv("PCSCLITE_CSOCK_NAME", readers.directory.file("run/pcscd.comm"), 1)
            let uri = try TokenURI(text: "piv:serial=1111")
            let token = try await PIVToken.open(uri)
            try await token.login(PIN(Workbench.pin.utf8))
            try await remove(readers, 0)
            try readers.cards[0].insert(readers.statePath(1))
            try readers.awaitSeen(readers.cards[0])
            let verified = try readers.cards[0].count(instruction: 0x20)
            #expect(
                await tokenError { try await token.login(PIN(Workbench.pin.utf8)) }?.code
                    == .removed)
            let wrong = await tokenError { try await PIVToken.open(uri) }
            #expect(wrong?.code == .wrongToken)
            #expect(try readers.cards[0].count(instruction: 0x20) == verified)

            let other = try await PIVToken.open(TokenURI(text: "piv:serial=2222"))
            try readers.stopService()
            let ended = await tokenError { try await other.evidence() }
            #expect([.noService, .removed].contains(ended?.code))
            #expect(await tokenError { try await PIVToken.cards() }?.code == .noService)
        }
    }
}
