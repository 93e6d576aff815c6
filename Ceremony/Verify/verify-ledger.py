#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks an exported ledger of a Conclave home, by the pages of Docs/Formats and nothing else. It needs
Python's standard library, and ssh-keygen for signatures. Exit status: 0 sound, 2 not sound."""
import argparse, base64, datetime, functools, hashlib, itertools, os, re, struct, subprocess, sys, tempfile, unicodedata
from pathlib import Path
UTF8, NUMBERS = set("requester purpose officer witness operator reason message".split()), set("number item version certificates".split())
DIGESTS = set("genesis policy roster signature request file batch text list state abandoned-by".split())
OPENED = ("batch tier tool ; ca-key token module evidence firmware? attestation? attestation-root? attested?" " attestation-fault* attestation-certificate* advisory*")
KINDS = {  # the fields of each kind of entry, in order; @ names a text; behind ";" those of further blocks
    "genesis": "genesis@ policy@ roster@ signature@+", "request": "request file@ name", "batch": "batch@ number", "refusal": "name file? message*", "approval": "batch officer key signature@", "intent": "batch sign+",
    "rejection": "batch officer reason text@ signature@", "issued": "batch item authority request certificate",
    "ceremony-opened": OPENED, "token": OPENED, "krl": "batch version list@", "exception": "rule message", "ceremony-closed": "batch certificates abandoned-by? abandoned* state@", "epoch": "batch ; authority epoch next-serial"}
PARTS = {"batch": "genesis batch ledger-size ledger-root governing-head roster policy created expires tool", "rejection": "batch created genesis reason", "issue": "item kind authority profile class request requester? type ca-key public-key nonce serial" " key-id principal+ valid-after valid-before critical-option* extension* tbs-sha256",
         "revoke": "item kind authority class target reason", "krl": "item kind class version sha256 data+", "abandon": "item kind batch manifest class issued abandoned+ reason", "new-epoch": "item kind authority class epoch given-up+ anchor* reason"}
ARMOR = b"-----BEGIN SSH SIGNATURE-----"
def sha(data): return hashlib.sha256(data).hexdigest()
def span(first, last): return f"{first}-{last}" if first < last else str(first)
def runs(numbers):  # the first and last of each stretch of numbers that follow one another
    groups = itertools.groupby(enumerate(numbers), lambda pair: pair[1] - pair[0])
    return [((run := [i for _, i in group])[0], run[-1]) for _, group in groups]
def node(left, right): return hashlib.sha256(b"\1" + left + right).digest()
def string(data): return struct.pack(">I", len(data)) + data
def encode(data): return base64.b64encode(data).decode()
def need(condition, message):
    if not condition: raise ValueError(message)
def decode(text): return need(encode(data := base64.b64decode(text, validate=True)) == text, f"{text!r} is not canonical Base64") or data
def number(text): return need(re.fullmatch("0|[1-9][0-9]{0,19}", text) and int(text) < 1 << 64, f"{text!r} is no number") or int(text)
def time(text):
    return need(re.fullmatch(r"\d{4}(-\d\d){2}T(\d\d:){2}\d\dZ", text, re.A), f"{text!r} is no time") or int(datetime.datetime.strptime(text + "+0000", "%Y-%m-%dT%H:%M:%SZ%z").timestamp())
def parse(data, kind):  # the blocks of a text in the grammar of Conventions.md, each a list of names and values
    (first, *lines), blocks = data.decode()[:-1].split("\n"), [[]]
    need(data.endswith(b"\n") and first == f"conclave-{kind}: v1", f"the first line is {first!r}, or the last cut")
    for line in lines:
        name, _, value = line.partition(": ")
        blocks[-1].append((name, value)) if line else blocks.append([])
        need(not line or re.fullmatch("[a-z][a-z0-9-]{0,31}", name) and value and value == value.strip(" ") and all(" " <= c <= "~" or name in UTF8 and unicodedata.category(c)[0] not in "CZ" for c in value), f"{line!r} is no field")
    return need(all(blocks), "an empty line too many") or blocks
