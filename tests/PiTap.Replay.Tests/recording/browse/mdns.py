#!/usr/bin/env python3
"""Announces a host and a service by multicast DNS, as a phone does, and says goodbye: mdns.py NAME ADDRESS"""
import socket
import sys
import time

from zeroconf import IPVersion, ServiceInfo, Zeroconf

name, address = sys.argv[1:3]
zeroconf = Zeroconf(interfaces=[address], ip_version=IPVersion.V4Only)
info = ServiceInfo(
    "_talk._tcp.local.",
    f"{name}._talk._tcp.local.",
    addresses=[socket.inet_aton(address)],
    port=7001,
    properties={"v": "7.1"},
    server=f"{name}.local.",
)
zeroconf.register_service(info)
time.sleep(0.5)
zeroconf.close()
