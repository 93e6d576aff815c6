#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Alters a text of a ledger as somebody with SQLite and zstd can: ledger_texts.py FILE TABLE OLD NEW.

In the first row of the table (entry or content) whose text has OLD, NEW stands in its place; nothing else is
made to fit. Written from Docs/Formats/LedgerFile.md. For other scripts, opened() gives a connection without
the ledger's triggers, on which SQL can use unpacked(frame) and packed(text); done() puts the triggers back.
"""

import ctypes
import sqlite3
import sys

zstd = ctypes.CDLL("libzstd.so.1")
size, block = ctypes.c_size_t, ctypes.c_void_p
zstd.ZSTD_createCCtx.restype = zstd.ZSTD_createDCtx.restype = block
zstd.ZSTD_compressBound.restype, zstd.ZSTD_compressBound.argtypes = size, [size]
zstd.ZSTD_getFrameContentSize.restype = ctypes.c_ulonglong
zstd.ZSTD_getFrameContentSize.argtypes = [ctypes.c_char_p, size]
for name in ("ZSTD_compress_usingDict", "ZSTD_decompress_usingDict"):
    call = getattr(zstd, name)
    call.restype = size
    call.argtypes = [block, ctypes.c_char_p, size, ctypes.c_char_p, size, ctypes.c_char_p, size]
zstd.ZSTD_compress_usingDict.argtypes.append(ctypes.c_int)


class Texts:
    """Packs and unpacks with the dictionary that stands in a ledger."""

    def __init__(self, db):
        (self.dictionary,), = db.execute("SELECT bytes FROM dictionary").fetchall()

    def packed(self, text):
        room = ctypes.create_string_buffer(zstd.ZSTD_compressBound(len(text)))
        count = zstd.ZSTD_compress_usingDict(
            zstd.ZSTD_createCCtx(), room, len(room), text, len(text), self.dictionary,
            len(self.dictionary), 3)
        return room.raw[:count]

    def unpacked(self, frame):
        room = ctypes.create_string_buffer(zstd.ZSTD_getFrameContentSize(frame, len(frame)) + 1)
        count = zstd.ZSTD_decompress_usingDict(
            zstd.ZSTD_createDCtx(), room, len(room), frame, len(frame), self.dictionary,
            len(self.dictionary))
        assert count < len(room), "no frame of this ledger"
        return room.raw[:count]


def opened(path):
    """A connection, and the triggers that it took away."""
    db = sqlite3.connect(path)
    texts = Texts(db)
    db.create_function("packed", 1, texts.packed)
    db.create_function("unpacked", 1, texts.unpacked)
    triggers = db.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
    for name, _ in triggers:
        db.execute(f"DROP TRIGGER {name}")
    return db, triggers


def done(db, triggers):
    """Puts the triggers back, and ends the use of the file."""
    for _, sql in triggers:
        db.execute(sql)
    db.commit()
    db.close()


def main(path, table, old, new):
    db, triggers = opened(path)
    column = {"entry": "text", "content": "bytes"}[table]
    for row, text in db.execute(f"SELECT rowid, unpacked({column}) FROM {table} ORDER BY rowid"):
        if old.encode() in text:
            break
    else:
        sys.exit(f"ledger_texts: no {table} has {old!r}")
    db.execute(f"UPDATE {table} SET {column} = packed(?) WHERE rowid = ?",
               (text.replace(old.encode(), new.encode()), row))
    done(db, triggers)


if __name__ == "__main__":
    main(*sys.argv[1:])
