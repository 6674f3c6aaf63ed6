#!/usr/bin/env bash
# Builds PiTap where its sources changed, and runs it.
#   src/run.sh              plays the demonstration (pitap demo --fast) and prints what was found
#   src/run.sh ARGUMENTS    is the command itself: src/run.sh replay FILE, sudo src/run.sh live --interface wlan0
# On Debian and Ubuntu it installs what is missing (the .NET 10 SDK, libpcap, gcc), and says so. On other systems it says what to install.
# PITAP_NATIVE=no builds for the .NET runtime instead of machine code: faster to build, slower to run.
# The first build takes 2 to 15 minutes, by the machine, 1 GB of disk and, for machine code, 2 GB of memory. No process of it stays.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
out=$root/src/PiTap.Host/bin/run
stamp=$out/.built
native=$out/.native
owner=$(stat -c %U "$root")

# What hints of the program call it: as it was called here.
PITAP_COMMAND=$(printf '%q' "${BASH_SOURCE[0]}")
export PITAP_COMMAND

say() { printf 'run.sh: %s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }

# Says every 15 seconds, on the descriptor given, that a command still runs. Ends with it, or with this script.
with_life() {
  local to=$1 what=$2 started=$SECONDS status=0 life
  shift 2
  (
    trap 'kill "$nap" 2>/dev/null; exit' TERM
    while kill -0 $$ 2>/dev/null; do
      sleep 15 &
      nap=$!
      wait "$nap"
      say "still $what, $((SECONDS - started)) s" 2>&"$to"
    done
  ) &
  life=$!
  "$@" || status=$?
  kill "$life" 2>/dev/null || true
  wait "$life" 2>/dev/null || true
  return "$status"
}

# What the lack of packages costs, and the one command that mends it.
lacking() {
  local cost=$1
  shift
  say "$* missing: $cost"
  say "to mend that, once: sudo apt-get update && sudo apt-get install -y $*"
}

as_root() {
  if [ "$EUID" -eq 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    return 1
  fi
}

may_install() {
  command -v apt-get >/dev/null && { [ "$EUID" -eq 0 ] || command -v sudo >/dev/null; }
}

apt_install() {
  may_install || return 1
  say "installing $* with apt-get"
  # Lists that are old or missing are fetched only then.
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$@" >/dev/null 2>&1 && return 0
  as_root apt-get update -qq >/dev/null && as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$@" >/dev/null
}

# Prints the folder of the first dotnet that has the asked for part (sdk or runtime) in version 10.
find_dotnet() {
  local folder
  for folder in "${DOTNET_ROOT:-}" "$(command -v dotnet | xargs -r readlink -f | xargs -r dirname)" "${HOME:-/nonexistent}/.dotnet" \
    "$(getent passwd "$owner" | cut -d: -f6)/.dotnet" /usr/share/dotnet /usr/lib/dotnet /usr/local/share/dotnet; do
    [ -x "$folder/dotnet" ] || continue
    case $1 in
      sdk) compgen -G "$folder/sdk/10.*" >/dev/null || continue ;;
      # Pages are rendered with a part of ASP.NET; an SDK brings both.
      runtime)
        compgen -G "$folder/shared/Microsoft.NETCore.App/10.*" >/dev/null || continue
        compgen -G "$folder/shared/Microsoft.AspNetCore.App/10.*" >/dev/null || continue
        ;;
    esac
    printf '%s\n' "$folder"
    return 0
  done
  return 1
}

install_sdk() {
  say "the .NET 10 SDK is missing"
  if command -v apt-cache >/dev/null; then
    if apt-cache policy dotnet-sdk-10.0 2>/dev/null | grep -q 'Candidate: [0-9]'; then
      apt_install dotnet-sdk-10.0 && return 0
    fi
    # What Microsoft's archive takes for granted: a downloader, certificates, OpenSSL, the C++ runtime.
    apt_install ca-certificates curl openssl libstdc++6 || true
  fi
  command -v curl >/dev/null || fail "curl is needed to fetch the .NET 10 SDK; or install the SDK yourself: https://dotnet.microsoft.com/download"
  say "installing the .NET 10 SDK into $HOME/.dotnet with Microsoft's script"
  local script
  script=$(mktemp)
  curl -fsSL https://dot.net/v1/dotnet-install.sh -o "$script" || fail "the .NET install script cannot be fetched"
  with_life 2 "fetching the SDK" bash "$script" --channel 10.0 --install-dir "$HOME/.dotnet" >/dev/null || fail "the .NET 10 SDK cannot be installed"
  rm -f "$script"
}

need_libpcap() {
  compgen -G '/usr/lib*/libpcap.so*' >/dev/null || compgen -G '/usr/lib/*/libpcap.so*' >/dev/null && return 0
  apt_install libpcap0.8 || lacking "capture files can be read all the same, but not interfaces" libpcap0.8
}

