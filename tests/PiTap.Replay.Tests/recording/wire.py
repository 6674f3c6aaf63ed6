#!/usr/bin/env python3
"""A wire between two interfaces in user space: it can push VLAN tags one way and pop them the other way, or deliver badly.

  wire.py A B                        carries frames between A and B as they are
  wire.py A B --tag 0x8100:100       towards B with this tag pushed, towards A with it popped; several: outermost first
  wire.py A B --impair 8443          TCP segments with payload from or to this port: every third is held back until the
                                     next one has passed, every fourth is sent twice, in each direction

It takes the place of 802.1Q sub-interfaces and of netem, which not every kernel has, and does the same thing each time.
Ends by SIGTERM.
"""
import argparse
import select
import socket
import struct
import time

ETH_P_ALL = 3
SOL_PACKET = 263
PACKET_AUXDATA = 8
PACKET_OUTGOING = 4
TP_STATUS_VLAN_VALID = 0x10
TP_STATUS_VLAN_TPID_VALID = 0x40
MAX_FRAME_BYTES = 65536
HOLD_SECONDS = 0.02


def open_interface(name):
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
    sock.setsockopt(SOL_PACKET, PACKET_AUXDATA, 1)
    sock.bind((name, ETH_P_ALL))
    return sock


def receive(sock):
    """One frame as it was on the wire: the kernel takes the outer tag off and hands it over beside the bytes."""
    frame, control, _, address = sock.recvmsg(MAX_FRAME_BYTES, socket.CMSG_SPACE(20))
    if address[2] == PACKET_OUTGOING:
        return None
    for level, kind, data in control:
        if level == SOL_PACKET and kind == PACKET_AUXDATA and len(data) >= 20:
            status, _, _, _, _, tci, tpid = struct.unpack("=IIIHHHH", data[:20])
            if status & TP_STATUS_VLAN_VALID:
                if not status & TP_STATUS_VLAN_TPID_VALID:
                    tpid = 0x8100
                frame = frame[:12] + struct.pack("!HH", tpid, tci) + frame[12:]
    return frame


def pop(frame, tags):
    """The frame without the tags, None where it does not carry exactly them."""
    for tpid, vlan in tags:
        found_tpid, tci = struct.unpack("!HH", frame[12:16])
        if found_tpid != tpid or tci & 0xFFF != vlan:
            return None
        frame = frame[:12] + frame[16:]
    return frame


def push(frame, tags):
    header = b"".join(struct.pack("!HH", tpid, vlan) for tpid, vlan in tags)
    return frame[:12] + header + frame[12:]


def is_segment(frame, port):
    """An IPv4 TCP segment with payload, from or to the port."""
    if len(frame) < 54 or frame[12:14] != b"\x08\x00" or frame[23] != 6:
        return False
    at = 14 + (frame[14] & 15) * 4
    if port not in struct.unpack("!HH", frame[at:at + 4]):
        return False
    return struct.unpack("!H", frame[16:18])[0] > (at - 14) + (frame[at + 12] >> 4) * 4


class Direction:
    """One way through the wire."""

    def __init__(self, source, sink, change, impair_port):
        self.source, self.sink, self.change, self.impair_port = source, sink, change, impair_port
        self.count = 0
        self.held = None
        self.held_until = 0.0

    def carry(self):
        frame = receive(self.source)
        frame = self.change(frame) if frame is not None else None
        if frame is None:
            return
        if self.impair_port is None or not is_segment(frame, self.impair_port):
            self.sink.send(frame)
            return
        self.count += 1
        if self.count % 3 == 2 and self.held is None:
            self.held, self.held_until = frame, time.monotonic() + HOLD_SECONDS
            return
        self.sink.send(frame)
        if self.count % 4 == 1:
            self.sink.send(frame)
        self.release()

    def release(self):
        if self.held is not None:
            self.sink.send(self.held)
            self.held = None

    def release_if_due(self):
        if self.held is not None and time.monotonic() >= self.held_until:
            self.release()


def parse_tag(text):
    tpid, vlan = text.split(":")
    return int(tpid, 0), int(vlan)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("a")
    parser.add_argument("b")
    parser.add_argument("--tag", type=parse_tag, action="append", default=[])
    parser.add_argument("--impair", type=int)
    options = parser.parse_args()
    a, b = open_interface(options.a), open_interface(options.b)
    ways = {
        a: Direction(a, b, lambda frame: push(frame, options.tag), options.impair),
        b: Direction(b, a, lambda frame: pop(frame, options.tag), options.impair),
    }
    while True:
        for sock in select.select([a, b], [], [], HOLD_SECONDS)[0]:
            ways[sock].carry()
        for way in ways.values():
            way.release_if_due()


if __name__ == "__main__":
    main()
