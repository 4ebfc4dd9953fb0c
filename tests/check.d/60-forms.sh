#!/bin/sh
# Entry workbooks: written for the sample 001, filled in with its figures, saved by LibreOffice, and read back: the PDF must be that
# of the CSV job, byte for byte. Offices' own sheets, wrong cells and broken workbooks as well. Everything lies under build/check/forms.
set -eu
dir=$PWD/build/check/forms
rm -rf "$dir"
mkdir -p "$dir"
VANBAN=${VANBAN:-$PWD/build/check/vanban}
export VANBAN
exec /usr/bin/python3 -B tests/check.d/60-forms.py "$dir"
