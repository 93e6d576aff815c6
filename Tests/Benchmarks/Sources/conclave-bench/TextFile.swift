// SPDX-License-Identifier: Apache-2.0
import CBenchmarks

/// A new file that lines are written to.
struct TextFile: ~Copyable {
    private let stream: UnsafeMutablePointer<FILE>
    private let path: String

    /// Makes the file, or empties it.
    init(_ path: String) throws {
        guard let stream = fopen(path, "w") else { throw Failure("\(path) cannot be written") }
        self.stream = stream
        self.path = path
    }

    /// Adds a line.
    func write(_ line: String) throws {
        guard fputs(line + "\n", stream) >= 0 else { throw Failure("\(path) cannot be written") }
    }

    /// Ends the file.
    consuming func close() throws {
        guard fclose(stream) == 0 else { throw Failure("\(path) cannot be written") }
    }
}
