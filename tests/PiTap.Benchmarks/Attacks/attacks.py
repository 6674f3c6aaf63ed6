#!/usr/bin/env python3
"""Replays each attack of `attack list` beside a phone's own traffic and prints a Markdown table: what a hostile packet costs, and what it hides.

  attacks.py PITAP [--before PITAP] [--only NAME ...] [--work FOLDER]

A row: CPU time of a hostile packet, that as a multiple of a benign one (the phone's traffic alone, start-up taken off), peak memory, how many of the phone's
400 server names are missing from the contacts, exit code. With --before the same for an earlier executable. Build first: dotnet build -c Release tests/PiTap.Benchmarks.
"""
import argparse
import glob
import json
import os
import signal
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
BENCHMARKS = os.path.join(HERE, "..", "bin", "Release", "net10.0", "PiTap.Benchmarks.dll")
DOMAIN = ".benign.example.com"
NAMES = 400
FRAMES_A_CONNECTION = 13
LIMIT_SECONDS = 300


def make(name, path):
    subprocess.run(["dotnet", BENCHMARKS, "attack", name, path], check=True)


def run(command):
    """(CPU seconds, peak memory in MB, exit code); the memory is read of the process itself, as the kernel counts its maker's before exec."""
    null = os.open(os.devnull, os.O_RDWR)
    child = subprocess.Popen(command, stdin=null, stdout=null, stderr=null, start_new_session=True)
    os.close(null)
    started = time.monotonic()
    peak = 0
    while True:
        try:
            with open(f"/proc/{child.pid}/status", encoding="ascii") as status:
                for line in status:
                    if line.startswith("VmHWM:"):
                        peak = max(peak, int(line.split()[1]) / 1024)
        except OSError:
            pass
        done, status, usage = os.wait4(child.pid, os.WNOHANG)
        if done:
            child.returncode = os.waitstatus_to_exitcode(status)
            return usage.ru_utime + usage.ru_stime, peak, child.returncode
        if time.monotonic() - started > LIMIT_SECONDS:
            os.killpg(child.pid, signal.SIGKILL)
            os.wait4(child.pid, 0)
            return float("nan"), peak, -9
        time.sleep(0.005)


def replay(pitap, capture, folder):
    """(CPU seconds, MB, exit code, names lost)."""
    for old in glob.glob(os.path.join(folder, "a*.db*")):
        os.remove(old)
    store = os.path.join(folder, "a.db")
    cpu, memory, code = run([pitap, "replay", "--db", store, capture])
    output = subprocess.run([pitap, "contacts", "--db", store, "--format", "jsonl"], capture_output=True, check=False).stdout
    hosts = {json.loads(line)["host"] for line in output.splitlines()}
    found = sum(1 for host in hosts if host.endswith(DOMAIN))
    return cpu, memory, code, NAMES - found


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("pitap")
    parser.add_argument("--before")
    parser.add_argument("--only", nargs="*")
    parser.add_argument("--work")
    options = parser.parse_args()
    listing = subprocess.run(["dotnet", BENCHMARKS, "attack", "list"], capture_output=True, text=True, check=True).stdout
    attacks = [line.split("\t") for line in listing.splitlines()]
    if options.only:
        attacks = [attack for attack in attacks if attack[0] in options.only]
    programs = ([options.before] if options.before else []) + [options.pitap]
    with tempfile.TemporaryDirectory(dir=options.work) as folder:
        capture = os.path.join(folder, "capture.pcap")
        make("benign", capture)
        base = {}
        for program in programs:
            runs = sorted(replay(program, capture, folder) for _ in range(3))
            base[program] = runs[1][0]
        titles = ["before", "now"] if options.before else ["now"]
        print("| attack | packets | a hostile packet, us of CPU | peak memory, MB | names lost of 400 | exit code |")
        print("|---|---:|---:|---:|---:|---:|")
        for name, packets, goal in attacks:
            make(name, capture)
            rows = [replay(program, capture, folder) for program in programs]
            cells = [f"{(row[0] - base[program]) / int(packets) * 1e6:.1f}" for row, program in zip(rows, programs)]
            columns = [cells, [f"{row[1]:.0f}" for row in rows], [str(row[3]) for row in rows], [str(row[2]) for row in rows]]
            print(f"| {name}: {goal} | {int(packets):,} | " + " | ".join(" -> ".join(column) for column in columns) + " |", flush=True)
    benign = ", ".join(f"{title} {base[program] / (NAMES * FRAMES_A_CONNECTION) * 1e6:.1f} us" for title, program in zip(titles, programs))
    print(f"\nA packet of the phone's own short connections, start-up included: {benign}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
