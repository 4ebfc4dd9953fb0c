#!/bin/sh
# The workbook, read by programs that we did not write: openpyxl reads types, merges, formulas, names and set-up; LibreOffice
# recalculates, measures row heights and prints. Everything lies under build/check/xlsx, LibreOffice's profile as well.
set -eu
dir=$PWD/build/check/xlsx
rm -rf "$dir"
mkdir -p "$dir"
VB_SAMPLES=$dir build/check/unit/test_write_xlsx >"$dir/unit.log" 2>&1
exec /usr/bin/python3 -B tests/check.d/30-xlsx.py "$dir"
