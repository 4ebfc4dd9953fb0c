#!/bin/sh
# Installs the packages of packages.txt that are missing: tests/deps.sh build [check]. Says nothing when all are there.
set -eu

want=$(for use in "$@"; do awk -v use="$use" '$1 == use { print $2 }' packages.txt; done)
if ! command -v dpkg-query >/dev/null; then
  echo "deps: this is no Debian; see to these yourself:" $want >&2
  exit 0
fi
missing=$(
  {
    dpkg-query -W -f '${binary:Package} ${db:Status-Status}\n' $want 2>/dev/null || true
    echo "$want" | sed 's/^/want /'
  } | awk '$1 == "want" { if (!($2 in have)) print $2; next } $2 == "installed" { sub(/:.*/, "", $1); have[$1] = 1 }')
[ -n "$missing" ] || exit 0

root=
if [ "$(id -u)" != 0 ]; then
  if ! command -v sudo >/dev/null; then
    echo "deps: run as root: apt-get install" $missing >&2
    exit 1
  fi
  root=sudo
fi
echo "deps: installing" $missing
$root apt-get -q update
$root env DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends install $missing
