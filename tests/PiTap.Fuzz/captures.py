#!/usr/bin/env python3
"""Replays captures with bytes changed, cut, doubled and moved: none may end the program, hold it up, or make its books disagree.

  captures.py PITAP FOLDER [--count N] [--seed N] [--failures FOLDER]

FOLDER is searched for .pcap, .pcapng and .cap files. Each process reads 25 changed ones into a new store; it must end with 0, or 1 for files that are damaged now.
Then, of each file, the packets received must be those kept, reduced and filtered together, and the flows may not have more than were kept. The last line tells the most memory
that a process took, in each third of the run. Exit code: 0 as it should be, 1 something broke (the files are kept in --failures), 2 usage.
"""
import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

BATCH = 25
MAX_BYTES = 256 * 1024
LIMIT_SECONDS = 120
NUMBERS = [0, 1, 4, 12, 16, 20, 31, 32, 40, 63, 64, 127, 128, 191, 192, 255]


def change(data, chance):
    """Mostly few changes: each one more makes it likelier that the reader stops at the first. The file's header is mostly left alone."""
    first = 0 if chance.random() < 0.05 else min(28, len(data) - 1)
    for _ in range(1 + chance.randrange(1 + chance.randrange(1 + len(data) // 64 if chance.random() < 0.3 else 8))):
        if len(data) <= first + 1:
            break
        at = chance.randrange(first, len(data))
        kind = chance.randrange(10)
        if kind < 3:
            data[at] ^= 1 << chance.randrange(8)
        elif kind < 5:
            data[at] = chance.choice(NUMBERS)
        elif kind < 7:
            data[at] = chance.randrange(256)
        elif kind == 7:
            data[at:at + chance.randrange(1, 65)] = b""
        elif kind == 8:
            source = chance.randrange(len(data))
            data[at:at] = data[source:source + chance.randrange(1, 65)]
        elif chance.random() < 0.1:
            del data[at:]
    return data


def run(command):
    """(exit code, or None if it took too long; peak memory in MB)."""
    null = os.open(os.devnull, os.O_RDWR)
    child = subprocess.Popen(command, stdin=null, stdout=null, stderr=null, start_new_session=True)
    os.close(null)
    peak, started = 0, time.monotonic()
    while True:
        try:
            with open(f"/proc/{child.pid}/status", encoding="ascii") as status:
                peak = max([peak] + [int(line.split()[1]) / 1024 for line in status if line.startswith("VmHWM:")])
        except OSError:
            pass
        done, status, _ = os.wait4(child.pid, os.WNOHANG)
        if done:
            child.returncode = os.waitstatus_to_exitcode(status)
            return child.returncode, peak
        if time.monotonic() - started > LIMIT_SECONDS:
            os.killpg(child.pid, signal.SIGKILL)
            os.wait4(child.pid, 0)
            child.returncode = -9
            return None, peak
        time.sleep(0.01)


def lines(pitap, store, *verb):
    done = subprocess.run([pitap, *verb, "--db", store], capture_output=True, check=False)
    return [json.loads(line) for line in done.stdout.splitlines()] if done.returncode == 0 else None


def disagreement(pitap, store):
    """A sentence about books that do not agree, or None."""
    stats = lines(pitap, store, "stats", "--json")
    flows = lines(pitap, store, "flows", "--format", "jsonl")
    if stats is None or flows is None:
        return "the store cannot be read"
    sources = [source for one in stats[0]["runs"] for source in one["sources"]]
    for source in sources:
        if source["received"] != source["kept"] + source["reduced"] + source["filtered"]:
            return f"of {source['source']} not every packet is in the books"
    kept = sum(source["kept"] for source in sources)
    counted = sum(flow["packetsUp"] + flow["packetsDown"] for flow in flows)
    # What is no IP packet, and what was rejected, belongs to no flow.
    return None if counted <= kept else f"{kept} packets were kept, and the flows have {counted}"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("pitap")
    parser.add_argument("folder")
    parser.add_argument("--count", type=int, default=45_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--failures", default="failures")
    options = parser.parse_args()
    paths = sorted(os.path.join(at, name) for at, _, names in os.walk(options.folder) for name in names
                   if name.endswith((".pcap", ".pcapng", ".cap")))
    if not paths:
        print(f"There is no capture in {options.folder}.", file=sys.stderr)
        return 2
    chance = random.Random(options.seed)
    failures, peaks, done = 0, [], 0
    work = tempfile.mkdtemp(prefix="captures-", dir="/dev/shm" if os.path.isdir("/dev/shm") else None)
    while done < options.count:
        files = []
        for i in range(min(BATCH, options.count - done)):
            path = chance.choice(paths)
            with open(path, "rb") as file:
                data = change(bytearray(file.read(MAX_BYTES)), chance)
            files.append(os.path.join(work, f"{i}-{os.path.basename(path)}"))
            with open(files[-1], "wb") as file:
                file.write(data)
        store = os.path.join(work, "store.db")
        code, peak = run([options.pitap, "replay", "--db", store, *files])
        wrong = "it took too long" if code is None else f"it ended with {code}" if code not in (0, 1) else None
        if wrong is None and os.path.exists(store):
            wrong = disagreement(options.pitap, store)
        done += len(files)
        peaks.append(peak)
        if wrong is not None:
            failures += 1
            kept = os.path.join(options.failures, str(failures))
            shutil.copytree(work, kept)
            print(f"after {done}: {wrong}; see {kept}", flush=True)
        for name in os.listdir(work):
            os.remove(os.path.join(work, name))
    os.rmdir(work)
    third = max(1, len(peaks) // 3)
    thirds = ", ".join(f"{max(part):.0f}" for part in (peaks[:third], peaks[third:2 * third] or peaks, peaks[2 * third:] or peaks))
    print(f"{done} changed captures, {failures} failures; at most {thirds} MB")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
