#!/bin/sh
# Where figures come from: every figure of the sample 001, of its body and its appendix, leads to the line and column of the CSV or XML file
# that holds it, and stands on the page where the trace says; the district's figures lead down to the communes. As JSON, CSV and text.
set -eu
VANBAN=${VANBAN:-$PWD/build/check/vanban}
export VANBAN
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
/usr/bin/python3 -B tests/check.d/77-trace.py "$work"
