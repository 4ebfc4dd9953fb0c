#!/bin/sh
# Every fuzz target over its seeds and over what fuzzing found once (tests/fuzz/found), and over changed copies of them: a short run of fuzzing that is the same
# on every machine. The long runs are `make fuzz`.
set -u
passed=0
failed=0
bin=${VANBAN%/*}/fuzz
[ -d tests/fuzz ] || cd "$(dirname "$0")/../.."
for source in tests/fuzz/fuzz_*.c; do
  target=${source##*/fuzz_}
  target=${target%.c}
  found=
  [ -d "tests/fuzz/found/$target" ] && found=tests/fuzz/found/$target
  case $target in template | form | job | prose) n=40 ;; p12 | sign | verify | schema | xlsx) n=80 ;; *) n=300 ;; esac
  if out=$("$bin/$target" -m $n "tests/fuzz/seeds/$target" $found 2>"$bin/$target.log"); then
    passed=$((passed + 1))
    echo "ok $target: $out"
  else
    failed=$((failed + 1))
    echo "not ok $target: $out"
    tail -n 40 "$bin/$target.log"
  fi
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
