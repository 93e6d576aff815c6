// SPDX-License-Identifier: Apache-2.0

import CPKCS11

/// Attributes for a call that reads them: what to search for, what to make.
struct AttributeTemplate {
    private var entries: [(type: CK_ATTRIBUTE_TYPE, range: Range<Int>)] = []
    private var storage: [UInt8] = []

    /// Adds an attribute of bytes.
    mutating func add(_ type: CK_ATTRIBUTE_TYPE, _ bytes: [UInt8]) {
        // Each value begins at a multiple of eight, so that numbers are aligned.
        let start = storage.count
        storage += bytes
        entries.append((type, start..<storage.count))
        storage += [UInt8](repeating: 0, count: (8 - storage.count % 8) % 8)
    }

    /// Adds an attribute that is true or false.
    mutating func add(_ type: CK_ATTRIBUTE_TYPE, _ value: Bool) { add(type, [value ? 1 : 0]) }

    /// Adds an attribute that is a number.
    mutating func add(_ type: CK_ATTRIBUTE_TYPE, number: CK_ULONG) {
        add(type, unsafe withUnsafeBytes(of: number) { unsafe Array($0) })
    }

    /// Hands out the attributes as C sees them, for as long as `body` runs.
    func withAttributes<Result>(
        _ body: (UnsafePointer<CK_ATTRIBUTE>?, CK_ULONG) -> Result
    ) -> Result {
        let memory = UnsafeMutableRawBufferPointer.allocate(
            byteCount: max(storage.count, 8), alignment: 16)
        defer { unsafe memory.deallocate() }
        unsafe memory.copyBytes(from: storage)
        var attributes = unsafe [CK_ATTRIBUTE]()
        for entry in entries {
            let value = unsafe memory.baseAddress.map { unsafe $0 + entry.range.lowerBound }
            unsafe attributes.append(
                CK_ATTRIBUTE(
                    type: entry.type, pValue: value, ulValueLen: CK_ULONG(entry.range.count)))
        }
        return unsafe attributes.withUnsafeBufferPointer { list in
            unsafe body(list.baseAddress, CK_ULONG(list.count))
        }
    }
}
