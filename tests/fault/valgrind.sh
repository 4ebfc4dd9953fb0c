#!/bin/sh
# valgrind's memcheck over whole runs of the program without sanitizers, workers among them: reads of what nobody wrote, which the sanitizers do not see, wild accesses
# and memory that is lost. valgrind.sh PROGRAM; for `make valgrind`, some minutes. The last line is "N passed, N failed", a process each.
set -u
program=${1:-build/vanban}
export LC_ALL=C.UTF-8
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
passed=0 failed=0
count() { if [ "$2" = 0 ]; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "not ok $1"; fi; }

# run WHAT EXIT-CODE ARGUMENTS: all processes of one call. A process that memcheck finds fault with ends with 99, or says so in its log.
run() {
  what=$1 want=$2
  shift 2
  rm -f "$dir"/log.*
  valgrind --quiet --trace-children=yes --leak-check=full --show-leak-kinds=definite --errors-for-leak-kinds=definite --error-exitcode=99 \
    --num-callers=30 --log-file="$dir/log.%p" "$program" --lang en --quiet "$@" >"$dir/out" 2>&1 </dev/null
  code=$?
  [ "$code" = "$want" ]; count "$what: exit $code, not $want: $(tail -n 3 "$dir/out")" $?
  for log in "$dir"/log.*; do
    [ -s "$log" ] && head -n 60 "$log"
    [ ! -s "$log" ]; count "$what: ${log##*.}" $?
  done
  echo "$what: $(find "$dir" -name 'log.*' | wc -l) processes, $passed passed, $failed failed so far"
}

openssl req -x509 -newkey rsa:2048 -nodes -keyout "$dir/key" -out "$dir/cert" -subj /CN=Thu -days 3650 2>/dev/null &&
  openssl pkcs12 -export -inkey "$dir/key" -in "$dir/cert" -out "$dir/a.p12" -passout pass:x || exit 1
printf 'x\n' >"$dir/pass"
report=bao-cao-cchc-quang-tho-2023 plan=ke-hoach-cchc-thuong-lo-2021
run "build $report" 0 build -j 2 -f pdf,xlsx,edxml -o "$dir/made" samples/$report
run "build $plan" 0 build -j 2 -f pdf,xlsx -o "$dir/made" samples/$plan
for job in $report $plan; do
  run "build $job again" 0 build -j 2 -f pdf,xlsx -o "$dir/made" "samples/$job"
  run "check $job" 0 check "samples/$job"
done
run "build tong-hop-huyen-2023, kept database, archive records, PDF/A-3" 0 build -j 2 -f pdf,xlsx --archive --pdfa 3a --db "$dir/kept.db" -o "$dir/made" samples/tong-hop-huyen-2023
run "trace" 0 trace "$dir/made/$report/manifest.json"
run "verify" 0 verify "$dir/made"
pdf=$(find "$dir/made/$report" -name '*.pdf' | head -n 1)
exec 3<"$dir/pass"
run "sign" 0 sign --p12 "$dir/a.p12" --pass-fd 3 --date 2030-06-01 "$pdf"
exec 3<&-
run "verify what is signed" 0 verify "$dir/made"
run "build, shard 1" 0 build --shard 1/2 -o "$dir/s1" samples/tong-hop-huyen-2023
run "build, shard 2" 0 build --shard 2/2 -o "$dir/s2" samples/tong-hop-huyen-2023
run "merge" 0 merge -o "$dir/merged" "$dir/s1" "$dir/s2"
run "new" 0 new bao-cao-cchc "$dir/new"
run "check of what new made" 0 check "$dir/new"
run "forms" 0 forms "$dir/new"
run "templates" 0 templates
run "a job that is not there" 3 build -o "$dir/none" "$dir/no-job"
cp -r tests/golden/values-wrong/in "$dir/wrong"
run "check of wrong figures" 1 check "$dir/wrong"
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
