// SPDX-License-Identifier: Apache-2.0
public import SSHCrypto

/// The way from a key's attestation certificate up to a pinned root, by signatures alone.
public struct AttestationPath: Sendable {
    /// The most certificates that are looked at.
    public static let maximumCertificates = 64
    /// The longest path, in certificates.
    public static let maximumLength = 8

    /// The certificates of the path, the key's own first; the root's only where it was brought.
    public let certificates: [X509Certificate]
    /// The root; nil where the path leads to none.
    public let root: AttestationRoot?
    /// Why there is no such path, one sentence each; empty where there is one.
    public let faults: [String]

    /// Follows the signatures of `certificates`: the key's first, the device's second, then others
    /// in any order.
    public init(_ certificates: [[UInt8]], roots: [AttestationRoot]) {
        var walk = Walk(roots: roots)
        walk.go(certificates)
        self.certificates = walk.path
        root = walk.root
        faults = walk.faults
    }
}

private struct Walk {
    let roots: [AttestationRoot]
    private(set) var path: [X509Certificate] = []
    private(set) var root: AttestationRoot?
    private(set) var faults: [String] = []

    init(roots: [AttestationRoot]) { self.roots = roots }

    mutating func go(_ bytes: [[UInt8]]) {
        guard bytes.count <= AttestationPath.maximumCertificates else {
            faults.append(
                "the attestation has \(bytes.count) certificates, more than "
                    + "\(AttestationPath.maximumCertificates)")
            return
        }
        var all: [X509Certificate] = []
        for (place, der) in bytes.enumerated() {
            do throws(SSHCryptoError) {
                all.append(try X509Certificate(der: der))
            } catch {
                faults.append("certificate \(place + 1) of the attestation: \(error)")
            }
        }
        guard faults.isEmpty else { return }
        guard let leaf = all.first else {
            faults.append("the attestation has no certificate")
            return
        }
        path = [leaf]
        guard all.count > 1 else {
            faults.append("the attestation lacks the device's own certificate, of slot f9")
            return
        }
        let device = all[1]
        if AttestationStatement.isStatement(device) {
            // The owner of an attested key could sign any statement with it.
            faults.append(
                "the device's certificate is a statement about a key: \(device.subject)")
            return
        }
        do throws(SSHCryptoError) {
            try leaf.verify(signedBy: device.subjectPublicKeyInfo)
        } catch {
            faults.append("the device's key did not sign the attestation: \(error)")
            return
        }
        path.append(device)
        climb(Array(all.dropFirst(2)))
    }

    /// Goes up from the device's certificate; each certificate is taken once, so it ends.
    private mutating func climb(_ others: [X509Certificate]) {
        var others = others
        while path.count <= AttestationPath.maximumLength, let top = path.last {
            if let found = pinned(top) {
                root = found
                return
            }
            guard let place = others.firstIndex(where: { vouches($0, for: top) }) else { break }
            path.append(others.remove(at: place))
        }
        let top = path.last.map { "\($0.issuer)" } ?? ""
        faults.append(
            "the attestation leads to no root that is pinned; its top is signed by \(top)")
    }

    /// The root that `top` is, or that signed it.
    private func pinned(_ top: X509Certificate) -> AttestationRoot? {
        let digest = top.subjectPublicKeyInfo.digest
        return roots.first { root in
            root.digest == digest || root.key.map { top.isSigned(by: $0) } ?? false
        }
    }

    /// Whether `certificate` is an authority's, may stand so high, and signed `top`.
    private func vouches(_ certificate: X509Certificate, for top: X509Certificate) -> Bool {
        guard !AttestationStatement.isStatement(certificate) else { return false }
        do throws(SSHCryptoError) {
            let authority = try certificate.authority()
            // Between it and the key's certificate stand all but the first of the path.
            guard authority.isAuthority, (authority.pathLength ?? .max) >= path.count - 1 else {
                return false
            }
        } catch {
            return false
        }
        return top.isSigned(by: certificate.subjectPublicKeyInfo)
    }
}