is_fresh() {
  [ -x "$out/pitap" ] && [ -e "$stamp" ] || return 1
  # Folders count too: a deleted file shows in nothing else.
  [ -z "$(find "$root/src" "$root/Directory.Build.props" "$root/Directory.Packages.props" "$root/global.json" \
    \( -name bin -o -name obj \) -prune -o -newer "$stamp" -print -quit)" ]
}

runtime_identifier() {
  case $(uname -m) in
    x86_64) echo linux-x64 ;;
    aarch64) echo linux-arm64 ;;
    *) fail "PiTap needs a 64-bit system: x86-64 or ARM64" ;;
  esac
}

# What turns the program into machine code: a linker, and what it links.
need_linker() {
  local missing=()
  command -v gcc >/dev/null || missing+=(gcc)
  compgen -G '/usr/include/*/sys/cdefs.h' >/dev/null || missing+=(libc6-dev)
  [ -e /usr/include/zlib.h ] || missing+=(zlib1g-dev)
  [ "${#missing[@]}" -eq 0 ] || apt_install "${missing[@]}" ||
    { lacking "the program starts in half a second instead of at once, everything else is the same" "${missing[@]}"; return 1; }
}

# The compiler to machine code takes 1.5 GB; a small Pi builds for the runtime.
has_room() {
  [ "$(awk '/^MemAvailable:/ { print int($2 / 1024) }' /proc/meminfo)" -ge 2000 ]
}

# Neither MSBuild nor the compiler may leave a server behind: they would hold their memory for minutes.
publish() {
  (cd "$root" && DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 MSBUILDDISABLENODEREUSE=1 \
    with_life 3 building "$dotnet/dotnet" publish src/PiTap.Host -c Release -r "$rid" -o "$out" -v quiet \
    -nodeReuse:false -p:UseSharedCompilation=false "$@") 3>&2 >"$log" 2>&1
}

build_native() {
  [ "${PITAP_NATIVE:-yes}" != no ] && has_room && need_linker || return 1
  publish -p:PublishAot=true -p:CppCompilerAndLinker=gcc
}

build() {
  local dotnet log rid
  need_libpcap
  dotnet=$(find_dotnet sdk) || { install_sdk && dotnet=$(find_dotnet sdk); } || fail "the .NET 10 SDK was installed but is not found"
  rid=$(runtime_identifier)
  log=$(mktemp)
  say "building: 2 to 15 minutes the first time, by the machine"
  # Remains of the other kind of build would be taken for this one's.
  rm -rf "$out"
  mkdir -p "$out"
  # Compiled ahead of time: half of a short run would be spent in the compiler otherwise.
  if build_native; then
    touch "$native"
  else
    [ "${PITAP_NATIVE:-yes}" = no ] || say "machine code cannot be built here (it takes 2 GB of memory, gcc and zlib1g-dev): building for the .NET runtime instead"
    rm -rf "$out"
    mkdir -p "$out"
    if ! publish --self-contained false -p:PublishReadyToRun=true; then
      cat "$log" >&2
      rm -f "$log"
      fail "the build failed"
    fi
  fi
  rm -f "$log"
  touch "$stamp"
}

ensure_built() {
  is_fresh && return 0
  mkdir -p "$out"
  # Two of these at once must not build into the same folders.
  exec 9>"$root/src/PiTap.Host/bin/.run-lock"
  flock 9
  is_fresh || build
  exec 9>&-
}

# For the scripts beside this one: gets the SDK where there is none, and prints its folder.
print_sdk() {
  need_libpcap
  find_dotnet sdk && return 0
  install_sdk >&2 && find_dotnet sdk || fail "the .NET 10 SDK was installed but is not found"
}

main() {
  if [ "${1:-}" = --print-sdk ]; then
    print_sdk
    return 0
  fi
  if [ "${1:-}" = --print-executable ]; then
    ensure_built
    printf '%s\n' "$out/pitap"
    return 0
  fi
  # What root builds, its owner could not build over.
  if [ "$EUID" -eq 0 ] && [ "$owner" != root ] && ! is_fresh && command -v runuser >/dev/null && getent passwd "$owner" >/dev/null; then
    need_libpcap
    runuser -u "$owner" -- env HOME="$(getent passwd "$owner" | cut -d: -f6)" PITAP_BUILD_ONLY=1 "${BASH_SOURCE[0]}"
  else
    ensure_built
  fi
  [ -z "${PITAP_BUILD_ONLY:-}" ] || return 0

  if [ ! -e "$native" ]; then
    DOTNET_ROOT=$(find_dotnet runtime) || fail "the .NET 10 runtime is not found"
    export DOTNET_ROOT
  fi
  [ "$#" -gt 0 ] || set -- demo --fast
  exec "$out/pitap" "$@"
}

main "$@"
