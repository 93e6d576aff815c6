// SPDX-License-Identifier: Apache-2.0
import CZstd

/// Packs texts for the ledger's file, and unpacks them, by zstd (RFC 8878) and the ledger's dictionary.
///
/// It belongs to one connection, and so to one thread: what zstd needs is made once.
final class TextPacking {
    /// Why stored bytes are no packed text.
    struct Failure: Error {
        /// What is wrong, as a clause about "it".
        let reason: String
    }

    /// How much work is put into packing; unpacking is as quick with any.
    private let level: Int32 = 3
    /// What a frame begins with (RFC 8878, section 3.1.1).
    private static let magic: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD]

    private lazy var packer = Packer(level: level)
    private lazy var unpacker = Unpacker()

    /// The frame that a text is packed into.
    ///
    /// - Throws: `Failure` where zstd has no memory.
    func pack(_ text: [UInt8]) throws(Failure) -> [UInt8] {
        let packer = packer
        guard let context = unsafe packer.context, let dictionary = unsafe packer.dictionary else {
            throw Self.noMemory
        }
        let room = ZSTD_compressBound(text.count)
        var code = 0
        let frame = unsafe [UInt8](unsafeUninitializedCapacity: room) { frame, count in
            code = unsafe text.withUnsafeBytes { text in
                unsafe ZSTD_compress_usingCDict(
                    context, frame.baseAddress, frame.count, text.baseAddress, text.count,
                    dictionary)
            }
            count = ZSTD_isError(code) == 0 ? code : 0
        }
        guard ZSTD_isError(code) == 0 else { throw Self.failure(code) }
        return frame
    }

    /// The text of the frame in a column of this row, of `limit` bytes at most.
    ///
    /// - Throws: `Failure` for whatever is not one frame that says how long its text is.
    func unpack(
        _ row: borrowing Statement, _ column: Int32, atMost limit: Int
    ) throws(Failure) -> [UInt8] {
        try unsafe row.withBytes(column) { (frame) throws(Failure) in
            try unsafe unpack(frame, atMost: limit)
        }
    }

    /// The text of a frame, of `limit` bytes at most.
    ///
    /// - Throws: `Failure` for whatever is not one frame that says how long its text is.
    func unpack(
        _ frame: UnsafeRawBufferPointer, atMost limit: Int
    ) throws(Failure) -> [UInt8] {
        guard unsafe frame.starts(with: Self.magic) else {
            throw Failure(reason: "it is not packed by zstd")
        }
        // Both numbers that stand for no size are above every limit.
        let size = unsafe ZSTD_getFrameContentSize(frame.baseAddress, frame.count)
        guard size < UInt64.max - 1 else {
            throw Failure(reason: "its frame does not say how long it is")
        }
        guard size <= UInt64(limit) else {
            throw Failure(reason: "it has \(size) bytes, more than the limit of \(limit)")
        }
        let end = unsafe ZSTD_findFrameCompressedSize(frame.baseAddress, frame.count)
        guard ZSTD_isError(end) == 0 else { throw Self.failure(end) }
        guard end == frame.count else {
            throw Failure(reason: "\(frame.count - end) bytes stand behind its frame")
        }
        let unpacker = unpacker
        guard let context = unsafe unpacker.context, let dictionary = unsafe unpacker.dictionary
        else { throw Self.noMemory }
        var code = 0
        let text = unsafe [UInt8](unsafeUninitializedCapacity: Int(size)) { text, count in
            code = unsafe ZSTD_decompress_usingDDict(
                context, text.baseAddress, Int(size), frame.baseAddress, frame.count,
                dictionary)
            count = ZSTD_isError(code) == 0 ? code : 0
        }
        guard ZSTD_isError(code) == 0 else { throw Self.failure(code) }
        guard text.count == Int(size) else {
            throw Failure(reason: "it has \(text.count) bytes, and its frame says \(size)")
        }
        return text
    }

    private static let noMemory = Failure(reason: "there is no memory for zstd")

    private static func failure(_ code: Int) -> Failure {
        let words = unsafe String(cString: ZSTD_getErrorName(code))
        return Failure(reason: "zstd says: \(words)")
    }
}

/// What packing needs; nil where there is no memory for it.
@safe private final class Packer {
    let context = unsafe ZSTD_createCCtx()
    let dictionary: OpaquePointer?

    init(level: Int32) {
        unsafe dictionary = PackingDictionary.bytes.withUnsafeBytes {
            unsafe ZSTD_createCDict($0.baseAddress, $0.count, level)
        }
    }

    deinit {
        _ = unsafe ZSTD_freeCDict(dictionary)
        _ = unsafe ZSTD_freeCCtx(context)
    }
}

/// What unpacking needs; likewise.
@safe private final class Unpacker {
    let context = unsafe ZSTD_createDCtx()
    let dictionary = unsafe PackingDictionary.bytes.withUnsafeBytes {
        unsafe ZSTD_createDDict($0.baseAddress, $0.count)
    }

    deinit {
        _ = unsafe ZSTD_freeDDict(dictionary)
        _ = unsafe ZSTD_freeDCtx(context)
    }
}
