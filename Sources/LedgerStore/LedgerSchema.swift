// SPDX-License-Identifier: Apache-2.0

/// What the database file of a ledger holds, statement by statement.
///
/// `entry`, `content` and `node` only ever grow; their triggers refuse everything else, so that a
/// slip with another SQLite program cannot change what was recorded. `handle` is what entries and
/// contents are found by, in ``handleLevels``; it can be made again from them. `dictionary` is what
/// texts are packed with.
enum LedgerSchema {
    /// SQLite's `application_id`: "CNCL".
    static let applicationID: Int64 = 0x434E_434C
    /// SQLite's `user_version`: the version of this format.
    ///
    /// Version 1, which no release wrote, looked requests up by other values.
    static let version: Int64 = 2

    /// One object of the schema: its name, and the statement that SQLite keeps for it.
    struct Object {
        let kind: String
        let name: String
        let sql: String
    }

    /// The tables of handles, the one for the newest first.
    static let handleLevels = ["handle_0", "handle_1", "handle_2", lastHandleLevel]
    /// The table of handles in which all others end.
    static let lastHandleLevel = "handle_3"

    static let objects: [Object] = [
        table(
            "entry",
            """
            idx INTEGER PRIMARY KEY CHECK (idx >= 0),
            kind TEXT NOT NULL,
            time TEXT NOT NULL,
            leaf BLOB NOT NULL CHECK (length(leaf) = 32),
            text BLOB NOT NULL
            """, "STRICT"),
        table(
            "content",
            """
            id INTEGER PRIMARY KEY CHECK (id > 0),
            sha256 BLOB NOT NULL CHECK (length(sha256) = 32),
            bytes BLOB NOT NULL
            """, "STRICT"),
        table(
            "node",
            """
            level INTEGER NOT NULL CHECK (level BETWEEN 1 AND 63),
            position INTEGER NOT NULL CHECK (position >= 0),
            hash BLOB NOT NULL CHECK (length(hash) = 32),
            PRIMARY KEY (level, position)
            """, "STRICT, WITHOUT ROWID"),
        handleTable("handle_0"),
        handleTable("handle_1"),
        handleTable("handle_2"),
        handleTable("handle_3"),
        Object(
            kind: "view", name: "handle",
            sql: "CREATE VIEW handle AS\n"
                + handleLevels.map { "SELECT name, value, idx FROM \($0)" }
                .joined(separator: "\nUNION ALL ")),
        table(
            dictionary,
            """
            id INTEGER PRIMARY KEY,
            bytes BLOB NOT NULL
            """, "STRICT"),
        trigger(
            "entry_insert", on: "INSERT ON entry",
            when: "NEW.idx IS NOT (SELECT coalesce(max(idx) + 1, 0) FROM entry)",
            refusal: "an entry is only added after the last"),
        trigger("entry_update", on: "UPDATE ON entry", refusal: "an entry is never changed"),
        trigger("entry_delete", on: "DELETE ON entry", refusal: "an entry is never removed"),
        trigger(
            "content_insert", on: "INSERT ON content",
            when: "NEW.id IS NOT (SELECT coalesce(max(id) + 1, 1) FROM content)",
            refusal: "a content is only added after the last"),
        trigger("content_update", on: "UPDATE ON content", refusal: "a content is never changed"),
        trigger("content_delete", on: "DELETE ON content", refusal: "a content is never removed"),
        trigger(
            "node_insert", on: "INSERT ON node",
            when: """
                EXISTS (SELECT 1 FROM node WHERE level = NEW.level AND position = NEW.position)
                """,
            refusal: "a node is never replaced"),
        trigger("node_update", on: "UPDATE ON node", refusal: "a node is never changed"),
        trigger("node_delete", on: "DELETE ON node", refusal: "a node is never removed"),
        trigger(
            "dictionary_insert", on: "INSERT ON dictionary",
            refusal: "a dictionary is never added"),
        trigger(
            "dictionary_update", on: "UPDATE ON dictionary",
            refusal: "a dictionary is never changed"),
        trigger(
            "dictionary_delete", on: "DELETE ON dictionary",
            refusal: "a dictionary is never removed"),
    ]

    private static func table(_ name: String, _ columns: String, _ options: String) -> Object {
        Object(
            kind: "table", name: name, sql: "CREATE TABLE \(name) (\n\(columns)\n) \(options)")
    }

