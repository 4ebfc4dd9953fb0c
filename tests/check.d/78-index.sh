#!/bin/sh
# index.html from disk in a headless Chromium, driven over its debugging pipe: the sample district and a country of 3,321 units; no word in the
# console, everything by keyboard, names and headers for screen readers, print. Where Chromium is not installed only the page itself is read.
set -eu
VANBAN=${VANBAN:-$PWD/build/check/vanban}
export VANBAN
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if [ ! -f build/index-3321.html ]; then
  build/check/unit/test_package_index >/dev/null 2>&1 || true # which leaves it there; its verdict is counted elsewhere
fi
/usr/bin/python3 -B tests/check.d/78-index.py "$work"
