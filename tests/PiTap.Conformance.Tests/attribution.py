#!/usr/bin/env python3
"""Says how many host names and server addresses of captures of apps `pitap` can name, and draws a sample to check by hand.

  attribution.py PITAP CAPTURES [--sample N --seed S [--names]]   captures of phones' and computers' apps, below the folder CAPTURES
  attribution.py PITAP --hosts FILE                                 host names from a file, a name a line; # begins a comment

PITAP is the command. Captures go into a fresh temporary store; what is counted is what `contacts`, `flows` and `names` print.

Host names: those of contacts and flows, and what is in SNI and HTTP's Host besides; once each. Names that were asked for in DNS and never
contacted are counted apart. Not counted: addresses, multicast DNS, reverse lookups, names that the program calls local.
A name that no record is about, and each name of --hosts, is put to the program in a made-up capture: one HTTP request for it.
Server addresses: public ones that flows went to. A country counts, and so does the reason that servers in many places share the address.
Of addresses the sample has those alone that no name is known for: of the others the name is drawn. With --names it has no addresses.

An identifier in a host name (16 or more hexadecimal digits, or a number of 5 or more, in the first label) is masked wherever it is printed.
Of an address only its /24 or /48 is printed: it may be somebody's line at home."""
import argparse, ipaddress, json, os, random, re, struct, subprocess, sys, tempfile

CAPTURES = '''1kxun KakaoTalk_chat agora-sd-rtn-day1 alexa-app android anydesk conncheck dingtalk discord facebook google_chat
lol_wild_rift_udp nest_log_sink nintendo os_detected pinterest protonvpn psiphon3 riot signal snapchat starcraft_battle
stun_google_meet stun_msteams_unidir stun_zoom telegram tumblr tunnelbear wa_voice waze whatsapp_voice_and_message wow xiaomi
youtube_quic zattoo zoom'''.split()


NAT64 = ipaddress.ip_network('64:ff9b::/96')


def lines(pitap, verb, db):
    out = subprocess.run([pitap, verb, '--db', db, '--format', 'jsonl'], capture_output=True, text=True, check=True).stdout
    return [json.loads(line) for line in out.splitlines()]


def replay(pitap, capture, db):
    # Exit 1 says that the file ended early; what was read before is in the store.
    if subprocess.run([pitap, 'replay', capture, '--db', db, '--flow-timeout', 'none'], capture_output=True).returncode > 1:
        sys.exit(f'{pitap} does not read {capture}')


def is_address(text):
    try:
        ipaddress.ip_address(text.strip('[]'))
        return True
    except ValueError:
        return False


def is_public_name(text):
    is_special = text.endswith(('.local', '.arpa', '.lan', '.home')) or any(label.startswith('_') for label in text.split('.'))
    return '.' in text and not is_special and not is_address(text)


def without_port(host):
    return re.sub(r':\d+$', '', host).lower().rstrip('.')


def masked(host):
    if is_address(host):
        address = ipaddress.ip_address(host)
        if address in NAT64:
            return '64:ff9b::' + masked(str(ipaddress.ip_address(int(address) & 0xffffffff)))
        return str(ipaddress.ip_network((address, 24 if address.version == 4 else 48), strict=False))
    first, _, rest = host.partition('.')
    return '*.' + rest if re.search(r'[0-9a-f]{16}|\d{5}', first) else host


def requests(names):
    """Bytes of a capture that has one HTTP request for each of the names, each from a client's port of its own."""
    def packet(time, source, target, ports, numbers, flags, data):
        tcp = struct.pack('>HHIIBBHHH', *ports, *numbers, 0x50, flags, 65535, 0, 0) + data
        head = struct.pack('>BBHHHBBH4s4s', 0x45, 0, 20 + len(tcp), 0, 0, 64, 6, 0, source, target)
        total = sum(struct.unpack('>10H', head))
        total = ~((total & 0xffff) + (total >> 16)) & 0xffff
        whole = head[:10] + struct.pack('>H', total) + head[12:] + tcp
        return struct.pack('<IIII', time, 0, len(whole), len(whole)) + whole

    client, out = bytes([10, 0, 0, 2]), [struct.pack('<IHHiIII', 0xa1b2c3d4, 2, 4, 0, 0, 65535, 101)]
    for index, name in enumerate(names):
        server, port, time = bytes([192, 0, 2, 1 + index % 250]), 1024 + index % 60000, 1700000000 + index
        out.append(packet(time, client, server, (port, 80), (0, 0), 0x02, b''))
        out.append(packet(time, server, client, (80, port), (0, 1), 0x12, b''))
        out.append(packet(time, client, server, (port, 80), (1, 1), 0x18, f'GET / HTTP/1.1\r\nHost: {name}\r\n\r\n'.encode()))
    return b''.join(out)


