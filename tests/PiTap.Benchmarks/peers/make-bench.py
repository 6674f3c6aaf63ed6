#!/usr/bin/env python3
"""Lays all Ethernet captures of a folder end to end, many times, into one pcap file: the input of the comparison with peers.

  make-bench.py OUTPUT [--captures FOLDER] [--times 50]

FOLDER is PITAP_CAPTURES where it is not given; robust/ below it is left out, and so are packets of other link types. Within a capture the time
between packets is kept, but for pauses of more than ten minutes, which become ten minutes; captures follow each other. Each repetition has its own client addresses, so that it brings its own
flows: the second octet of a private address moves by the repetition's number (172.16/12 and 192.168/16 move into 10/8); where neither side is
private, the address that sent first moves; an address that talks to itself moves on both sides. Payload and ports stay; header, TCP and UDP checksums follow the address (RFC 1624).
"""
import argparse
import gzip
import os
import struct
import sys

ETHERNET = 1
MAX_PACKET_BYTES = 262144
GAP_NS = 1_000_000            # between two captures
MAX_PAUSE_NS = 600 * 10**9    # some captures were put together from parts that lie years apart
FIRST_TIME_NS = 1_000_000_000 * 10**9
MAX_TIME_NS = (2**32 - 1) * 10**9
PCAP_MAGICS = {0xA1B2C3D4: 1000, 0xA1B23C4D: 1}   # nanoseconds per unit of the fraction
VLAN_TYPES = {0x8100, 0x88A8, 0x9100}
MAX_VLAN_TAGS = 4


def read_packets(path):
    """(time in ns, length on the wire, bytes) of each Ethernet packet; ends at what cannot be read."""
    with open(path, "rb") as file:
        data = file.read()
    if data[:2] == b"\x1f\x8b":
        data = gzip.decompress(data)
    if len(data) < 24:
        return
    if data[:4] == b"\x0a\x0d\x0d\x0a":
        yield from read_pcapng(data)
        return
    for order in "<>":
        unit_ns = PCAP_MAGICS.get(struct.unpack(order + "I", data[:4])[0])
        if unit_ns:
            yield from read_pcap(data, order, unit_ns)
            return


def read_pcap(data, order, unit_ns):
    if struct.unpack_from(order + "I", data, 20)[0] & 0xFFFF != ETHERNET:
        return
    record, at = struct.Struct(order + "IIII"), 24
    while at + 16 <= len(data):
        seconds, fraction, captured, length = record.unpack_from(data, at)
        at += 16
        if captured > MAX_PACKET_BYTES or at + captured > len(data):
            return
        yield seconds * 10**9 + fraction * unit_ns, length, data[at:at + captured]
        at += captured


def read_pcapng(data):
    order, interfaces, at = "<", [], 0
    while at + 12 <= len(data):
        if data[at:at + 4] == b"\x0a\x0d\x0d\x0a":
            order = "<" if data[at + 8:at + 12] == b"\x4d\x3c\x2b\x1a" else ">"
            interfaces = []
        kind, length = struct.unpack_from(order + "II", data, at)
        if length < 12 or at + length > len(data):
            return
        body = data[at + 8:at + length - 4]
        at += length
        if kind == 1 and len(body) >= 8:
            interfaces.append(interface(body, order))
        elif kind in (2, 6) and len(body) >= 20:
            if kind == 6:
                number, high, low, captured, wire = struct.unpack_from(order + "IIIII", body)
            else:
                number, _, high, low, captured, wire = struct.unpack_from(order + "HHIIII", body)
            if number >= len(interfaces) or captured > min(len(body) - 20, MAX_PACKET_BYTES):
                return
            link_type, per_second, offset = interfaces[number]
            if link_type == ETHERNET:
                ticks = (high << 32) | low
                yield ticks * 10**9 // per_second + offset * 10**9, wire, body[20:20 + captured]


def interface(body, order):
    """(link type, ticks a second, seconds to add) of an interface description."""
    link_type, per_second, offset, at = struct.unpack_from(order + "H", body)[0], 10**6, 0, 8
    while at + 4 <= len(body):
        code, length = struct.unpack_from(order + "HH", body, at)
        value = body[at + 4:at + 4 + length]
        at += 4 + (length + 3 & ~3)
        if code == 0:
            break
        if code == 9 and value:
            per_second = 2 ** (value[0] & 127) if value[0] & 128 else 10 ** value[0]
        elif code == 14 and len(value) == 8:
            offset = struct.unpack(order + "q", value)[0]
    return link_type, per_second, offset


def is_private(address):
    if len(address) == 4:
        return address[0] == 10 or address[:2] == b"\xc0\xa8" or (address[0] == 172 and address[1] & 0xF0 == 16)
    return address[0] & 0xFE == 0xFC or (address[0] == 0xFE and address[1] & 0xC0 == 0x80)


def is_group(address):
    return address[0] >= 224 if len(address) == 4 else address[0] == 0xFF


