#!/usr/bin/env bash
# Records the repository's own captures: real clients and servers in network namespaces, tcpdump between them.
#
#   record.sh            records every case
#   record.sh browse tls-odd
#   record.sh --check    looks at the captures that are there, records nothing
#
# Needs root on a Debian 12 machine. What each piece is stands in recording/README.md.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
recording=$here/recording
captures=$here/captures
all_cases=(browse http3 rtp dtls tls-odd dns-odd vlan cooked sd-rtn)
case_seconds=150          # no case may take longer
max_capture_bytes=300000  # of one case
max_total_bytes=2000000   # of all cases

packages=(iproute2 ethtool procps tcpdump tshark openssl curl dnsmasq-base caddy chromium ffmpeg coturn
    bind9-dnsutils busybox iputils-ping python3-zeroconf libedit2)

die() { echo "record.sh: $*" >&2; exit 1; }

install_packages()
{
    local missing=() package policy=/usr/sbin/policy-rc.d made_policy=0
    for package in "${packages[@]}"; do
        dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
    done
    [ ${#missing[@]} -eq 0 ] && return
    # Installing a server must not start it on this machine.
    if [ ! -e $policy ]; then
        printf '#!/bin/sh\nexit 101\n' > $policy && chmod 755 $policy && made_policy=1
    fi
    apt-get update -qq || true
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" > "$work/apt.log" 2>&1 \
        || { [ $made_policy -eq 1 ] && rm -f $policy; tail -5 "$work/apt.log"; die "apt-get install failed"; }
    [ $made_policy -eq 1 ] && rm -f $policy
    return 0
}

# chrony is unpacked, not installed: installing it would remove this machine's own time service.
unpack_chrony()
{
    mkdir -p "$work/chrony"
    (cd "$work/chrony" && apt-get download -qq chrony > /dev/null 2>&1 && dpkg-deb -x chrony_*.deb .) \
        || die "apt-get download chrony failed"
}

record_case()
{
    local case=$1 folder=$captures/$1
    [ -f "$recording/$case/run.sh" ] || die "no such case: $case"
    echo "== $case"
    mkdir -p "$work/$case"
    timeout --kill-after=10 $case_seconds bash "$recording/net.sh" "$case" "$work/$case" "$work" \
        > "$work/$case/log" 2>&1 || { tail -40 "$work/$case/log"; die "$case: recording failed"; }
    mkdir -p "$folder"
    editcap -F pcapng "$work/$case/capture.pcap" "$folder/capture.pcapng"
    /usr/bin/python3 "$recording/expect.py" write "$case" "$recording/$case" "$folder" "$work/$case/versions"
}

check_all()
{
    local case total=0 size failed=0
    for case in "${all_cases[@]}"; do
        [ -f "$captures/$case/capture.pcapng" ] || { echo "$case: not recorded"; failed=1; continue; }
        size=$(stat -c %s "$captures/$case/capture.pcapng")
        total=$((total + size))
        [ "$size" -le $max_capture_bytes ] || { echo "$case: $size bytes are more than $max_capture_bytes"; failed=1; }
        /usr/bin/python3 "$recording/expect.py" check "$case" "$captures/$case" || failed=1
    done
    [ $total -le $max_total_bytes ] || { echo "$total bytes together are more than $max_total_bytes"; failed=1; }
    echo "$total bytes in ${#all_cases[@]} captures"
    return $failed
}

if [ "${1:-}" = --check ]; then
    check_all
    exit
fi

[ "$(id -u)" -eq 0 ] || die "namespaces need root"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
[ $# -gt 0 ] && cases=("$@") || cases=("${all_cases[@]}")
install_packages
unpack_chrony
for name in "${cases[@]}"; do
    record_case "$name"
done
check_all
