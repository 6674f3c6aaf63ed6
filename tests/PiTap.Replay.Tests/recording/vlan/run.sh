# shellcheck shell=bash
# The same traffic over a trunk with one tag, then with two. Tags are pushed and popped by two user-space switches (wire.py):
# phone wlan0 -- access trunk -- trunk access -- eth0 internet, which also is the phone's gateway and resolver here.
make_namespaces "$phone" "$tap" "$air" "$inet"
link "$phone" wlan0 "$tap" access
link "$tap" trunk "$air" trunk 1508
link "$air" access "$inet" eth0
in_ns "$phone" ip link set wlan0 address $phone_mac
in_ns "$inet" ip link set eth0 address $tap_mac
raise "$phone" wlan0
raise "$tap" access trunk
raise "$air" access trunk
raise "$inet" eth0
in_ns "$inet" ip addr add $tap_ip/24 dev eth0
phone_static
server_address 203.0.113.10 203.0.113.11
make_ca
make_cert web one-tag.example.com two-tags.example.com

serve_dns "$inet" << CONF
interface=eth0
no-dhcp-interface=eth0
host-record=one-tag.example.com,203.0.113.10
host-record=two-tags.example.com,203.0.113.11
CONF
serve_web 80 443 << CONF
http://one-tag.example.com:80 {
	bind 203.0.113.10
	respond "one"
}
http://two-tags.example.com:80 {
	bind 203.0.113.11
	respond "two"
}
https://two-tags.example.com:443 {
	bind 203.0.113.11
	tls $out/web.crt $out/web.key
	respond "two"
}
CONF

# switches TAG...: both ends of the trunk; what ran before is ended
switch_pids=()
switches()
{
    local arguments=() t
    [ ${#switch_pids[@]} -eq 0 ] || kill "${switch_pids[@]}"
    for t in "$@"; do arguments+=(--tag "$t"); done
    ip netns exec "$tap" /usr/bin/python3 "$recording/wire.py" access trunk "${arguments[@]}" > "$out/switch-a.log" 2>&1 &
    switch_pids=($!)
    ip netns exec "$air" /usr/bin/python3 "$recording/wire.py" access trunk "${arguments[@]}" > "$out/switch-b.log" 2>&1 &
    switch_pids+=($!)
    sleep 0.5
}

start_recording "$tap" trunk
switches 0x8100:100
on_phone curl -sS -A "Recording/1.0" -4 -o /dev/null http://one-tag.example.com/vlan-100
switches 0x88a8:200 0x8100:100
on_phone curl -sS -A "Recording/1.0" -4 -o /dev/null http://two-tags.example.com/q-in-q
on_phone curl -sS -A "Recording/1.0" -4 --cacert "$out/ca.crt" -o /dev/null https://two-tags.example.com/q-in-q
package_version curl
stop_recording
