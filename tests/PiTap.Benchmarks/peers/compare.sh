#!/usr/bin/env bash
# Runs `pitap replay` beside other programs on the same file and prints a table of figures and ratios.
#
#   compare.sh [--captures FOLDER] [--times 50] [--runs 5] [PITAP]
#
# PITAP is the built executable; without it only the peers are measured. FOLDER is PITAP_CAPTURES where it is not given.
# Peers: a C libpcap loop that does nothing, tcpdump, argus, nDPI's ndpiReader; apt-get installs what is missing, as root.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
captures=${PITAP_CAPTURES:-} times=50 runs=5 pitap=

die() { echo "compare.sh: $*" >&2; exit 1; }

while [ $# -gt 0 ]; do
    case $1 in
        --captures) captures=${2:?}; shift 2 ;;
        --times) times=${2:?}; shift 2 ;;
        --runs) runs=${2:?}; shift 2 ;;
        -*) die "unknown option $1" ;;
        *) pitap=$1; shift ;;
    esac
done
[ -d "$captures" ] || die "no folder of captures (PITAP_CAPTURES or --captures)"
[ -z "$pitap" ] || [ -x "$pitap" ] || die "$pitap is not an executable"

# Their absence is no failure: the table then says which peer is missing.
install_peers()
{
    local packages=() package
    for package in tcpdump argus-server libndpi-bin gcc libc6-dev libpcap-dev; do
        dpkg-query -W -f='${Status}' "$package" 2> /dev/null | grep -q 'ok installed' || packages+=("$package")
    done
    [ ${#packages[@]} -eq 0 ] && return
    [ "$(id -u)" -eq 0 ] || { echo "not root: cannot install ${packages[*]}" >&2; return; }
    apt-get update -qq || true
    for package in "${packages[@]}"; do
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$package" > "$work/apt.log" 2>&1 \
            || echo "cannot install $package" >&2
    done
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export PATH=$PATH:/usr/sbin:/sbin
install_peers

file=$work/bench.pcap
made=$(python3 "$here/make-bench.py" "$file" --captures "$captures" --times "$times")
packets=$(grep -o '[0-9]* packets' <<< "$made" | cut -d' ' -f1)
cat "$file" > /dev/null     # so that the first program does not pay for reading from the disk

commands=() missing=() versions=()
if [ -n "$pitap" ]; then
    # A new store each time, in the same folder as the file.
    commands+=("pitap replay" "rm -f '$work'/pitap.db*; exec '$pitap' replay '$file' --db '$work/pitap.db'")
    versions+=("$("$pitap" --version 2> /dev/null | head -1 || true)")
fi
if gcc -O2 -o "$work/loop" "$here/loop.c" -lpcap 2> "$work/gcc.log"; then
    commands+=("C loop" "exec '$work/loop' '$file'")
else
    missing+=("C loop")
fi
if command -v tcpdump > /dev/null; then
    # Standard output is /dev/null. By name, tcpdump run by root would make /dev/null the property of its own user.
    commands+=("tcpdump -w /dev/null" "exec tcpdump -r '$file' -w -")
    versions+=("$(tcpdump --version 2>&1 | head -2 | paste -sd' ')")
else
    missing+=(tcpdump)
fi
if command -v argus > /dev/null; then
    # -X: no configuration file of the machine; -w -: to standard output, for argus may remove and make anew a file that it is given by name.
    commands+=("argus" "exec argus -X -r '$file' -w -")
    versions+=("$(dpkg-query -W -f='argus ${Version}' argus-server 2> /dev/null || true)")
else
    missing+=(argus)
fi
if command -v ndpiReader > /dev/null; then
    commands+=("ndpiReader" "exec ndpiReader -q -i '$file'")
    versions+=("$(dpkg-query -W -f='ndpiReader ${Version}' libndpi-bin 2> /dev/null || true)")
else
    missing+=(ndpiReader)
fi

echo "$made, $(nproc) CPUs: $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1)"
printf '%s. ' "${versions[@]}" && echo
echo
[ -n "$pitap" ] || echo "No pitap given: peers alone, compared with the first of them."
[ ${#missing[@]} -eq 0 ] || echo "Missing: ${missing[*]}"
[ ${#commands[@]} -gt 0 ] || die "nothing to run"
python3 "$here/measure.py" --runs "$runs" --packets "$packets" "${commands[@]}"
