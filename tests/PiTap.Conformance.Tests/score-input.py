#!/usr/bin/env python3
"""Writes what `pitap` finds in each capture of a folder as one JSON file each, in the form that the judge beside the captures reads.

  score-input.py PITAP CAPTURES OUTPUT

PITAP is the command, CAPTURES the folder, OUTPUT a folder that gets CAPTURE.json for each capture that has a truth.
It reads only what `pitap flows` and `pitap names` print as JSON lines, so it shows what any program can learn from them."""
import collections, json, os, subprocess, sys, tempfile


def lines(pitap, verb, db):
    out = subprocess.run([pitap, verb, '--db', db, '--format', 'jsonl'], capture_output=True, text=True, check=True).stdout
    return [json.loads(line) for line in out.splitlines()]


def key(record):
    ends = sorted([(record['client'], record['clientPort']), (record['server'], record['serverPort'])])
    return record['proto'], ends[0], ends[1]


def convert(pitap, capture, db):
    # Exit 1 says that the file ended early; what was read before is in the store.
    subprocess.run([pitap, 'replay', capture, '--db', db, '--flow-timeout', 'none'], capture_output=True)
    asked = collections.defaultdict(set)
    addresses = collections.defaultdict(set)
    for lookup in lines(pitap, 'names', db):
        if lookup['app'] != 'dns':
            continue
        asked[key(lookup)].add(lookup['name'])
        for record in lookup['records']:
            if record['type'] != 'CNAME':
                addresses[record['name']].add(record['value'])
                addresses[lookup['name']].add(record['value'])
    flows = []
    for flow in lines(pitap, 'flows', db):
        hellos = [hello for hello in flow['tls'] if not hello['version'].startswith('DTLS')]
        names = [hello['sni'] for hello in hellos if hello['sni']]
        is_quic = 'quic' in flow['appProtos'] or 'gquic' in flow['appProtos']
        flows.append({
            'proto': flow['proto'], 'a': flow['client'], 'a_port': flow['clientPort'], 'b': flow['server'], 'b_port': flow['serverPort'],
            'packets': flow['packetsUp'] + flow['packetsDown'], 'bytes': flow['bytesUp'] + flow['bytesDown'],
            'tls_sni': [] if is_quic else names, 'quic_sni': names if is_quic else [],
            'http_hosts': [request['host'] for request in flow['http'] if request['host']],
            'dns_names': sorted(asked[key(flow)]),
            'agora_sni': [flow['host']] if flow['hostSource'] == 'sd-rtn' else [],
            'ja3': [hello['ja3'] for hello in hellos if hello['ja3']], 'ja4': [hello['ja4'] for hello in hellos if hello['ja4']],
            'stun': 'stun' in flow['appProtos'], 'dtls': 'dtls' in flow['appProtos'], 'rtp': 'rtp' in flow['appProtos'], 'quic': is_quic,
            'ech': any(hello['ech'] for hello in hellos),
        })
    return {'flows': flows, 'dns_addresses': {name: sorted(found) for name, found in addresses.items()}}


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    pitap, captures, output = sys.argv[1:]
    for folder, _, files in sorted(os.walk(captures)):
        for file in sorted(files):
            if not file.endswith('.truth.json'):
                continue
            capture = os.path.join(folder, file[:-len('.truth.json')])
            target = os.path.join(output, os.path.relpath(capture, captures) + '.json')
            os.makedirs(os.path.dirname(target), exist_ok=True)
            with tempfile.TemporaryDirectory() as scratch, open(target, 'w') as out:
                json.dump(convert(pitap, capture, os.path.join(scratch, 'one.db')), out)


main()
