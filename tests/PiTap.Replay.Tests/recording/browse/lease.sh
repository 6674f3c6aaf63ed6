#!/bin/sh
# What udhcpc calls with its lease.
[ "$1" = bound ] || exit 0
ip addr add "$ip/24" dev "$interface"
ip route add default via "$router"
