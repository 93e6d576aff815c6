// SPDX-License-Identifier: Apache-2.0
import Glibc
import SSHFormats

/// Encodes certificates for whoever asks line by line, and lets him sign them: no private key is
/// ever here.
///
/// A line in holds the fields of a certificate between tabs, each a name, `=` and a value. The
/// answer is `sign`, a space, and the bytes to be signed in hexadecimal digits; then a line comes in
/// with the signature's numbers in such digits between spaces, and `certificate` goes out with the
/// certificate's line. What Conclave does not encode is answered with `refused` and the reason.
@main
struct CertificateMaker {
    static func main() {
        while let line = readLine() {
            do {
                let order = try Order(line)
                let toBeSigned = try order.fields.toBeSigned()
                answer("sign", hexadecimal(toBeSigned))
                let numbers = try (readLine() ?? "").split(separator: " ").map(bytes)
                let signature = try Signature(
                    algorithm: order.algorithm, value: value(numbers, for: order.algorithm))
                let certificate = try Certificate(toBeSigned: toBeSigned, signature: signature)
                answer("certificate", certificate.line())
            } catch {
                answer("refused", "\(error)")
            }
        }
    }

    private static func answer(_ word: String, _ text: String) {
        print(word, text)
        fflush(nil)
    }

    private static func value(
        _ numbers: [[UInt8]], for algorithm: Signature.Algorithm
    ) throws -> Signature.Value {
        switch (algorithm.keyKind, numbers.count) {
        case (.rsa, 1): .rsa(numbers[0])
        case (.ed25519, 1): .ed25519(numbers[0])
        case (_, 2): .ecdsa(r: numbers[0], s: numbers[1])
        default: throw Mistake("the signature has \(numbers.count) numbers")
        }
    }
}

/// What is wrong with a line that came in.
struct Mistake: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

func hexadecimal(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}

func bytes(_ digits: some StringProtocol) throws -> [UInt8] {
    let digits = Array(digits.utf8)
    return try stride(from: 0, to: digits.count, by: 2).map { start in
        let pair = String(decoding: digits[start..<min(start + 2, digits.count)], as: UTF8.self)
        guard pair.utf8.count == 2, let byte = UInt8(pair, radix: 16) else {
            throw Mistake("\(pair) is not two hexadecimal digits")
        }
        return byte
    }
}
