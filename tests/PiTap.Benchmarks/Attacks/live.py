#!/usr/bin/env python3
"""Plays attacks of `attack list` to `pitap live` beside a phone's own traffic and prints a Markdown table: memory, packets lost, and names missing.

  live.py PITAP [--only NAME ...] [--seconds N] [--hostile PACKETS-A-SECOND] [--benign PACKETS-A-SECOND] [--work FOLDER]

A pair of virtual interfaces in a network namespace of its own is the wire; tcpreplay sends on one end, pitap listens on the other. The phone's traffic begins
3 s after the attack. Needs root, iproute2 and tcpreplay. Build first: dotnet build -c Release tests/PiTap.Benchmarks.
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

from attacks import BENCHMARKS, DOMAIN, FRAMES_A_CONNECTION, NAMES

WORST = ["quic-initials-good", "dns-answers-44", "hello-halves", "syn-flood-v6", "macs-answered"]
SPACE = "pitap-attack"
HEAD_START = 3


def make(*arguments):
    subprocess.run(["dotnet", BENCHMARKS, "attack", *map(str, arguments)], check=True)


def inside(command, **options):
    return subprocess.Popen(["ip", "netns", "exec", SPACE, *command], stdin=subprocess.DEVNULL, **options)


def send(path, rate, loops=1):
    command = ["tcpreplay", "--quiet", "--intf1", "sender", f"--pps={rate}", f"--loop={loops}", path]
    return inside(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def peak_of(child):
    """MB; 0 once it has ended."""
    try:
        with open(f"/proc/{child.pid}/status", encoding="ascii") as status:
            return next((int(line.split()[1]) / 1024 for line in status if line.startswith("VmHWM:")), 0)
    except OSError:
        return 0


def live(pitap, attack, benign, options, folder):
    """(MB, CPU seconds, received, lost before the analysis, exit code, names lost)."""
    for old in glob.glob(os.path.join(folder, "l*.db*")):
        os.remove(old)
    store = os.path.join(folder, "l.db")
    child = inside([pitap, "live", "--interface", "tap", "--db", store], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(HEAD_START)
    hostile = send(attack, options.hostile)
    time.sleep(HEAD_START)
    loops = max(1, round((options.seconds - HEAD_START) * options.benign / (NAMES * FRAMES_A_CONNECTION)))
    phone = send(benign, options.benign, loops)
    peak = 0
    while hostile.poll() is None or phone.poll() is None:
        peak = max(peak, peak_of(child))
        time.sleep(0.05)
    time.sleep(1)
    child.send_signal(signal.SIGTERM)
    while True:
        peak = max(peak, peak_of(child))
        done, status, usage = os.wait4(child.pid, os.WNOHANG)
        if done:
            break
        time.sleep(0.01)
    child.returncode = os.waitstatus_to_exitcode(status)
    said = [pitap, "contacts", "--db", store, "--format", "jsonl"]
    contacts = subprocess.run(said, capture_output=True, check=True).stdout
    found = sum(json.loads(line)["host"].endswith(DOMAIN) for line in contacts.splitlines())
    run = json.loads(subprocess.run([pitap, "stats", "--db", store, "--json"], capture_output=True, check=True).stdout)["runs"][0]
    lost = sum(source[field] for source in run["sources"] for field in source if field.startswith("dropped"))
    return peak, usage.ru_utime + usage.ru_stime, sum(source["received"] for source in run["sources"]), lost, child.returncode, NAMES - found


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("pitap")
    parser.add_argument("--only", nargs="*", default=WORST)
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--hostile", type=int, default=6_000)
    parser.add_argument("--benign", type=int, default=1_000)
    parser.add_argument("--work")
    options = parser.parse_args()
    subprocess.run(["ip", "netns", "add", SPACE], check=True)
    try:
        for command in ["link add sender type veth peer name tap", "link set sender up", "link set tap up"]:
            subprocess.run(["ip", "-n", SPACE, *command.split()], check=True)
        with tempfile.TemporaryDirectory(dir=options.work) as folder:
            benign, attack = os.path.join(folder, "benign.pcap"), os.path.join(folder, "attack.pcap")
            make("benign", benign)
            print("| attack | peak memory, MB | CPU, s | received | lost | names lost of 400 | exit code |")
            print("|---|---:|---:|---:|---:|---:|---:|")
            for name in options.only:
                make(name, attack, options.seconds * options.hostile)
                peak, cpu, received, lost, code, names = live(options.pitap, attack, benign, options, folder)
                print(f"| {name} | {peak:.0f} | {cpu:.1f} | {received:,} | {lost:,} | {names} | {code} |", flush=True)
    finally:
        subprocess.run(["ip", "netns", "delete", SPACE], check=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
