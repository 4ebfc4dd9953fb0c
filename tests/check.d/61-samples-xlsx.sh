#!/bin/sh
# Every workbook of the samples: LibreOffice recalculates its formulas to the values that stand in it, shows each figure as the PDF prints
# it, and needs no row higher than it is. Everything lies under build/check/samples-xlsx.
set -eu
dir=$PWD/build/check/samples-xlsx
rm -rf "$dir"
mkdir -p "$dir"
VANBAN=${VANBAN:-$PWD/build/check/vanban}
for job in samples/*/; do
  "$VANBAN" build -o "$dir/out" "$job" >"$dir/build.log" 2>&1 || { cat "$dir/build.log"; echo "0 passed, 1 failed"; exit 1; }
done
exec /usr/bin/python3 -B tests/check.d/61-samples-xlsx.py "$dir"