def fields(block, pattern):  # the values of a block by name; lists where a field may stand there more than once
    order, names, found = [word.rstrip("?*+@") for word in pattern.split()], [name for name, _ in block], {}
    need({*names} <= {*order} and names == sorted(names, key=order.index), f"fields {names}, known are {order}")
    for word, name in zip(pattern.split(), order):
        values = [v for n, v in block if n == name]
        need((values or word[-1] in "?*") and (len(values) < 2 or word[-1] in "*+"), f"{len(values)} fields {name}")
        found[name] = values if word[-1] in "*+" else values[0] if values else None
    return found
def take(data): return need(len(data) >= (end := 4 + struct.unpack(">I", data[:4])[0]), "a string is cut off") or (data[4:end], data[end:])
def keyblob(line): return need(take(data := decode(line.partition(" ")[2]))[0] == line.partition(" ")[0].encode(), f"{line!r} is no public key") or data
def signer(armored, message, namespace):  # the public key that made an armored signature, which must hold over the message
    found = re.fullmatch(ARMOR.decode() + "\r?\n(.*)-----END SSH SIGNATURE-----(\r?\n)?", armored.decode(), re.S)
    blob = decode("".join(found[1].split())) if found else b""
    need(blob[:10] == b"SSHSIG\0\0\0\1", "it is no SSHSIG of version 1")
    key, (space, rest) = take(blob[10:])[0], take(take(blob[10:])[1])
    algorithm, rest = take(take(take(take(rest)[1])[1])[0])
    need(space.decode() == namespace and b"-cert-" not in take(key)[0] and algorithm != b"ssh-rsa" and (not algorithm.startswith(b"sk-") or take(rest)[1][0] & 1), "such a signature does not count here")
    with tempfile.NamedTemporaryFile() as file:
        file.write(armored), file.flush()
        run = subprocess.run(["ssh-keygen", "-Y", "check-novalidate", "-n", namespace, "-s", file.name], input=message, capture_output=True)
    return need(run.returncode == 0, "the signature does not hold") or key
def to_be_signed(item):  # the bytes that a CA key signs for an item of a manifest, by the table of Batch.md
    text, (kind, numbers) = lambda name: string(name.encode()), take(keyblob(item["public-key"]))
    options = [option.partition("=") for option in item["critical-option"]]
    return (string(kind.replace(b"@openssh.com", b"") + b"-cert-v01@openssh.com") + string(bytes.fromhex(item["nonce"])) + numbers + struct.pack(">QI", number(item["serial"]), ["", "user", "host"].index(item["type"]))
        + text(item["key-id"]) + string(b"".join(map(text, item["principal"]))) + struct.pack(">QQ", time(item["valid-after"]), time(item["valid-before"]))
        + string(b"".join(text(name) + string(text(value) if mark else b"") for name, mark, value in options)) + string(b"".join(text(name) + string(b"") for name in item["extension"])) + string(b"") + string(keyblob(item["ca-key"])))
def path_of(index, width=256):
    parts = re.findall("...", f"{index:0{-(-len(str(index)) // 3) * 3}}")
    return "/".join(["x" + p for p in parts[:-1]] + parts[-1:]) + (f".p/{width}" if width < 256 else "")
def walk(folder):  # the paths of all that is no folder, one after the other
    return (os.path.relpath(os.path.join(at, n), folder) for at, folders, names in os.walk(folder) for n in names + [n for n in folders if os.path.islink(os.path.join(at, n))])
def parts(data): return re.split(rb"(?<=\n)(?=conclave-entry: v1\n)", data)  # the texts of a file of entries
def leaf(text): return hashlib.sha256(b"\0" + text).digest()
def proven(data, checkpoint, text=None):  # the number and the text of the entry from which a proof leads to this checkpoint
    (head, _, rest), (_, size, root, _) = data.partition(b"\n\n"), checkpoint.decode().split("\n")
    first, *lines = head.decode().split("\n")
    text = text or decode(lines.pop(0).partition("extra ")[2])
    edge, hash, index, entry = number(size) - 1, leaf(text), *[number(lines[0][6:])] * 2
    need([first, lines[0], rest] == ["c2sp.org/tlog-proof@v1", f"index {index}", checkpoint] and index <= edge, "its lines")
    for sibling in map(decode, lines[1:]):
        while index == edge and not index & 1 and index: index, edge = index >> 1, edge >> 1  # no sibling there
        hash = node(sibling, hash) if index & 1 else node(hash, sibling)
        index, edge = index >> 1, edge >> 1
    return need(edge == 0 and encode(hash) == root, "it does not lead to the root") or (entry, text)
