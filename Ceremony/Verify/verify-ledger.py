#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks an exported ledger of a Conclave home, by the pages of Docs/Formats and nothing else. It needs
Python's standard library, and ssh-keygen for signatures. Exit status: 0 sound, 2 not sound."""
import argparse, base64, concurrent.futures, datetime, functools, hashlib, re, struct, subprocess, tempfile
from pathlib import Path
OPENED = ("batch tier tool ; ca-key token module evidence firmware? attestation? attestation-root? attested?"
          " attestation-fault* attestation-certificate* advisory*")
KINDS = {"exception": "rule message",  # fields of an entry; ";": of further blocks; "!": only in its ceremony
    "genesis": "genesis policy roster signature+", "request": "request file name", "batch": "batch number",
    "refusal": "name file? message*", "approval": "batch officer key signature", "intent": "! batch sign+",
    "rejection": "batch officer reason text signature", "ceremony-opened": OPENED, "token": "! " + OPENED,
    "issued": "! batch item authority request certificate", "epoch": "! batch ; authority epoch next-serial",
    "ceremony-closed": "! batch certificates abandoned-by? abandoned* state", "krl": "! batch version list"}
BATCH = "genesis batch ledger-size ledger-root governing-head roster policy created expires tool"
ITEMS = {  # the fields of the items of a batch, in the order in which they stand there
    "abandon": "item kind batch manifest class issued abandoned+ reason",
    "new-epoch": "item kind authority class epoch given-up+ anchor* reason",
    "issue": "item kind authority profile class request requester? type ca-key public-key nonce serial key-id"
             " principal+ valid-after valid-before critical-option* extension* tbs-sha256",
    "revoke": "item kind authority class target reason", "krl": "item kind class version sha256 data+"}
UTF8 = ("requester", "purpose", "officer", "witness", "operator", "reason", "message")
ARMOR = rb"(?s)(.*?)(-{5}BEGIN SSH SIGNATURE-{5}\r?\n((?:\S+\r?\n)+)-{5}END SSH SIGNATURE-{5}\r?\n?)"
def need(condition, message):  # gives nothing back: "need(...) or value" is a value that was checked
    if not condition: raise ValueError(message)
def agree(found, must):  # each of these fields must have this value
    for name, value in must.items(): need(found[name] == value, f"{name} is {found[name]!r}, not {value!r}")
def digest(*parts): return hashlib.sha256(b"".join(parts)).digest()
def encode(data): return base64.b64encode(data).decode()
def decode(text): return need(encode(data := base64.b64decode(text)) == text, f"{text!r} in Base64") or data
def time(text):
    moment = datetime.datetime.strptime(text, "%Y-%m-%dT%H:%M:%S%z")
    return need(f"{moment:%Y-%m-%dT%H:%M:%SZ}" == text, f"{text!r} is no time") or int(moment.timestamp())
def parse(data, kind):  # the blocks of a text, by Conventions.md, each a list of names and values
    (first, *lines, last), blocks = data.decode().split("\n"), [[]]
    for name, colon, value in (line.partition(": ") for line in lines):
        seen = value.isprintable() and (value.isascii() or name in UTF8) and value == value.strip(" ")
        need(seen and value and re.fullmatch("[a-z][a-z0-9-]{0,31}", name) or not name + colon, f"{name!r}")
        blocks[-1].append((name, value)) if name else blocks.append([])
    return need(first == f"conclave-{kind}: v1" and not last and all(blocks), f"{first!r}, its end") or blocks
def fields(block, pattern):  # the values of a block by name; lists of those that may stand there more often
    words = re.findall("([a-z0-9-]+)([?*+]?)", pattern)
    order = "".join(f"({word} ){times}" for word, times in words)
    need(re.fullmatch(order, "".join(f"{name} " for name, _ in block)), f"its fields must be {pattern}")
    found = {word: [value for name, value in block if name == word] for word, _ in words}
    return {word: found[word] if times in ("*", "+") else [*found[word], None][0] for word, times in words}
def spans(numbers):  # "N" or "N-M" for all that follow one another
    firsts, lasts = ([number for number in numbers if number + step not in numbers] for step in (-1, 1))
    return [f"{first}" if first == last else f"{first}-{last}" for first, last in zip(firsts, lasts)]
