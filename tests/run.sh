#!/bin/sh
# Runs every test on what `make check` has built, from the top folder, and ends with one line "N passed, N failed".
#
# Unit tests are counted by cmocka's summaries, or as one failure when a binary dies before them. tests/golden/run and the
# scripts of tests/check.d count as one each by their exit code, or as many as their last line "N passed, N failed" says.
set -u

passed=0
failed=0
logs=build/check/log
mkdir -p "$logs"
export VANBAN="$PWD/build/check/vanban"
export LC_ALL=C.UTF-8 CMOCKA_MESSAGE_OUTPUT=STDOUT
export ASAN_OPTIONS="detect_leaks=1:${ASAN_OPTIONS:-}" UBSAN_OPTIONS="print_stacktrace=1:${UBSAN_OPTIONS:-}"
unset VB_INNER MAKEFLAGS MFLAGS MAKELEVEL CMOCKA_TEST_FILTER

# report NAME CODE OK BAD: adds up, and shows the log where something failed.
report() {
  passed=$((passed + $3))
  failed=$((failed + $4))
  if [ "$4" = 0 ]; then
    echo "ok   $1 ($3)"
  else
    echo "FAIL $1 ($4 of $(($3 + $4)), exit $2)"
    tail -n 200 "$logs/${1##*/}.log" | sed 's/^/     /'
  fi
}

run_unit() {
  timeout 900 "build/check/unit/$1" >"$logs/$1.log" 2>&1
  code=$?
  set -- "$1" $(awk '/^\[  PASSED  \] [0-9]+ test/ { ok += $4 } /^\[  FAILED  \] .*[0-9]+ test\(s\), listed/ {
    for (i = 4; i < NF; i++) if ($(i + 1) ~ /^test\(s\)/) bad += $i } END { print ok + 0, bad + 0 }' "$logs/$1.log")
  ok=$2
  bad=$3
  if [ "$bad" = 0 ] && { [ "$code" != 0 ] || [ "$ok" = 0 ]; }; then
    bad=1 # died, or ran nothing
  fi
  report "$1" "$code" "$ok" "$bad"
}

run_script() {
  timeout 3600 "$1" >"$logs/${1##*/}.log" 2>&1
  code=$?
  counts=$(tail -n 1 "$logs/${1##*/}.log" | sed -n 's/^\([0-9][0-9]*\) passed, \([0-9][0-9]*\) failed$/\1 \2/p')
  if [ "$code" = 0 ]; then counts=${counts:-1 0}; else counts=${counts:-0 1}; fi
  ok=${counts% *}
  bad=${counts#* }
  if [ "$code" != 0 ] && [ "$bad" = 0 ]; then bad=1; fi
  report "$1" "$code" "$ok" "$bad"
}

for source in tests/unit/test_*.c; do
  [ -f "$source" ] || continue
  name=${source##*/}
  run_unit "${name%.c}"
done
run_script tests/rooms.sh
for script in tests/golden/run tests/check.d/*.sh; do
  [ -x "$script" ] && run_script "$script"
done

echo
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
