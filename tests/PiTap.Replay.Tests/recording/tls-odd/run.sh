# shellcheck shell=bash
# TLS as it is seldom in a textbook: no server name, a retried hello, resumption, hellos in many small, reordered and doubled segments.
# phone wlan0 -- near air far -- wlan0 tap eth0 -- inner air outer -- eth0 internet: both wires of "air" deliver port 8445 badly.
make_namespaces "$phone" "$tap" "$inet" "$air"
link "$phone" wlan0 "$air" near
link "$air" far "$tap" wlan0
link "$tap" eth0 "$air" inner
link "$air" outer "$inet" eth0
connect_router
raise "$air" near far inner outer
serve "$air" wire-a "/usr/bin/python3" "$recording/wire.py" near far --impair 8445
serve "$air" wire-b "/usr/bin/python3" "$recording/wire.py" inner outer --impair 8445
phone_static
server_address 203.0.113.41 203.0.113.42 203.0.113.43 203.0.113.44 203.0.113.45
make_ca
make_cert legacy legacy.example.net www.legacy.example.net
make_cert odd '*.odd.example.net'

serve_dns << CONF
interface=wlan0
no-dhcp-interface=wlan0
host-record=retry.odd.example.net,203.0.113.42
host-record=again.odd.example.net,203.0.113.43
host-record=tiny.odd.example.net,203.0.113.44
host-record=shuffled.odd.example.net,203.0.113.45
CONF

# server ADDRESS PORT CERTIFICATE options...: answers a line with the line reversed
server()
{
    local address=$1 port=$2 cert=$3; shift 3
    serve "$inet" "server-$address" openssl s_server -accept "$address:$port" -cert "$out/$cert.leaf" -key "$out/$cert.key" \
        -cert_chain "$out/ca.crt" -rev "$@"
    wait_port "$inet" tcp "$port"
}
server 203.0.113.41 8441 legacy -tls1_2
server 203.0.113.42 8442 odd -tls1_3 -groups P-384
server 203.0.113.43 8443 odd
server 203.0.113.44 8444 odd -tls1_3
server 203.0.113.45 8445 odd -tls1_2

# talk HOST PORT options...
talk()
{
    local host=$1 port=$2; shift 2
    (sleep 0.3; echo 'hello there'; sleep 0.3) | on_phone timeout 20 openssl s_client -connect "$host:$port" "$@"
}

start_recording "$tap" wlan0
talk 203.0.113.41 8441 -tls1_2 -noservername
talk retry.odd.example.net 8442 -tls1_3 -servername retry.odd.example.net
for version in tls1_2 tls1_3; do
    talk again.odd.example.net 8443 -$version -servername again.odd.example.net -sess_out "$out/$version.session"
    talk again.odd.example.net 8443 -$version -servername again.odd.example.net -sess_in "$out/$version.session"
done
# Both ends now ask for segments of 88 bytes.
in_ns "$phone" ip route replace default via $tap_ip advmss 88
in_ns "$inet" ip route replace 10.42.0.0/24 via 10.43.0.1 advmss 88
talk tiny.odd.example.net 8444 -tls1_3 -servername tiny.odd.example.net
talk shuffled.odd.example.net 8445 -tls1_2 -servername shuffled.odd.example.net
stop_recording