def written(block):  # as it stands in a state
    lines = {list: list, dict: spans, int: lambda value: [value], str: lambda value: [value]}
    return "".join(f"{name}: {line}\n" for name, value in block.items() for line in lines[type(value)](value))
def path_of(n, width=256):  # where tile n is, by tlog-tiles
    return re.sub("...(?=.)", r"x\g<0>/", f"{n:0{-(-len(str(n)) // 3) * 3}}") + f".p/{width}" * (width < 256)
def climb(index, size, hash, path):  # the root that a leaf's hash and a proof's path give
    if size == 1: return need(not path, "its proof is too long") or hash
    half = 1 << (size - 1).bit_length() - 1
    if index < half: return digest(b"\1", climb(index, half, hash, path[:-1]), path[-1])
    return digest(b"\1", path[-1], climb(index - half, size - half, hash, path[:-1]))
def string(data): return struct.pack(">I", len(data)) + data  # as SSH writes it
def texts(*parts): return string(b"".join(string(part.encode()) for part in parts))
def keyblob(line):  # the bytes of a public key or certificate
    kind, data = line.split(" ")[0].encode(), decode(line.split(" ")[1])
    return need(data.startswith(string(kind)), f"{line!r} is no key") or data
def fingerprint(line): return "SHA256:" + encode(digest(keyblob(line)))[:-1]
def keygen(data, *arguments):  # what ssh-keygen tells
    run = subprocess.run(["ssh-keygen", *arguments], input=data, capture_output=True)
    return need(run.returncode == 0, f"ssh-keygen: {run.stderr!r}") or run.stdout.decode()
def signer(armored, message, purpose):  # the fingerprint of the key that made a signature
    need(len(armored) < 196_609 and (form := re.fullmatch(ARMOR, armored)), "a signature's armor or length")
    with tempfile.NamedTemporaryFile() as file:
        Path(file.name).write_bytes(armored.replace(b"\r\n", b"\n"))  # ssh-keygen takes no other
        told = keygen(message, "-Y", "check-novalidate", "-n", f"conclave-{purpose}-v1", "-s", file.name)
    kind, name = re.fullmatch(r'Good ".*" signature with (\S+) key (\S+)\n', told).groups()
    blob = decode(b"".join(form[3].split()).decode())
    touched = "-SK" not in kind or blob[-5] & 1 and b"webauthn" not in blob
    return need(touched and "-CERT" not in kind, f"a signature by {kind} that does not count") or name
def to_be_signed(item):  # the bytes that a CA key signs for an item of a manifest, by the table of Batch.md
    options = [option.split("=", 1) for option in item["critical-option"]]
    kind, key = item["public-key"].split(" ")[0], keyblob(item["public-key"])
    return b"".join([
        string(kind.replace("@openssh.com", "").encode() + b"-cert-v01@openssh.com"),
        string(bytes.fromhex(item["nonce"])), key[4 + len(kind):], struct.pack(">Q", int(item["serial"])),
        struct.pack(">I", ["", "user", "host"].index(item["type"])), string(item["key-id"].encode()),
        texts(*item["principal"]), struct.pack(">QQ", time(item["valid-after"]), time(item["valid-before"])),
        string(b"".join(string(name.encode()) + texts(*value) for name, *value in options)),
        texts(*(text for name in item["extension"] for text in (name, ""))), string(b""),
        string(keyblob(item["ca-key"]))])
