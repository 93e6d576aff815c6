#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tampers with an exported ledger in every way that it knows, and asks both verifiers; with a bundle, and asks conclave-verify.

tamper.py TABLE VERIFIER WORK [N]: every Nth kind is tried; TABLE has export/, kept (a checkpoint of the export), outbox/conclave-0001 and
-0003, and officers/; VERIFIER is the one in Python; conclave-verify stands in PATH. Whoever tampers is one of these:
  file      changes files and nothing else
  forger    makes tiles, proofs and checkpoint anew, and leaves the signature
  stranger  signs the new checkpoint with a key of his own
  officer   signs it with an officer's key; the entries must give him away
  witnessed the same, and a checkpoint that was kept elsewhere gives him away
Prints a line for each kind that a verifier did not find, and at last how many were tried."""
import base64, collections, concurrent.futures, hashlib, os, re, shutil, subprocess, sys

table, verifier, work = map(os.path.abspath, sys.argv[1:4])
every = int(sys.argv[4]) if len(sys.argv) > 4 else 1
EXPORT, BUNDLE, LATER = table + "/export", table + "/outbox/conclave-0001", table + "/outbox/conclave-0003"
HEADING = b"conclave-entry: v1\n"
# What an officer could write otherwise, were there no checkpoint elsewhere: nothing else says it again.
FREE = {"time", "name", "message", "tier", "tool", "token", "module", "evidence", "state", "rule"}


def sha(data):
    return hashlib.sha256(data).digest()


def node(left, right):
    return sha(b"\1" + left + right)


def parts(data):
    return re.split(rb"(?<=\n)(?=conclave-entry: v1\n)", data)


def root(leaves):
    if len(leaves) < 2:
        return leaves[0] if leaves else sha(b"")
    half = 1 << (len(leaves) - 1).bit_length() - 1
    return node(root(leaves[:half]), root(leaves[half:]))


def path(index, leaves):
    if len(leaves) < 2:
        return []
    half = 1 << (len(leaves) - 1).bit_length() - 1
    if index < half:
        return path(index, leaves[:half]) + [root(leaves[half:])]
    return path(index - half, leaves[half:]) + [root(leaves[:half])]


def b64(data):
    return base64.b64encode(data).decode()


def read(name):
    with open(name, "rb") as file:
        return file.read()


def write(name, data):
    os.makedirs(os.path.dirname(name), exist_ok=True)
    with open(name, "wb") as file:
        file.write(data)


def sign(key, name, namespace):
    if os.path.exists(name + ".sig"):
        os.remove(name + ".sig")
    subprocess.run(["ssh-keygen", "-q", "-Y", "sign", "-f", key, "-n", namespace, name], check=True,
                   stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


ORIGIN = read(EXPORT + "/checkpoint").decode().split("\n")[0]
SIZE = int(read(EXPORT + "/checkpoint").decode().split("\n")[1])
ENTRIES = parts(read(f"{EXPORT}/entries/000.p/{SIZE}"))
STRANGER, OFFICER = work + "/stranger", table + "/officers/pierre"


def rebuild(folder, texts, key=None, origin=ORIGIN):
    """Makes everything anew that follows from the entries; with a key, the signature too."""
    for name in ("tile", "entries", "proofs"):
        shutil.rmtree(f"{folder}/{name}")
    leaves = [sha(b"\0" + text) for text in texts]
    write(f"{folder}/entries/000.p/{len(texts)}", b"".join(texts))
    write(f"{folder}/tile/0/000.p/{len(texts)}", b"".join(leaves))
    checkpoint = f"{origin}\n{len(texts)}\n{b64(root(leaves))}\n"
    for index, text in enumerate(texts):
        if b"\nkind: issued\n" in text:
            lines = "".join(b64(h) + "\n" for h in path(index, leaves))
            proof = f"c2sp.org/tlog-proof@v1\nindex {index}\n{lines}\n{checkpoint}"
            write(f"{folder}/proofs/{index:03}.tlog-proof", proof.encode())
    write(folder + "/checkpoint", checkpoint.encode())
    if key:
        sign(key, folder + "/checkpoint", "conclave-checkpoint-v1")


def renumber(texts):
    return [re.sub(rb"(?m)^index: .*$", b"index: %d" % i, text, count=1) for i, text in enumerate(texts)]


def altered(name, value):
    """Another value that a careless reader would take."""
    if name == "time":
        return re.sub(r"(\d)Z$", lambda m: f"{(int(m[1]) + 1) % 10}Z", value)
    if name == "kind":
        return "refusal" if value != "refusal" else "exception"
    if re.fullmatch("[0-9]+", value):
        return str(int(value) + 1)
    if re.fullmatch("[0-9a-f]{64}", value):
        return value[:-1] + ("0" if value[-1] != "0" else "1")
    place = len(value) // 2
    return value[:place] + ("x" if value[place] != "x" else "y") + value[place + 1:]


def kind_of(text):
    return re.search(rb"(?m)^kind: (.*)$", text)[1].decode()


CASES = collections.OrderedDict()  # name: (what changes a copy of the export, more arguments)


def case(name, change, *arguments):
    assert name not in CASES, name
    CASES[name] = (change, arguments)


def with_entries(name, texts, roles=("forger", "witnessed")):
    if "file" in roles:
        case(f"file: {name}", lambda f: write(f"{f}/entries/000.p/{SIZE}", b"".join(texts)))
    if "forger" in roles:
        case(f"forger: {name}", lambda f: rebuild(f, texts))
    if "stranger" in roles:
        case(f"stranger: {name}", lambda f: rebuild(f, texts, STRANGER))
    if "officer" in roles:
        case(f"officer: {name}", lambda f: rebuild(f, texts, OFFICER))
    if "witnessed" in roles:
        case(f"witnessed: {name}", lambda f: rebuild(f, texts, OFFICER), "--checkpoint", table + "/kept")


def fields():
    seen = set()
    for place, text in enumerate(ENTRIES):
        kind = kind_of(text)
        if kind in seen:
            continue
        seen.add(kind)
        lines = text.decode().split("\n")
        told = set()
        for number, line in enumerate(lines):
            name, colon, value = line.partition(": ")
            if not colon or number == 0 or (name in told and name not in ("signature",)):
                continue
            label = f"{kind}, {name}" + (f" in line {number}" if name in told else "")
            told.add(name)
            changed = [*lines[:number], f"{name}: {altered(name, value)}", *lines[number + 1:]]
            texts = ENTRIES[:place] + ["\n".join(changed).encode()] + ENTRIES[place + 1:]
            roles = ["file", "forger", "witnessed"] + ["officer"] * (
                name not in FREE and not (kind == "refusal" and name == "file"))
            with_entries(label, texts, roles)
            missing = "\n".join(lines[:number] + lines[number + 1:]).encode()
            if name != "message" and not (kind == "refusal" and name == "file"):
                with_entries(f"{label}, left out", ENTRIES[:place] + [missing] + ENTRIES[place + 1:], ["officer"])
        # Two fields exchanged: the same meaning in another text.
        body = [number for number, line in enumerate(lines) if number > lines.index("") and ": " in line]
        one, two = body[0], next((n for n in body if lines[n].split(":")[0] != lines[body[0]].split(":")[0]), None)
        if two:
            lines[one], lines[two] = lines[two], lines[one]
            texts = ENTRIES[:place] + ["\n".join(lines).encode()] + ENTRIES[place + 1:]
            with_entries(f"{kind}, two fields exchanged", texts, ["officer"])
    return seen


def order():
    for place in range(SIZE):
        what = f"entry {place}, {kind_of(ENTRIES[place])}"
        without = ENTRIES[:place] + ENTRIES[place + 1:]
        twice = ENTRIES[:place + 1] + ENTRIES[place:]
        with_entries(f"{what}, omitted", renumber(without), ["forger", "witnessed"])
        with_entries(f"{what}, omitted as it is", without, ["file"])
        with_entries(f"{what}, twice", renumber(twice), ["forger", "stranger"])
        if place + 1 < SIZE:
            swapped = ENTRIES[:place] + [ENTRIES[place + 1], ENTRIES[place]] + ENTRIES[place + 2:]
            with_entries(f"{what}, after the next", renumber(swapped), ["forger", "witnessed"])
    for count in (1, 2, 5, SIZE - 1):
        with_entries(f"the last {count} cut", ENTRIES[:-count], ["file", "forger", "stranger", "witnessed"])
    steps = {"approval": "quorum", "intent": "intent", "ceremony-opened": "opening", "batch": "draft"}
    for kind, what in steps.items():
        rest = [text for text in ENTRIES if kind_of(text) != kind]
        with_entries(f"no {what} at all", renumber(rest), ["officer"])
    with_entries("entries of nobody", renumber(ENTRIES + [ENTRIES[-1]]), ["stranger"])


def certificates():
    issued = [i for i, text in enumerate(ENTRIES) if kind_of(text) == "issued"]
    lines = [re.search(rb"(?m)^certificate: .*$", ENTRIES[i])[0] for i in issued]
    texts = list(ENTRIES)
    for place, line in zip(issued, reversed(lines)):
        texts[place] = re.sub(rb"(?m)^certificate: .*$", lambda _: line, texts[place])
    with_entries("the certificates exchanged", texts, ["file", "forger", "officer"])
    subprocess.run(["ssh-keygen", "-q", "-s", STRANGER, "-I", "x", "-n", "root", STRANGER + ".pub"], check=True,
                   stderr=subprocess.DEVNULL)
    line = b"certificate: " + b" ".join(read(STRANGER + "-cert.pub").split()[:2])
    texts = ENTRIES[:issued[0]] + [ENTRIES[issued[0]].replace(lines[0], line)] + ENTRIES[issued[0] + 1:]
    with_entries("a certificate by another authority", texts, ["forger", "officer"])
    blob = bytearray(base64.b64decode(lines[0].split()[2]))
    blob[-3] ^= 1
    line = lines[0].rsplit(b" ", 1)[0] + b" " + b64(bytes(blob)).encode()
    texts = ENTRIES[:issued[0]] + [ENTRIES[issued[0]].replace(lines[0], line)] + ENTRIES[issued[0] + 1:]
    with_entries("a certificate with another signature", texts, ["forger", "officer"])


def files():
    names = [os.path.relpath(os.path.join(at, n), EXPORT) for at, _, ns in os.walk(EXPORT) for n in ns]
    for name in sorted(names):
        case(f"file: {name} removed", lambda f, n=name: os.remove(f"{f}/{n}"))
        case(f"file: {name} emptied", lambda f, n=name: write(f"{f}/{n}", b""))
        case(f"file: {name}, a byte altered", lambda f, n=name: flip(f"{f}/{n}"))
        case(f"file: {name}, a byte more", lambda f, n=name: write(f"{f}/{n}", read(f"{f}/{n}") + b"\n"))
    for name in (name for name in names if name.endswith(".sig")):
        case(f"file: {name}, far too long", lambda f, n=name: write(f"{f}/{n}", read(f"{f}/{n}") + b"A" * (1 << 25)))
        for what, old, new in ("a blank in its armor", b"U", b"U "), ("an empty line in its armor", b"-\nU", b"-\n\nU"):
            case(f"file: {name}, {what}", lambda f, n=name, o=old, w=new: write(f"{f}/{n}", read(f"{f}/{n}").replace(o, w, 1)))
    case("file: a text that no entry names", lambda f: write(f"{f}/contents/00/{'0' * 64}", b"more"))
    case("file: a proof of nothing", lambda f: write(f"{f}/proofs/999.tlog-proof", b"more"))
    case("file: a signature again under a name that is no number",
         lambda f: write(f"{f}/checkpoint.other.sig", read(f"{f}/checkpoint.sig")))
    case("file: an empty folder", lambda f: os.mkdir(f"{f}/more"))
    case("file: a note", lambda f: write(f"{f}/README", b"trust this"))
    case("file: a tile more", lambda f: write(f"{f}/tile/1/000.p/1", bytes(32)))
    case("file: a link in the place of the entries", lambda f: link(f"{f}/entries/000.p/{SIZE}"))


def checkpoints():
    genesis = ORIGIN[16:]
    other = "conclave/ledger/" + altered("x", genesis)
    for role, key in ("forger", None), ("stranger", STRANGER), ("officer", OFFICER):
        case(f"{role}: another home in the checkpoint", lambda f, k=key: rebuild(f, ENTRIES, k, other))
    lines = read(EXPORT + "/checkpoint").decode().split("\n")
    for what, changed in {"size": [lines[0], str(SIZE + 1), lines[2], ""], "root": [*lines[:2], b64(sha(b"x")), ""],
                          "line": [*lines[:3], "more", ""]}.items():
        def fork(folder, text="\n".join(changed).encode(), key=None):
            write(folder + "/checkpoint", text)
            if key:
                sign(key, folder + "/checkpoint", "conclave-checkpoint-v1")
        case(f"file: checkpoint, another {what}", fork)
        case(f"officer: checkpoint, another {what}", lambda f, g=fork: g(f, key=OFFICER))
    fork = f"{ORIGIN}\n{SIZE - 3}\n{b64(sha(b'fork'))}\n".encode()
    write(work + "/fork", fork)
    case("witnessed: a fork that somebody kept", lambda f: None, "--checkpoint", work + "/fork")
    write(work + "/newer", f"{ORIGIN}\n{SIZE + 3}\n{b64(sha(b'newer'))}\n".encode())
    case("witnessed: an export older than what somebody kept", lambda f: None, "--checkpoint", work + "/newer")
    case("file: signed for another purpose", lambda f: sign(OFFICER, f + "/checkpoint", "conclave-bundle-v1"))
    case("stranger: signed by nobody of the roster", lambda f: sign(STRANGER, f + "/checkpoint",
                                                                   "conclave-checkpoint-v1"))


def flip(name):
    data = bytearray(read(name))
    data[len(data) // 2] ^= 1
    write(name, bytes(data))


def link(name):
    os.rename(name, work + "/elsewhere-" + str(os.getpid()))
    os.symlink(work + "/elsewhere-" + str(os.getpid()), name)


def sums(folder, key=None):
    lines = []
    for at, _, names in os.walk(folder):
        for name in names:
            name = os.path.relpath(os.path.join(at, name), folder)
            if name != "COMPLETE" and not name.startswith("SHA256SUMS"):
                lines.append(f"{sha(read(f'{folder}/{name}')).hex()}  {name}\n")
    write(folder + "/SHA256SUMS", "".join(sorted(lines, key=lambda line: line[66:])).encode())
    if key:
        sign(key, folder + "/SHA256SUMS", "conclave-bundle-v1")


BUNDLES, LATERS = collections.OrderedDict(), collections.OrderedDict()  # changes of the first bundle, of a later one


def bundles():
    found = [os.path.relpath(os.path.join(at, n), BUNDLE) for at, _, ns in os.walk(BUNDLE + "/certificates")
             for n in ns]
    for what, name in (("report", "report.txt"), ("report for programs", "report.json"),
                       ("report on paper", "report.html"), ("certificate", found[0]),
                       ("revocation list", "trust/revoked_keys.krl")):
        BUNDLES[f"{what} altered"] = lambda f, n=name: flip(f"{f}/{n}")
        BUNDLES[f"{what} altered, new sums"] = lambda f, n=name: (flip(f"{f}/{n}"), sums(f))
        BUNDLES[f"{what} altered, re-signed by a stranger"] = lambda f, n=name: (flip(f"{f}/{n}"), sums(f, STRANGER))
        BUNDLES[f"{what} removed"] = lambda f, n=name: os.remove(f"{f}/{n}")
    line = read(STRANGER + "-cert.pub")
    BUNDLES["certificate swapped, re-signed by an officer"] = lambda f: (
        write(f"{f}/{found[0]}", line), sums(f, OFFICER))
    BUNDLES["a file more"] = lambda f: write(f + "/trust/more.pub", b"more")


def resealed(cases, name, change):
    """A change that an officer signs: only what the bundle says elsewhere gives him away."""
    cases[name + ", re-signed by an officer"] = lambda f: (change(f), sums(f, OFFICER))


def inside(folder, below):
    return sorted(os.path.relpath(os.path.join(at, n), folder) for at, _, ns in os.walk(f"{folder}/{below}") for n in ns)


def proofs():
    both = [name for name in inside(BUNDLE, "certificates") if name.endswith(".tlog-proof")]
    lines = read(f"{BUNDLE}/{both[0]}").decode().split("\n")
    empty, index = lines.index(""), int(lines[2][6:])

    def changed(what, lines):
        resealed(BUNDLES, "proof, " + what, lambda f: write(f"{f}/{both[0]}", "\n".join(lines).encode()))
    changed("a hash left out", lines[:3] + lines[4:])
    changed("the last hash left out", lines[:empty - 1] + lines[empty:])
    changed("a hash twice", lines[:4] + lines[3:])
    changed("two hashes exchanged", lines[:3] + [lines[4], lines[3]] + lines[5:])
    changed("another hash", lines[:3] + [b64(sha(b"x"))] + lines[4:])
    changed("another index", [*lines[:2], f"index {index + 1}", *lines[3:]])
    changed("cut", lines[:empty])
    changed("without its entry", lines[:1] + lines[2:])
    carried = base64.b64decode(lines[1][6:])
    changed("another entry", [lines[0], "extra " + b64(carried.replace(b"item: ", b"item: 1")), *lines[2:]])
    changed("another checkpoint", [*lines[:-2], b64(sha(b"fork")), ""])
    texts = parts(b"".join(read(f"{BUNDLE}/{name}") for name in inside(BUNDLE, "audit/entries")))
    for what, kept, text in (("of an older checkpoint", texts[:-1], carried), ("of another entry", texts, texts[index - 1])):
        place, leaves = parts(b"".join(texts)).index(text), [sha(b"\0" + text) for text in kept]
        changed(what, [lines[0], "extra " + b64(text), f"index {place}", *map(b64, path(place, leaves)), "", lines[empty + 1],
                       str(len(kept)), b64(root(leaves)), ""])
    resealed(BUNDLES, "proof removed", lambda f: os.remove(f"{f}/{both[0]}"))
    resealed(BUNDLES, "proof of no certificate", lambda f: shutil.copy(
        f"{f}/{both[0]}", f"{f}/{both[0]}".replace("000001", "000009")))
    resealed(BUNDLES, "the proof of the other certificate", lambda f: shutil.copy(f"{f}/{both[1]}", f"{f}/{both[0]}"))


def audits(cases, bundle):
    name, = inside(bundle, "audit/entries")
    texts, what = parts(read(f"{bundle}/{name}")), os.path.basename(bundle)

    def changed(how, texts):
        resealed(cases, f"entries of {what}, {how}", lambda f: write(f"{f}/{name}", b"".join(texts)))
    changed("the first left out", texts[1:])
    changed("the last cut", texts[:-1])
    changed("one twice", texts[:2] + texts[1:])
    changed("two exchanged", [*texts[:-2], texts[-1], texts[-2]])
    changed("two exchanged and renumbered", [*texts[:-2], *(re.sub(rb"index: \d+", b"index: " + re.search(
        rb"index: (\d+)", other)[1], text, count=1) for text, other in ((texts[-1], texts[-2]), (texts[-2], texts[-1])))])
    changed("a time altered", [texts[0], re.sub(rb"(?m)^(time: .*)\d\dZ$", rb"\g<1>59Z", texts[1], count=1), *texts[2:]])
    first = os.path.basename(name)[:8]
    for other in f"{first}-{first}.txt", f"{int(first) + 1:08}{os.path.basename(name)[8:]}", "entries.txt":
        resealed(cases, f"entries of {what} named {other}", lambda f, n=other: os.rename(
            f"{f}/{name}", f"{f}/audit/entries/{n}"))
    resealed(cases, f"entries of {what} in two files", lambda f: (
        write(f"{f}/audit/entries/{first}-{first}.txt", texts[0]),
        write(f"{f}/audit/entries/{int(first) + 1:08}{os.path.basename(name)[8:]}", b"".join(texts[1:])),
        os.remove(f"{f}/{name}")))
    resealed(cases, f"entries of {what}, none", lambda f: os.remove(f"{f}/{name}"))


def growth():
    checkpoint, previous = (read(f"{LATER}/audit/{n}.txt").decode().split("\n") for n in ("checkpoint", "previous"))
    lines = read(f"{LATER}/audit/growth.txt").decode().split("\n")
    for name, kept in ("checkpoint", checkpoint), ("previous", previous):
        for what, text in {"size": [kept[0], str(int(kept[1]) - 1), kept[2], ""], "root": [*kept[:2], b64(sha(b"x")), ""],
                           "home": [altered("x", kept[0]), *kept[1:]]}.items():
            resealed(LATERS, f"{name}, another {what}", lambda f, n=name, t=text: write(
                f"{f}/audit/{n}.txt", "\n".join(t).encode()))
        resealed(LATERS, f"{name} removed", lambda f, n=name: os.remove(f"{f}/audit/{n}.txt"))
    for what, text in {"a hash left out": lines[:1] + lines[2:], "a hash more": lines[:2] + lines[1:], "cut": lines[:3],
                       "two hashes exchanged": [lines[0], lines[2], lines[1], *lines[3:]],
                       "from elsewhere": ["old 1", *lines[1:]]}.items():
        resealed(LATERS, "growth, " + what, lambda f, t=text: write(f"{f}/audit/growth.txt", "\n".join(t).encode()))
    resealed(LATERS, "growth removed", lambda f: os.remove(f + "/audit/growth.txt"))


def run(name, command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode == 2 and "Traceback" not in done.stderr:
        return []
    return [f"{os.path.basename(command[0])} ended with {done.returncode}: {name}\n{done.stdout[-300:]}{done.stderr[-300:]}"]


def attempt(place, name):
    folder = f"{work}/{place}"
    if name in CASES:
        change, arguments = CASES[name]
        shutil.copytree(EXPORT, folder)
        change(folder)
        missed = run(name, ["conclave-verify", "ledger", folder, *arguments])
        missed += run(name, [verifier, folder, *arguments])
    else:
        shutil.copytree(BUNDLE if name in BUNDLES else LATER, folder)
        (BUNDLES.get(name) or LATERS[name])(folder)
        missed = run(name, ["conclave-verify", "bundle", folder])
    shutil.rmtree(folder)
    return missed


os.makedirs(work)
subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", STRANGER], check=True)
kinds = fields()
order(), certificates(), files(), checkpoints(), bundles(), proofs(), growth()
audits(BUNDLES, BUNDLE), audits(LATERS, LATER)
# What is made anew without a change must pass, or the forger's own slips would be what is found.
shutil.copytree(EXPORT, work + "/control")
rebuild(work + "/control", ENTRIES, OFFICER)
for command in ["conclave-verify", "ledger"], [verifier]:
    subprocess.run([*command, work + "/control", "--checkpoint", table + "/kept"], check=True, stdout=sys.stderr)
for bundle in BUNDLE, LATER:
    shutil.copytree(bundle, work + "/resealed")
    sums(work + "/resealed", OFFICER)
    subprocess.run(["conclave-verify", "bundle", work + "/resealed"], check=True, stdout=sys.stderr)
    shutil.rmtree(work + "/resealed")
with concurrent.futures.ThreadPoolExecutor(max(2, os.cpu_count() or 2)) as pool:
    results = list(pool.map(attempt, range(10 ** 6), [*CASES, *BUNDLES, *LATERS][::every]))
missed = [line for result in results for line in result]
print("".join(line + "\n" for line in missed), end="")
print(f"{len(results)} kinds of tampering, with {len(kinds)} kinds of entries: {len(missed)} not found")
sys.exit(1 if missed else 0)
