#!/usr/bin/env bash
# Measures what a packet costs `pitap live`: its CPU time, kernel's share included, beside that of a C libpcap loop that does nothing, on the same interface and under the
# same load.
#
#   live.sh [--captures FOLDER] [--runs 3] [--rate 40000] PITAP
#
# Two loads: a few flows of 1,200-byte packets, as of a call, and, where there is a folder of captures, all of them laid end to end. The sender is tcpreplay, in a namespace
# of its own. Needs root.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
captures=${PITAP_CAPTURES:-} runs=3 rate=40000 pitap=

die() { echo "live.sh: $*" >&2; exit 1; }

while [ $# -gt 0 ]; do
    case $1 in
        --captures) captures=${2:?}; shift 2 ;;
        --runs) runs=${2:?}; shift 2 ;;
        --rate) rate=${2:?}; shift 2 ;;
        -*) die "unknown option $1" ;;
        *) pitap=$1; shift ;;
    esac
done
[ -x "$pitap" ] || die "PITAP is no executable; src/run.sh --print-executable builds one and says where"
[ "$(id -u)" -eq 0 ] || { echo "live.sh: skipped: interfaces and namespaces need root" >&2; exit 0; }

work=$(mktemp -d)
watched=pitap-w-$$ sender=pitap-s-$$
cleanup()
{
    ip netns delete "$watched" 2> /dev/null || true
    ip netns delete "$sender" 2> /dev/null || true
    rm -rf "$work"
}
trap cleanup EXIT

packages=()
for package in tcpreplay gcc libc6-dev libpcap-dev iproute2 procps; do
    dpkg-query -W -f='${Status}' "$package" 2> /dev/null | grep -q 'ok installed' || packages+=("$package")
done
if [ ${#packages[@]} -gt 0 ]; then
    apt-get update -qq || true
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${packages[@]}" > "$work/apt.log" 2>&1 || die "cannot install ${packages[*]}"
fi
gcc -O2 -o "$work/loop" "$here/loop.c" -lpcap

ip netns add "$watched"
ip netns add "$sender"
ip -n "$sender" link add name sent0 type veth peer name seen0 netns "$watched"
# Nobody answers: the packets only pass by.
for side in "$sender sent0" "$watched seen0"; do
    # shellcheck disable=SC2086 # two words
    set -- $side
    ip netns exec "$1" sysctl -qw net.ipv6.conf.all.disable_ipv6=1 "net.ipv6.conf.$2.disable_ipv6=1"
    ip -n "$1" link set "$2" up mtu 9000
done

loads=("call")
python3 "$here/live.py" make-call "$work/call.pcap"
if [ -d "$captures" ]; then
    python3 "$here/make-bench.py" "$work/mix.pcap" --captures "$captures" --times 1 > /dev/null
    loads+=("mix")
fi
for load in "${loads[@]}"; do
    python3 "$here/live.py" measure "$work" "$load" "$watched" "$sender" "$rate" "$runs" "$pitap"
done
