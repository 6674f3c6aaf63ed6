# shellcheck shell=bash
# Recorded on the device "any": Linux cooked capture, version 2, without Ethernet headers.
build_router
phone_static
server_address 203.0.113.10 203.0.113.12
make_ca
make_cert web secure.cooked.example.com

serve_dns << CONF
interface=wlan0
no-dhcp-interface=wlan0
host-record=plain.cooked.example.com,203.0.113.10
host-record=secure.cooked.example.com,203.0.113.12
CONF
serve_web 80 443 << CONF
http://plain.cooked.example.com:80 {
	bind 203.0.113.10
	respond "plain"
}
https://secure.cooked.example.com:443 {
	bind 203.0.113.12
	tls $out/web.crt $out/web.key
	respond "secure"
}
CONF

# "any" sees a routed packet on both sides of the tap: only the phone's side is kept.
index=$(in_ns "$tap" cat /sys/class/net/wlan0/ifindex)
start_recording "$tap" any -y LINUX_SLL2 ifindex "$index"
on_phone curl -sS -A "Recording/1.0" -4 -o /dev/null http://plain.cooked.example.com/one http://plain.cooked.example.com/two -o /dev/null
on_phone curl -sS -A "Recording/1.0" -4 --cacert "$out/ca.crt" -o /dev/null https://secure.cooked.example.com/
on_phone ping -n -c 2 -i 0.2 203.0.113.12
package_version curl iputils-ping
stop_recording
