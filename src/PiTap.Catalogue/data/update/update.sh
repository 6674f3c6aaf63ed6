#!/usr/bin/env bash
# Makes the catalogue's sets again from the packages that package-lock.json pins, each held against its integrity hash. Needs Node and npm, and only
# here: PiTap does not. Takes about half a minute and 120 MB of downloads.
#   src/PiTap.Catalogue/data/update/update.sh           writes the files in data/sets
#   src/PiTap.Catalogue/data/update/update.sh --check   writes nothing; fails if a file is not what this makes
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
sets=$(dirname "$here")/sets
[ $# -eq 0 ] || [ "$*" = --check ] || { sed -n '2,5s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2; exit 2; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$here/package.json" "$here/package-lock.json" "$work/"
npm ci --prefix "$work" --ignore-scripts --no-audit --no-fund --silent

mkdir "$work/made"
node "$here/make.mjs" "$work/node_modules" "$work/made"

if [ "${1:-}" = --check ]; then
  for file in "$work"/made/*; do
    cmp "$file" "$sets/$(basename "$file")"
  done
  echo "update.sh: all files are what their packages make"
else
  cp "$work"/made/* "$sets/"
fi
