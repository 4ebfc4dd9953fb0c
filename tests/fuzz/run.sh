#!/bin/sh
# tests/fuzz/run.sh SECONDS CORPUS [TARGET…]: runs fuzz targets in turn, a line each, and adds the line to CORPUS/log.tsv: target, seconds of processor, executions,
# edges covered, features, inputs in the corpus, finds. Fails when something was found; what was found stands in CORPUS/<target>.finds.
# A block's history is kept two callers deep, a quarter of the time saved; whoever replays a find sees it whole.
# An input may take two minutes of the clock (a busy machine stops a target for some seconds); slow ones are named from 10 s. FUZZ_BIN: where the targets are.
set -u

seconds=$1
corpus=$2
shift 2
bin=${FUZZ_BIN:-build/fuzz}
here=tests/fuzz
[ $# -gt 0 ] || set -- $(ls $here/fuzz_*.c | sed 's/.*fuzz_//; s/\.c$//')

stat() { sed -n "s/^stat::$1: *//p" "$log" | tail -n 1; }

worst=0
for target in "$@"; do
  mkdir -p "$corpus/$target" "$corpus/$target.finds"
  log=$corpus/$target.log
  before=$(ls "$corpus/$target.finds" | wc -l)
  dict=
  [ -f "$here/dict/$target.dict" ] && dict="-dict=$here/dict/$target.dict"
  seeds=
  for dir in "$here/seeds/$target" "$here/found/$target"; do [ -d "$dir" ] && seeds="$seeds $dir"; done
  max_len=8192
  case $target in xlsx | verify | font) max_len=20000 ;; number | sql | path) max_len=512 ;; prose | pages) max_len=1500 ;; esac
  code=$(
    ASAN_OPTIONS="malloc_context_size=2:${ASAN_OPTIONS:-}" "$bin/$target" -max_total_time="$seconds" -max_len=$max_len -timeout=120 -rss_limit_mb=2048 -print_final_stats=1 \
      $dict -artifact_prefix="$corpus/$target.finds/" "$corpus/$target" $seeds >"$log" 2>&1
    echo $?
    times >"$log.time"
  )
  cpu=$(tr 'ms' '  ' <"$log.time" | awk '{ s += $1 * 60 + $2 + $3 * 60 + $4 } END { printf "%.0f", s }')
  rm -f "$log.time"
  found=$(($(ls "$corpus/$target.finds" | wc -l) - before))
  [ "$code" != 0 ] && [ "$found" = 0 ] && found=1
  runs=$(stat number_of_executed_units)
  set_=$(sed -n 's/.* cov: \([0-9]*\) ft: \([0-9]*\) corp: \([0-9]*\).*/\1\t\2\t\3/p' "$log" | tail -n 1)
  printf '%s\t%s\t%s\t%s\t%s\n' "$target" "$cpu" "${runs:-0}" "${set_:-0	0	0}" "$found" >>"$corpus/log.tsv"
  tail -n 1 "$corpus/log.tsv" | awk -F '\t' '{ printf "%-12s %5d s of processor, %9d executions, %5d edges, %6d features, %5d inputs, %d finds\n", $1, $2, $3, $4, $5, $6, $7 }'
  if [ "$found" != 0 ]; then
    worst=1
    grep -E 'does not hold|ERROR: |SUMMARY: ' "$log" | sed 's/^/  /'
  fi
done
exit $worst
