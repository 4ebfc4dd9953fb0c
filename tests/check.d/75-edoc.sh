#!/bin/sh
# Into the document system: the worked example of docs/edoc.md as it stands on the page, then packages, records, numbers, signatures and
# verdicts, held against programs and readers that are not ours.
set -eu
VANBAN=${VANBAN:-$PWD/build/check/vanban}
export VANBAN
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
/usr/bin/python3 -B tests/check.d/75-edoc.py "$work"
