#!/bin/sh
# Every rule of gen/check/rules.def has a positive and a negative test, is listed by its bare id, and docs/checking.md has not drifted. The SQL rules of
# templates and forms: 41-sql-rules.sh.
set -u
failed=0
passed=0
VANBAN=${VANBAN:-build/check/vanban}
ids=$(sed -n 's/^VB_CHECK_RULE(\([A-Z0-9]*\),.*/\1/p' gen/check/rules.def)
[ -n "$ids" ] || { echo "40-rules: no rule found"; failed=1; }
list=$("$VANBAN" check --list-rules --lang en)
for id in $ids; do
  ok=1
  for kind in POSITIVE NEGATIVE; do
    grep -q "$kind(\"$id\"" tests/unit/test_check_*.c || { echo "40-rules: $id has no $kind test"; ok=0; }
  done
  echo "$list" | grep -q "^$id \(error\|warning\|info\): " || { echo "40-rules: --list-rules lacks $id"; ok=0; }
  if [ $ok = 1 ]; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
done
if [ "$(echo "$ids" | sort | uniq -d)" = "" ]; then passed=$((passed + 1)); else echo "40-rules: an id stands twice"; failed=$((failed + 1)); fi
if sh tests/rules-doc.sh "$VANBAN" | diff -u docs/checking.md -; then passed=$((passed + 1)); else echo "40-rules: run: sh tests/rules-doc.sh build/vanban >docs/checking.md"; failed=$((failed + 1)); fi
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
