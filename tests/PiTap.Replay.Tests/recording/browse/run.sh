# shellcheck shell=bash
# A phone joins, an imaginary app talks to its own service, to an analytics company and to a CDN; the phone's system does its part.
build_router
server_address 203.0.113.10 203.0.113.80 198.51.100.20 192.0.2.30 2001:db8:30::30 192.0.2.123 203.0.113.200
make_ca
make_cert api api.talk.example.com
make_cert cdn '*.edge.cdn.example.org' img.talk.example.com

serve_dns << CONF
interface=wlan0
dhcp-authoritative
dhcp-range=10.42.0.20,10.42.0.60,1h
dhcp-host=$phone_mac,$phone_ip
dhcp-range=2001:db8:42::,ra-only
enable-ra
host-record=connectivity.system.example.org,203.0.113.80
host-record=time.system.example.org,192.0.2.123
host-record=api.talk.example.com,203.0.113.10
dns-rr=api.talk.example.com,65,00010000010006026832026833
host-record=collect.metrics.example.net,198.51.100.20
cname=img.talk.example.com,talk.cdn.example.org
cname=talk.cdn.example.org,e17.edge.cdn.example.org
host-record=e17.edge.cdn.example.org,192.0.2.30,2001:db8:30::30
host-record=probe.talk.example.com,203.0.113.200
CONF

serve_web 80 443 << CONF
http://connectivity.system.example.org:80 {
	bind 203.0.113.80
	respond /generate_204 204
}
https://api.talk.example.com:443 {
	bind 203.0.113.10
	tls $out/api.crt $out/api.key
	respond "{\"rooms\":[\"kitchen\",\"garden\"]}"
}
http://collect.metrics.example.net:80 {
	bind 198.51.100.20
	respond "ok"
}
https://img.talk.example.com:443 {
	bind 192.0.2.30 2001:db8:30::30
	tls $out/cdn.crt $out/cdn.key {
		protocols tls1.2 tls1.2
	}
	root * $out/www
	file_server
}
CONF
mkdir -p "$out/www"
head -c 12000 /dev/urandom > "$out/www/room.jpg"
head -c 3000 /dev/urandom > "$out/www/face.jpg"

# chronyd deletes its pid file in the end, whatever that is: it gets one of its own.
chronyd=$work/chrony/usr/sbin/chronyd
printf '%s\n' 'local stratum 3' 'allow all' 'bindaddress 192.0.2.123' 'cmdport 0' 'bindcmdaddress /' "pidfile $out/ntp-server.pid" > "$out/ntp.conf"
serve "$inet" chronyd "$chronyd" -x -d -U -u root -f "$out/ntp.conf"
wait_port "$inet" udp 123
version "chrony $(basename "$work"/chrony/chrony_*.deb | cut -d_ -f2)"

app='Talk/7.1 (com.example.talk; Android 14; Demo)'
in_ns "$phone" sysctl -qw net.ipv6.conf.wlan0.accept_ra=2
start_recording "$tap" wlan0

# Joining: an address by DHCP (with host name and vendor class), one by router advertisement, the check for Internet, the clock.
in_ns "$phone" ip link set wlan0 addrgenmode eui64
in_ns "$phone" ip link set wlan0 down
raise "$phone" wlan0
on_phone busybox udhcpc -i wlan0 -f -n -q -t 5 -x hostname:demo-phone -V android-dhcp-14 -s "$case_dir/lease.sh"
on_phone curl -sS -A 'Dalvik/2.1.0 (Linux; U; Android 14; Demo)' -o /dev/null http://connectivity.system.example.org/generate_204
on_phone timeout 20 "$chronyd" -Q -U -u root -f /dev/null 'cmdport 0' "pidfile $out/ntp-client.pid" 'server time.system.example.org iburst maxsamples 4'
on_phone /usr/bin/python3 "$case_dir/mdns.py" talk-demo-phone $phone_ip
package_version busybox python3-zeroconf curl bind9-dnsutils iputils-ping

# The app opens: the CDN's and its own service's names, then its own service, twice over one connection.
on_phone dig +noall +tries=1 HTTPS api.talk.example.com
on_phone curl -sS --cacert "$out/ca.crt" --tlsv1.3 -A "$app" -o /dev/null -o /dev/null \
    https://api.talk.example.com/v3/session https://api.talk.example.com/v3/rooms

# It tells an analytics company what its user does, readable: the user's number, the advertising ID and the app stand in it.
on_phone curl -sS -A "$app" -H 'X-Requested-With: com.example.talk' -o /dev/null -o /dev/null -o /dev/null \
    'http://collect.metrics.example.net/v1/event?name=open&uid=4711042017&adid=38400000-8cf0-11bd-b23e-10b96e40000d' \
    'http://collect.metrics.example.net/v1/event?name=join_room&uid=4711042017&room=MwTk7Qa2' \
    'http://collect.metrics.example.net/v1/event?name=leave_room&uid=4711042017&room=MwTk7Qa2'
on_phone curl -sS -A "$app" -H 'X-Requested-With: com.example.talk' -H 'Content-Type: application/json' -o /dev/null \
    --data '{"uid":4711042017,"device":"demo-phone","screen":"room"}' http://collect.metrics.example.net/v1/batch

# It loads pictures from a CDN that hides behind two aliases, by TLS 1.2: once over IPv4, once over IPv6.
on_phone curl -sS -4 --cacert "$out/ca.crt" --tls-max 1.2 -A "$app" -o /dev/null https://img.talk.example.com/room.jpg
wait_address6
on_phone curl -sS -6 --cacert "$out/ca.crt" --tls-max 1.2 -A "$app" -o /dev/null https://img.talk.example.com/face.jpg

# It measures its way.
on_phone ping -n -c 3 -i 0.2 probe.talk.example.com
stop_recording
