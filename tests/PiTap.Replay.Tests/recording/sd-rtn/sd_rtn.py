#!/usr/bin/env python3
"""SYNTHETIC: an Agora SD-RTN client or server, as far as its hello can be read on the wire. Every value is made up.

  sd_rtn.py serve ADDRESS PORT | sd_rtn.py send ADDRESS PORT

Hello and reply: bytes 1 to 3 the sender's number, byte 6 the kind (0x21 hello, 0x23 reply, 0x02 acknowledgement), bytes 8 to 10 the
other side's number, byte 12 the count of tags; a tag is 4 ASCII bytes, a 16-bit little-endian length and a value. CPTO holds tags
itself. What follows the hello starts with 0x01 and looks random.
"""
import os
import socket
import struct
import subprocess
import sys
import time

HELLO, REPLY, ACKNOWLEDGE = 0x21, 0x23, 0x02
CLIENT_NUMBER, SERVER_NUMBER = b"\x31\x41\x59", b"\x27\x18\x28"
OPAQUE_SIZES = (325, 121, 134, 129, 123, 123)
ROUNDS = 20


def tag(name, value):
    return name + struct.pack("<H", len(value)) + value


def public_point():
    """A fresh point on P-256, uncompressed: what a key exchange would carry."""
    key = subprocess.run(["openssl", "ecparam", "-name", "prime256v1", "-genkey", "-noout", "-outform", "der"],
                         check=True, capture_output=True).stdout
    public = subprocess.run(["openssl", "ec", "-inform", "der", "-pubout", "-outform", "der"],
                            input=key, check=True, capture_output=True).stdout
    return public[-65:]


def header(kind, sender, other):
    return b"\x00" + sender + b"\x00\x00" + bytes([kind]) + b"\x00" + other + b"\x00"


def hello(address):
    crypto = tag(b"NONC", os.urandom(32)) + tag(b"AEAD", b"AESG") + tag(b"PUBS", public_point()) + tag(b"KEXS", b"P256")
    tags = [tag(b"SNI\0", address.replace(".", "-").encode() + b".edge.agora.io"), tag(b"PDMD", b""), tag(b"CPTO", crypto),
            tag(b"CCRT", os.urandom(40))]
    return header(HELLO, CLIENT_NUMBER, b"\0\0\0") + bytes([len(tags)]) + b"".join(tags)


def reply():
    crypto = tag(b"NONC", os.urandom(32)) + tag(b"AEAD", b"AESG") + tag(b"SCID", os.urandom(32)) \
        + tag(b"PUBS", public_point()) + tag(b"KEXS", b"P256")
    tags = [tag(b"PEID", b"\x00\x01\x00\x1c"), tag(b"PROF", os.urandom(284)), tag(b"CPTO", crypto), tag(b"CRT\xff", os.urandom(28))]
    return header(REPLY, SERVER_NUMBER, CLIENT_NUMBER) + bytes([len(tags)]) + b"".join(tags)


def opaque(number, sender, size):
    return b"\x01" + bytes([number & 0xFF]) + sender[1:] + os.urandom(size - 4)


def send(address, port):
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.settimeout(5)
    sock.connect((address, port))
    first = hello(address)
    for _ in range(3):
        sock.send(first)
    sock.recv(2048)
    sock.send(header(ACKNOWLEDGE, CLIENT_NUMBER, SERVER_NUMBER))
    for number in range(ROUNDS):
        sock.send(opaque(number, CLIENT_NUMBER, OPAQUE_SIZES[number % len(OPAQUE_SIZES)]))
        time.sleep(0.02)


def serve(address, port):
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind((address, port))
    number = 0
    while True:
        data, client = sock.recvfrom(2048)
        if data[0] == 0 and data[6] == HELLO:
            sock.sendto(reply(), client)
        elif data[0] == 1:
            sock.sendto(opaque(number, SERVER_NUMBER, 60 + number % 90), client)
            number += 1


if __name__ == "__main__":
    {"send": send, "serve": serve}[sys.argv[1]](sys.argv[2], int(sys.argv[3]))
