// SPDX-License-Identifier: Apache-2.0

extension Document {
    /// Demands that the text is, byte for byte, the one that its content is written as.
    ///
    /// For texts with a fixed order of fields: read, write again, compare.
    ///
    /// - Throws: `Violations` with the first line that differs.
    public func requireCanonical(_ canonical: [UInt8]) throws(Violations) {
        guard bytes != canonical else { return }
        let found = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
        let expected = canonical.split(separator: 0x0A, omittingEmptySubsequences: false)
        let common = zip(found, expected).prefix { $0.elementsEqual($1) }.count
        let message =
            switch (line(common, of: found), line(common, of: expected)) {
            case (let left?, let right?): "\(left) stands where \(right) belongs"
            case (let left?, nil): "\(left) stands after the end of the text"
            case (nil, let right?): "the text ends where \(right) belongs"
            case (nil, nil): "the text is not in its canonical form"
            }
        throw Violations(Violation(.documentCanonical, line: common + 1, message))
    }

    /// The line quoted; nil for what follows the last LF.
    private func line(_ index: Int, of lines: [ArraySlice<UInt8>]) -> String? {
        guard index < lines.count, index < lines.count - 1 || !lines[index].isEmpty else {
            return nil
        }
        return quoted(String(decoding: lines[index], as: UTF8.self))
    }
}
