// SPDX-License-Identifier: Apache-2.0
public import SSHFormats

/// A published weakness of devices, as data: which ones, which keys, and how bad it is.
public struct Advisory: Hashable, Sendable {
    /// What follows for a certificate authority's key.
    public enum Severity: String, Hashable, Sendable {
        /// The key must not sign, unless the policy accepts the advisory by its ID.
        case forbids
        /// Officers are told.
        case warns
    }

    /// Devices that are concerned: by words of maker and model, and firmware.
    public struct Affected: Hashable, Sendable {
        /// Words of which maker and model hold one, in lower case.
        public let words: [String]
        /// The firmware versions, from the first to before the second.
        public let firmware: [(from: FirmwareVersion, before: FirmwareVersion)]

        /// Two are equal where their words and versions are.
        public static func == (left: Self, right: Self) -> Bool {
            left.words == right.words
                && left.firmware.map(\.from) == right.firmware.map(\.from)
                && left.firmware.map(\.before) == right.firmware.map(\.before)
        }

        /// Hashes words and versions.
        public func hash(into hasher: inout Hasher) {
            hasher.combine(words)
            hasher.combine(firmware.map(\.from))
            hasher.combine(firmware.map(\.before))
        }
    }

    /// The ID that its publisher gave it; in policies it stands as this.
    public let id: String
    /// What it is about, in one line.
    public let title: String
    /// Where it was published.
    public let source: String
    /// The families of keys that are concerned.
    public let keyKinds: Set<KeyKind>
    /// The devices that are concerned.
    public let affected: [Affected]
    /// What follows.
    public let severity: Severity

    /// How an advisory meets a device.
    public enum Match: Hashable, Sendable {
        /// Model and firmware are among those concerned.
        case certain
        /// The model is, and the firmware is not told.
        case firmwareUnknown
    }

    /// How the advisory meets a key of this kind in this device; nil where it does not.
    public func match(
        manufacturer: String, model: String, firmware: FirmwareVersion?, kind: KeyKind
    ) -> Match? {
        guard keyKinds.contains(kind) else { return nil }
        let name = "\(manufacturer) \(model)".lowercased()
        let concerned = affected.filter { device in
            device.words.contains { name.contains($0) }
        }
        guard !concerned.isEmpty else { return nil }
        guard let firmware else { return .firmwareUnknown }
        let isMet = concerned.contains { device in
            device.firmware.contains { $0.from <= firmware && firmware < $0.before }
        }
        return isMet ? .certain : nil
    }

    /// The advisory of this ID.
    public static func named(_ id: String) -> Advisory? { all.first { $0.id == id } }
}
