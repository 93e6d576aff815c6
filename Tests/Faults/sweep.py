#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Lets `conclave` be killed, or calls of it fail, at each point in turn; runs the same command line again;
and looks whether everything is there exactly once. README.md says what the kinds are."""

import argparse
import collections
import concurrent.futures
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

import attempt
import disk
import points
import scenes

HERE = os.path.dirname(os.path.abspath(__file__))
REPOSITORY = os.path.dirname(os.path.dirname(HERE))
# Killing and a full disk at the commands that the ceremony's own points do not pass through.
LIGHT = [
    "kill", "torn", "full-once", "full", "read-only", "error", "dead-disk", "short", "interrupt"]
# The power goes everywhere; a medium may lose what the home keeps, and the other way round.
POWER = [kind for kind, (home, medium) in points.POWER.items() if home == medium]
MEDIA = [kind for kind in points.FILES if points.FILES[kind][2]]


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scene", action="append", choices=scenes.SCENES, help="instead of all; may be repeated")
    parser.add_argument("--kind", action="append", choices=points.KINDS, help="instead of all; may be repeated")
    parser.add_argument("--only", metavar="POINT", help="one point, as a failure names it; with --scene and --kind")
    parser.add_argument("--every", type=int, default=1, metavar="N",
                        help="each Nth call of each site, its first and its last (1: all)")
    parser.add_argument("--sample", action="store_true", help="a few points of each kind: less than a minute")
    parser.add_argument("--points", type=int, metavar="N", help="so many points of each scene and kind")
    parser.add_argument("--seed", type=int, default=1, help="which points, and which answers of the token (1)")
    parser.add_argument("--items", type=int, help="certificates of the ceremony (200; 70 with --sample)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="points side by side (all processors)")
    parser.add_argument("--program", help="the conclave that is tried (.build/release/conclave)")
    parser.add_argument("--verifier", help="the conclave-verify that judges (beside the program)")
    parser.add_argument("--helpers", help="where Tests/Support/build.sh put faults.so (made where it is not given)")
    chosen = parser.parse_args()
    if chosen.sample and chosen.points is None:
        chosen.points = 2
    chosen.items = chosen.items or (70 if chosen.sample else 200)
    chosen.program = os.path.abspath(chosen.program or f"{REPOSITORY}/.build/release/conclave")
    chosen.verifier = os.path.abspath(chosen.verifier or chosen.program + "-verify")
    for program in (chosen.program, chosen.verifier):
        if not os.access(program, os.X_OK):
            parser.error(f"there is no program {program}; build it first")
    if chosen.only and not (chosen.scene and chosen.kind):
        parser.error("--only needs --scene and --kind")
    return chosen


def kinds_of(scene, chosen):
    """The kinds that are tried in a scene."""
    if scene == "sign":
        kinds = [kind for kind in points.KINDS if kind not in MEDIA and kind not in points.SIGNERS]
    elif scene == "release":
        kinds = MEDIA + list(points.POWER)
    elif scene in ("export", "witness"):
        kinds = LIGHT + MEDIA + list(points.POWER)
    elif scene == "abandon":
        kinds = LIGHT + list(points.POWER)
    else:
        kinds = LIGHT + POWER
    if scene in scenes.WITH_SIGNER:
        # Another officer's approval is an approval; what seals a medium is the key that was named.
        kinds = kinds + [kind for kind in points.SIGNERS if kind != "signer-other" or scene in ("sign", "export", "witness")]
    if chosen.only:
        return chosen.kind
    return [kind for kind in kinds if not chosen.kind or kind in chosen.kind]


def bench_directory():
    """Where points are tried: in memory where there is room, since nobody cuts the power here."""
    memory = "/dev/shm"
    if "TMPDIR" not in os.environ and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 1 << 30:
        return tempfile.mkdtemp(prefix="conclave-faults-", dir=memory)
    return tempfile.mkdtemp(prefix="conclave-faults-")


class Sweep:
    def __init__(self, chosen, directory):
        self.chosen = chosen
        self.directory = directory
        self.results = collections.defaultdict(collections.Counter)
        self.failures = []
        self.steps, self.noticed = {}, 0
        self.interrupted = False
        self.lock = threading.Lock()

    def prepare(self):
        helpers = self.chosen.helpers or f"{self.directory}/helpers"
        if not self.chosen.helpers:
            subprocess.run(["sh", f"{REPOSITORY}/Tests/Support/build.sh", helpers], check=True)
        module = f"{self.directory}/fault-module.so"
        subprocess.run(
            ["cc", "-std=gnu11", "-shared", "-fPIC", "-I", f"{REPOSITORY}/Sources/CPKCS11/include", "-o", module,
             f"{REPOSITORY}/Tests/Support/fault-module/module.c", "-ldl"], check=True)
        programs = f"{self.directory}/programs"
        os.mkdir(programs)
        os.symlink(self.chosen.program, f"{programs}/conclave")
        os.symlink(self.chosen.verifier, f"{programs}/conclave-verify")
        self.tools = attempt.Tools(os.path.abspath(helpers), module, programs)

    def stage(self, scene):
        """What stands before the scene's command line, and the calls of an undisturbed run of it."""
        before = f"{self.directory}/{scene}"
        subprocess.run(
            ["bash", f"{HERE}/prepare.sh", scene, str(self.chosen.items), self.chosen.program,
             self.tools.helpers, before],
            check=True, stdout=subprocess.DEVNULL)
        undisturbed = attempt.Attempt(scene, before, f"{self.directory}/{scene}-calm", self.tools)
        files, media, tokens = undisturbed.trace()
        scenes.check(scene, undisturbed, self.chosen.items)
        left = undisturbed.left_over()
        if left:
            raise scenes.Wrong(f"an undisturbed run leaves {left}")
        undisturbed.remove()
        kinds = kinds_of(scene, self.chosen)
        if not points.POWER.keys().isdisjoint(kinds):
            self.trace_steps(scene, before)
        todo = []
        for kind in kinds:
            calls = tokens if kind in points.TOKENS else media if kind in MEDIA else files
            if kind in points.POWER:
                found = points.of_power(kind, self.steps[scene])
            else:
                found = points.of_kind(kind, calls, self.chosen.seed)
            self.results[scene, kind]["there are"] += len(found)
            if kind in points.POWER and self.chosen.sample and not self.chosen.only:
                found = points.few(found, self.chosen.seed + points.KINDS.index(kind))
            elif self.chosen.only:
                found = [points.Point(kind, self.chosen.only, "?")]
            elif self.chosen.points:
                found = points.spread(found, self.chosen.points, self.chosen.seed)
            else:
                found = points.choose(found, self.chosen.every, self.chosen.seed)
            todo += [(scene, before, point) for point in found]
        return todo

    def trace_steps(self, scene, before):
        """The steps of a run; and that it is noticed where the syncs of a disk do nothing."""
        calm = attempt.Attempt(scene, before, f"{self.directory}/{scene}-traced", self.tools)
        self.steps[scene] = steps = calm.steps()
        shutil.move(f"{calm.directory}/tokens", f"{self.directory}/{scene}-tokens")
        for device in scenes.RELIES_ON.get(scene, ["home"]):
            calm.cut(points.Point("power-lost", str(len(steps)), ""), steps, deaf=device)
            try:
                scenes.check(scene, calm, self.chosen.items)
            except scenes.Wrong:
                self.noticed += 1
            else:
                raise scenes.Wrong(f"{scene}: nobody misses the syncs of the {device}")
        calm.remove()

    def try_point(self, number, scene, before, point):
        own = attempt.Attempt(scene, before, f"{self.directory}/p{number}", self.tools)
        try:
            if point.kind in points.POWER:
                outcome = own.hold_power(
                    point, self.steps[scene], self.chosen.items, f"{self.directory}/{scene}-tokens")
            else:
                outcome = own.hold(point, self.chosen.items)
        except (scenes.Wrong, subprocess.TimeoutExpired, OSError) as fault:
            outcome = "failed"
            with self.lock:
                self.report(scene, point, fault, own)
        with self.lock:
            self.results[scene, point.kind][outcome] += 1
            self.results[scene, point.kind].update(own.notes)
        if not self.chosen.only:
            own.remove()

    def report(self, scene, point, fault, own):
        command = (f"Tests/Faults/sweep.py --scene {scene} --kind {point.kind} --items {self.chosen.items} "
                   f"--only '{point.fault}'")
        self.failures.append(command)
        print(f"\nFAILED {scene}, {point.kind} at {own.fired or point.site}\n  {command}", file=sys.stderr)
        for line in f"{fault}\n{own.said}".rstrip().splitlines()[:60]:
            print(f"    {line}", file=sys.stderr)
        if self.chosen.only:
            print(f"  it stands in {own.directory}", file=sys.stderr)

    def work(self):
        todo = []
        for scene in self.chosen.scene or scenes.SCENES:
            if kinds_of(scene, self.chosen):
                todo += self.stage(scene)
        # In a mixed order, the same each time: a sweep that is interrupted has been everywhere.
        random.Random(self.chosen.seed).shuffle(todo)
        pool = concurrent.futures.ThreadPoolExecutor(self.chosen.jobs)
        try:
            for future in [pool.submit(self.try_point, number, *each) for number, each in enumerate(todo)]:
                future.result()
        except KeyboardInterrupt:
            print("interrupted; what is under way is still tried", file=sys.stderr)
            self.interrupted = True
        finally:
            pool.shutdown(cancel_futures=True)

    def summary(self, seconds):
        total = collections.Counter()
        print("\nscene    kind                 calls  tried  unreached  went on  stopped  was done  failed")
        for (scene, kind), counted in self.results.items():
            tried = counted["tried"] + counted["failed"]
            total.update(counted)
            print(f"{scene:8} {kind:19} {counted['there are']:6} {tried:6} {counted['not reached']:10}"
                  f" {counted['went on']:8} {counted['stopped']:8} {counted['was done']:9} {counted['failed']:7}")
        tried = total["tried"] + total["failed"]
        by_kind = collections.Counter()
        for (scene, kind), counted in self.results.items():
            by_kind[kind] += counted["tried"] + counted["failed"]
        print("\n" + ", ".join(f"{kind} {count}" for kind, count in by_kind.items()))
        if self.noticed:
            print(f"{self.noticed} disks whose syncs did nothing were all noticed")
        print(f"{tried} points tried in {seconds:.0f} s, {total['not reached']} were not reached: "
              + (f"{len(self.failures)} FAILED" if self.failures else "everything there exactly once"))


def main():
    chosen = arguments()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    started = time.monotonic()
    directory = bench_directory()
    sweep = Sweep(chosen, directory)
    try:
        sweep.prepare()
        sweep.work()
        sweep.summary(time.monotonic() - started)
    finally:
        if not chosen.only:
            shutil.rmtree(directory, ignore_errors=True)
    for command in sweep.failures:
        print(command)
    return 1 if sweep.failures or sweep.interrupted or not sum(one["tried"] for one in sweep.results.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
