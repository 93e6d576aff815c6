// SPDX-License-Identifier: Apache-2.0
import Documents
import Issuance
import SSHFormats

/// Requests: files as they are handed in, and texts that the harness signs.
let requestTargets = [
    // The last line of the armor may lack its end.
    FuzzTarget(
        "request", maximumLength: 4_096, dictionary: .text,
        memory: MemoryBound(perByte: 192, constant: 262_144),
        cuts: .at { bytes, length in length == bytes.count - 1 && bytes.last == 0x0A }
    ) { bytes in
        .of({ try CertificateRequest(file: bytes) }) { request in
            try require(request.file == bytes, "the request keeps another file")
            try requireSound(request)
        }
    },

    // The fuzzer writes the text, the harness signs it: so the fields behind the signature are
    // reached. A text that is cut where a line ends may be a request for less.
    FuzzTarget(
        "request-text", maximumLength: 2_048, dictionary: .text,
        memory: MemoryBound(perByte: 192, constant: 262_144),
        cuts: .at(endsLine),
        growths: [
            Growth("principals", 16...128) { count in
                requestText(repeated(count) { "principal: name-\($0)\n" })
            },
            Growth("unknown fields", 24...192, isAccepted: false) { count in
                requestText(repeated(count) { "field-\($0): x\n" })
            },
            Growth("source addresses", 512...2_048) { count in
                requestText(
                    "principal: a\noption: source-address="
                        + repeated(count, separator: ",") { _ in "::1" } + "\n")
            },
            Growth("characters that combine", 2_048...16_384, isAccepted: false) { size in
                requestText(
                    "principal: a\npurpose: e"
                        + String(repeating: "\u{323}\u{301}", count: size / 4) + "\n")
            },
        ]
    ) { text in
        guard let seal = SigningKey.seal(text, namespace: CertificateRequest.namespace) else {
            return .refused(Unexplained())
        }
        return .of({ try CertificateRequest(file: text, signatureFile: seal) }) { request in
            try require(request.text == text, "the request keeps another text")
            try requireSound(request)
            try requireRewritten(text, kind: "request", utf8Fields: ["requester", "purpose"])
        }
    },
]

private func requireSound(_ request: CertificateRequest) throws {
    try require(!request.principals.isEmpty, "the request names no principal")
    try require(
        Set(request.principals).count == request.principals.count, "a principal stands there twice")
    try require(request.nonce.count == 16, "the nonce has \(request.nonce.count) bytes")
    for text in request.options.texts {
        var options = CertificateOptionSet()
        try options.insert(text)
        try require(options.texts == [text], "option \(text) reads otherwise")
    }
    if let validity = request.validity {
        try require(
            RequestValidity(text: validity.text) == validity, "the validity reads otherwise")
    }
}

private func requestText(_ lines: String) -> String {
    """
    conclave-request: v1
    authority: users@example.org
    type: user
    public-key: \(SigningKey.publicKey?.line ?? "")
    profile: staff
    created: 2026-11-22T10:00:00Z
    nonce: 00112233445566778899aabbccddeeff
    \(lines)
    """
}
