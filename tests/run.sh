#!/usr/bin/env bash
# Installs what the tests need, builds everything and runs all tests. The last line is the sum: N passed, N failed, N skipped.
#   tests/run.sh                 all tests
#   tests/run.sh Wire Analysis   only these rooms; Format, Fuzz and Arm are rooms here, too
#   PITAP_LONG=1 tests/run.sh Arm   compiles for ARM64 and compares: a quarter of an hour
#   PITAP_LONG=1 tests/run.sh Live Store   kills 200 times where else 20 times do: half an hour
# Tests that open interfaces need root (or CAP_NET_ADMIN and CAP_NET_RAW); elsewhere they say that they were skipped.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
# The SDK's own programs ask for ICU, which a bare system does not have; PiTap and its tests do without.
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1

say() { printf 'run.sh: %s\n' "$*" >&2; }

# The same script that builds the product knows where the SDK is, and gets it where there is none.
DOTNET_ROOT=$(src/run.sh --print-sdk)
# Tests that kill a process of theirs start it with the runtime.
export DOTNET_ROOT PATH=$DOTNET_ROOT:$PATH
dotnet=$DOTNET_ROOT/dotnet

install_tools() {
  command -v apt-get >/dev/null && [ "$EUID" -eq 0 ] || return 0
  local missing=()
  command -v ip >/dev/null || missing+=(iproute2)
  command -v tcpdump >/dev/null || missing+=(tcpdump)
  command -v ping >/dev/null || missing+=(iputils-ping)
  command -v faketime >/dev/null || missing+=(faketime)
  command -v mount >/dev/null || missing+=(mount)
  command -v sysctl >/dev/null || missing+=(procps)
  [ "${#missing[@]}" -gt 0 ] || return 0
  say "installing ${missing[*]} with apt-get"
  apt-get update -qq >/dev/null || true
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null ||
    say "not all of it could be installed: the tests that need it will be skipped"
}
install_tools

say "building"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! "$dotnet" build PiTap.sln -c Release -v quiet >"$log" 2>&1; then
  cat "$log" >&2
  echo "0 passed, 1 failed, 0 skipped"
  exit 1
fi

# The tests of the command run what users run, as it is built for them.
PITAP_EXECUTABLE=$(src/run.sh --print-executable)
export PITAP_EXECUTABLE

# Without names, all of them.
rooms=("$@")
is_asked() { [ "${#rooms[@]}" -eq 0 ] || [[ " ${rooms[*]} " == *" $1 "* ]]; }

# One after the other: the live tests measure, and two cores are all that some machines have.
passed=0 failed=0 skipped=0
for project in tests/*.Tests; do
  name=$(basename "$project")
  short=${name#PiTap.}
  is_asked "${short%.Tests}" || continue
  started=$SECONDS
  status=0
  "$dotnet" test --project "$project" -c Release --no-build --no-progress --no-ansi >"$log" 2>&1 || status=$?
  sum() { sed -n "s/^ *$1: *\([0-9][0-9]*\).*/\1/p" "$log" | tail -n 1; }
  p=$(sum succeeded) f=$(sum failed) s=$(sum skipped)
  # A runner that could not even begin, or died, has failed.
  if [ -z "$p" ] || { [ "$status" -ne 0 ] && [ "${f:-0}" -eq 0 ]; }; then
    f=$((${f:-0} + 1))
  fi
  passed=$((passed + ${p:-0})) failed=$((failed + f)) skipped=$((skipped + ${s:-0}))
  printf '%-28s %5s passed %4s failed %4s skipped %5s s\n' "$name" "${p:-0}" "$f" "${s:-0}" "$((SECONDS - started))"
  if [ "$f" -gt 0 ]; then
    cat "$log"
  else
    # The reason stands in the line behind the name.
    awk '/^ *skipped [^:]/ { name = $2; getline; sub(/^ +/, ""); print "  skipped " name ": " $0 }' "$log"
  fi
done

# What is no test project counts as one test.
count() {
  local name=$1 started=$SECONDS
  shift
  if "$@" >"$log" 2>&1; then
    passed=$((passed + 1))
    printf '%-28s %s\n' "$name" "$(tail -n 1 "$log") $((SECONDS - started)) s"
  else
    failed=$((failed + 1))
    cat "$log"
    printf '%-28s failed %s s\n' "$name" "$((SECONDS - started))"
  fi
}

# The style that the build does not look at: where white space stands.
if is_asked Format; then
  count Format "$dotnet" format whitespace . --folder --verify-no-changes --exclude '**/bin/**' '**/obj/**'
fi

# A short run of the fuzz targets over their corpus; fuzz.sh runs them for longer, with coverage.
if is_asked Fuzz; then
  count PiTap.Fuzz "$dotnet" run --project tests/PiTap.Fuzz -c Release --no-build -- --target all --executions 100000 --seed 1
fi

if is_asked Arm; then
  started=$SECONDS
  tests/arm.sh >"$log" 2>&1 || true
  read -r p f s < <(sed -n 's/^\([0-9]*\) passed, \([0-9]*\) failed, \([0-9]*\) skipped$/\1 \2 \3/p' "$log" | tail -n 1) || { p=0 f=1 s=0; }
  passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
  printf '%-28s %5s passed %4s failed %4s skipped %5s s\n' Arm "$p" "$f" "$s" "$((SECONDS - started))"
  sed '$d; s/^/  /' "$log"
fi

echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
