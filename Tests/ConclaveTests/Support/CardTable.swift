// SPDX-License-Identifier: Apache-2.0
import PIVCardSupport
import TestSupport

/// A table with readers, and PIV cards of the tests' own in them.
final class CardTable {
    /// The PIN of a card that is new.
    static let pin = "123456"
    /// The management key of a card that is new, before firmware 5.7.
    static let managementKey = String(repeating: "0102030405060708", count: 3)

    /// The readers, which end with this object.
    let readers: PIVCardReaders
    /// The table.
    let bench: Workbench
    /// The card in the first reader.
    var card: PIVCardControl { readers.cards[0] }

    /// Sets up the table; on it lie the files `card-pin` and `management-key`.
    init(_ settings: [PIVCardSettings] = [PIVCardSettings()]) throws {
        readers = try PIVCardReaders(settings)
        bench = try Workbench(
            adding: readers.variable.merging(["ROOT": readers.rootPath]) { $1 })
        try bench.directory.write("card-pin", Self.pin + "\n")
        try bench.directory.write("management-key", Self.managementKey + "\n")
    }

    /// Makes a key on the card, and answers what was said.
    @discardableResult
    func generate(
        _ name: String = "users", kind: String = "ecdsa-p256", _ options: String = "--slot 9c"
    ) throws -> Finished {
        try bench.run(Self.generation(name, kind, options))
    }

    /// The line that makes a key.
    static func generation(_ name: String, _ kind: String, _ options: String) -> String {
        "conclave token generate --token piv:serial=12345678 --kind \(kind) --label \(name) "
            + "--output \(name) --pin-fd 3 --management-key-fd 4 \(options) "
            + "3<card-pin 4<management-key"
    }

    /// Runs a line that must fail and not cost a try; no PIN may reach the card.
    func refuseWithoutTry(_ line: String, status: Int32 = 1) throws -> Finished {
        let tries = try card.tries()
        try card.clearLog()
        let refused = try bench.refuse(status, line)
        guard try card.tries() == tries else { throw SystemCallError("a try was counted: \(line)") }
        guard try pins().isEmpty else { throw SystemCallError("a PIN was sent: \(line)") }
        return refused
    }

    /// The commands with a PIN in them that the card was sent since its log was cleared.
    func pins() throws -> [String] {
        try card.exchanges().map(\.command).filter { $0.lowercased().hasPrefix("0020008008") }
    }
}
