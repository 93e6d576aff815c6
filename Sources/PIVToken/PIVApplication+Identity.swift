// SPDX-License-Identifier: Apache-2.0

import Token
import TokenEvidence

/// What a card says of itself, and by what it is known again.
struct CardFacts: Hashable, Sendable {
    let identity: TokenIdentity
    /// The firmware of a card that speaks Yubico's extensions; nil for any other.
    let firmware: FirmwareVersion?
}

extension PIVApplication {
    /// The application's name without its version, SP 800-73-4 part 1 section 2.2.
    private static let name: [UInt8] = [0xA0, 0x00, 0x00, 0x03, 0x08, 0x00, 0x00, 0x10, 0x00]
    /// Yubico's application for one-time passwords, which knows the serial number.
    private static let otpName: [UInt8] = [0xA0, 0x00, 0x00, 0x05, 0x27, 0x20, 0x01]

    /// What an application answers that does not know an instruction.
    private static let unknown: Set<StatusWord> = [
        .noInstruction, .noClass, .noFunction, .wrongParameters,
    ]

    /// Selects the PIV application; false where the card has none.
    func selectIfPresent() throws(TokenError) -> Bool {
        let response = try send(CommandAPDU(.select, p1: 0x04, data: Self.name))
        switch response.status {
        case .success: break
        case .notFound, .noFunction, .noInstruction, .noClass: return false
        default:
            throw Self.refusal(
                .select, response.status, "the card's PIV application is not to be had")
        }
        guard let template = TLV(response.data), template.tag == 0x61 else {
            throw Self.garbled(.select)
        }
        isDisturbed = false
        return true
    }

    /// Selects the PIV application.
    func select() throws(TokenError) {
        guard try selectIfPresent() else {
            throw TokenError(.noToken, "the card has no PIV application")
        }
    }

    /// Reads what the card says of itself; the PIV application is selected before and after.
    func facts() throws(TokenError) -> CardFacts {
        let firmware = try firmware()
        let number = try serialNumber(firmware)
        let isYubiKey = transport.answerToReset.namesYubiKey
        let serial: String
        let label: String
        if let number {
            serial = String(number)
            label = isYubiKey ? "YubiKey PIV #\(number)" : "PIV card #\(number)"
        } else {
            serial = try cardIdentifier() ?? ""
            label = isYubiKey ? "YubiKey PIV" : "PIV card"
        }
        let identity = TokenIdentity(
            scheme: .piv, label: label, serial: serial, model: isYubiKey ? "YubiKey" : "PIV card",
            manufacturer: isYubiKey ? "Yubico" : "")
        return CardFacts(identity: identity, firmware: firmware)
    }

    /// Whether the card tells this serial number at once; false also where it tells none.
    func hasSerialNumber(_ serial: String) throws(TokenError) -> Bool {
        let response = try send(CommandAPDU(.getSerial))
        guard response.status == .success, response.data.count == 4 else { return false }
        return String(response.data.reduce(0) { $0 << 8 | UInt32($1) }) == serial
    }

    private func firmware() throws(TokenError) -> FirmwareVersion? {
        let response = try send(CommandAPDU(.getVersion))
        if Self.unknown.contains(response.status) { return nil }
        guard response.status == .success else {
            throw Self.refusal(.getVersion, response.status, "the card does not tell its version")
        }
        guard response.data.count == 3, let major = response.data.first,
            let patch = response.data.last, let minor = response.data.dropFirst().first
        else { throw Self.garbled(.getVersion) }
        return FirmwareVersion(major, minor, patch)
    }

    private func serialNumber(_ firmware: FirmwareVersion?) throws(TokenError) -> UInt32? {
        guard let firmware else { return nil }
        var response = try send(CommandAPDU(.getSerial))
        var instruction = Instruction.getSerial
        if Self.unknown.contains(response.status), firmware.major < 5 {
            // Older keys tell their number to another application only.
            let found = try send(CommandAPDU(.select, p1: 0x04, data: Self.otpName))
            if found.status == .success {
                instruction = .otpRequest
                response = try send(CommandAPDU(.otpRequest, p1: 0x10))
            }
            try select()
        }
        if Self.unknown.contains(response.status) { return nil }
        guard response.status == .success else {
            throw Self.refusal(
                instruction, response.status, "the card does not tell its serial number")
        }
        guard response.data.count == 4 else { throw Self.garbled(instruction) }
        return response.data.reduce(0) { $0 << 8 | UInt32($1) }
    }

    /// The GUID of the card holder's unique identifier in hexadecimal digits; nil where there is none.
    private func cardIdentifier() throws(TokenError) -> String? {
        guard let bytes = try object(.cardHolderUniqueIdentifier) else { return nil }
        guard let guid = TLVReader.objects(in: bytes[...])?.value(0x34), guid.count == 16,
            guid.contains(where: { $0 != 0 })
        else { return nil }
        return guid.hex
    }
}

extension Sequence<UInt8> {
    /// The bytes as lower-case hexadecimal digits.
    var hex: String {
        map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
