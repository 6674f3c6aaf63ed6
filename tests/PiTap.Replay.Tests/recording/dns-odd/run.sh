# shellcheck shell=bash
# DNS beyond the one small datagram: TCP, answers in IP fragments, long chains, errors, other types.
build_router
phone_static
phone_static6
server_address 192.0.2.53

# Answers of 2 to 3 kB: TXT records of 200 bytes each.
txt()
{
    local name=$1 count=$2 i
    for i in $(seq "$count"); do
        printf 'txt-record=%s,part-%02d-%s\n' "$name" "$i" "$(printf "%0190d" "$i" | tr '0' 'x')"
    done
}
# c01 -> c02 -> ... -> c12 -> an address
chain() { local i; for i in $(seq 11); do printf 'cname=c%02d.chain.example.com,c%02d.chain.example.com\n' "$i" $((i + 1)); done; }

serve_dns << CONF
interface=wlan0
no-dhcp-interface=wlan0
$(txt large.example.net 11)
$(txt larger.example.net 14)
$(chain)
cname=c12.chain.example.com,end.chain.example.com
host-record=end.chain.example.com,192.0.2.77,2001:db8:30::77
host-record=host.example.org,203.0.113.99,2001:db8:30::99
host-record=over-tcp.example.com,198.51.100.88
txt-record=host.example.org,seen by ANY
srv-host=_call._udp.example.org,host.example.org,5060,10,5
mx-host=example.org,host.example.org,10
dns-rr=host.example.org,65,0001000001000602683302683200040004cb007163
CONF
# What leaves the tap for the phone goes in small pieces: 576 bytes of IPv4, 1280 of IPv6 (its least).
in_ns "$tap" ip route change 10.42.0.0/24 dev wlan0 proto kernel scope link src $tap_ip mtu lock 576
in_ns "$tap" ip -6 route change 2001:db8:42::/64 dev wlan0 proto kernel metric 256 mtu lock 1280

# ask NAME TYPE options...
ask() { on_phone timeout 10 dig +noall +answer +comments +tries=1 +time=2 +nocookie "$@"; }

start_recording "$tap" wlan0
ask @$tap_ip c01.chain.example.com A
ask @$tap_ip c01.chain.example.com AAAA
ask @$tap_ip EnD.cHaIn.example.com A
ask @$tap_ip nothing.example.com A
ask @$tap_ip -x 203.0.113.99
ask @$tap_ip -x 2001:db8:30::99
ask @$tap_ip host.example.org ANY
ask @$tap_ip host.example.org HTTPS
ask @$tap_ip _call._udp.example.org SRV
ask @$tap_ip example.org MX
ask @$tap_ip +tcp over-tcp.example.com A
ask @$tap_ip +tcp +keepopen over-tcp.example.com AAAA host.example.org A
ask @$tap_ip +bufsize=4096 large.example.net TXT
ask @$tap_ip6 +bufsize=4096 larger.example.net TXT
# Too small a buffer: a truncated answer, then the same question by TCP.
ask @$tap_ip +bufsize=512 larger.example.net TXT
ask @$tap_ip6 host.example.org AAAA
# Nobody listens there: the question stays without an answer but for ICMP.
ask @192.0.2.53 unanswered.example.org A || true
package_version bind9-dnsutils
stop_recording
