#!/usr/bin/env python3
"""Runs commands several times, one after the other in turn, and prints medians and ratios as a Markdown table.

  measure.py --runs 5 --packets N NAME COMMAND [NAME COMMAND ...]

COMMAND is given to sh. Wall time, user and system CPU time and peak memory of a run come from wait4: of the command and all that it
waited for. A command that fails, or takes longer than the limit, is said so and gets no figures. The first NAME is what the others are compared with.
"""
import argparse
import os
import resource
import signal
import statistics
import sys
import time

LIMIT_SECONDS = 600


def run(command):
    """(wall, CPU, peak memory in MB) of one run; a sentence where it failed."""
    start = time.monotonic()
    child = os.fork()
    if child == 0:
        os.setsid()
        null = os.open(os.devnull, os.O_RDWR)
        os.dup2(null, 0)
        os.dup2(null, 1)
        os.dup2(null, 2)
        os.execv("/bin/sh", ["sh", "-c", command])
    while True:
        done, status, usage = os.wait4(child, os.WNOHANG)
        if done:
            break
        if time.monotonic() - start > LIMIT_SECONDS:
            os.killpg(child, signal.SIGKILL)
            os.wait4(child, 0)
            return f"longer than {LIMIT_SECONDS} s"
        time.sleep(0.002)
    wall = time.monotonic() - start
    if status != 0:
        return f"failed, exit {os.waitstatus_to_exitcode(status)}"
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--packets", type=int, required=True)
    parser.add_argument("pairs", nargs="+")
    options = parser.parse_args()
    commands = dict(zip(options.pairs[::2], options.pairs[1::2]))
    results = {name: [] for name in commands}
    for _ in range(options.runs):
        for name, command in commands.items():
            results[name].append(run(command))

    medians, failures = {}, {}
    for name, runs in results.items():
        bad = [r for r in runs if isinstance(r, str)]
        if bad:
            failures[name] = bad[0]
        else:
            medians[name] = [statistics.median(column) for column in zip(*runs)]
    reference = next(iter(commands))
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"Medians of {options.runs} runs in turn. Ratios: {reference} divided by the peer. "
          f"Memory below {own:.0f} MB cannot be told: Linux counts the measuring process before exec.\n")
    print("| program | wall, s | CPU, s | CPU a packet, ns | peak memory, MB | ratio of wall | ratio of CPU | ratio of memory |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|")
    for name in commands:
        if name in failures:
            print(f"| {name} | {failures[name]} | | | | | | |")
            continue
        wall, cpu, memory = medians[name]
        ratios = ["", "", ""]
        if reference in medians and name != reference:
            ratios = [f"{a / b:.2f}" if b else "" for a, b in zip(medians[reference], medians[name])]
        print(f"| {name} | {wall:.2f} | {cpu:.2f} | {cpu * 1e9 / options.packets:.0f} | {memory:.0f} | {' | '.join(ratios)} |")
    return 1 if reference in failures else 0


if __name__ == "__main__":
    sys.exit(main())