def ask(pitap, names):
    """What the program says of names, by a capture made of them."""
    if not names:
        return {}
    with tempfile.TemporaryDirectory() as folder:
        capture, db = os.path.join(folder, 'names.pcap'), os.path.join(folder, 'names.db')
        with open(capture, 'wb') as file:
            file.write(requests(names))
        replay(pitap, capture, db)
        found = {contact['host']: contact for contact in lines(pitap, 'contacts', db)}
    return {name: found[name] for name in names if name in found}


def read(pitap, folder):
    """What the program says of each name contacted, of each name only asked for, of each address, and of each address without a name."""
    with tempfile.TemporaryDirectory() as scratch:
        db = os.path.join(scratch, 'attribution.db')
        for name in CAPTURES:
            wanted = (name + '.pcap', name + '.pcapng')
            files = [os.path.join(top, file) for top, _, all in os.walk(folder) for file in all if file in wanted]
            if len(files) != 1:
                sys.exit(f'{len(files)} captures {name} below {folder}, not one')
            replay(pitap, files[0], db)
        contacts, flows, lookups = [lines(pitap, verb, db) for verb in ('contacts', 'flows', 'names')]
    hosts, servers, alone = {}, {}, {}
    for record in contacts + flows:
        if record['role'] != 'local' and record['host'] and is_public_name(record['host']):
            hosts.setdefault(record['host'], record)
    for flow in flows:
        address = ipaddress.ip_address(flow['server'])
        if address.is_global and not address.is_multicast:
            servers.setdefault(flow['server'], flow)
    for contact in contacts:
        if contact['host'] in servers:
            alone.setdefault(contact['host'], contact)
    heads = [tls['sni'] for flow in flows for tls in flow['tls']] + [request['host'] for flow in flows for request in flow['http']]
    heads = {without_port(head) for head in heads if head}
    hosts.update(ask(pitap, sorted(name for name in heads - set(hosts) if is_public_name(name))))
    asked = {lookup['name'] for lookup in lookups if lookup['appProto'] == 'dns' and is_public_name(lookup['name'])}
    return hosts, ask(pitap, sorted(asked - set(hosts))), servers, alone


def has_place(record):
    return bool(record['registeredTo'] and (record['hostedIn'] or 'in many places' in (record['hostedInReason'] or '')))


def share(title, part, whole, target=None):
    print(f'{title}: {part} of {whole}, {100 * part / max(whole, 1):.1f} %' + (f' (target {target} %)' if target else ''))


def say_names(title, hosts, target=None):
    share(title, sum(1 for record in hosts.values() if record['company']), len(hosts), target)
    for host in sorted(host for host, record in hosts.items() if not record['company']):
        print(f"  without: {masked(host)} ({hosts[host]['partyReason']})")


def say_host(record):
    fields = [record[field] or '-' for field in ('company', 'service', 'category', 'role', 'homeCountry')]
    return ', '.join(fields) + f" ({record['partyReason']})"


def say_address(record):
    network = record['registeredTo']
    places = ', '.join(record['hostedIn']) or 'no single country'
    return f"AS{network['asn']} {network['organisation']}; hosted in {places} ({record['hostedInReason']})"


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument('pitap')
    parser.add_argument('captures', nargs='?')
    parser.add_argument('--hosts')
    parser.add_argument('--sample', type=int, default=0)
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--names', action='store_true')
    arguments = parser.parse_args()
    if bool(arguments.captures) == bool(arguments.hosts):
        sys.exit('either a folder of captures, or --hosts FILE')
    if arguments.hosts:
        with open(arguments.hosts) as file:
            names = sorted({line.partition('#')[0].strip().lower() for line in file} - {''})
        hosts = ask(arguments.pitap, names)
        say_names('names of the list with a company', hosts)
        for host, record in sorted(hosts.items()):
            if record['company']:
                print(f'  {host}: {say_host(record)}')
        return
    hosts, asked, servers, alone = read(arguments.pitap, arguments.captures)
    say_names('distinct public host names with a company', hosts, 85)
    say_names('names only asked for with a company', asked)
    share('distinct public server addresses with a network and a country', sum(map(has_place, servers.values())), len(servers), 95)
    for address in sorted(address for address, record in servers.items() if not has_place(record)):
        network, places = servers[address]['registeredTo'], ', '.join(servers[address]['hostedIn'])
        print(f"  without: {masked(address)} (AS{network['asn'] if network else ' unknown'}, {places or 'no country'})")
    if not arguments.sample:
        return
    claims = [(host, say_host(record)) for host, record in hosts.items() if record['company']]
    if not arguments.names:
        claims += [(address, say_address(record)) for address, record in alone.items() if has_place(record)]
    drawn = random.Random(arguments.seed).sample(sorted(claims), arguments.sample)
    print(f'\n{arguments.sample} of {len(claims)} attributions, seed {arguments.seed}\n')
    print('| # | of | claim | verdict | checked against |\n|---|---|---|---|---|')
    for number, (of, claim) in enumerate(drawn, 1):
        print(f'| {number} | {masked(of)} | {claim} | | |')


main()
