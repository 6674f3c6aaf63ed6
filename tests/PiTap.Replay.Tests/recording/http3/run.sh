# shellcheck shell=bash
# Chromium loads a page over HTTP/3, and the same page over TLS.
build_router
phone_static
server_address 203.0.113.33 203.0.113.34
make_ca
make_cert page quic.shop.example.com tls.shop.example.com
spki=$(openssl x509 -in "$out/page.leaf" -pubkey -noout | openssl pkey -pubin -outform der | openssl dgst -sha256 -binary | base64)

serve_dns << CONF
interface=wlan0
no-dhcp-interface=wlan0
host-record=quic.shop.example.com,203.0.113.33
dns-rr=quic.shop.example.com,65,00010000010006026833026832
host-record=tls.shop.example.com,203.0.113.34
CONF

mkdir -p "$out/www"
head -c 4000 /dev/urandom > "$out/www/shop.jpg"
cat > "$out/www/index.html" << 'HTML'
<!doctype html><html lang=en><title>Shop</title><link rel=icon href="data:,"><img src="/shop.jpg" alt=""><p>Made by a recording.
HTML
serve_web 443 << CONF
https://quic.shop.example.com:443 {
	bind 203.0.113.33
	tls $out/page.crt $out/page.key
	root * $out/www
	file_server
}
https://tls.shop.example.com:443 {
	bind 203.0.113.34
	tls $out/page.crt $out/page.key
	root * $out/www
	file_server
}
CONF
wait_port "$inet" udp 443

# Names outside the recording are not even asked for: a browser's own services stay out of the capture.
browse_page()
{
    local url=$1; shift
    on_phone timeout 45 chromium --headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage --no-first-run --disable-sync \
        --disable-background-networking --disable-component-update --disable-default-apps --disable-extensions \
        --disable-domain-reliability --disable-client-side-phishing-detection --no-pings --metrics-recording-only \
        --disable-features=OptimizationHints,MediaRouter,AutofillServerCommunication,CertificateTransparencyComponentUpdater \
        --host-resolver-rules='MAP * ~NOTFOUND , EXCLUDE *.example.com' \
        --ignore-certificate-errors-spki-list="$spki" --user-data-dir="$(mktemp -d -p "$out")" "$@" --dump-dom "$url"
}

start_recording "$tap" wlan0
browse_page https://quic.shop.example.com/ --origin-to-force-quic-on=quic.shop.example.com:443 | grep 'Made by a recording'
browse_page https://tls.shop.example.com/ --disable-quic | grep 'Made by a recording'
package_version chromium
stop_recording
