// SPDX-License-Identifier: Apache-2.0
import Documents
import Issuance
import SSHCrypto
import SSHFormats

/// An item of a manifest held against policy, roster and CA keys, without a look at its request.
struct ItemReview {
    /// Everything in which the item goes beyond what the home may do.
    private(set) var faults: [String] = []

    private let founding: Founding
    private let drafted: UnixTime

    /// Reviews an item of a manifest that was drafted at this time.
    init(_ item: BatchItem, founding: Founding, drafted: UnixTime) {
        self.founding = founding
        self.drafted = drafted
        switch item {
        case .issue(let issue): review(issue)
        case .revoke(let revoke): review(revoke)
        case .revocationList(let list):
            requireClass(founding.roster.revocationClass, list.riskClass)
        case .abandon(let abandoned):
            for serials in abandoned.abandoned
            where founding.policy.authority(serials.authority) == nil {
                faults.append("authority \(quoted(serials.authority)) is not in the policy")
            }
        case .newEpoch(let begun):
            if founding.policy.authority(begun.authority) == nil {
                faults.append("authority \(quoted(begun.authority)) is not in the policy")
            }
            requireClass(founding.roster.strictestClass, begun.riskClass)
        }
    }

    private mutating func review(_ item: IssueItem) {
        guard let authority = founding.policy.authority(item.authority) else {
            faults.append("authority \(quoted(item.authority)) is not in the policy")
            return
        }
        let fields = item.fields
        if !SerialNumber(fields.serial).isForCertificates {
            faults.append("serial \(fields.serial) is given to no certificate")
        }
        if !founding.keys(of: authority.name).contains(fields.signatureKey) {
            faults.append(
                "CA key \(fields.signatureKey.fingerprint) is not one of \(authority.name) in the "
                    + "genesis")
        }
        if fields.kind != authority.kind {
            faults.append(
                "\(authority.name) certifies \(authority.kind.name)s, and the certificate is a "
                    + "\(fields.kind.name)'s")
        }
        if founding.isAuthority(fields.publicKey) {
            faults.append("the key to be certified is a CA key of this home")
        }
        guard let profile = founding.policy.profile(item.profile),
            profile.authority == authority.name
        else {
            faults.append("profile \(quoted(item.profile)) is not one of \(authority.name)")
            return
        }
        requireClass(profile.riskClass, item.riskClass)
        reviewNames(item, profile)
        reviewKey(fields.publicKey, profile)
        reviewOptions(fields, profile)
        reviewValidity(fields, profile)
    }

    private mutating func reviewNames(_ item: IssueItem, _ profile: Profile) {
        let fields = item.fields
        for principal in fields.validPrincipals where !profile.allows(principal: principal) {
            faults.append(
                "principal \(quoted(principal)) is not allowed by profile \(quoted(profile.name))")
        }
        let first = fields.validPrincipals.first ?? ""
        let keyID = profile.keyID.expand { variable in
            switch variable {
            case .authority: item.authority
            case .profile: profile.name
            case .requester: item.requester ?? first
            case .principal: first
            case .serial: String(fields.serial)
            case .request: String(item.request.hex.prefix(16))
            }
        }
        if !keyID.utf8.elementsEqual(fields.keyID.utf8) {
            faults.append(
                "key ID \(quoted(fields.keyID)) is not the one that the profile makes, "
                    + quoted(keyID))
        }
    }

    private mutating func reviewKey(_ key: PublicKey, _ profile: Profile) {
        if !profile.keyKinds.contains(key.kind) {
            faults.append(
                "key kind \(key.kind.shortName) is not allowed by profile \(quoted(profile.name))")
        }
        faults += key.sanityFaults(minimumRSABits: profile.minimumRSABits)
    }

    private mutating func reviewOptions(_ fields: CertificateFields, _ profile: Profile) {
        let allowed = Set(profile.allowedOptions)
        let required = profile.requiredOptions
        for option in required.criticalOptions where !fields.criticalOptions.contains(option) {
            faults.append("critical option \(quoted(option.text)) of the profile is missing")
        }
        for option in fields.criticalOptions
        where !required.criticalOptions.contains(option) && !allowed.contains(option.name) {
            faults.append("critical option \(quoted(option.text)) is not allowed by the profile")
        }
        let given = Set(profile.extensions + required.extensions)
        for permission in given.subtracting(fields.extensions).map(\.rawValue).sorted() {
            faults.append("extension \(quoted(permission)) of the profile is missing")
        }
        for permission in fields.extensions
        where !given.contains(permission) && !allowed.contains(permission.rawValue) {
            faults.append("extension \(quoted(permission.rawValue)) is not allowed by the profile")
        }
    }

    private mutating func reviewValidity(_ fields: CertificateFields, _ profile: Profile) {
        let start = UnixTime(seconds: fields.validAfter)
        let end = UnixTime(seconds: fields.validBefore)
        if let earliest = drafted.subtracting(profile.backdate), start < earliest {
            faults.append(
                "it is valid from \(start.text), more than \(profile.backdate.text) before the "
                    + "batch was drafted, \(drafted.text)")
        }
        if let latest = drafted.adding(profile.maximumValidity), end > latest {
            faults.append(
                "it is valid until \(end.text), more than \(profile.maximumValidity.text) after "
                    + "the batch was drafted, \(drafted.text)")
        }
    }

    private mutating func review(_ item: RevokeItem) {
        if founding.policy.authority(item.authority) == nil {
            faults.append("authority \(quoted(item.authority)) is not in the policy")
        }
        if case .key(let key) = item.target, founding.isAuthority(key) {
            faults.append("it revokes CA key \(key.fingerprint)")
        }
        requireClass(founding.roster.revocationClass, item.riskClass)
    }

    private mutating func requireClass(_ expected: String, _ found: String) {
        if found != expected {
            faults.append("it is in class \(quoted(found)), and belongs in \(quoted(expected))")
        }
    }
}
