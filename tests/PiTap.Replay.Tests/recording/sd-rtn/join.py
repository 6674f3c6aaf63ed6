#!/usr/bin/env python3
"""SYNTHETIC: a readable "join" packet as it was described in 2021: application key, room and user in the clear. Layout and values are ours.

  join.py serve ADDRESS PORT | join.py send HOST PORT

Little-endian: uint16 length of the packet, uint16 message number, uint64 time in ms, then three strings, each a uint16 length and
its bytes (application key, room, info), then a uint32 user number.
"""
import socket
import struct
import sys
import time

APP_KEY = b"00112233445566778899aabbccddeeff"
ROOM = b"MwTk7Qa2"
INFO = b'{"os":"android","sdk":"3.2.1"}'
USER = 1711042017
JOIN, JOINED = 0x0011, 0x0012


def string(value):
    return struct.pack("<H", len(value)) + value


def packet(message, body):
    return struct.pack("<HHQ", 12 + len(body), message, int(time.time() * 1000)) + body


def send(host, port):
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.settimeout(5)
    sock.connect((socket.gethostbyname(host), port))
    for _ in range(2):
        sock.send(packet(JOIN, string(APP_KEY) + string(ROOM) + string(INFO) + struct.pack("<I", USER)))
        sock.recv(2048)
        time.sleep(0.3)


def serve(address, port):
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind((address, port))
    while True:
        _, client = sock.recvfrom(2048)
        sock.sendto(packet(JOINED, string(ROOM) + struct.pack("<II", USER, 0)), client)


if __name__ == "__main__":
    {"send": send, "serve": serve}[sys.argv[1]](sys.argv[2], int(sys.argv[3]))