class Ledger:
    def __init__(self, folder):
        self.folder, self.faults, self.used, self.certificates, self.known = folder, [], set(), 0, {}
        self.requests, self.waiting, self.batches, self.serials, self.levels, self.aside = {}, {}, {}, {}, {}, set()
        self.ceremony, self.version, self.last, self.peaks, self.size, self.home, self.gone, self.revoked, self.begun, self.anchors, self.loose = None, 0, 0, [], 0, None, [], [], [], [], {}
    def attempt(self, place, step, *arguments):
        try: return step(*arguments)
        except Exception as fault:  # whatever a hostile file leads to, it is a fault of the file
            self.faults.append(f"{place}: {fault}" if type(fault) is ValueError else f"{place}: {fault!r}")
    def read(self, path):
        self.used.add(hash(path))  # 200,000 paths would not be small
        whole = Path(self.folder, path).resolve()
        return need(whole.is_file() and str(whole).endswith("/" + path), f"{path} is not there") or whole.read_bytes()
    def content(self, digest): return need(sha(data := self.read(f"contents/{digest[:2]}/{digest}")) == digest, f"text {digest} is another") or data
    def root(self):
        *peaks, root = [peak for _, peak in self.peaks] or [hashlib.sha256(b"").digest()]
        return functools.reduce(lambda right, left: node(left, right), reversed(peaks), root)
    def append(self, hash):
        level, self.size = 0, self.size + 1
        while True:
            if level % 8 == 0:
                self.levels.setdefault(level // 8, []).append(hash), self.attempt("tile", self.tile, level // 8, 256)
            if not self.peaks or self.peaks[-1][0] != level: return self.peaks.append((level, hash))
            level, hash = level + 1, node(self.peaks.pop()[1], hash)
    def tile(self, level, least=1):
        if len(hashes := self.levels[level]) >= least:
            self.levels[level], name = [], f"tile/{level}/" + path_of((self.size >> 8 * level) - 1 >> 8, len(hashes))
            need(self.read(name) == b"".join(hashes), f"{name} has other hashes than the entries")
    def check(self):
        need(self.read("COMPLETE") == b"conclave-export: v1\n", "COMPLETE says something else")
        self.checkpoint = self.read("checkpoint")
        self.origin, size, root, end = self.checkpoint.decode().split("\n")
        self.total = number(size)
        for start in range(0, self.total, 256):
            name = "entries/" + path_of(start >> 8, min(256, self.total - start))
            texts, self.issues = parts(self.read(name)), []
            need(len(texts) == min(256, self.total - start), f"there are {len(texts)} entries in {name}")
            for text in texts:
                self.attempt(f"entry {self.size}", self.entry, text)
                self.append(leaf(text))
                for name, old in self.known.pop(str(self.size), {}).items():
                    self.attempt(name, need, old == f"{self.origin}\n{self.size}\n{encode(self.root())}\n".encode(), "the history that it knows is another")
            run = self.issues and subprocess.run(["ssh-keygen", "-L", "-f", "-"], input="".join(self.issues).encode(), capture_output=True)
            need(not run or run.stdout.count(b"\n        Signing CA: ") == len(self.issues), f"{name}: ssh-keygen: {run and run.stderr!r}")
        for level in self.levels: self.attempt("tile", self.tile, level)
        need(not self.known, f"a known checkpoint is of {list(self.known)} entries: the last were removed")
        need(end == "" and decode(root) == self.root() and self.origin == f"conclave/ledger/{self.home}", "the checkpoint's root is not that of the entries, or its origin not that of the genesis")
        self.sealed(self.folder, "checkpoint", "conclave-checkpoint-v1")
        need(not (strays := [path for path in walk(self.folder) if hash(path) not in self.used]), f"no export holds {strays[:9]}")
    def sealed(self, folder, name, namespace):
        files, text = [f for f in os.listdir(folder) if re.fullmatch(name + r"(-\d+)?\.sig", f)], Path(folder, name).read_bytes()
        signed = {self.person(signer(Path(folder, file).read_bytes(), text, namespace)) for file in files}
        need(len(signed) >= self.seals, f"{len(signed)} of {self.seals} persons signed {name}")
        self.used.update(map(hash, files))
    def entry(self, text):
        head, *blocks = need(len(text) <= 4194304, "it is too long") or parse(text, "entry")
        (index, now, kind), before = fields(head, "index time kind").values(), self.last
        self.last = max(before, time(now))
        need(number(index) == self.size and time(now) >= before, f"index {index} or time {now} does not follow")
        need(kind in KINDS and (kind == "genesis") == (self.size == 0), f"kind {kind} is not expected")
        pattern, _, further = KINDS[kind].partition(" ; ")
        found = need(further or len(blocks) == 1, f"{len(blocks)} blocks") or fields(blocks[0], pattern)
        for name, value in ((n, v) for n, v in blocks[0] if n in DIGESTS | NUMBERS): need(re.fullmatch("[0-9a-f]{64}", value) if name in DIGESTS else number(value) >= 0, repr(value))
        kept = [[self.content(v) for n, v in blocks[0] if n == name] for name in re.findall("([a-z]+)@", pattern)]
        self.text, self.devices = text, [fields(block, further) for block in blocks[1:]]
        self.batch = self.batches.get(found.get("batch"))
        need(self.batch or "batch" not in found or kind == "batch", "it names a batch that was not drafted")
        running = kind not in ("intent", "issued", "krl", "token", "epoch", "ceremony-closed") or self.ceremony == (found.get("abandoned-by") or found["batch"])
        step = {"batch": "draft", "ceremony-opened": "opened", "ceremony-closed": "closed"}.get(kind, kind)
        need(running, "its ceremony is not going on") or getattr(self, step, lambda *_: None)(found, *kept)
    def genesis(self, found, genesis, policy, roster, signatures):
        (top, *keys), self.head, self.home = parse(genesis[0], "genesis"), sha(self.text), found["genesis"]
        top, self.keys = fields(top, "created policy roster tool"), [[v for _, v in key] for key in keys]
        self.rules = {name: found[name] for name in ("policy", "roster")}
        need(self.rules.items() <= top.items() and time(top["created"]) <= self.last, "its genesis does not fit")
        rules, (first, *blocks) = parse(policy[0], "policy")[0], parse(roster[0], "roster")
        self.life = int(rules[0][1][:-1]) * {"s": 1, "m": 60, "h": 3600, "d": 86400}[rules[0][1][-1]]
        self.seals, self.people = number(first[0][1]), [b for b in blocks if b[0][0] != "class"]
        self.needed = {b[0][1]: number(b[1][1]) for b in blocks if b[0][0] == "class"}
        self.authorities = [b[0][1] for b in parse(policy[0], "policy") if b[0][0] == "authority"]
        self.list = sha(struct.pack(">8sIQQQII", b"SSHKRL\n", 1, 0, time(top["created"]), 0, 0, 0))
        signed = [self.person(signer(text, genesis[0], "conclave-genesis-v1"), "officer") for text in signatures]
        need(sorted(signed) == sorted(b[0][1] for b in self.people if b[0][0] == "officer"), "an officer's signature")
    def person(self, key, *roles):
        found = [block[0][1] for block in self.people if block[0][0] in (roles or ("officer", "witness")) and any(key == keyblob(value[21 * (name != "key"):]) and not (roles and name != "key" and self.last >= time(value[:20])) for name, value in block if name[:3] == "key")]
        return need(found, "a signature is by nobody on the roster who may make it") or found[0]
    def request(self, found, file):
        text, _, armor = file[0].partition(ARMOR)
        need(sha(text) == found["request"] not in self.requests, "another request, or one admitted before")
        need(signer(ARMOR + armor, text, "conclave-request-v1") == keyblob(dict(parse(text, "request")[0])["public-key"]), "it is signed by another key")
        self.requests[found["request"]], self.waiting[self.size] = self.size, True
    def draft(self, found, text):
        (top, *blocks), name = parse(text[0], "batch"), found["batch"]
        top, items = fields(top, PARTS["batch"]), [fields(block, PARTS[dict(block)["kind"]]) for block in blocks]
        stood = {"genesis": self.home, "batch": str(len(self.batches) + 1), "ledger-size": str(self.size), "ledger-root": self.root().hex(), "governing-head": self.head, **self.rules}
        need(stood.items() <= top.items() and top["batch"] == found["number"] and time(top["created"]) == self.last and time(top["expires"]) <= self.last + self.life, "it was not drafted on this ledger, at that time")
        need([int(i["item"]) for i in items] == [*range(1, len(items) + 1)] and name not in self.batches, "its items")
        self.batches[name] = {"items": items, "text": text[0], "expires": time(top["expires"]), "officers": [], "number": top["batch"], "head": self.head, "epoch": False, "steps": [self.size], "open": False, "state": "", "intended": set(), "issued": set(), "list": False}
        for item in (item for item in items if item["kind"] == "issue"):
            serial = self.serials[item["authority"]] = self.serials.get(item["authority"], 0) + 1; self.loose.setdefault(item["authority"], {})[serial] = True
            need(number(item["serial"]) == serial and (serial + 1) % (1 << 48) and item["request"] in self.requests and sha(to_be_signed(item)) == item["tbs-sha256"]
                 and [item["authority"], item["ca-key"]] in [key[:2] for key in self.keys], f"item {item['item']}: its serial is not the next, or request, tbs-sha256 or ca-key are wrong")
        need(all(i["class"] in self.needed and ("data" not in i or sha(listed := b"".join(map(decode, i["data"]))) == i["sha256"] and i["data"] == re.findall(".{1,64}", encode(listed))) for i in items), "a class that is not on the roster, or a list that has another digest")
        need(sum(i["kind"] == "krl" for i in items) == any(i["kind"] == "revoke" for i in items) and not (self.epochs(items) and self.ceremony), "its lists, or the ceremony that is going on")
    def epochs(self, items):  # the items that begin an epoch, which must say how the home stands
        found = [item for item in items if item["kind"] == "new-epoch"]
        for name, item in itertools.zip_longest(self.authorities, found) if found else ():
            last = (next := self.serials.get(name, 0) + 1) | (1 << 48) - 1
            *gaps, (first, _) = runs([*self.loose.get(name, {}), next])
            must = [name, str((next >> 48) + 1), [f"{name} {span(*gap)}" for gap in [*gaps, (first, last)]], found[0]["reason"], found[0]["anchor"]]
            need([item[field] for field in ("authority", "epoch", "given-up", "reason", "anchor")] == must and next >> 48 < 65535 and item["class"] == min(self.needed, key=lambda c: (-self.needed[c], c)), f"item {item['item']} is not the next epoch of {name}")
        said = [(s, f"epoch {i['epoch']} begins: {i['reason']}") for i in found for s in i["given-up"]]
        done = [(re.sub("serials? ", f"{i['authority']} ", i["target"]), i["reason"]) for i in items if i["kind"] == "revoke"]
        return need(not found or said == done and {i["kind"] for i in items} == {"new-epoch", "revoke", "krl"}, "it revokes something else") or found
    def epoch(self, found):
        begun = [{"authority": i["authority"], "epoch": i["epoch"], "next-serial": str((int(i["epoch"]) << 48) + 1)} for i in self.epochs(self.batch["items"])]
        need(begun and begun == self.devices and not self.batch["epoch"], "it was not approved so")
        self.serials, self.loose, self.head, self.batch["epoch"] = {i["authority"]: int(i["epoch"]) << 48 for i in begun}, {}, sha(self.text), True
        self.begun.append(f"{self.size} by {self.batch['number']}"), self.anchors.extend(a for a in self.batch["items"][0]["anchor"] if a not in self.anchors)
    def approval(self, found, armored):
        key, officer = signer(armored[0], self.batch["text"], "conclave-batch-v1"), found["officer"]
        need(self.person(key, "officer") == officer not in self.batch["officers"] and "SHA256:" + encode(hashlib.sha256(key).digest()).rstrip("=") == found["key"] and not self.batch["open"] and not self.batch["state"] and self.last < self.batch["expires"] and self.batch["head"] == self.head,
             "it is another's approval, or the officer's second, or comes too late")
        self.batch["officers"].append(officer), self.batch["steps"].append(self.size)
    def rejection(self, found, text, armored):
        said = {"genesis": self.home, "batch": found["batch"], "reason": found["reason"]}.items()
        officer = self.person(signer(armored[0], text[0], "conclave-rejection-v1"), "officer")
        need(officer == found["officer"] and not self.batch["open"] and not self.batch["state"] and said <= (stated := fields(sorted(parse(text[0], "rejection")[0]), PARTS["rejection"])).items() and time(stated["created"]), "it is another rejection, or comes too late")
        self.batch["state"] = "rejected"
    def opened(self, found):
        need(self.ceremony in (None, self.batch["items"][0].get("manifest")) and not self.batch["state"] and self.last < self.batch["expires"] and self.batch["head"] == self.head and self.epochs(self.batch["items"]) is not None, "another ceremony is going on, or it comes too late")
        for item in self.batch["items"]: need(len(self.batch["officers"]) >= self.needed[item["class"]], f"item {item['item']} has no quorum")
        need({device["ca-key"] for device in self.devices} == {item["ca-key"] for item in self.batch["items"] if item["kind"] == "issue"}, "its tokens hold other CA keys")
        self.ceremony, self.batch["open"] = found["batch"], True
    def intent(self, found):
        for line in found["sign"]:
            item = self.batch["items"][number(place := line.split(" ")[0]) - 1]
            need(line == f"{item['item']} {item['serial']} {item['tbs-sha256']}" and place not in self.batch["issued"], f"{line!r} was not approved, or is signed already")
            self.batch["intended"].add(place)
    def issued(self, found):
        item, place = self.batch["items"][number(found["item"]) - 1], found["item"]
        need([item["authority"], item["request"]] == [found["authority"], found["request"]], "another item's")
        (kind, blob), signed = found["certificate"].split(" "), to_be_signed(item)
        data = decode(blob)
        need(data.startswith(signed) and not take(data[len(signed):])[1] and take(data)[0].decode() == kind, "its certificate is not the one that was approved")
        need(place in self.batch["intended"] - self.batch["issued"], "no intent stands before it, or it was issued")
        self.batch["issued"].add(place), self.aside.discard(item["ca-key"])
        self.waiting.pop(self.requests[item["request"]], None), self.loose.get(item["authority"], {}).pop(number(item["serial"]), None)
        self.certificates, self.issues = self.certificates + 1, self.issues + [found["certificate"] + "\n"]
        need(proven(self.read(f"proofs/{path_of(self.size)}.tlog-proof"), self.checkpoint, self.text)[0] == self.size, "another's proof")
    def krl(self, found, data):
        approved = [(i["sha256"], i["version"]) for i in self.batch["items"] if i["kind"] == "krl"]
        need(approved == [(found["list"], found["version"])] and found["version"] == str(self.version + 1) and not self.batch["list"] and self.batch["epoch"] == (self.batch["items"][0]["kind"] == "new-epoch"), "it is not the next list, or was not approved")
        self.version, self.list, self.batch["list"] = self.version + 1, found["list"], True
    def token(self, found): need({d["ca-key"] for d in self.devices} <= {i.get("ca-key") for i in self.batch["items"]}, "other CA keys")
    def closed(self, found, state):
        items, issued, self.batch["state"], number = self.batch["items"], self.batch["issued"], "done", self.batch["number"]
        left = [i for i in items if i["kind"] == "issue" and i["item"] not in issued]
        self.revoked += [f"{number} {i['authority']} {i['target']}" for i in items if i["kind"] == "revoke" and self.batch["list"]]
        if need(found["certificates"] == str(len(issued)), "its number of certificates") or found["abandoned-by"]:
            by, self.aside = self.batches[self.ceremony], self.aside | {i["ca-key"] for i in left[:1]}  # which goes on
            said = [by["items"][0][name] for name in ("manifest", "issued", "abandoned")]
            need(by["list"] and said == [found["batch"], str(len(issued)), found["abandoned"]], "it was not abandoned so")
            for item in left: self.loose.get(item["authority"], {}).pop(int(item["serial"]), None)
            self.gone.append(f"{number} by {by['number']}")
        else:
            need(not left and not found["abandoned"] and self.batch["list"] == any(i["kind"] == "krl" for i in items) and all(self.batches[i["manifest"]]["state"] for i in items if i["kind"] == "abandon"), "not all was done")
            self.ceremony = None
        self.batch.update(items=[], text=b"", intended=set(), issued=set())
        need(state[0] == self.state().encode(), "its state is not the one that the entries give")
    def state(self):  # the text conclave-state: v1 of LedgerEntry.md
        def lines(name, *values): return "".join(f"{name}: {value}\n" for value in values)
        text = (lines("conclave-state", "v1") + lines("genesis", self.home) + lines("governing-head", self.head)
                + "".join(map(lines, *zip(*self.rules.items()))) + lines("batches", len(self.batches)) + lines("abandoned", *self.gone) + lines("epoch", *self.begun) + lines("given-up", *self.anchors) + lines("krl-version", self.version) + lines("krl", self.list)
                + lines("revoked", *self.revoked) + lines("waiting", *(span(*run) for run in runs(self.waiting))))
        for name in self.authorities:
            keys = [key[1] for key in self.keys if key[0] == name]
            text += ("\n" + lines("authority", name) + lines("next-serial", self.serials.get(name, 0) + 1) + lines("unissued", *(span(*run) for run in runs(self.loose.get(name, {})))) + lines("ca-key", *keys) + lines("set-aside", *(key for key in keys if key in self.aside)))
        for batch in self.batches.values():
            if not batch["state"] and (batch["open"] or self.last < batch["expires"] and batch["head"] == self.head):
                text += "\n" + lines("batch-entry", batch["steps"][0]) + lines("approval-entry", *batch["steps"][1:])
        return text
    def bundle(self, folder):
        def file(path): return Path(folder, path).read_bytes()
        listed, checkpoint, first = file("SHA256SUMS").decode().splitlines(), file("audit/checkpoint.txt"), None
        listed = {line[66:]: need(sha(file(line[66:])) == line[:64], line) for line in listed}
        for path in sorted(walk(folder)):
            need(path in listed or re.fullmatch(r"COMPLETE|SHA256SUMS(-\d+)?(\.sig)?", path), f"{path} is not listed")
            if path.startswith("certificates/"):
                line = b"\ncertificate: %b\n" % b" ".join(file((stem := re.sub(r"\.(pub|tlog-proof)$", "", path)) + ".pub").split()[:2])
                need(line in proven(file(stem + ".tlog-proof"), checkpoint)[1], f"{path} was not issued")
            if path.startswith("audit/entries/"):
                start, end = map(int, re.fullmatch(r"(\d{8,})-(\d{8,})\.txt", path[14:]).groups())
                tile = self.read(f"tile/0/{path_of(start >> 8, min(256, self.total - (start >> 8 << 8)))}")
                leaves, first = need(start <= end and (first is None or first == start and not start & 255), f"{path} does not follow") or b"".join(map(leaf, parts(file(path)))), end + 1
                need(leaves == tile[start % 256 * 32:][:(end - start + 1) * 32], f"{path} does not hold the entries of the ledger")
        need(first == number(checkpoint.decode().split("\n")[1]), f"its entries end before {first}")
        self.sealed(folder, "SHA256SUMS", "conclave-bundle-v1")
def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("folder", nargs="?", help="the folder of the export; without, the fields of each kind of entry are told")
    options.add_argument("--genesis", metavar="HEX", help="the home's identity, from elsewhere")
    for name, told in ("checkpoint", "a checkpoint that was kept"), ("bundle", "a bundle to be checked"): options.add_argument("--" + name, action="append", default=[], help=told)
    given = options.parse_args()
    if not given.folder: return print("".join(f"{kind}: {names}\n" for kind, names in KINDS.items()), end="")
    ledger = Ledger(given.folder)
    known = [(f"{folder}/audit/{name}.txt", name) for folder in given.bundle for name in ("checkpoint", "previous")]
    for path in given.checkpoint + [path for path, name in known if name == "checkpoint" or os.path.exists(path)]:
        text = ledger.attempt(path, Path(path).read_bytes) or b"\n\n"
        ledger.known.setdefault(text.split(b"\n")[1].decode(), {})[path] = text
    ledger.attempt(given.folder, ledger.check)
    for bundle in given.bundle: ledger.attempt(bundle, ledger.bundle, bundle)
    if given.genesis and given.genesis != ledger.home: ledger.faults.append("the ledger is of another home")
    print("".join(f"FAIL  {ascii(fault)[1:-1]}\n" for fault in ledger.faults[:100]), end="")
    print(f"NOT SOUND: {len(ledger.faults)} faults" if ledger.faults else f"sound: {ledger.size} entries, " f"{ledger.certificates} certificates, home {ledger.home}{'' if given.genesis else ', not pinned'}")
    return 2 if ledger.faults else 0
if __name__ == "__main__": sys.exit(main())
