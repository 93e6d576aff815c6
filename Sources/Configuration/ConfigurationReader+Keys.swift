// SPDX-License-Identifier: Apache-2.0
import Documents

extension ConfigurationReader {
    /// A person's public keys without their comments: those that have no end, and those that have
    /// one, each after the time from which it signs no more.
    mutating func publicKeys(
        _ mapping: Mapping, _ key: String
    ) -> (endless: [Value], ending: [Value]) {
        var endless: [Value] = []
        var ending: [Value] = []
        for item in requiredTextsOrMappings(mapping, key, keys: ["key", "until"]) {
            switch item {
            case .text(let value):
                if let key = publicKey(value) { endless.append(key) }
            case .mapping(let mapping):
                let key = text(mapping, "key").flatMap { publicKey($0) }
                let end = text(mapping, "until").flatMap { moment($0) }
                if let key, let end {
                    ending.append(Value(text: "\(end) \(key.text)", mark: key.mark))
                }
            }
        }
        return (endless, ending)
    }

    private mutating func publicKey(_ value: Value) -> Value? {
        let parts = value.text.split(whereSeparator: { $0 == " " || $0 == "\t" })
        guard let kind = parts.first, let blob = parts.dropFirst().first else {
            report(
                value.mark, .configurationType,
                "\(quoted(value.text)) is not a public key such as ssh-ed25519 AAAA...")
            return nil
        }
        return Value(text: "\(kind) \(blob)", mark: value.mark)
    }

    /// A moment in its canonical form; a date alone is its beginning in UTC.
    private mutating func moment(_ value: Value) -> String? {
        let whole = value.text.utf8.count == 10 ? value.text + "T00:00:00Z" : value.text
        guard let time = UnixTime(text: whole) else {
            report(
                value.mark, .configurationType,
                "\(quoted(value.text)) is not a date such as 2028-06-30, in UTC")
            return nil
        }
        return time.text
    }
}
