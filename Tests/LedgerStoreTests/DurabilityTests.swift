// SPDX-License-Identifier: Apache-2.0
import Documents
import Glibc
import Ledger
import SSHCrypto
import Testing

@testable import LedgerStore

@Suite("a ledger in trouble")
struct DurabilityTests {
    @Test("a second writer is told that the ledger is being written")
    func busy() throws {
        let ledger = try LedgerFixture(entries: 2)
        let store = try ledger.open()
        let other = try RawDatabase(ledger.path)
        try other.execute("BEGIN IMMEDIATE")
        let error = LedgerStoreError.busy(path: ledger.path)
        #expect(throws: error) { try store.append(2) }
        #expect(
            error.description == "ledger \"\(ledger.path)\" is being written by another process")
        // Reading goes on meanwhile.
        #expect(try store.entry(at: 1).index == 1)
        #expect(try ledger.open(.readOnly).size == 2)
        try other.execute("ROLLBACK")
        try store.append(2)
        #expect(store.size == 3)
    }

    @Test("what one store appends, another sees when it looks, and appends after")
    func twoStores() throws {
        let ledger = try LedgerFixture(entries: 1)
        let first = try ledger.open()
        let second = try ledger.open()
        try first.append(1)
        try first.append(2)
        #expect(second.size == 1)
        let before = second.checkpointRoot()
        try second.refresh()
        #expect(second.size == 3)
        #expect(second.checkpointRoot() == first.checkpointRoot())
        #expect(second.checkpointRoot() != before)
        // Without a look, too.
        try first.append(3)
        #expect(try second.append(4)?.index == 4)
        #expect(try first.append(5)?.index == 5)
        try first.close()
        try second.close()
        #expect(ledger.directory.names == ["ledger.db"])
        #expect(try ledger.faults() == [])
    }

    @Test("a reader's roots and proofs stay those of the size it has seen")
    func steadyReader() throws {
        let ledger = try LedgerFixture(entries: 5)
        let reader = try ledger.open(.readOnly)
        let root = reader.checkpointRoot()
        let writer = try ledger.open()
        for number in 5..<12 { try writer.append(number) }
        #expect(reader.size == 5)
        #expect(reader.checkpointRoot() == root)
        #expect(try reader.checkpointRoot(size: 5) == root)
        let leaf = try reader.entry(at: 4).leafHash
        #expect(try reader.inclusionProof(index: 4).verify(leaf: leaf, root: root))
        try reader.refresh()
        #expect(reader.size == 12)
        let proof = try reader.consistencyProof(oldSize: 5)
        #expect(proof.verify(oldRoot: root, newRoot: writer.checkpointRoot()))
    }

    @Test("a writer that dies within a transaction leaves nothing of it")
    func uncommitted() throws {
        let ledger = try LedgerFixture(entries: 2)
        do {
            let other = try RawDatabase(ledger.path)
            try other.execute(
                """
                BEGIN IMMEDIATE;
                INSERT INTO entry SELECT 2, kind, time, leaf, text FROM entry WHERE idx = 1;
                """)
            let crash = try ledger.directory.snapshot()
            let store = try LedgerStore(opening: crash.file("ledger.db"), mode: .readWrite)
            #expect(store.size == 2)
            try store.append(2)
            try store.close()
        }
        let store = try ledger.open()
        #expect(store.size == 2)
        try store.append(2)
        try store.close()
        #expect(try ledger.faults() == [])
    }

    @Test("what was appended survives the end of the program before the ledger is closed")
    func notClosed() throws {
        let ledger = try LedgerFixture(entries: 2)
        let store = try ledger.open()
        for number in 2..<40 {
            try store.append(number)
            let crash = try ledger.directory.snapshot()
            #expect(crash.names.contains("ledger.db-wal"))
            let again = try LedgerStore(opening: crash.file("ledger.db"), mode: .readWrite)
            #expect(again.size == UInt64(number) + 1)
            #expect(again.checkpointRoot() == store.checkpointRoot())
            try again.close()
            #expect(crash.names == ["ledger.db"])
            #expect(try LedgerStore.verify(path: crash.file("ledger.db")).faults == [])
        }
    }

    @Test("a log that is cut anywhere loses whole appends from its end, and nothing else")
    func cutLog() throws {
        let ledger = try LedgerFixture(entries: 1)
        let store = try ledger.open()
        for number in 1..<5 { try store.append(number) }
        let roots = try (0...5).map { try store.checkpointRoot(size: UInt64($0)) }
        let crash = try ledger.directory.snapshot()
        let path = crash.file("ledger.db")
        let log = try read(path + "-wal")
        let database = try read(path)
        var sizes: Set<UInt64> = []
        for length in stride(from: 0, through: log.count, by: 509) {
            try write(database, to: path)
            unlink(path + "-shm")
            try write(Array(log[..<length]), to: path + "-wal")
            let again = try LedgerStore(opening: path, mode: .readWrite)
            #expect(again.checkpointRoot() == roots[Int(again.size)])
            #expect(try again.verify().faults == [])
            sizes.insert(again.size)
            try again.close()
        }
        #expect(sizes.isSuperset(of: [1, 2, 3, 4]))
    }

    @Test("a program that ends at any write leaves the ledger as it was or as it was to be")
    func killedAtEachWrite() throws {
        let ledger = try LedgerFixture(entries: 3)
        var crashes: [TemporaryDirectory] = []
        let store = try ledger.open()
        let writes = try SystemCallFaults.watching(ledger.directory.path) { _ in
            if let crash = try? ledger.directory.snapshot() { crashes.append(crash) }
            return .pass
        } _: {
            try store.append((3..<8).map(LedgerFixture.draft), time: LedgerFixture.start)
            try store.append(8)
            try store.close()
        }
        #expect(writes == crashes.count)
        #expect(writes > 10)
        var sizes: [UInt64] = []
        for crash in crashes {
            let path = crash.file("ledger.db")
            let again = try LedgerStore(opening: path, mode: .readWrite)
            #expect(try again.verify().faults == [])
            sizes.append(again.size)
            try again.append(Int(again.size))
            try again.close()
            #expect(try LedgerStore.verify(path: path).faults == [])
            #expect(crash.names == ["ledger.db"])
        }
        #expect(sizes == sizes.sorted())
        #expect(Set(sizes) == [3, 8, 9])
    }

    @Test("making a ledger can be ended at any write, and what is left says so or is whole")
    func creationKilledAtEachWrite() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("ledger.db")
        var crashes: [TemporaryDirectory] = []
        let writes = try SystemCallFaults.watching(directory.path) { _ in
            if let crash = try? directory.snapshot() { crashes.append(crash) }
            return .pass
        } _: {
            try LedgerStore.create(path: path)
        }
        #expect(writes == crashes.count)
        var outcomes: [String] = []
        for crash in crashes {
            let path = crash.file("ledger.db")
            do {
                let store = try LedgerStore(opening: path, mode: .readWrite)
                try store.append(0)
                #expect(try store.verify().faults == [])
                try store.close()
                outcomes.append("whole")
            } catch {
                #expect(error as? LedgerStoreError == .unfinished(path: path))
                outcomes.append("unfinished")
            }
            #expect(throws: LedgerStoreError.exists(path: path)) {
                try LedgerStore.create(path: path)
            }
        }
        #expect(Set(outcomes) == ["whole", "unfinished"])
    }

    @Test("a write that fails appends nothing, and the ledger opens sound", arguments: [0, 1, 700])
    func failingWrites(sent: Int) throws {
        var call = 0
        var failures = 0
        while true {
            let ledger = try LedgerFixture(entries: 3)
            let store = try ledger.open()
            var thrown: LedgerStoreError?
            let writes = SystemCallFaults.watching(ledger.directory.path) {
                $0 == call ? .fail(number: ENOSPC, afterBytes: sent) : .pass
            } _: {
                do throws(LedgerStoreError) {
                    try store.append((3..<8).map(LedgerFixture.draft), time: LedgerFixture.start)
                } catch {
                    thrown = error
                }
            }
            if let thrown {
                failures += 1
                #expect(thrown == .diskFull(path: ledger.path))
                #expect(store.size == 3)
                #expect(throws: LedgerStoreError.mustBeReopened(path: ledger.path)) {
                    try store.append(3)
                }
                #expect(try store.entry(at: 2).index == 2)
                try store.close()
                let again = try ledger.open()
                #expect(again.size == 3)
                try again.append(3)
                try again.close()
            }
            #expect(try ledger.faults() == [])
            if writes <= call { break }
            call += 1
        }
        #expect(failures > 4)
    }

    @Test("a ledger that cannot be made for want of room leaves nothing behind")
    func failingCreation() throws {
        var call = 0
        while true {
            let directory = try TemporaryDirectory()
            let path = directory.file("ledger.db")
            var thrown: LedgerStoreError?
            let writes = SystemCallFaults.watching(directory.path) {
                $0 == call ? .fail(number: ENOSPC, afterBytes: 0) : .pass
            } _: {
                do throws(LedgerStoreError) {
                    try LedgerStore.create(path: path)
                } catch {
                    thrown = error
                }
            }
            if writes <= call { break }
            #expect(thrown == .diskFull(path: path))
            #expect(directory.names == [])
            call += 1
        }
        #expect(call > 3)
    }

    @Test("a full disk stops an append as a whole, and room lets it go on")
    func diskFull() throws {
        let ledger = try LedgerFixture(entries: 3)
        let store = try ledger.open()
        let pages = try store.database.integer("PRAGMA page_count") ?? 0
        try store.database.execute("PRAGMA max_page_count = \(pages + 4)")
        let root = store.checkpointRoot()
        let error = LedgerStoreError.diskFull(path: ledger.path)
        #expect(throws: error) {
            try store.append((3..<80).map(LedgerFixture.draft), time: LedgerFixture.start)
        }
        #expect(error.description == "ledger \"\(ledger.path)\": no room is left on its disk")
        #expect(store.size == 3)
        #expect(store.checkpointRoot() == root)
        #expect(try store.verify().faults == [])
        try store.database.execute("PRAGMA max_page_count = 1000000")
        try store.append((3..<80).map(LedgerFixture.draft), time: LedgerFixture.start)
        #expect(store.size == 80)
        try store.close()
        #expect(try ledger.faults() == [])
    }

    @Test("every connection that writes syncs each commit and the directory")
    func settings() throws {
        let ledger = try LedgerFixture(entries: 1)
        try RawDatabase(ledger.path).execute("PRAGMA journal_mode = DELETE")
        let store = try ledger.open()
        #expect(try store.database.text("PRAGMA journal_mode") == "wal")
        #expect(try store.database.integer("PRAGMA synchronous") == 3)
        try store.append(1)
        #expect(try store.database.integer("PRAGMA synchronous") == 3)
    }

    @Test("an opened ledger leaves no files behind, read or written")
    func noFiles() throws {
        let ledger = try LedgerFixture(entries: 2)
        let reader = try ledger.open(.readOnly)
        _ = try reader.verify()
        try reader.close()
        #expect(ledger.directory.names == ["ledger.db"])
        let writer = try ledger.open()
        try writer.append(2)
        let second = try ledger.open(.readOnly)
        try writer.close()
        #expect(try second.entry(at: 2).index == 2)
        try second.close()
        #expect(ledger.directory.names == ["ledger.db"])
    }

    @Test("a reader changes no entry, whatever it is asked")
    func queryOnly() throws {
        let ledger = try LedgerFixture(entries: 2)
        let reader = try ledger.open(.readOnly)
        #expect(throws: LedgerStoreError.readOnlyFile(path: ledger.path)) {
            try reader.database.execute("DELETE FROM handle_0")
        }
    }
}
