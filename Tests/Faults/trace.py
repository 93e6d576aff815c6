# SPDX-License-Identifier: Apache-2.0
"""What a run did to the disk, call by call, from strace."""

import codecs
import os
import re
from typing import NamedTuple

import scenes

# What changes a disk or makes it keep something; reads and seeks say where the next write goes.
CALLS = ("open,openat,creat,read,write,writev,pwrite64,pwritev,pwritev2,lseek,truncate,ftruncate,fallocate,"
         "fsync,fdatasync,syncfs,sync,sync_file_range,rename,renameat,renameat2,link,linkat,symlink,symlinkat,"
         "unlink,unlinkat,rmdir,mkdir,mkdirat,sendfile,copy_file_range,mmap")
UMASK = os.umask(0o077)
os.umask(UMASK)
TEXT = r'"((?:[^"\\]|\\.)*)"'
PLACE = re.compile(r"(?:(?:AT_FDCWD|\d+)<([^>]*)>, )?" + TEXT)
OPENED = re.compile(r"^(\d+)<([^>]*)>(\(deleted\))?")


class Step(NamedTuple):
    """One call that was carried out: what it did, where, and with what."""

    name: str
    path: str
    other: str = ""
    offset: int = 0
    data: bytes = b""
    mode: int = 0

    @property
    def site(self):
        return self.name + " " + re.sub(r"[0-9a-f]{16,}|[0-9]+", "#", self.path)


def command(output, line):
    return f"strace -f -y -s {1 << 24} -e signal=none -e trace={CALLS} -o {output} {line}"


def plain(text):
    return codecs.escape_decode(text.encode("latin-1"))[0]


def mode(arguments):
    """The mode that a call makes something with, which stands last; the sweep's umask is the program's."""
    return int(arguments.rsplit(", ", 1)[1], 8) & ~UMASK


def finished(text):
    """The calls in the order in which they ended, put together where another's stand between."""
    begun = {}
    for line in text.split("\n"):
        process, _, call = line.partition(" ")
        call = call.strip()
        if call.endswith(" <unfinished ...>"):
            begun[process] = call.removesuffix(" <unfinished ...>")
            continue
        resumed = re.match(r"<\.\.\. \w+ resumed>", call)
        if resumed:
            call = begun.pop(process, "") + call[resumed.end():]
        found = re.match(r"(?s)(\w+)\((.*)\)\s+= (\d+)", call)
        if found:
            yield found[1], found[2], int(found[3])


class Reader:
    """Makes steps of calls; paths are relative to the directory of the run."""

    def __init__(self, directory, signed):
        self.directory, self.signed = directory, signed
        self.places, self.steps = {}, []

    def inside(self, path):
        """The path within the directory, or None for what is elsewhere."""
        path = os.path.normpath(os.path.join(self.directory, path))
        if path == self.directory:
            return ""
        return path[len(self.directory) + 1:] if path.startswith(self.directory + "/") else None

    def named(self, arguments):
        """The paths that the arguments name."""
        return [self.inside(os.path.join(base, plain(name).decode())) for base, name in PLACE.findall(arguments)]

    def add(self, name, path, **more):
        if path is not None:
            self.steps.append(Step(name, path, **more))

    def read(self, text):
        for name, arguments, result in finished(text):
            opened = OPENED.match(arguments)
            if name in ("open", "openat", "creat"):
                self.open(name, arguments, result)
            elif name in ("write", "writev", "pwrite64", "pwritev", "pwritev2", "read", "lseek"):
                self.move(name, arguments, result, opened)
            elif name in ("rename", "renameat", "renameat2", "link", "linkat"):
                old, new = self.named(arguments)
                scenes.require((old is None) == (new is None) and "EXCHANGE" not in arguments, f"{name}({arguments}")
                self.add(name.rstrip("at2"), old, other=new)
            elif name in ("unlink", "unlinkat", "rmdir"):
                self.add("unlink", self.named(arguments)[0])
            elif name in ("mkdir", "mkdirat"):
                self.add("mkdir", self.named(arguments)[0], mode=mode(arguments))
            elif name in ("fsync", "fdatasync", "syncfs"):
                if opened and not opened[3]:
                    self.add("syncfs" if name == "syncfs" else "sync", self.inside(opened[2]))
            elif name == "ftruncate":
                if not opened[3]:
                    self.add("size", self.inside(opened[2]), offset=int(arguments.rsplit(", ", 1)[1]))
            elif name == "mmap":
                shared = re.search(r"PROT_WRITE.*MAP_SHARED.*<([^>]*)>", arguments)
                path = shared and self.inside(shared[1])
                # The index of SQLite's log is made anew by whoever opens the ledger first.
                scenes.require(not path or path.endswith("-shm"), f"{path} is written through memory")
            else:
                touched = [self.inside(found) for found in re.findall(r"<(/[^>]*)>", arguments)] + self.named(arguments)
                scenes.require(not any(touched), f"{name} is not known here: {arguments[:200]}")
        return self.steps

    def open(self, name, arguments, result):
        path = self.named(arguments)[0]
        if path is None:
            return
        self.places[result, path] = None if "O_APPEND" in arguments else 0
        if "O_CREAT" in arguments or name == "creat":
            self.add("make", path, mode=mode(arguments))
        if "O_TRUNC" in arguments or name == "creat":
            self.add("size", path, offset=0)

    def move(self, name, arguments, result, opened):
        if not opened:
            return
        if name in ("write", "writev", "pwrite64", "pwritev", "pwritev2"):
            data = b"".join(plain(text) for text in re.findall(TEXT, arguments))[:result]
        if name == "write" and opened[1] == "1" and opened[2].startswith("pipe:"):
            self.steps.append(Step("say", "", data=data))
        if name == "write" and opened[2] == self.signed and data.rstrip().endswith(b" C_Sign"):
            self.steps.append(Step("sign", ""))
        path = self.inside(opened[2])
        if path is None or opened[3] or not opened[2].startswith("/"):
            return
        place = int(opened[1]), path
        if name == "lseek":
            self.places[place] = result
        elif name == "read":
            self.places[place] = (self.places.get(place) or 0) + result
        elif name.startswith("pwrite"):
            self.add("write", path, offset=int(re.findall(r", (\d+)", arguments)[-1]), data=data)
        else:
            offset = self.places.get(place)
            # At the end, wherever that is, for a file that is only added to.
            self.add("write", path, offset=-1 if offset is None else offset, data=data)
            if offset is not None:
                self.places[place] = offset + result


def steps(traced, directory, signed):
    with open(traced, encoding="latin-1") as file:
        return Reader(directory, signed).read(file.read())
