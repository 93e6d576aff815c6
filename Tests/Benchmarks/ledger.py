#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures homes of 1,000 and of COUNT certificates: start-up, trace, the cost of appending, memory, size.

ledger.py PROGRAMS WORK [COUNT]: PROGRAMS is the folder of conclave and home-maker, WORK a folder that is not there.
Of each command the best of seven runs counts. Homes that are too large for the time there is can be made before."""
import os, resource, subprocess, sys, time

programs, work = map(os.path.abspath, sys.argv[1:3])
count = int(sys.argv[3]) if len(sys.argv) > 3 else 100_000


def run(*arguments):
    """The best time of a command in milliseconds, and the most memory of any so far in MB."""
    best = 1e9
    for _ in range(7):
        started = time.monotonic()
        subprocess.run([programs + "/conclave", *arguments], check=True, stdout=subprocess.DEVNULL)
        best = min(best, time.monotonic() - started)
    return best * 1000, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def make(number):
    home = f"{work}/{number}"
    if not os.path.exists(home):
        made = subprocess.run([programs + "/home-maker", home, str(number)], check=True, capture_output=True, text=True)
        with open(home + ".seconds", "w") as file:
            file.write(made.stdout)
    return home


def seconds(number, lines):
    """The time of a batch: the middle one of some."""
    with open(f"{work}/{number}.seconds") as file:
        values = sorted(float(line.split()[1]) for line in file.read().splitlines()[lines])
    return values[len(values) // 2]


os.makedirs(work, exist_ok=True)
empty = make(0)
print("certificates  start-up ms  more than empty  trace ms  memory MB  bytes a certificate")
base, _ = run("authority", "show", "--home", empty)
for number in (1_000, count):
    home = make(number)
    start, memory = run("authority", "show", "--home", home)
    trace, memory = run("trace", "--home", home, f"hosts@example.org {number // 2}")
    size = os.path.getsize(home + "/ledger.sqlite") / number
    print(f"{number:12}  {start:11.1f}  {start - base:15.1f}  {trace - base:8.1f}  {memory:9.1f}  {size:20.0f}")
if count >= 10_000:
    ratio = seconds(count, slice(-5, None)) / seconds(count, slice(0, 5))
    print(f"a batch of 1,000 at the end to one at the beginning: {ratio:.2f}")
