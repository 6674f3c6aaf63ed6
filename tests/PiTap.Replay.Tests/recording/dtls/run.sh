# shellcheck shell=bash
# DTLS 1.2 with and without a server name; messages that do not fit into one datagram, a hello among them.
build_router
phone_static
server_address 203.0.113.70 203.0.113.71 203.0.113.72
make_ca
for name in hub quiet meter; do make_cert $name $name.devices.example.net; done

serve_dns << CONF
interface=wlan0
no-dhcp-interface=wlan0
host-record=hub.devices.example.net,203.0.113.70
host-record=quiet.devices.example.net,203.0.113.71
host-record=meter.devices.example.net,203.0.113.72
CONF

# server NAME ADDRESS PORT options...: its standard input stays open, else it would leave at once
server()
{
    local name=$1 address=$2 port=$3; shift 3
    serve "$inet" "$name" bash -c 'sleep 130 | openssl s_server "$@"' bash -dtls1_2 -accept "$address:$port" \
        -cert "$out/$name.leaf" -key "$out/$name.key" -quiet "$@"
    wait_port "$inet" udp "$port"
}
server hub 203.0.113.70 4433 -listen -mtu 300 -cert_chain "$out/ca.crt"
server quiet 203.0.113.71 4434
server meter 203.0.113.72 4435

# talk HOST PORT options...: sends two lines, a second apart
talk()
{
    local host=$1 port=$2; shift 2
    (sleep 0.5; echo 'temperature 21.5'; sleep 0.5; echo 'temperature 21.6'; sleep 0.5) \
        | on_phone timeout 20 openssl s_client -dtls1_2 -connect "$host:$port" "$@"
}

start_recording "$tap" wlan0
talk hub.devices.example.net 4433 -mtu 300 -servername hub.devices.example.net
talk quiet.devices.example.net 4434 -noservername
# 256 bytes are the least that OpenSSL takes: its ClientHello then needs two datagrams.
talk meter.devices.example.net 4435 -mtu 256 -servername meter.devices.example.net -alpn coap,measure/1
stop_recording
