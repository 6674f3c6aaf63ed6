# shellcheck shell=bash
# A call: STUN, TURN with channels, and three seconds of sound by RTP with RTCP.
build_router
phone_static
server_address 203.0.113.50 203.0.113.51 198.51.100.60

serve_dns << CONF
interface=wlan0
no-dhcp-interface=wlan0
host-record=media.call.example.net,203.0.113.50
host-record=pcm.call.example.net,203.0.113.51
host-record=turn.call.example.net,198.51.100.60
CONF

printf '%s\n' listening-ip=198.51.100.60 relay-ip=198.51.100.60 listening-port=3478 min-port=49200 max-port=49300 \
    lt-cred-mech user=demo:secret realm=call.example.net no-tls no-dtls no-cli no-stdout-log "log-file=$out/turn.txt" simple-log \
    no-multicast-peers "userdb=$out/turndb" "pidfile=$out/turn.pid" > "$out/turn.conf"
serve "$inet" turnserver turnserver -c "$out/turn.conf"
wait_port "$inet" udp 3478
serve "$inet" peer turnutils_peer -L 203.0.113.50 -p 3480
wait_port "$inet" udp 3480

# The receivers answer with RTCP receiver reports.
receive()
{
    local name=$1 address=$2 port=$3 payload=$4 map=$5
    printf 'v=0\no=- 0 0 IN IP4 %s\ns=call\nc=IN IP4 %s\nt=0 0\nm=audio %s RTP/AVP %s\na=rtpmap:%s %s\n' \
        "$address" "$address" "$port" "$payload" "$payload" "$map" > "$out/$name.sdp"
    serve "$inet" "$name" ffmpeg -nostdin -loglevel warning -protocol_whitelist file,udp,rtp -i "$out/$name.sdp" -t 20 -f null -
    wait_port "$inet" udp "$port"
}
receive opus 203.0.113.50 5004 97 opus/48000/2
receive pcmu 203.0.113.51 5014 0 PCMU/8000

# send HOST PORT LOCAL_PORT encoder options...
send()
{
    local host=$1 port=$2 local_port=$3; shift 3
    on_phone timeout 20 ffmpeg -nostdin -loglevel warning -re -f lavfi -i 'sine=frequency=440:sample_rate=48000' -t 3 "$@" \
        -f rtp "rtp://$host:$port?localrtpport=$local_port&localrtcpport=$((local_port + 1))" > /dev/null
}

start_recording "$tap" wlan0
turn_ip=$(on_phone dig +short +tries=1 A turn.call.example.net)
on_phone timeout 20 turnutils_stunclient -p 3478 "$turn_ip"
on_phone timeout 30 turnutils_uclient -u demo -w secret -e 203.0.113.50 -r 3480 -p 3478 -n 5 -m 1 -l 160 -c "$turn_ip"
send media.call.example.net 5004 41000 -c:a libopus -b:a 24k -ac 2 -payload_type 97
send pcm.call.example.net 5014 41010 -ar 8000 -ac 1 -c:a pcm_mulaw -payload_type 0
package_version bind9-dnsutils coturn ffmpeg
stop_recording
