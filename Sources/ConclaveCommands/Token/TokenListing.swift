// SPDX-License-Identifier: Apache-2.0
import Documents
import Issuance
import SSHCrypto
import SSHFormats
import Token

/// What `token list` found, in the order in which it is shown.
struct TokenListing {
    /// A token or card, or a place that could not be asked.
    struct Entry {
        /// What leads to it: a module's slot, or a reader.
        var place = ""
        /// The token; nil where it could not be asked.
        var identity: TokenIdentity?
        /// Whether it has been set up; a token that has not holds nothing.
        var isSetUp = true
        /// What it tells of itself in lines: firmware, tries.
        var remarks: [String] = []
        /// The keys that are seen without a login.
        var keys: [Key] = []
        /// Why something could not be told.
        var fault: TokenError?
    }

    /// A public key with its place on the token and its label.
    struct Key {
        let publicKey: PublicKey
        let label: String
        /// The authorities of the home that this key is of.
        var authorities: [String] = []
    }

    /// A way to tokens: a module, or the readers of the system.
    struct Way {
        /// What the way is called: `module PATH`, `readers`.
        let name: String
        /// The module's path; nil for readers.
        let module: String?
        /// What it says of itself.
        var remarks: [String] = []
        /// Why it leads nowhere.
        var fault: TokenError?
        /// What it leads to.
        var entries: [Entry] = []
    }

    var ways: [Way] = []

    /// The tokens that are there and set up.
    var count: Int {
        ways.reduce(0) { $0 + $1.entries.count { $0.identity != nil && $0.isSetUp } }
    }

    /// Marks the keys and tokens of a home.
    mutating func mark(_ keys: [Genesis.AuthorityKey]) {
        for way in ways.indices {
            for entry in ways[way].entries.indices {
                ways[way].entries[entry].mark(keys)
            }
        }
    }
}

extension TokenListing.Entry {
    mutating func mark(_ known: [Genesis.AuthorityKey]) {
        for place in keys.indices {
            keys[place].authorities =
                known.filter { $0.publicKey == keys[place].publicKey }.map(\.authority)
        }
        guard let identity, !keys.contains(where: { !$0.authorities.isEmpty }) else { return }
        // Its keys may be seen after a login only: then the name in the genesis tells.
        for key in known where key.token == identity.uri.text {
            let remark = "the genesis places the key of \(key.authority) here"
            if !remarks.contains(remark) { remarks.append(remark) }
        }
    }
}

extension TokenListing {
    /// Adds what a child found behind a module.
    mutating func add(_ probe: ModuleProbe) {
        var way = Way(name: "module \(probe.path)", module: probe.path)
        switch probe.result {
        case .failure(let error): way.fault = error
        case .success(let report):
            way.remarks = [Self.line(report)].filter { !$0.isEmpty }
            way.entries = report.entries.map { found in
                var entry = Entry(
                    place: found.slot, identity: found.token, isSetUp: found.isSetUp,
                    fault: found.fault)
                if !found.firmware.isEmpty { entry.remarks.append("firmware \(found.firmware)") }
                entry.remarks.append(
                    "PIN tries: "
                        + (found.tries.isEmpty
                            ? "the token reports no failed try" : found.tries))
                entry.keys = found.keys.map { Key(publicKey: $0.publicKey, label: $0.label) }
                return entry
            }
        }
        if probe.noiseCount > 0 {
            way.remarks.append(
                "it printed \(counted(probe.noiseCount, "byte")), which begin with "
                    + probe.noise.quotedForDisplay)
        }
        ways.append(way)
    }

    private static func line(_ report: ModuleReport) -> String {
        guard !report.name.isEmpty || !report.version.isEmpty else { return "" }
        return "\(report.name), \(report.manufacturer), version \(report.version)"
    }
}
