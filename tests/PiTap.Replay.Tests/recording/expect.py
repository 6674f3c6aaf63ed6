#!/usr/bin/env python3
"""What a recorded case is expected to hold, checked against what tshark finds in it. PiTap is not asked.

  expect.py write CASE INTENT_FOLDER CASE_FOLDER VERSIONS   expected.json and README.md from intent.json and about.md
  expect.py check CASE CASE_FOLDER                          exit 1 and a line for each thing that is not so

intent.json says what the scripts of the case did. Only the totals of packets and bytes are taken from the recording.
"""
import collections
import ipaddress
import json
import os
import re
import subprocess
import sys

SEPARATOR = "\x1f"
TAP_MACS = {"02:00:00:00:42:01", "02:00:00:00:43:01", "02:00:00:00:43:02"}
PHONE_MAC = "02:00:00:00:42:07"
ALLOWED_NETWORKS = [ipaddress.ip_network(n) for n in (
    "10.42.0.0/24", "192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "0.0.0.0/32", "255.255.255.255/32",
    "2001:db8::/32", "fe80::/64", "ff00::/8", "::/128")]
ALLOWED_NAMES = re.compile(r"(^|\.)(example\.(com|net|org)|test|local|in-addr\.arpa|ip6\.arpa)$", re.IGNORECASE)
ALLOWED_NAMES_OF = {"sd-rtn": re.compile(r"(^|\.)(agoralab\.co|agora\.io)$")}
DNS_TYPES = {"1": "A", "5": "CNAME", "12": "PTR", "15": "MX", "16": "TXT", "28": "AAAA", "33": "SRV", "65": "HTTPS", "255": "ANY"}
TLS_VERSIONS = {"0x0304": "TLS 1.3", "0x0303": "TLS 1.2", "0xfefd": "DTLS 1.2"}
EXTENSION_HEADERS = {"ipv6.hopopts", "ipv6.fraghdr", "ipv6.routing", "ipv6.dstopts"}
FIELDS = """frame.number frame.len frame.protocols eth.src sll.src.eth ip.src ip.dst ip.proto ip.id ip.frag_offset ipv6.src ipv6.dst
ipv6.fraghdr.ident ipv6.fraghdr.offset tcp.srcport tcp.dstport udp.srcport udp.dstport dns.flags.response dns.qry.name dns.qry.type
dns.srv.target dns.a dns.aaaa dns.cname http.request.method http.host http.request.uri http.user_agent
tls.handshake.type tls.handshake.version tls.handshake.extensions.supported_version tls.handshake.extensions_server_name
dtls.handshake.type dtls.handshake.version dtls.handshake.extensions_server_name x509ce.dNSName
dhcp.option.hostname dhcp.option.vendor_class_id udp.payload _ws.malformed ip.checksum.status tcp.checksum.status
udp.checksum.status""".split()


def tshark(capture, reassemble):
    """Each packet as a dictionary of lists; with fragments put together where asked for."""
    command = ["tshark", "-n", "-r", capture, "-T", "fields", "-E", "separator=/t", "-E", "occurrence=a",
               "-E", "aggregator=" + SEPARATOR, "-o", "tcp.reassemble_out_of_order:TRUE"]
    for option in ("ip.check_checksum", "tcp.check_checksum", "udp.check_checksum"):
        command += ["-o", option + ":TRUE"]
    for option in ("ip.defragment", "ipv6.defragment"):
        command += ["-o", f"{option}:{'TRUE' if reassemble else 'FALSE'}"]
    for field in FIELDS:
        command += ["-e", field]
    output = subprocess.run(command, check=True, capture_output=True, timeout=120).stdout.decode("utf-8", "replace")
    packets = []
    for line in output.splitlines():
        values = line.split("\t")
        packets.append({name: value.split(SEPARATOR) if value else [] for name, value in zip(FIELDS, values)})
    return packets


def first(packet, *names):
    return next((packet[name][0] for name in names if packet[name]), None)


