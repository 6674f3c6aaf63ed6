#!/usr/bin/env bash
# The program compiled for ARM64, run by QEMU, must say of every recorded capture byte for byte what the one for x86-64 says.
#   PITAP_LONG=1 tests/run.sh Arm
# Installs what is missing (as root, on Debian): clang, lld, the cross compiler's libraries, QEMU's user mode, and OpenSSL for ARM64 into a folder of its own.
# PITAP_EXECUTABLE names the program for x86-64. The last line is the sum: N passed, N failed, N skipped.
set -uo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
work=$root/tests/bin/arm
system=$work/system
out=$root/src/PiTap.Host/bin/arm64
captures=$root/tests/PiTap.Replay.Tests/captures

skip() { echo "skipped Arm: $*"; echo "0 passed, 0 failed, 1 skipped"; exit 0; }
fail() { echo "failed Arm: $*"; echo "0 passed, 1 failed, 0 skipped"; exit 1; }

[ "${PITAP_LONG:-}" = 1 ] || skip "takes a quarter of an hour; set PITAP_LONG=1"
[ "$(uname -m)" = x86_64 ] || skip "compares with x86-64, and this machine is another one"
dotnet=${DOTNET_ROOT:-/usr/share/dotnet}/dotnet
[ -x "$dotnet" ] || skip "the .NET SDK is missing"
[ -x "${PITAP_EXECUTABLE:-}" ] || skip "PITAP_EXECUTABLE names no program for x86-64"
mkdir -p "$work"

qemu() { command -v qemu-aarch64-static || command -v qemu-aarch64; }
has_tools() { command -v clang && command -v ld.lld && { command -v llvm-objcopy || compgen -G '/usr/bin/llvm-objcopy-*'; } && [ -e /usr/aarch64-linux-gnu/lib/libc.so.6 ] && qemu; } >/dev/null

install_tools() {
  command -v apt-get >/dev/null && [ "$EUID" -eq 0 ] || return 1
  apt-get update -qq >/dev/null || true
  local emulator
  emulator=$(apt-cache policy qemu-user-static 2>/dev/null | grep -q 'Candidate: [0-9]' && echo qemu-user-static || echo qemu-user)
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    clang lld llvm gcc-aarch64-linux-gnu libc6-dev-arm64-cross "$emulator" >/dev/null
}

# QUIC is opened with OpenSSL, which the program loads when it runs. The machine itself gets no foreign architecture for it.
get_openssl() {
  compgen -G "$system/usr/lib/aarch64-linux-gnu/libssl.so.3" >/dev/null && return 0
  command -v apt-get >/dev/null || return 1
  local apt=(apt-get -qq -o APT::Architecture=arm64 -o APT::Architectures::=arm64 -o "Dir::State::lists=$work/lists" -o "Dir::Cache=$work/cache" -o APT::Sandbox::User=root)
  mkdir -p "$work/lists/partial" "$work/cache/archives/partial" "$system"
  "${apt[@]}" update >/dev/null 2>&1 || return 1
  local package
  for package in libssl3t64 libssl3; do
    (cd "$work" && rm -f libssl3*.deb && "${apt[@]}" download "$package" >/dev/null 2>&1) || continue
    dpkg-deb -x "$work/$package"_*.deb "$system" && return 0
  done
  return 1
}

has_tools || install_tools || true
has_tools || skip "clang, lld, llvm-objcopy, gcc-aarch64-linux-gnu and qemu-user are needed, and could not be installed"
get_openssl || skip "OpenSSL for ARM64 could not be fetched"
ln -sfn /usr/aarch64-linux-gnu/lib "$system/lib"
objcopy=$(command -v llvm-objcopy || compgen -G '/usr/bin/llvm-objcopy-*' | head -n 1)

log=$work/build.log
if ! (cd "$root" && timeout 1800 "$dotnet" publish src/PiTap.Host -c Release -r linux-arm64 -o "$out" -v quiet -p:PublishAot=true \
  -p:CppCompilerAndLinker=clang -p:LinkerFlavor=lld "-p:ObjCopyName=$objcopy") >"$log" 2>&1; then
  tail -n 30 "$log"
  fail "the program cannot be built for ARM64"
fi

# Hints name the command as it was called, which is not the same for both.
export PITAP_COMMAND=pitap

# Everything that one program prints of a capture, in one file for each verb. Both write in the same place, which some of it names.
arm() { timeout 300 "$(qemu)" -L "$system" -E LD_LIBRARY_PATH=/usr/lib/aarch64-linux-gnu "$out/pitap" "$@"; }
native() { timeout 300 "$PITAP_EXECUTABLE" "$@"; }
record() {
  local run=$1 folder=$work/now capture=$3 verb
  rm -rf "$folder" "$2"
  mkdir -p "$folder"
  "$run" replay --db "$folder/store.db" "$capture" >"$folder/replay" 2>"$folder/error" || return 1
  for verb in flows contacts names devices; do
    "$run" "$verb" --db "$folder/store.db" --format jsonl >"$folder/$verb" 2>>"$folder/error" || return 1
  done
  rm -f "$folder"/store*
  mv "$folder" "$2"
}

passed=0 failed=0
for capture in "$captures"/*/capture.pcapng; do
  case=$(basename "$(dirname "$capture")")
  if record native "$work/x64" "$capture" && record arm "$work/arm64" "$capture" && [ -s "$work/x64/flows" ] && diff -r "$work/x64" "$work/arm64" >"$work/diff"; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    echo "failed Arm: $case"
    head -n 20 "$work/diff" "$work/x64/error" "$work/arm64/error" 2>/dev/null
  fi
done
echo "$passed passed, $failed failed, 0 skipped"
[ "$failed" -eq 0 ]
