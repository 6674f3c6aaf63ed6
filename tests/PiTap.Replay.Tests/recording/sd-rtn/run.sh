# shellcheck shell=bash
# SYNTHETIC: packets in the layout of Agora's protocols, as far as it is publicly known, with values of our own through real sockets.
# No software of Agora ran. The host names are Agora's, the addresses are documentation addresses.
build_router
phone_static
server_address 192.0.2.161 198.51.100.46 203.0.113.10
make_ca
make_cert api api.rooms.example.com

serve_dns << CONF
interface=wlan0
no-dhcp-interface=wlan0
local=/agoralab.co/
host-record=qos-america.agoralab.co,198.51.100.46
host-record=api.rooms.example.com,203.0.113.10
CONF
serve_web 443 << CONF
https://api.rooms.example.com:443 {
	bind 203.0.113.10
	tls $out/api.crt $out/api.key
	respond "joined"
}
CONF

serve "$inet" sd-rtn /usr/bin/python3 "$case_dir/sd_rtn.py" serve 192.0.2.161 8130
serve "$inet" join /usr/bin/python3 "$case_dir/join.py" serve 198.51.100.46 8000
wait_port "$inet" udp 8130
wait_port "$inet" udp 8000

start_recording "$tap" wlan0
on_phone curl -sS -4 --cacert "$out/ca.crt" -o /dev/null https://api.rooms.example.com/join
on_phone /usr/bin/python3 "$case_dir/join.py" send qos-america.agoralab.co 8000
on_phone /usr/bin/python3 "$case_dir/sd_rtn.py" send 192.0.2.161 8130
version "$(/usr/bin/python3 --version)"
package_version curl
stop_recording
