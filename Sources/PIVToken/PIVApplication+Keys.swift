// SPDX-License-Identifier: Apache-2.0

import SSHFormats
import Token
import TokenEvidence

extension PIVApplication {
    private static let template: UInt32 = 0x7C
    private static let challenge: UInt32 = 0x81
    private static let response: UInt32 = 0x82

    /// Has a private key work on bytes that are ready for it; the bytes of the answer, in the card's
    /// own form, or the status word that refused.
    func sign(
        _ input: [UInt8], _ algorithm: PIVAlgorithm, _ slot: PIVSlot, _ kind: CallWatch.Kind
    ) throws(TokenError) -> Result<[UInt8], SignatureRefused> {
        let data = TLV.encode(
            Self.template, TLV.encode(Self.response, []) + TLV.encode(Self.challenge, input))
        let answer = try send(
            CommandAPDU(.authenticate, p1: algorithm.rawValue, p2: slot.rawValue, data: data), kind)
        guard answer.status == .success else {
            return .failure(SignatureRefused(status: answer.status))
        }
        guard let outer = TLV(answer.data), outer.tag == Self.template,
            let value = outer.objects?.value(Self.response)
        else { throw Self.garbled(.authenticate) }
        return .success(Array(value))
    }

    /// A status word other than success in place of a signature.
    struct SignatureRefused: Error {
        let status: StatusWord
    }

    /// Makes a key pair in a slot, in the place of what was there; the management key comes first.
    func generate(
        _ algorithm: PIVAlgorithm, _ slot: PIVSlot, _ pinPolicy: PINPolicy?,
        _ touchPolicy: TouchPolicy?
    ) throws(TokenError) -> PublicKey {
        var data = TLV.encode(0x80, [algorithm.rawValue])
        if let pinPolicy { data += TLV.encode(0xAA, [pinPolicy.rawValue]) }
        if let touchPolicy { data += TLV.encode(0xAB, [touchPolicy.rawValue]) }
        let response = try send(
            CommandAPDU(.generate, p2: slot.rawValue, data: TLV.encode(0xAC, data)), .generation)
        guard response.status == .success else {
            throw Self.refusal(
                .generate, response.status,
                response.status == .wrongData
                    ? "the card makes no key of \(algorithm.name) with these policies"
                    : "the card made no key",
                code: response.status == .wrongData ? .unsupported : nil)
        }
        guard let outer = TLV(response.data), outer.tag == PIVPublicKey.template,
            let key = PIVPublicKey.key(algorithm, outer.value)
        else { throw Self.garbled(.generate) }
        return key
    }
}
