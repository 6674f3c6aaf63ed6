#!/usr/bin/env bash
# One recording: builds the namespaces, sources the case's run.sh, which calls what is below, and takes everything down again.
#   net.sh CASE OUT WORK      writes OUT/capture.pcap and OUT/versions
# Sourced by nobody; record.sh runs it under a time limit.
set -euo pipefail

case_name=$1 out=$2 work=$3
recording=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
case_dir=$recording/$case_name
tag=pitap$$
phone=$tag-phone tap=$tag-tap inet=$tag-inet air=$tag-air
phone_mac=02:00:00:00:42:07
tap_mac=02:00:00:00:42:01
phone_ip=10.42.0.23
tap_ip=10.42.0.1
phone_ip6=2001:db8:42::23
tap_ip6=2001:db8:42::1
tcpdump_pid=
: > "$out/versions"
export HOME=$out/home LC_ALL=C.UTF-8 TZ=UTC
mkdir -p "$HOME"

take_down()
{
    local ns
    for ns in "$phone" "$tap" "$inet" "$air"; do
        ip netns pids "$ns" 2>/dev/null | xargs -r kill -9 2>/dev/null || true
        ip netns del "$ns" 2>/dev/null || true
        rm -rf "/etc/netns/$ns"
    done
}
trap take_down EXIT
trap 'exit 143' TERM INT

in_ns() { local ns=$1; shift; ip netns exec "$ns" "$@"; }
on_phone() { in_ns "$phone" timeout 60 "$@"; }
# A server: in the background, its output in a file, ended by take_down.
serve() { local ns=$1 name=$2; shift 2; in_ns "$ns" timeout 140 "$@" > "$out/$name.log" 2>&1 < /dev/null & }
version() { echo "$*" >> "$out/versions"; }
package_version() { local p; for p in "$@"; do version "$p $(dpkg-query -W -f='${Version}' "$p")"; done; }

# Waits until something listens in the namespace: wait_port NS tcp|udp PORT
wait_port()
{
    local i
    for i in $(seq 100); do
        in_ns "$1" ss -Hln"${2:0:1}" "sport = :$3" | grep -q . && return
        sleep 0.1
    done
    echo "nothing listens on $2 port $3" >&2
    return 1
}

# A veth pair between two namespaces, without offloads: what tcpdump sees is then what a wire would carry,
# frames of at most the MTU with finished checksums.
link()
{
    local ns_a=$1 name_a=$2 ns_b=$3 name_b=$4 mtu=${5:-1500}
    ip link add "$name_a" mtu "$mtu" netns "$ns_a" type veth peer name "$name_b" mtu "$mtu" netns "$ns_b"
    local ns name
    for side in "$ns_a $name_a" "$ns_b $name_b"; do
        read -r ns name <<< "$side"
        in_ns "$ns" ethtool -K "$name" rx off tx off tso off gso off gro off sg off > /dev/null 2>&1 || true
        in_ns "$ns" ip link set "$name" addrgenmode none
    done
}

raise() { local ns=$1; shift; local name; for name in "$@"; do in_ns "$ns" ip link set "$name" up; done; }

make_namespaces()
{
    local ns
    for ns in "$@"; do
        ip netns add "$ns"
        in_ns "$ns" ip link set lo up
        in_ns "$ns" sysctl -qw net.ipv6.conf.all.accept_ra=0 net.ipv6.conf.default.accept_ra=0
    done
    mkdir -p "/etc/netns/$phone"
    echo "nameserver $tap_ip" > "/etc/netns/$phone/resolv.conf"
}

# phone wlan0 -- wlan0 tap eth0 -- eth0 internet. The tap routes, as an access point does; nothing leads out of the three.
build_router()
{
    make_namespaces "$phone" "$tap" "$inet"
    link "$phone" wlan0 "$tap" wlan0
    link "$tap" eth0 "$inet" eth0
    connect_router
}

connect_router()
{
    in_ns "$phone" ip link set wlan0 address $phone_mac
    in_ns "$tap" ip link set wlan0 address $tap_mac
    in_ns "$tap" ip link set eth0 address 02:00:00:00:43:01
    in_ns "$inet" ip link set eth0 address 02:00:00:00:43:02
    raise "$phone" wlan0
    raise "$tap" wlan0 eth0
    raise "$inet" eth0
    in_ns "$tap" ip addr add $tap_ip/24 dev wlan0
    in_ns "$tap" ip addr add fe80::1/64 dev wlan0 nodad
    in_ns "$tap" ip addr add $tap_ip6/64 dev wlan0 nodad
    in_ns "$tap" ip addr add 10.43.0.1/30 dev eth0
    in_ns "$tap" ip addr add 2001:db8:43::1/64 dev eth0 nodad
    in_ns "$tap" ip addr add fe80::43:1/64 dev eth0 nodad
    in_ns "$inet" ip addr add fe80::43:2/64 dev eth0 nodad
    in_ns "$inet" ip addr add 10.43.0.2/30 dev eth0
    in_ns "$inet" ip addr add 2001:db8:43::2/64 dev eth0 nodad
    in_ns "$tap" sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
    in_ns "$inet" ip route add 10.42.0.0/24 via 10.43.0.1
    in_ns "$inet" ip route add 2001:db8:42::/64 via 2001:db8:43::1
    local net
    for net in 192.0.2.0/24 198.51.100.0/24 203.0.113.0/24; do
        in_ns "$tap" ip route add $net via 10.43.0.2
    done
    in_ns "$tap" ip route add 2001:db8:30::/48 via 2001:db8:43::2
}

