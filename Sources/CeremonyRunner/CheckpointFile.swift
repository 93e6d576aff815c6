// SPDX-License-Identifier: Apache-2.0
import Ceremony
import Glibc
public import Ledger
import LedgerStore
import SSHCrypto
import Spool

/// The checkpoints of a home, kept as files beside the ledger.
public enum CheckpointFile {
    /// The checkpoint of a home's ledger at `size` entries.
    ///
    /// - Throws: what the ledger throws.
    public static func checkpoint(of home: Home, size: UInt64) throws -> Checkpoint {
        Checkpoint(
            genesis: home.state.id, size: size,
            root: try home.store.checkpointRoot(size: size))
    }

    /// Writes the checkpoint into `HOME/checkpoints/`, where it is not there already.
    ///
    /// - Throws: `FileError`, and what the ledger throws.
    static func write(of home: Home, size: UInt64) throws {
        let directory = home.path + "/checkpoints"
        if unsafe access(directory, F_OK) != 0 { try DurableFile.createDirectory(directory) }
        let path = directory + "/" + padded(size, to: 8) + ".txt"
        guard unsafe access(path, F_OK) != 0 else { return }
        try DurableFile.create(path, Array(checkpoint(of: home, size: size).text.utf8))
    }
}
