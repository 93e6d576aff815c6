// SPDX-License-Identifier: Apache-2.0

extension ArraySlice<UInt8> {
    /// Whether these are the bytes of `text`.
    func spells(_ text: String) -> Bool {
        let (own, other) = (span, text.utf8.span)
        return own.count == other.count && own.indices.allSatisfy { own[$0] == other[$0] }
    }
}
