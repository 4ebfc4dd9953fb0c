#!/bin/sh
# The pages against the table of Decree 30/2020, annex I: positions, sizes and styles as mutool and pdffonts see them.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
export PYTHONDONTWRITEBYTECODE=1
for job in samples/bao-cao-cchc-quang-tho-2023 tests/decree/jobs/the-thuc; do
  "${VANBAN:-build/vanban}" --lang en build -o "$dir" -f pdf "$job" 2>"$dir/log" || { cat "$dir/log"; echo "0 passed, 1 failed"; exit 1; }
done
python3 tests/decree/decree.py "$dir"/bao-cao-cchc-quang-tho-2023/quang-tho/bao-cao-cchc.pdf \
  "$dir"/the-thuc/an-lac/day-du-a.pdf "$dir"/the-thuc/an-lac/day-du-b.pdf "$dir"/the-thuc/an-phu/cong-van-a.pdf "$dir"/the-thuc/an-phu/cong-van-b.pdf
