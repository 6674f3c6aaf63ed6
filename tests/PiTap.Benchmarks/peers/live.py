"""Helper of live.sh: makes the load of a call, and measures programs that watch an interface."""

import json
import os
import random
import signal
import statistics
import struct
import subprocess
import sys
import time

SECONDS = 6
SETTLE_SECONDS = 1.5


def make_call(path):
    """Four flows of 1,200 bytes of UDP, as a video call's, with random payload: 20,000 packets."""
    rng = random.Random(1)
    with open(path, "wb") as out:
        out.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1))
        for number in range(20_000):
            flow = number % 4
            up = flow % 2 == 0
            payload = rng.randbytes(1_200 - 42)
            udp = struct.pack(">HHHH", 40_000 + flow if up else 8_801, 8_801 if up else 40_000 + flow, 8 + len(payload), 0) + payload
            phone, server = bytes([10, 42, 0, 2 + flow]), bytes([192, 0, 2, 80])
            source, destination = (phone, server) if up else (server, phone)
            ip = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(udp), number & 0xFFFF, 0, 64, 17, 0) + source + destination
            macs = bytes.fromhex("020000000001" "00005e005301") if up else bytes.fromhex("00005e005301" "020000000001")
            frame = macs[6:] + macs[:6] + b"\x08\x00" + ip + udp
            out.write(struct.pack("<IIII", 1_613_149_200 + number // 10_000, number % 10_000 * 100, len(frame), len(frame)) + frame)


def run(command, sender, capture, rate):
    """CPU seconds of a program while a load passes by, and the packets that the sender sent; no load where the capture is None."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    time.sleep(SETTLE_SECONDS)
    sent = 0
    if capture:
        replay = subprocess.run(
            ["ip", "netns", "exec", sender, "tcpreplay", "--intf1=sent0", "--preload-pcap", f"--pps={rate}", "--loop=1000", f"--duration={SECONDS}", capture],
            capture_output=True, text=True, check=False)
        for line in replay.stdout.splitlines() + replay.stderr.splitlines():
            if "Actual:" in line:
                sent = int(line.split("Actual:")[1].split()[0])
    else:
        time.sleep(SECONDS)
    time.sleep(SETTLE_SECONDS)
    process.send_signal(signal.SIGTERM)
    output = process.stdout.read().decode(errors="replace")
    _, _, usage = os.wait4(process.pid, 0)
    return usage.ru_utime + usage.ru_stime, sent, output


def pitap_packets(pitap, db):
    stats = json.loads(subprocess.run([pitap, "stats", "--json", "--db", db], capture_output=True, text=True, check=True).stdout)
    source = stats["runs"][-1]["sources"][0]
    return source["received"], source["droppedByKernel"] + source["droppedByRing"]


def measure(work, load, watched, sender, rate, runs, pitap):
    capture = f"{work}/{load}.pcap"
    enter = ["ip", "netns", "exec", watched]
    programs = {
        "C loop": lambda: enter + [f"{work}/loop", "-i", "seen0"],
        "pitap live": lambda: enter + [pitap, "live", "--interface", "seen0", "--db", f"{work}/live.db"],
    }
    rest = {name: run(command(), sender, None, rate)[0] for name, command in programs.items()}
    cost = {name: [] for name in programs}
    lost = {name: 0 for name in programs}
    ratios = []
    for _ in range(runs):
        for name, command in programs.items():
            for file in os.listdir(work):
                if file.startswith("live.db") or file.startswith("live-log"):
                    os.remove(f"{work}/{file}")
            seconds, sent, output = run(command(), sender, capture, rate)
            if name == "C loop":
                seen = int(output.split("packets=")[1].split()[0])
                lost[name] += int(output.split("dropped=")[1].split()[0])
            else:
                seen, dropped = pitap_packets(pitap, f"{work}/live.db")
                lost[name] += dropped
            if sent == 0 or seen == 0:
                sys.exit(f"live.py: {name} saw {seen} of {sent} packets")
            cost[name].append((seconds - rest[name]) / seen)
        ratios.append(cost["pitap live"][-1] / cost["C loop"][-1])
    print(f"{load}: {rate} packets a second for {SECONDS} s, {runs} runs")
    print(f"{'program':<12}{'CPU ns a packet':>18}{'CPU ms at rest':>18}{'lost':>8}")
    for name in programs:
        print(f"{name:<12}{1e9 * statistics.median(cost[name]):>18.0f}{1e3 * rest[name]:>18.0f}{lost[name]:>8}")
    print(f"pitap live / C loop: {statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})\n")


if sys.argv[1] == "make-call":
    make_call(sys.argv[2])
else:
    measure(sys.argv[2], sys.argv[3], sys.argv[4], sys.argv[5], int(sys.argv[6]), int(sys.argv[7]), sys.argv[8])
