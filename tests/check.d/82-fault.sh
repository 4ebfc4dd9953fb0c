#!/bin/sh
# Faults of files and memory in a whole build, a few of each kind, a few while a PDF is signed and in each other verb, and a few kills. All of them: make fault, make kill.
set -u
program=${VANBAN:-build/check/vanban}
passed=0
failed=0
for part in "run.py $program --most 4 --mem" "sign.py $program --most 6" "verbs.py $program --most 2 --mem" "kill.py $program --kills 6 --units 12"; do
  # shellcheck disable=SC2086 # words are words
  out=$(python3 -B tests/fault/$part) || true
  echo "$out"
  counts=$(echo "$out" | sed -n '$s/^\([0-9]*\) passed, \([0-9]*\) failed$/\1 \2/p')
  counts=${counts:-0 1}
  passed=$((passed + ${counts% *}))
  failed=$((failed + ${counts#* }))
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
