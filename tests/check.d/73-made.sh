#!/bin/sh
# Completion, manual and docs are those of the program's own tables (tests/made.py); mandoc finds nothing to say about the manual; the
# completion offers in bash what it should.
set -u
passed=0 failed=0
try() { # what command…
  what=$1; shift
  if "$@" >"$log" 2>&1; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "made: $what"; head -n 20 "$log"; fi
}
log=$(mktemp) || exit 1
trap 'rm -f "$log"' EXIT

try "files made from tables are out of date" python3 tests/made.py
for page in docs/man/*.[15]; do
  try "$page" sh -c 'out=$(mandoc -T lint -W warning "$1") && [ -z "$out" ] || { echo "$out"; exit 1; }' - "$page"
  try "$page does not print" sh -c 'mandoc -T utf8 -W error "$1" | grep -q Manual' - "$page"
done
try "completion" bash tests/check.d/73-completion.bash "${VANBAN:-build/vanban}"
echo "$passed passed, $failed failed"
[ $failed = 0 ]
