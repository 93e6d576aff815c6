// SPDX-License-Identifier: Apache-2.0
import PIVToken
import Token
import TokenEvidence

extension TokenListing {
    /// Adds the readers of the system and the PIV cards in them, with the keys on each.
    mutating func addReaders() async {
        var way = Way(name: "readers", module: nil)
        do throws(TokenError) {
            for reader in try await PIVToken.cards() {
                way.entries.append(await Self.entry(reader))
            }
        } catch {
            way.fault = error
        }
        ways.append(way)
    }

    private static func entry(_ reader: PIVReader) async -> Entry {
        var entry = Entry(place: reader.reader)
        switch reader.contents {
        case .nothing: entry.remarks.append("empty")
        case .otherCard: entry.remarks.append("a card without the PIV application")
        case .unreadable(let reason):
            entry.fault = TokenError(.other, "the card cannot be asked: \(reason)")
        case .card(let identity, let firmware):
            entry.identity = identity
            if let firmware { entry.remarks.append("firmware \(firmware)") }
            do throws(TokenError) {
                let card = try await PIVToken.open(identity.uri)
                do throws(TokenError) {
                    try await entry.add(card)
                } catch {
                    entry.fault = error
                }
                await card.close()
            } catch {
                entry.fault = error
            }
        }
        return entry
    }
}

extension TokenListing.Entry {
    fileprivate mutating func add(_ card: PIVToken) async throws(TokenError) {
        let evidence = try await card.evidence()
        remarks.append("PIN tries: \(evidence.pinTries.map { "\($0)" } ?? "not told")")
        for name in evidence.defaultSecrets ?? [] {
            remarks.append("the \(name) is still the one from the factory")
        }
        keys = try await card.keys().map {
            TokenListing.Key(publicKey: $0.publicKey, label: $0.label)
        }
    }
}
