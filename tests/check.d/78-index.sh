#!/bin/sh
# index.html from disk in a headless Chromium, driven over its debugging pipe: the sample district; no word in the
# console, everything by keyboard, names and headers for screen readers, print. Where Chromium is not installed only the page itself is read.
set -eu
VANBAN=${VANBAN:-$PWD/build/check/vanban}
export VANBAN
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
/usr/bin/python3 -B tests/check.d/78-index.py "$work"