def endpoints(packet, fragments):
    """(protocol, source, source port, destination, destination port) of the outermost IP header; None for what is not IP."""
    layers = packet["frame.protocols"][0].split(":")
    at = next((i for i, layer in enumerate(layers) if layer in ("ip", "ipv6")), None)
    if at is None:
        return None
    is6 = layers[at] == "ipv6"
    source, destination = first(packet, "ipv6.src" if is6 else "ip.src"), first(packet, "ipv6.dst" if is6 else "ip.dst")
    following = [layer for layer in layers[at + 1:] if layer not in EXTENSION_HEADERS]
    transport = following[0] if following else "data"
    fragment = (source, destination, first(packet, "ipv6.fraghdr.ident" if is6 else "ip.id"))
    if transport in ("tcp", "udp"):
        ports = int(first(packet, transport + ".srcport")), int(first(packet, transport + ".dstport"))
        fragments[fragment] = transport, ports
    elif transport == "data":
        transport, ports = fragments.get(fragment, ("data", (0, 0)))
    else:
        ports = 0, 0
    return transport, source, ports[0], destination, ports[1]


def flows_of(capture):
    """Bidirectional 5-tuples of the whole capture, in order of appearance: (protocol, client, port, server, port) -> [packets, bytes]."""
    flows, fragments = {}, {}
    for packet in tshark(capture, reassemble=False):
        tuple5 = endpoints(packet, fragments)
        if tuple5 is None:
            continue
        transport, source, source_port, destination, destination_port = tuple5
        back = transport, destination, destination_port, source, source_port
        total = flows.setdefault(back if back in flows else tuple5, [0, 0])
        total[0] += 1
        total[1] += int(packet["frame.len"][0])
    return flows


