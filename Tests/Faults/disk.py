# SPDX-License-Identifier: Apache-2.0
"""A disk that keeps what was synced, and of the rest what it likes.

It promises what POSIX does: fsync of a file keeps the file's contents, not its name; fsync of a directory
keeps the names in it, not what they lead to. Nothing is promised of anything else, nor of any order."""

import os
import random
import shutil

import points

MEDIUM = "outbox"
# Another device, the token, and what the sweep itself puts there.
BESIDE = {"tokens", "softhsm2.conf", "module"}


class File:
    def __init__(self, data=b"", mode=0o600):
        self.data, self.mode, self.changes = bytearray(data), mode, []

    def sync(self):
        self.data, self.changes = self.left("kept", None), []

    def size(self):
        return len(self.left("kept", None))

    def left(self, way, chance):
        data = bytearray(self.data)
        if way in ("lost", "names"):
            return data
        sector = chance.choice((512, 4096)) if way == "some" else 0
        share = chance.choice((0.1, 0.5, 0.9)) if way == "some" else 0
        for name, offset, new in self.changes:
            if name == "size":
                if way != "some" or chance.random() < share:
                    data[offset:] = bytes(max(0, offset - len(data)))
                continue
            pieces = [(offset, new)]
            if way == "zeros":
                pieces = [(offset + len(new), b"")]
            elif way == "some":
                # A disk writes whole sectors, each of them or not.
                ends = [*range(sector - offset % sector, len(new), sector), len(new)]
                pieces = [(offset + begin, new[begin:end]) for begin, end in zip([0, *ends], ends)
                          if chance.random() < share]
            for at, piece in pieces:
                data.extend(bytes(max(0, at + len(piece) - len(data))))
                data[at:at + len(piece)] = piece
        return data


class Folder:
    def __init__(self, mode=0o700):
        self.kept, self.names, self.changes, self.mode = {}, {}, [], mode

    def sync(self):
        self.kept, self.changes = dict(self.names), []

    def change(self, names):
        """Lets names lead elsewhere, or nowhere, in one step."""
        self.apply(self.names, names)
        self.changes.append(names)

    @staticmethod
    def apply(names, changes):
        for name, node in changes.items():
            names[name] = node
            if node is None:
                del names[name]

    def left(self, way, chance):
        if way == "lost":
            return self.kept
        if way != "some":
            return self.names
        names, share = dict(self.kept), chance.choice((0.1, 0.5, 0.9))
        for change in self.changes:
            if chance.random() < share:
                names |= change
        return {name: node for name, node in names.items() if node is not None}


class Disk:
    """The tree of a run: as it stood before, and what the run's steps made of it.

    Syncs of the device in `deaf` do nothing: what is thought to be safe there is not."""

    def __init__(self, before, deaf=None):
        self.root, self.deaf, self.said, self.signed = Folder(), deaf, "", 0
        self.load(before, self.root, "")

    def load(self, directory, folder, path):
        for entry in os.scandir(directory):
            if not path and entry.name in BESIDE:
                continue
            mode = entry.stat().st_mode & 0o777
            if entry.is_dir():
                folder.names[entry.name] = Folder(mode)
                self.load(entry.path, folder.names[entry.name], entry.name)
            else:
                with open(entry.path, "rb") as file:
                    folder.names[entry.name] = File(file.read(), mode)
        folder.sync()

    def find(self, path):
        node = self.root
        for name in path.split("/") if path else []:
            node = node.names.get(name) if isinstance(node, Folder) else None
        return node

    def place(self, path):
        folder, _, name = path.rpartition("/")
        return self.find(folder), name

    def do(self, step):
        if step.name == "say":
            self.said += step.data.decode(errors="replace")
        elif step.name == "sign":
            self.signed += 1
        elif step.path.split("/")[0] not in BESIDE:
            getattr(self, "do_" + step.name)(step)

    def do_make(self, step):
        folder, name = self.place(step.path)
        if name not in folder.names:
            folder.change({name: File(mode=step.mode)})

    def do_mkdir(self, step):
        folder, name = self.place(step.path)
        folder.change({name: Folder(step.mode)})

    def do_write(self, step):
        file = self.find(step.path)
        file.changes.append(("write", file.size() if step.offset < 0 else step.offset, step.data))

    def do_size(self, step):
        self.find(step.path).changes.append(("size", step.offset, b""))

    def do_rename(self, step):
        (folder, name), (other, new) = self.place(step.path), self.place(step.other)
        node = folder.names[name]
        if folder is other:
            folder.change({name: None, new: node})
        else:
            folder.change({name: None})
            other.change({new: node})

    def do_link(self, step):
        folder, name = self.place(step.other)
        folder.change({name: self.find(step.path)})

    def do_unlink(self, step):
        folder, name = self.place(step.path)
        folder.change({name: None})

    def do_sync(self, step):
        if self.device(step.path) != self.deaf:
            self.find(step.path).sync()

    def do_syncfs(self, step):
        if self.device(step.path) != self.deaf:
            self.sync_all(self.root, "", self.device(step.path))

    def sync_all(self, folder, path, device):
        if self.device(path) == device:
            folder.sync()
        for name, node in folder.names.items():
            below = f"{path}/{name}" if path else name
            if isinstance(node, Folder):
                self.sync_all(node, below, device)
            elif self.device(below) == device:
                node.sync()

    @staticmethod
    def device(path):
        """The medium is a disk of its own; its mount point is nobody's file."""
        return MEDIUM if path.split("/")[0] == MEDIUM else "home"

    def left(self, kind, seed=0):
        """The files and folders (None) after a power cut, by their paths, each with its mode."""
        found, chance = {}, random.Random(f"{kind} {seed}")

        def way(path):
            return points.POWER[kind][self.device(path) == MEDIUM]

        def walk(folder, path):
            for name, node in sorted(folder.left(way(path), chance).items()):
                below = f"{path}/{name}" if path else name
                if isinstance(node, Folder):
                    found[below] = None, node.mode
                    walk(node, below)
                else:
                    found[below] = bytes(node.left(way(below), chance)), node.mode

        walk(self.root, "")
        return found


def put(left, directory):
    """Puts what is left in the place of what stands in a directory."""
    for entry in os.scandir(directory):
        if entry.name not in BESIDE:
            shutil.rmtree(entry.path) if entry.is_dir() else os.remove(entry.path)
    for path, (data, mode) in left.items():
        if data is None:
            os.mkdir(f"{directory}/{path}", mode)
        else:
            with open(os.open(f"{directory}/{path}", os.O_WRONLY | os.O_CREAT, mode), "wb") as file:
                file.write(data)