def shifted(word, is4, repetition):
    """The 16-bit word of an address that moves: the first of IPv4, the third of IPv6."""
    if not is4:
        return (word + repetition) & 0xFFFF
    first, second = word >> 8, word & 255
    if first == 172 and second & 0xF0 == 16:
        first, second = 10, second - 16 + 100
    elif word == 0xC0A8:
        first, second = 10, 200
    return first << 8 | (second + repetition & 255)


def plan(frame, clients):
    """(offsets of the words to move, offsets of the checksums, is IPv4) of a frame; None where nothing moves."""
    at, tags = 12, 0
    while tags < MAX_VLAN_TAGS and len(frame) >= at + 4 and int.from_bytes(frame[at:at + 2], "big") in VLAN_TYPES:
        at, tags = at + 4, tags + 1
    ethertype, at = int.from_bytes(frame[at:at + 2], "big"), at + 2
    checksums = []
    if ethertype == 0x0800 and len(frame) >= at + 20 and frame[at] >> 4 == 4:
        is4, source_at, size, protocol, transport = True, at + 12, 4, frame[at + 9], at + (frame[at] & 15) * 4
        checksums.append(at + 10)
        if int.from_bytes(frame[at + 6:at + 8], "big") & 0x1FFF:
            protocol = None
    elif ethertype == 0x86DD and len(frame) >= at + 40 and frame[at] >> 4 == 6:
        is4, source_at, size, protocol, transport = False, at + 8, 16, frame[at + 6], at + 40
    else:
        return None
    source, destination = frame[source_at:source_at + size], frame[source_at + size:source_at + 2 * size]
    moving = [is_private(source), is_private(destination)]
    if source == destination:
        # Over loopback one address is both sides: if one of them moved, each direction would become a flow of its own.
        moving = [True, True]
    elif not any(moving):
        client = clients.setdefault(frozenset((source, destination)), source)
        moving = [client == source, client != source]
    offset = 0 if is4 else 4
    words = [source_at + i * size + offset for i, address in enumerate((source, destination)) if moving[i] and not is_group(address)]
    checksum_at = {6: 16, 17: 6, 58: 2}.get(protocol)
    if checksum_at is not None and transport + checksum_at + 2 <= len(frame):
        if not (protocol == 17 and frame[transport + 6:transport + 8] == b"\0\0"):
            checksums.append(transport + checksum_at)
    return (words, checksums, is4) if words else None


def move(frame, moves, repetition):
    words, checksums, is4 = moves
    moved, change = bytearray(frame), 0
    for at in words:
        old = moved[at] << 8 | moved[at + 1]
        new = shifted(old, is4, repetition)
        moved[at], moved[at + 1] = new >> 8, new & 255
        change += (~old & 0xFFFF) + new
    for at in checksums:
        total = (~(moved[at] << 8 | moved[at + 1]) & 0xFFFF) + change
        while total >> 16:
            total = (total & 0xFFFF) + (total >> 16)
        total = ~total & 0xFFFF
        moved[at], moved[at + 1] = total >> 8, total & 255
    return moved


def load(folder):
    """Of each capture its packets with their plans, and how long it lasts."""
    captures = []
    for root, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if name != "robust")
        for name in sorted(files):
            if not name.endswith((".pcap", ".pcapng", ".cap", ".pcap.gz")):
                continue
            clients = {}
            packets, before, now = [], None, 0
            for time, wire, frame in read_packets(os.path.join(root, name)):
                if before is not None:
                    now += max(-MAX_PAUSE_NS, min(time - before, MAX_PAUSE_NS))
                before = time
                packets.append((now, wire, frame, plan(frame, clients)))
            if packets:
                first = min(p[0] for p in packets)
                captures.append(([(p[0] - first, *p[1:]) for p in packets], max(p[0] for p in packets) - first))
    return captures


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("output")
    parser.add_argument("--captures", default=os.environ.get("PITAP_CAPTURES"))
    parser.add_argument("--times", type=int, default=50)
    options = parser.parse_args()
    if not options.captures or not os.path.isdir(options.captures):
        sys.exit("make-bench.py: no folder of captures (PITAP_CAPTURES or --captures)")
    captures = load(options.captures)
    if FIRST_TIME_NS + options.times * sum(length + GAP_NS for _, length in captures) > MAX_TIME_NS:
        sys.exit("make-bench.py: the captures last too long for the time stamps of a pcap file")
    base, count, size, header = FIRST_TIME_NS, 0, 0, struct.Struct("<IIII")
    with open(options.output, "wb", buffering=1 << 20) as file:
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, MAX_PACKET_BYTES, ETHERNET))
        for repetition in range(options.times):
            for packets, length in captures:
                for time, wire, frame, moves in packets:
                    now = (base + time) // 1000
                    file.write(header.pack(now // 10**6, now % 10**6, len(frame), wire))
                    file.write(move(frame, moves, repetition) if moves and repetition else frame)
                    count, size = count + 1, size + wire
                base += length + GAP_NS
    print(f"{len(captures)} captures, {options.times} times: {count} packets, {size} bytes on the wire, "
          f"{os.path.getsize(options.output)} bytes of file")


if __name__ == "__main__":
    main()