class Findings:
    """What tshark finds in a capture, in the words of expected.json."""

    def __init__(self, capture, case):
        self.case = case
        self.packets = tshark(capture, reassemble=True)
        self.names, self.http, self.device = {}, [], {"id": PHONE_MAC}
        self.addresses_of, self.streams = {}, collections.OrderedDict()
        fragments = {}
        for packet in self.packets:
            self.read_dns(packet)
            self.read_device(packet)
            tuple5 = endpoints(packet, fragments)
            if tuple5 is not None:
                self.read_stream(packet, tuple5)
        self.tls = {(s.get("sni"), s["version"]) for s in self.streams.values() if "version" in s}

    def read_dns(self, packet):
        if not packet["dns.qry.name"]:
            return
        is_answer = first(packet, "dns.flags.response") in ("1", "True")
        key = packet["dns.qry.name"][0], DNS_TYPES.get(packet["dns.qry.type"][0], packet["dns.qry.type"][0])
        known = self.names.setdefault(key, {"answers": [], "cnames": []})
        if is_answer and key[1] in ("A", "AAAA"):
            known["answers"] = packet["dns.a"] + packet["dns.aaaa"]
            known["cnames"] = packet["dns.cname"]
            for address in known["answers"]:
                self.addresses_of[address] = key[0].lower()

    def read_device(self, packet):
        if first(packet, "eth.src", "sll.src.eth") != PHONE_MAC:
            return
        if packet["dhcp.option.hostname"]:
            self.device["dhcpName"] = packet["dhcp.option.hostname"][0]
            self.device["dhcpVendorClass"] = first(packet, "dhcp.option.vendor_class_id")
        if "mdns" in packet["frame.protocols"][0] and packet["dns.srv.target"]:
            self.device["mdnsName"] = packet["dns.srv.target"][0].removesuffix(".local")

    def read_stream(self, packet, tuple5):
        transport, source, source_port, destination, destination_port = tuple5
        back = transport, destination, destination_port, source, source_port
        stream = self.streams.setdefault(back if back in self.streams else tuple5, {"protocols": set()})
        stream["protocols"].update(packet["frame.protocols"][0].split(":"))
        is_quic = "quic" in stream["protocols"]
        sni = first(packet, "tls.handshake.extensions_server_name", "dtls.handshake.extensions_server_name")
        if sni:
            stream.update(sni=sni, source="quic-sni" if is_quic else "tls-sni")
        kinds = packet["tls.handshake.type"] + packet["dtls.handshake.type"]
        if "2" in kinds:
            version = first(packet, "tls.handshake.extensions.supported_version", "tls.handshake.version", "dtls.handshake.version")
            stream["version"] = TLS_VERSIONS[version]
        if packet["x509ce.dNSName"]:
            stream.setdefault("certificate", packet["x509ce.dNSName"][0])
        if packet["http.request.method"] and transport == "tcp":
            stream["http"] = first(packet, "http.host")
            self.http.append({"host": first(packet, "http.host"), "method": packet["http.request.method"][0],
                              "path": packet["http.request.uri"][0], "userAgent": first(packet, "http.user_agent")})
        payload = bytes.fromhex(packet["udp.payload"][0].replace(":", "")) if packet["udp.payload"] else b""
        if len(payload) > 19 and payload[6] == 0x21 and payload[13:17] == b"SNI\0":
            stream["sd-rtn"] = payload[19:19 + int.from_bytes(payload[17:19], "little")].decode("ascii")
        stream.setdefault("dns", self.addresses_of.get(tuple5[3]) or self.addresses_of.get(tuple5[1]))

    def contacts(self):
        """(host, how it is known) of every stream that has a name."""
        found = set()
        for stream in self.streams.values():
            host, source = next(
                ((stream[key], stream.get("source") if key == "sni" else label) for key, label in (
                    ("sni", ""), ("http", "http-host"), ("sd-rtn", "sd-rtn"), ("certificate", "certificate"), ("dns", "dns"))
                 if stream.get(key)), (None, None))
            if host:
                found.add((host, source))
        return found

    def strangers(self):
        """Whatever must not be in a capture of the project: foreign addresses, MACs or names, broken packets."""
        allowed = ALLOWED_NAMES_OF.get(self.case)
        for packet in self.packets:
            number = packet["frame.number"][0]
            for field in ("ip.src", "ip.dst", "ipv6.src", "ipv6.dst", "dns.a", "dns.aaaa"):
                for address in packet[field]:
                    if not any(ipaddress.ip_address(address) in network for network in ALLOWED_NETWORKS):
                        yield f"packet {number}: address {address}"
            mac = first(packet, "eth.src", "sll.src.eth")
            if mac not in TAP_MACS | {PHONE_MAC}:
                yield f"packet {number}: MAC {mac}"
            for name in packet["dns.qry.name"] + packet["tls.handshake.extensions_server_name"] + packet["http.host"]:
                if not ALLOWED_NAMES.search(name) and not (allowed and allowed.search(name)):
                    yield f"packet {number}: name {name}"
            if packet["_ws.malformed"]:
                yield f"packet {number}: malformed"
            for field in ("ip.checksum.status", "tcp.checksum.status", "udp.checksum.status"):
                if "0" in packet[field] or "Bad" in packet[field]:
                    yield f"packet {number}: {field} is bad"


def as_set(items):
    return {json.dumps(item, sort_keys=True) for item in items}


def compare(what, expected, found):
    for item in sorted(as_set(expected) - as_set(found)):
        yield f"{what}: expected, not found: {item}"
    for item in sorted(as_set(found) - as_set(expected)):
        yield f"{what}: found, not expected: {item}"