class Ledger:
    def __init__(self, folder, genesis, checkpoint):
        self.folder, self.pin, self.last, self.requests, self.batches = folder.resolve(), genesis, "", {}, {}
        self.size, self.certificates, self.home, self.open, self.rows, self.faults = 0, 0, None, None, {}, []
        self.used, self.known = set(), {path: self.attempt(path, Path(path).read_text) for path in checkpoint}
    def attempt(self, place, step, *arguments):  # whatever a hostile file leads to, is a fault of the file
        try: return step(*arguments)
        except Exception as it: self.faults.append(f"{place}: {it if type(it) is ValueError else repr(it)}")
    def read(self, name, sha256=None):
        path = self.folder / name
        self.used.update(map(hash, [path, *path.parents]))  # 200,000 paths would not be small
        data = need(path.resolve() == path and path.is_file(), f"there is no {name}") or path.read_bytes()
        return need(sha256 in (None, digest(data).hex()), f"{name} is another text") or data
    def content(self, sha256): return self.read(f"contents/{sha256[:2]}/{sha256}", sha256)
    def append(self, hash, level=0):  # the next leaf, or the next node of a level of the tree
        self.rows.setdefault(level, []).append(hash)
        if len(row := self.rows[level]) % 2 == 0: self.append(digest(b"\1", *row[-2:]), level + 1)
        if len(row) == 256: self.rows[level] = self.tile(level, row) or []
    def tile(self, level, row):  # the hashes of each eighth level are in files
        name = f"tile/{level // 8}/" + path_of((self.size >> level) - 1 >> 8, len(row))
        need(level % 8 or not row or self.read(name) == b"".join(row), f"{name} has other hashes")
    def root(self): return functools.reduce(
        lambda end, peak: digest(b"\1", peak, end), [row[-1] for row in self.rows.values() if len(row) % 2])
    def now(self): return f"conclave/ledger/{self.home}\n{self.size}\n{encode(self.root())}\n"
    def check(self):
        need(self.read("COMPLETE") == b"conclave-export: v1\n", "COMPLETE says something else")
        self.checkpoint = self.read("checkpoint").decode()
        for start in range(0, total := int(self.checkpoint.split("\n")[1]), 256):
            name, self.issued = "entries/" + path_of(start // 256, min(256, total - start)), []
            with concurrent.futures.ThreadPoolExecutor() as self.pool:  # in which requests are verified
                for text in re.split(rb"(?<=\n)(?=conclave-entry: v1\n)", self.read(name)):
                    self.attempt(f"entry {self.size}", self.entry, text)
                    self.size += 1
                    self.append(digest(b"\0", text))
                    self.known = {path: old for path, old in self.known.items() if old != self.now()}
            shown = keygen("".join(self.issued).encode(), "-L", "-f", "-") if self.issued else ""
            need(shown.count("\n        Signing CA: ") == len(self.issued), f"a CA's signature in {name}")
            need(self.size == min(start + 256, total), f"{name} holds fewer or more entries")
        for level, row in self.rows.items(): self.tile(level, row)
        need(not self.known, f"{[*self.known]}: this ledger was forked, or its last entries removed")
        need(self.checkpoint == self.now(), f"the entries give another checkpoint, {self.now()}")
        count = len([*self.folder.glob("checkpoint?*")])  # numbered without gaps
        seals = [self.read(f"checkpoint{f'-{n}' * (n > 1)}.sig") for n in range(1, count + 1)]
        persons = {self.person(seal, self.checkpoint.encode(), "checkpoint") for seal in seals}
        need(len(persons) >= self.seals, f"{len(persons)} of {self.seals} persons signed the checkpoint")
        strays = [str(path) for path in self.folder.rglob("*") if hash(path) not in self.used]
        need(not strays, f"no export holds {strays[:9]}")
    def person(self, armored, text, use, key=""):  # who signed it; a key without an end begins with a letter
        role, name, (until, *_) = self.persons.get(by := signer(armored, text, use), ("", "nobody", [""]))
        fits = role and (use == "checkpoint" or role == "officer" and self.last < until) and key in ("", by)
        return need(fits, f"it is signed by {role} {name} with {by}, until {until}") or name
    def entry(self, text):
        head, *blocks = need(len(text) <= 4194304, "it is too long") or parse(text, "entry")
        (index, now, kind), before = fields(head, "index time kind").values(), self.last
        self.text, self.last, (pattern, _, more) = text, max(before, now), KINDS[kind].partition(" ; ")
        need(index == str(self.size) and time(now) and before <= now, f"index {index} or time {now} is wrong")
        need((more or len(blocks) == 1) and (kind == "genesis") == (index == "0"), f"{kind} here, or so")
        found, self.more = fields(blocks[0], pattern), [fields(block, more) for block in blocks[1:]]
        self.keys = {block.get("ca-key") for block in self.more}
        self.batch = self.batches.get(found.get("batch"))
        need(self.batch or "batch" not in found or kind == "batch", "it names no batch that waits")
        need("!" not in pattern or self.open == (found.get("abandoned-by") or found["batch"]), "not its turn")
        getattr(self, "on_" + kind.replace("-", "_"))(*found.values())
    def on_exception(self, rule, _): need(rule == "CLOCK-AHEAD", f"{rule} allows no exception")
    def on_refusal(self, name, file, _): need(not file or re.fullmatch("[0-9a-f]{64}", file), "no digest")
    def on_genesis(self, genesis, policy, roster, signatures):
        text, self.home = self.content(genesis), genesis
        (top, *keys), (bounds, *rules) = parse(text, "genesis"), parse(self.content(policy), "policy")
        (seals, *roll), top = parse(self.content(roster), "roster"), fields(top, "created policy roster tool")
        krl = digest(struct.pack(">8sIQQQII", b"SSHKRL\n", 1, 0, time(top["created"]), 0, 0, 0)).hex()
        self.top = {"genesis": genesis, "governing-head": digest(self.text).hex(), "policy": policy,
                    "roster": roster, "batches": 0, "abandoned": [], "epoch": [], "given-up": [],
                    "krl-version": 0, "krl": krl, "revoked": [], "waiting": {}}  # as in the state
        self.cas = {name: {"authority": name, "next-serial": 1, "unissued": {}, "ca-key": [], "set-aside": []}
                    for (word, name), *_ in rules if word == "authority"}
        for (_, name), (_, key), *_ in keys: self.cas[name]["ca-key"].append(key)
        life, self.seals = dict(bounds)["batch-lifetime"], int(seals[0][1])
        self.life = int(life[:-1]) * {"s": 1, "m": 60, "h": 3600, "d": 86400}[life[-1]]
        self.votes = {name: int(votes) for (role, name), (_, votes), *_ in roll if role == "class"}
        self.persons = {fingerprint(line[21:] if word == "key-until" else line): (*block[0], line.split())
                        for block in roll for word, line in block[1:] if word in ("key", "key-until")}
        signed = [self.person(self.content(one), text, "genesis") for one in signatures]
        officers = {name for role, name, _ in self.persons.values() if role == "officer"}
        need(sorted(signed) == sorted(officers) and top["created"] <= self.last, "others signed, or early")
        agree(dict(top, genesis=genesis), dict(genesis=self.pin or genesis, policy=policy, roster=roster))
    def on_request(self, request, file, _):
        text, armored, _ = re.fullmatch(ARMOR, self.content(file)).groups()
        self.pool.submit(self.attempt, f"entry {self.size}", lambda: need(signer(armored, text,
            "request") == fingerprint(dict(*parse(text, "request"))["public-key"]), "another key's"))
        need(digest(text).hex() == request not in self.requests, "another request, or one admitted before")
        self.requests[request] = self.top["waiting"][self.size] = self.size
    def on_batch(self, name, number):
        top, *blocks = parse(self.content(name), "batch")
        top, items = fields(top, BATCH), [fields(block, ITEMS[dict(block)["kind"]]) for block in blocks]
        stands = {**self.top, "batch": number, "created": self.last,
                  "ledger-size": str(self.size), "ledger-root": self.root().hex()}
        agree(top, {name: stands[name] for name in top.keys() & stands.keys()})
        end, self.top["batches"] = time(self.last) + self.life, self.top["batches"] + 1
        need(number == str(self.top["batches"]) and time(top["expires"]) <= end, "its number, or its end")
        batch = self.batches[name] = argparse.Namespace(number=number, entry=self.size, items=items, left={},
            head=top["governing-head"], expires=top["expires"], state="drafted", officers={}, asked={})
        order = "".join(f"{item['kind']} " for item in items)
        need(re.fullmatch("(abandon |(new-epoch )+|(issue )*)((revoke )+krl )?", order), f"items {order}")
        for place, item in enumerate(items, 1):
            need(item["item"] == str(place) and item["class"] in self.votes, f"item {place}, or its class")
            data = b"".join(map(decode, item.get("data", [])))
            if data: agree(item, {"sha256": digest(data).hex(), "data": re.findall(".{1,64}", encode(data))})
            if item["kind"] == "issue":
                home, serial = self.cas[item["authority"]], self.cas[item["authority"]]["next-serial"]
                batch.left[str(place)], home["next-serial"], home["unissued"][serial] = item, serial + 1, True
                agree(item, {"serial": str(serial), "tbs-sha256": digest(to_be_signed(item)).hex()})
                known = item["request"] in self.requests and item["ca-key"] in home["ca-key"]
                once = batch.asked.setdefault(item["request"], place) == place
                need(known and once and (serial + 1) % (1 << 48), "its request, CA key or serial is wrong")
        self.decide(items)
    def decide(self, items):  # what begins an epoch must say how things stand, and revoke what it gives up
        new, lost = [item for item in items if item["kind"] == "new-epoch"], []
        strictest = min((-votes, name) for name, votes in self.votes.items())[1]
        for item, (name, home) in zip(new, self.cas.items()):
            *gaps, last = spans({**home["unissued"], home["next-serial"]: True})
            now, begun = home["next-serial"] >> 48, min(int(new[0]["epoch"]), 65535)
            gaps.append(f"{last.split('-')[0]}-{(begun << 48) - 1}")
            agree({**item, "item": "1"}, {**new[0], "authority": name, "class": strictest, "given-up": [
                f"{name} {gap}" for gap in gaps], "epoch": str(begun) if now < begun <= now + 16 else None})
            reason = f"epoch {item['epoch']} begins: {item['reason']}"
            lost += [(name, f"serial{'s' * ('-' in gap)} {gap}", reason) for gap in gaps]
        done = [(one["authority"], one["target"], one["reason"]) for one in items if one["kind"] == "revoke"]
        need(not new or done == lost and len(new) == len(self.cas) and not self.open, "not so, or not now")
    def on_epoch(self, _):
        need(self.batch.state == "open" and len(self.more) == len(self.cas), "began before, or not all")
        for begun, item, (name, home) in zip(self.more, self.batch.items, self.cas.items()):
            home.update({"next-serial": (int(begun["epoch"]) << 48) + 1, "unissued": {}})
            agree(begun, {"authority": name, "epoch": item["epoch"], "next-serial": str(home["next-serial"])})
        self.top["epoch"].append(f"{self.size} by {self.batch.number}")
        self.top["given-up"] += [it for it in self.batch.items[0]["anchor"] if it not in self.top["given-up"]]
        self.top["governing-head"], self.batch.state = digest(self.text).hex(), "open, begun"
    def waits(self, one):  # whether this batch can be approved, and its ceremony begin
        return one.state == "drafted" and one.head == self.top["governing-head"] and self.last < one.expires
    def on_approval(self, batch, officer, key, signature):
        name = self.person(self.content(signature), self.content(batch), "batch", key)
        right = self.waits(self.batch) and name == officer not in self.batch.officers
        self.batch.officers[officer] = need(right, f"it is by {name}, twice, or too late") or self.size
    def on_rejection(self, batch, officer, reason, text, signature):
        text, armored = self.content(text), self.content(signature)
        (block,), name = parse(text, "rejection"), self.person(armored, text, "rejection")
        said = {**fields(sorted(block), "batch created genesis reason"), "officer": name}
        agree(said, {"genesis": self.home, "batch": batch, "reason": reason, "officer": officer})
        self.batch.state = need(time(said["created"]) and self.batch.state == "drafted", "late") or "rejected"
    def on_ceremony_opened(self, batch, *_):
        need(self.waits(self.batch) and self.open in (None, self.batch.items[0].get("manifest")), "too late")
        need(all(len(self.batch.officers) >= self.votes[it["class"]] for it in self.batch.items), "no quorum")
        need(self.keys == {it["ca-key"] for it in self.batch.items if "ca-key" in it}, "its tokens' CA keys")
        self.open, self.batch.state, _ = batch, "open", self.decide(self.batch.items)
    def on_token(self, *_): need(self.keys <= {it.get("ca-key") for it in self.batch.items}, "other CA keys")
    def on_intent(self, _, signs):
        for place, serial, sha256 in (sign.split(" ") for sign in signs):
            agree(self.batch.left[place], {"serial": serial, "tbs-sha256": sha256})
            self.batch.left[place]["intended"] = True
    def on_issued(self, _, place, authority, request, certificate):
        item, home = self.batch.left.pop(place), self.cas[authority]
        agree(item, {"authority": authority, "request": request, "intended": True})
        need(keyblob(certificate).startswith(to_be_signed(item)), "it is another than was approved")
        home["unissued"].pop(int(item["serial"]), None)
        home["set-aside"] = [key for key in home["set-aside"] if key != item["ca-key"]]
        self.top["waiting"].pop(self.requests[request], None)
        self.certificates, self.issued = self.certificates + 1, [*self.issued, certificate + "\n"]
        lines = self.read(f"proofs/{path_of(self.size)}.tlog-proof").decode().split("\n")
        path, end = lines[2:-5], self.checkpoint.split("\n")
        root = climb(self.size, int(end[1]), digest(b"\0", self.text), [decode(line) for line in path])
        need(lines == ["c2sp.org/tlog-proof@v1", f"index {self.size}", *path, "", *end], "not its proof")
        need(encode(root) == end[2], "its proof leads elsewhere")
    def on_krl(self, _, version, sha256):
        agree(self.batch.items[-1], {"kind": "krl", "version": version, "sha256": sha256})
        need(version == str(self.top["krl-version"] + 1) and self.content(sha256), "it is not the next list")
        need(self.batch.state == ("open, begun" if "epoch" in self.batch.items[0] else "open"), "untimely")
        self.batch.state, self.top["krl-version"], self.top["krl"] = "open, listed", int(version), sha256
    def on_ceremony_closed(self, name, certificates, decision, abandoned, state):
        batch, items, left = self.batches.pop(name), self.batch.items, [*self.batch.left.values()]
        need(certificates == str(sum(item["kind"] == "issue" for item in items) - len(left)), "not so many")
        done = [f"{batch.number} {it['authority']} {it['target']}" for it in items if it["kind"] == "revoke"]
        self.top["revoked"] += done if batch.state == "open, listed" else []
        self.open = decision
        if decision:
            by, lost = self.batches[decision], {}
            for item in left:
                lost.setdefault(item["authority"], {})[int(item["serial"])] = True
                self.cas[item["authority"]]["unissued"].pop(int(item["serial"]), None)
            said = {"batch": batch.number, "abandoned": abandoned, "issued": certificates}
            agree(by.items[0], {**said, "manifest": name})
            need(abandoned == [f"{name} {span}" for name in lost for span in spans(lost[name])], "serials")
            home, key = self.cas[left[0]["authority"]], left[0]["ca-key"]
            home["set-aside"] = [one for one in home["ca-key"] if one in (*home["set-aside"], key)]
            self.top["abandoned"].append(f"{batch.number} by {by.number}")
            need(by.state == "open, listed", "the list comes first")
        else:
            right = not left and not abandoned and batch.state == ("open, listed" if done else "open")
            need(right and items[0].get("manifest") not in self.batches, "not all was done")
        waiting = [one for one in self.batches.values() if self.waits(one) or one.state[:4] == "open"]
        blocks = [{"batch-entry": one.entry, "approval-entry": [*one.officers.values()]} for one in waiting]
        text = "\n".join(map(written, [self.top, *self.cas.values(), *blocks]))
        need(self.content(state).decode() == "conclave-state: v1\n" + text, "the entries give another state")
if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("folder", type=Path, help="an export")
    options.add_argument("--genesis", metavar="HEX", help="the home's identity, from elsewhere")
    options.add_argument("--checkpoint", metavar="FILE", action="append", default=[], help="a kept one")
    ledger = Ledger(**vars(options.parse_args()))
    ledger.attempt(ledger.folder, ledger.check)
    for fault in ledger.faults[:100]: print(f"FAIL  {ascii(fault)[1:-1]}")
    print(f"NOT SOUND: {len(ledger.faults)} faults" if ledger.faults else f"sound: {ledger.size} entries, "
          f"{ledger.certificates} certificates, home {ledger.home}{'' if ledger.pin else ', not pinned'}")
    raise SystemExit(2 if ledger.faults else 0)
