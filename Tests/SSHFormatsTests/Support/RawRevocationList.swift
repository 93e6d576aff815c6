// SPDX-License-Identifier: Apache-2.0

/// The parts of a KRL file, put together by hand.
enum RawRevocationList {
    /// Magic, format 1, version 3, made at 4, no flags, no reserved text, no comment: 44 bytes.
    static let header =
        Array("SSHKRL\n\0".utf8) + number(1, 4) + number(3, 8) + number(4, 8) + number(0, 8)
        + string([]) + string([])

    static func number(_ value: UInt64, _ length: Int) -> [UInt8] {
        (0..<length).reversed().map { UInt8(truncatingIfNeeded: value >> UInt64(8 * $0)) }
    }

    static func string(_ bytes: [UInt8]) -> [UInt8] { number(UInt64(bytes.count), 4) + bytes }

    static func string(_ text: String) -> [UInt8] { string(Array(text.utf8)) }

    static func section(_ type: UInt8, _ data: [UInt8]) -> [UInt8] { [type] + string(data) }

    /// A certificates section.
    static func certificates(_ key: [UInt8] = [], _ data: [UInt8] = []) -> [UInt8] {
        section(1, string(key) + string([]) + data)
    }

    /// A list of serials, as a subsection.
    static func list(_ serials: UInt64...) -> [UInt8] {
        section(0x20, serials.flatMap { number($0, 8) })
    }

    /// The data of an extension.
    static func `extension`(
        _ name: [UInt8], critical: UInt8 = 0, _ contents: [UInt8] = [1]
    ) -> [UInt8] {
        string(name) + [critical] + string(contents)
    }

    static func key(_ name: String, _ fields: [[UInt8]]) -> [UInt8] {
        string(name) + fields.flatMap(string)
    }

    static let ed25519 = key("ssh-ed25519", [[UInt8](repeating: 9, count: 32)])
    static let rsa = [1] + [UInt8](repeating: 0x7F, count: 128)
    static let dss = key("ssh-dss", [[5], [7], [3], [2]])
}
