#!/bin/sh
# Signatures: each kind of signed file passes the layout tests' checks of PDF/A and PDF/UA, qpdf and pdfsig; slots of the manifest are where the
# PDF has them; a later build leaves what is signed alone; a passphrase reaches no log, no command line and no core.
set -eu
VANBAN=${VANBAN:-$PWD/build/check/vanban}
export VANBAN
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
/usr/bin/python3 -B tests/check.d/76-sign.py "$work"