def check(case, folder):
    with open(os.path.join(folder, "expected.json"), encoding="utf-8") as file:
        expected = json.load(file)
    capture = os.path.join(folder, "capture.pcapng")
    findings, flows = Findings(capture, case), flows_of(capture)
    problems = list(findings.strangers())
    if expected["case"] != case:
        problems.append(f"case: {expected['case']}")
    if expected["flows"] != totals(flows):
        problems.append(f"flows: {expected['flows']} expected, {totals(flows)} found")
    device = {k: v for k, v in expected["devices"][0].items() if v is not None and k != "isMacRandomised"}
    problems += compare("device", [device], [findings.device])
    problems += compare("name", expected["names"], [{"name": n, "type": t, **a} for (n, t), a in findings.names.items()])
    problems += compare("http", expected["http"], findings.http)
    if len(expected["http"]) != len(findings.http):
        problems.append(f"http: {len(expected['http'])} requests expected, {len(findings.http)} found")
    problems += compare("tls", expected["tls"], [{"sni": s, "version": v} for s, v in findings.tls])
    named = [[c["host"], c["hostSource"]] for c in expected["contacts"] if c["hostSource"]]
    problems += compare("contact", named, [list(pair) for pair in findings.contacts()])
    servers = {address for tuple5 in flows for address in (tuple5[1], tuple5[3])}
    problems += [f"contact: no flow with {c['host']}" for c in expected["contacts"]
                 if not c["hostSource"] and c["host"] not in servers]
    for problem in problems:
        print(f"{case}: {problem}")
    print(f"{case}: {len(findings.packets)} packets, {len(flows)} flows, {os.path.getsize(capture)} bytes, "
          f"{'as expected' if not problems else str(len(problems)) + ' problems'}")
    return not problems


def totals(flows):
    return {"count": len(flows), "packets": sum(f[0] for f in flows.values()), "bytes": sum(f[1] for f in flows.values())}


def flow_table(flows, findings):
    lines = ["| protocol | client | server | packets | bytes | names in it |", "|---|---|---|---|---|---|"]
    for (transport, client, client_port, server, server_port), (packets, size) in flows.items():
        stream = findings.streams.get((transport, client, client_port, server, server_port), {})
        names = [stream[k] for k in ("sni", "http", "sd-rtn", "certificate") if stream.get(k)]
        ends = [f"{address}" + (f" port {port}" if port else "") for address, port in ((client, client_port), (server, server_port))]
        lines.append(f"| {transport} | {ends[0]} | {ends[1]} | {packets} | {size} | {', '.join(dict.fromkeys(names))} |")
    return "\n".join(lines)


def write(case, intent_folder, folder, versions):
    capture = os.path.join(folder, "capture.pcapng")
    with open(os.path.join(intent_folder, "intent.json"), encoding="utf-8") as file:
        intent = json.load(file)
    flows = flows_of(capture)
    expected = {}
    for key, value in {"case": case, **intent}.items():
        expected[key] = value
        if key == "contacts":
            expected["flows"] = totals(flows)
    with open(os.path.join(folder, "expected.json"), "w", encoding="utf-8") as file:
        file.write(layout(expected))
    with open(os.path.join(intent_folder, "about.md"), encoding="utf-8") as file:
        about = file.read().rstrip()
    with open(versions, encoding="utf-8") as file:
        tools = "\n".join(f"- {line.strip()}" for line in dict.fromkeys(file) if line.strip())
    with open(os.path.join(folder, "README.md"), "w", encoding="utf-8") as file:
        file.write(f"{about}\n\n## Recorded with\n{tools}\n\n## Flows, as tshark counts them\n"
                   "Bidirectional 5-tuples of the whole capture; IP fragments belong to the flow of their datagram; "
                   "ARP is no flow. Client is the sender of the first packet.\n\n"
                   f"{flow_table(flows, Findings(capture, case))}\n")


def layout(expected):
    """JSON with one item a line, so that a difference names the item."""
    parts = []
    for key, value in expected.items():
        if isinstance(value, list) and value:
            parts.append(f"  {json.dumps(key)}: [\n" + ",\n".join("    " + json.dumps(v, ensure_ascii=False) for v in value) + "\n  ]")
        else:
            parts.append(f"  {json.dumps(key)}: {json.dumps(value)}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


if __name__ == "__main__":
    if sys.argv[1] == "write":
        write(*sys.argv[2:6])
    else:
        sys.exit(0 if check(*sys.argv[2:4]) else 1)