# The phone's addresses where the case is not about getting them.
phone_static()
{
    in_ns "$phone" ip addr add $phone_ip/24 dev wlan0
    in_ns "$phone" ip route add default via $tap_ip
}

phone_static6()
{
    in_ns "$phone" ip addr add fe80::42:7/64 dev wlan0 nodad
    in_ns "$phone" ip addr add $phone_ip6/64 dev wlan0 nodad
    in_ns "$phone" ip route add default via fe80::1 dev wlan0
}

# Waits until the phone has made itself a global IPv6 address.
wait_address6()
{
    local i
    for i in $(seq 50); do
        in_ns "$phone" ip -6 addr show dev wlan0 scope global -tentative | grep -q inet6 && return
        sleep 0.1
    done
    echo "no IPv6 address by router advertisement" >&2
    return 1
}

# Addresses of servers: server_address 203.0.113.10 2001:db8:30::10
server_address()
{
    local address
    for address in "$@"; do
        case $address in
            *:*) in_ns "$inet" ip addr add "$address/128" dev lo nodad ;;
            *) in_ns "$inet" ip addr add "$address/32" dev lo ;;
        esac
    done
}

# The tap's resolver (and DHCP server): authoritative for what is read from standard input, refuses all else.
serve_dns()
{
    local ns=${1:-$tap}
    {
        printf '%s\n' no-resolv no-hosts no-poll keep-in-foreground user=root 'pid-file=' bind-dynamic local-ttl=300 no-daemon \
            local=/example.com/ local=/example.net/ local=/example.org/ local=/test/ local=/in-addr.arpa/ local=/ip6.arpa/ \
            edns-packet-max=4096 "dhcp-leasefile=$out/leases"
        cat
    } > "$out/dnsmasq.conf"
    serve "$ns" dnsmasq dnsmasq --conf-file="$out/dnsmasq.conf"
    wait_port "$ns" udp 53
    package_version dnsmasq-base
}

# An authority of this recording alone; its keys live in the temporary folder and end with it.
make_ca()
{
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 -subj "/O=PiTap recordings/CN=Recording CA" \
        -keyout "$out/ca.key" -out "$out/ca.crt" 2> /dev/null
    version "$(openssl version | cut -d'(' -f1)"
}

# make_cert FILE NAME [NAME...]: FILE.crt (with chain) and FILE.key, for the names given
make_cert()
{
    local file=$1 san=; shift
    local name
    for name in "$@"; do san+="DNS:$name,"; done
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/O=Example/CN=$1" -keyout "$out/$file.key" \
        -out "$out/$file.csr" 2> /dev/null
    openssl x509 -req -in "$out/$file.csr" -CA "$out/ca.crt" -CAkey "$out/ca.key" -CAcreateserial -days 3650 \
        -extfile <(echo "subjectAltName=${san%,}") -out "$out/$file.leaf" 2> /dev/null
    cat "$out/$file.leaf" "$out/ca.crt" > "$out/$file.crt"
}

# Web servers: the Caddyfile's sites from standard input, waits for the TCP ports given.
serve_web()
{
    { printf '{\n\tadmin off\n\tauto_https off\n}\n'; cat; } > "$out/Caddyfile"
    export XDG_DATA_HOME=$out/caddy XDG_CONFIG_HOME=$out/caddy
    serve "$inet" caddy caddy run --adapter caddyfile --config "$out/Caddyfile"
    local port
    for port in "$@"; do wait_port "$inet" tcp "$port"; done
    package_version caddy
}

# start_recording NS INTERFACE [tcpdump arguments...]
start_recording()
{
    local ns=$1 interface=$2 i; shift 2
    ip netns exec "$ns" tcpdump -i "$interface" -n -U -Z root -s 262144 --time-stamp-precision=nano -w "$out/capture.pcap" "$@" \
        2> "$out/tcpdump.log" &
    tcpdump_pid=$!
    for i in $(seq 100); do
        grep -q 'listening on' "$out/tcpdump.log" && break
        sleep 0.1
    done
    package_version tcpdump
}

stop_recording()
{
    sleep "${1:-1}"
    kill -INT $tcpdump_pid
    wait $tcpdump_pid || true
    cat "$out/tcpdump.log"
    grep -q '^0 packets dropped by kernel' "$out/tcpdump.log"
}

version "Linux $(uname -r | cut -d. -f1,2)"
# shellcheck source=/dev/null
source "$case_dir/run.sh"
