// SPDX-License-Identifier: Apache-2.0
public import SSHFormats

/// Everything that speaks against a signature, at least one thing.
public struct SignatureRefusal: Error, Hashable, Sendable {
    /// What speaks against it, in the order in which it was found.
    public let faults: [Fault]

    init(_ faults: [Fault]) { self.faults = faults }

    /// One thing that speaks against a signature.
    public struct Fault: Hashable, Sendable, CustomStringConvertible {
        /// The things that may speak against a signature.
        public enum Reason: Hashable, Sendable {
            /// It is not the signer's over this message for this namespace.
            case signature(SSHCryptoError)
            /// The signer's certificate does not allow it; the text says why.
            case certificate(String)
            /// The FIDO token was not touched.
            case userPresenceMissing
            /// No FIDO token verified its user; the text says why.
            case userVerificationMissing(String)
            /// The signer is revoked.
            case revoked(RevocationReason)
            /// No line allows it; the text says why.
            case notAllowed(String)
        }

        /// What it is.
        public let reason: Reason
        /// The line of the allowed signers that it is about; nil where it is about none.
        public let line: Int?

        init(_ reason: Reason, line: Int? = nil) {
            self.reason = reason
            self.line = line
        }

        /// The fault as one line: `line 3: key is not for namespace "file"`.
        public var description: String {
            let place = line.map { "line \($0): " } ?? ""
            return place + text
        }

        private var text: String {
            switch reason {
            case .signature(let error): "\(error)"
            case .certificate(let fault): "certificate of the signer: \(fault)"
            case .userPresenceMissing: "\(SSHCryptoError(.userPresenceMissing))"
            case .userVerificationMissing(let fault): fault
            case .revoked(let reason): "signer is revoked: \(reason)"
            case .notAllowed(let fault): fault
            }
        }
    }
}
