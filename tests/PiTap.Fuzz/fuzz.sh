#!/bin/sh
# Fuzzes one parser with afl++ (Debian: apt install afl++).
#   fuzz.sh TARGET 60s       for 60 seconds
#   fuzz.sh TARGET 1000000   for a million executions
# Seeds come from corpus/TARGET; what breaks the parser is kept there as crash-*. Exit codes: 0 nothing broke, 1 something did, 2 usage or set-up.
# The canary has a fault on purpose: there the codes are the other way round, and nothing is kept.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
target=${1:-}
budget=${2:-}
case $budget in
  *[!0-9s]* | '' | s*) echo "usage: fuzz.sh TARGET SECONDSs|EXECUTIONS" >&2; exit 2 ;;
  *s) limit="-V ${budget%s}" ;;
  *) limit="-E $budget" ;;
esac
command -v afl-fuzz >/dev/null || { echo "fuzz.sh: afl-fuzz is missing: apt install afl++" >&2; exit 2; }
if [ ! -d "$here/corpus/$target" ] || [ -z "$target" ]; then
  echo "fuzz.sh: no corpus for '$target'; there is one for:" >&2
  ls "$here/corpus" >&2
  exit 2
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 2' INT TERM

dotnet build "$here/PiTap.Fuzz.csproj" -c Release -o "$work/bin" -v quiet --nologo >"$work/build.log" 2>&1 || { cat "$work/build.log" >&2; exit 2; }
# A copy is instrumented: the program that does it may have the original open.
cp "$work/bin/PiTap.Wire.dll" "$work/PiTap.Wire.dll"
dotnet "$work/bin/PiTap.Fuzz.dll" --instrument "$work/PiTap.Wire.dll"
cp "$work/PiTap.Wire.dll" "$work/bin/PiTap.Wire.dll"

# The bytes of the program are managed code: afl cannot find its own marks in them. Core patterns and CPU governors are the machine's business.
export AFL_SKIP_BIN_CHECK=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_SKIP_CPUFREQ=1 AFL_NO_UI=1 AFL_NO_AFFINITY=1
# shellcheck disable=SC2086 # the limit is two words
afl-fuzz -i "$here/corpus/$target" -o "$work/out" -m none -t 5000 $limit -- dotnet "$work/bin/PiTap.Fuzz.dll" --afl --target "$target" >"$work/afl.log" 2>&1 \
  || { tail -n 30 "$work/afl.log" >&2; exit 2; }

stats=$work/out/default/fuzzer_stats
value() { sed -n "s/^$1 *: *//p" "$stats"; }
crashes=0
for found in "$work"/out/default/crashes/id* "$work"/out/default/hangs/id*; do
  [ -f "$found" ] || continue
  crashes=$((crashes + 1))
  [ "$target" = canary ] || cp "$found" "$here/corpus/$target/crash-$(sha256sum "$found" | cut -c1-12)"
done
echo "$target: $(value execs_done) executions, $(value execs_per_sec) a second, $(value edges_found) edges, $crashes crashes"
if [ "$target" = canary ]; then
  [ "$crashes" -gt 0 ] || { echo "canary: its fault was not found" >&2; exit 1; }
else
  [ "$crashes" -eq 0 ]
fi