    private static func handleTable(_ name: String) -> Object {
        table(
            name,
            """
            name INTEGER NOT NULL CHECK (name >= 0),
            value INTEGER NOT NULL,
            idx INTEGER NOT NULL,
            PRIMARY KEY (name, value, idx)
            """, "STRICT, WITHOUT ROWID")
    }

    private static func trigger(
        _ name: String, on event: String, when condition: String? = nil, refusal: String
    ) -> Object {
        let when = condition.map { "WHEN \($0)\n" } ?? ""
        return Object(
            kind: "trigger", name: name,
            sql: """
                CREATE TRIGGER \(name) BEFORE \(event)
                \(when)BEGIN SELECT RAISE(ABORT, '\(refusal)'); END
                """)
    }
}

extension LedgerSchema {
    /// Makes all objects, in one transaction.
    static func create(in database: borrowing Database) throws(LedgerStoreError) {
        try database.execute("BEGIN IMMEDIATE")
        for object in objects {
            try database.execute(object.sql)
            // Before the trigger that would refuse it.
            if object.name == dictionary { try insertDictionary(in: database) }
        }
        try database.execute("PRAGMA application_id = \(applicationID)")
        try database.execute("PRAGMA user_version = \(version)")
        try database.execute("COMMIT")
    }

    /// Demands that the file is a ledger of this version, with these objects and no others.
    static func check(_ database: borrowing Database) throws(LedgerStoreError) {
        let path = database.path
        let identifier = try database.integer("PRAGMA application_id") ?? 0
        let found = try database.integer("PRAGMA user_version") ?? 0
        if identifier != applicationID {
            let count = try database.integer("SELECT count(*) FROM sqlite_schema") ?? 0
            if identifier == 0, found == 0, count == 0 { throw .unfinished(path: path) }
            throw .foreign(
                path: path,
                reason: "it is a database with application id \(identifier), not \(applicationID)")
        }
        guard found > 0 else {
            throw .corrupt(path: path, reason: "format version \(found) has never been in use")
        }
        guard found == version else {
            throw .otherVersion(path: path, found: found, known: version)
        }
        var expected: [String: Object] = [:]
        for object in objects { expected[object.name] = object }
        // Indices that SQLite makes for keys have no statement; ANALYZE leaves tables of its own.
        let rows = try database.prepare(
            """
            SELECT type, name, sql FROM sqlite_schema
            WHERE NOT (type = 'index' AND sql IS NULL) AND name NOT GLOB 'sqlite_stat[1-4]'
            ORDER BY type, name
            """)
        while try rows.step() {
            let kind = rows.text(0)
            let name = rows.text(1)
            guard let object = expected.removeValue(forKey: name), object.kind == kind,
                object.sql == rows.text(2)
            else { throw .alteredSchema(path: path, object: "\(kind) \(name)") }
        }
        if let missing = expected.values.min(by: { $0.name < $1.name }) {
            throw .alteredSchema(path: path, object: "\(missing.kind) \(missing.name)")
        }
        try checkDictionary(of: database)
    }

    // MARK: The dictionary

    private static let dictionary = "dictionary"

    private static func insertDictionary(
        in database: borrowing Database
    ) throws(LedgerStoreError) {
        let insert = try database.prepare("INSERT INTO dictionary (id, bytes) VALUES (?, ?)")
        try insert.bind(1, PackingDictionary.identifier)
        try insert.bind(2, PackingDictionary.bytes)
        _ = try insert.step()
    }

    /// Demands the one dictionary that this program knows.
    private static func checkDictionary(
        of database: borrowing Database
    ) throws(LedgerStoreError) {
        let rows = try database.prepare("SELECT id, bytes FROM dictionary ORDER BY id")
        var isThere = false
        while try rows.step() {
            let identifier = rows.integer(0)
            guard identifier == PackingDictionary.identifier,
                rows.bytes(1) == PackingDictionary.bytes
            else {
                throw .alteredSchema(path: database.path, object: "dictionary \(identifier)")
            }
            isThere = true
        }
        guard isThere else {
            throw .alteredSchema(
                path: database.path, object: "dictionary \(PackingDictionary.identifier)")
        }
    }
}
