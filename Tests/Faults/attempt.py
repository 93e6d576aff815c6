# SPDX-License-Identifier: Apache-2.0
"""One point: a copy of what stands before, a run with a fault, the same command line again, a look."""

import collections
import os
import re
import shutil
import subprocess
from typing import NamedTuple

import disk
import points
import scenes
import trace

# A command line that has not ended by then hangs; the machine may be busy.
PATIENCE = 120
OURS = ("ca/", "ca.genesis", "ca ", "outbox", "tmp", "officers", "spool")


def shortened(text):
    """The beginning and the end of what a command says."""
    lines = text.splitlines()
    return text if len(lines) < 20 else "\n".join([*lines[:4], "…", *lines[-12:]])


class Tools(NamedTuple):
    helpers: str
    module: str
    programs: str


class Attempt:
    def __init__(self, scene, before, directory, tools):
        self.scene, self.directory, self.tools = scene, directory, tools
        self.notes, self.fired, self.said = collections.Counter(), "", ""
        self.before = before
        shutil.copytree(before, directory, symlinks=True)
        self.aside = directory + "-aside"
        os.mkdir(self.aside)
        with open(f"{directory}/softhsm2.conf", "w") as file:
            file.write(f"directories.tokendir = {directory}/tokens\nobjectstore.backend = file\n"
                       "log.level = ERROR\nslots.removable = false\n")
        with open(f"{before}/module") as file:
            self.real_module = file.read().strip()
        self.environment = {
            "PATH": f"{tools.programs}:/usr/bin:/bin", "HOME": directory, "TMPDIR": f"{directory}/tmp",
            "LC_ALL": "C.UTF-8", "TZ": "UTC", "SOFTHSM2_CONF": f"{directory}/softhsm2.conf",
            "PCSCLITE_CSOCK_NAME": f"{directory}/no-pcscd"}

    def remove(self):
        shutil.rmtree(self.directory, ignore_errors=True)
        shutil.rmtree(self.directory + "-aside", ignore_errors=True)

    def act(self, under=str, **variables):
        """Runs the scene's command line, under another program where there is one."""
        line = under(scenes.COMMANDS[self.scene][0].format(module=f"{self.aside}/module.so"))
        return subprocess.run(
            ["/bin/sh", "-c", f"exec {line}"], cwd=self.directory, env=self.environment | variables,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, errors="replace", timeout=PATIENCE)

    def watch(self, *lines):
        """Puts the module that counts in front of SoftHSM."""
        if not os.path.exists(f"{self.aside}/module.so"):
            shutil.copy(self.tools.module, f"{self.aside}/module.so")
        with open(f"{self.aside}/module.so.conf", "w") as file:
            file.write("\n".join([f"module {self.real_module}", *lines]) + "\n")

    def preload(self, under, **variables):
        names = {f"CONCLAVE_FAULT_{name}": value for name, value in variables.items()}
        return names | {
            "LD_PRELOAD": f"{self.tools.helpers}/faults.so", "CONCLAVE_FAULT_PROGRAM": "conclave",
            "CONCLAVE_FAULT_UNDER": under, "CONCLAVE_FAULT_EXCEPT": f"{self.directory}/tokens"}

    def replace_signer(self, script, fired):
        """Puts a program in the place of ssh-keygen, or nothing where it does nothing."""
        programs = f"{self.aside}/programs"
        os.mkdir(programs)
        os.symlink(f"{self.tools.programs}/conclave", f"{programs}/conclave")
        if not script:
            with open(fired, "w") as file:
                file.write("no ssh-keygen")
            return {"PATH": programs}
        with open(f"{programs}/ssh-keygen", "w") as file:
            file.write(f"#!/bin/sh\necho ssh-keygen >{fired}\n{script}\n")
        os.chmod(file.name, 0o755)
        return {"PATH": f"{programs}:/usr/bin:/bin"}

    def trace(self):
        """The calls of a run without faults: of files, of the outbox's files, of the token."""
        self.watch(f"trace {self.aside}/tokens")
        traced = f"{self.aside}/files"
        done = self.act(**self.preload(self.directory, TRACE=traced))
        scenes.require(done.returncode == 0, f"without a fault: status {done.returncode}\n{done.stdout}")
        files, media, changes = [], [], 0
        for line in self.text(traced).splitlines():
            every, changing, _, name, path = line.split(" ", 4)
            path = path.removeprefix(self.directory + "/")
            call = points.Call(int(every), int(changing), name, path)
            # The runtime looks for its own files beside the program, by a path that begins here.
            if path.startswith(OURS) or path == "ca":
                files.append(call)
            if path.startswith("outbox"):
                changes += name in points.CHANGES
                media.append(points.Call(len(media) + 1, changes, name, path))
        tokens = []
        if self.scene in scenes.WITH_TOKEN:
            for line in self.text(f"{self.aside}/tokens").splitlines():
                number, name = line.split()
                tokens.append(points.Call(int(number), 0, name, ""))
        return files, media, tokens

    def steps(self):
        """What a run without faults does to the disk, which disk.py must understand in full."""
        self.watch(f"trace {self.aside}/signed")
        traced = f"{self.aside}/steps"
        done = self.act(under=lambda line: trace.command(traced, line))
        scenes.require(done.returncode == 0, f"traced: status {done.returncode}\n{done.stdout}")
        steps = trace.steps(traced, self.directory, f"{self.aside}/signed")
        model = disk.Disk(self.before)
        for step in steps:
            model.do(step)
        differing = model.left("power-kept").items() ^ disk.Disk(self.directory).left("power-kept").items()
        scenes.require(not differing, f"strace does not explain {sorted({path for path, _ in differing})[:9]}")
        return steps

    def cut(self, point, steps, deaf=None):
        """Puts here what a power cut leaves after so many steps."""
        done = steps[:int(point.fault)]
        model = disk.Disk(self.before, deaf)
        for step in done:
            model.do(step)
        disk.put(model.left(point.kind, point.fault), self.directory)
        return model

    def hold_power(self, point, steps, items, tokens):
        """Lets the power go at the point; what was said to be done is, and the same command does the rest.

        The token is a device of its own, and what it was told it keeps: it stands in `tokens`."""
        model = self.cut(point, steps)
        self.said = f"before the power went:\n{shortened(model.said)}"
        if self.scene in scenes.WITH_TOKEN:
            self.check_intents(model.signed)
        if scenes.ACKNOWLEDGED[self.scene] in model.said:
            self.notes["was done"] += 1
            scenes.check(self.scene, self, items)
            disk.put(model.left(point.kind, point.fault), self.directory)
        told = [number for number, step in enumerate(steps) if step.path.startswith("tokens/")]
        self.go_on(items, tokens if told and int(point.fault) > told[-1] else f"{self.before}/tokens")
        return "tried"

    def text(self, path):
        try:
            with open(path, errors="replace") as file:
                return file.read()
        except FileNotFoundError:
            return ""

    def left_over(self):
        """What is there beside the home and what was asked for: files that nobody cleans up.

        The log of a killed process is none: it stays beside the ledger until the next commit."""
        left = []
        for folder, directories, names in os.walk(self.directory):
            relative = os.path.relpath(folder, self.directory)
            for name in directories + names:
                if name.endswith((".tmp", ".partial", "-journal", ".gone")) or relative == "tmp":
                    left.append(f"{relative}/{name}")
        return left

    def hold(self, point, items):
        """Tries the point; answers whether it was reached."""
        fired = f"{self.aside}/fired"
        trace = f"trace {self.aside}/signed"
        outbox = f"{self.directory}/outbox"
        variables = {}
        if point.kind in points.TOKENS:
            self.watch(trace, f"fired {fired}", point.fault)
        elif point.kind in points.SIGNERS:
            self.watch(trace)
            variables = self.replace_signer(points.SIGNERS[point.kind], fired)
        else:
            self.watch(trace)
            under = outbox if points.FILES[point.kind][2] else self.directory
            variables = self.preload(under, FIRED=fired)
            variables["CONCLAVE_FAULT"] = point.fault
        first = self.act(**variables)
        self.fired = self.text(fired).strip().replace(self.directory + "/", "")
        self.said = f"first run, status {first.returncode}:\n{shortened(first.stdout)}"
        if not self.fired:
            return "not reached"
        kills = point.kind in points.KILLS
        scenes.require(not kills or first.returncode == -9, "it was not killed")
        scenes.require(kills or first.returncode >= 0, "it crashed")
        self.notes["went on" if first.returncode == 0 else "stopped"] += 1
        if first.returncode > 0:
            lines = first.stdout.splitlines()
            said = [line for line in lines if line.startswith("conclave: ") or re.search(r" \([A-Z]+-[A-Z-]+\)$", line)]
            scenes.require(said, "it does not say why it stopped")
            hints = [line for line in lines
                     if line.lstrip().startswith("hint: ") or line.endswith("the same command goes on")]
            # What is wrong with a signature that there is needs no hint.
            scenes.require(hints or point.kind in points.SIGNERS and first.returncode > 1, "it does not say what to do")
        if self.scene in scenes.WITH_TOKEN:
            # The call that failed made no signature, and may be asked for again under the same intent.
            asked = len(re.findall(r"(?m)^\d+ C_Sign$", self.text(f"{self.aside}/signed")))
            self.check_intents(asked - (point.kind == "token-error" and self.fired.endswith(" C_Sign")))
        self.plug_in(outbox, first.returncode)
        # What SoftHSM writes is another's care: it stands as before.
        self.go_on(items, f"{self.before}/tokens")
        return "tried"

    def go_on(self, items, tokens):
        """Runs the same command line again, and looks whether everything is there."""
        shutil.rmtree(f"{self.directory}/tokens", ignore_errors=True)
        shutil.copytree(tokens, f"{self.directory}/tokens")
        self.watch()
        again = self.act()
        self.said += f"\nsecond run, status {again.returncode}:\n{shortened(again.stdout)}"
        scenes.require(
            scenes.is_done(self.scene, again.returncode, again.stdout), "the second run did not do the work")
        scenes.check(self.scene, self, items)
        left = self.left_over()
        scenes.require(not left, f"nobody removes {left}")

    def check_intents(self, signed):
        """No signature was asked for that the ledger had not recorded as intended before."""
        if not signed:
            return
        shutil.copytree(f"{self.directory}/ca", f"{self.directory}/beside")
        _, found = scenes.entries(self, "beside")
        shutil.rmtree(f"{self.directory}/beside")
        count = len(scenes.intended(found))
        scenes.require(signed <= count, f"{signed} signatures were asked for, {count} intended")

    def plug_in(self, outbox, status):
        """Puts a medium back that was pulled; what was written into its place is no bundle of anybody's."""
        if not os.path.exists(outbox + ".gone"):
            return
        # When a file is closed that nothing is written to any more, all was synced before.
        had_all = self.fired.startswith("close ") and not os.listdir(outbox)
        scenes.require(status != 0 or had_all or os.listdir(outbox), "it succeeded on a medium that was gone")
        if status != 0 or had_all:
            shutil.rmtree(outbox)
            os.rename(outbox + ".gone", outbox)
        else:
            shutil.rmtree(outbox + ".gone")
