#!/bin/sh
# Runs the tests of units, the golden cases and the scripts of tests/check.d that run the program (or those that are named) on the build that counts, and prints
# the share of lines reached, a line a room. For `make coverage`. A process that is killed, or ends by _exit, is not counted: what only a failing allocation or
# system call reaches is met by `make fault` and by children of unit tests, and stands here as not reached.
set -u
scripts=${COVERAGE_SCRIPTS-"30-xlsx 40-rollup 40-rules 41-sql-rules 42-proof 43-encodings 45-whole-text 50-decree 55-batch 56-terminal 60-forms 72-cli
  74-mistakes 75-edoc 76-preview 76-sign 77-same-bytes 77-trace 78-index 80-hostile pdf"}
find build/coverage/obj -name '*.gcda' -delete
chmod -R a+rwX build/coverage/obj # tests of rights run as nobody
umask 0
export CMOCKA_MESSAGE_OUTPUT=STDOUT LC_ALL=C.UTF-8 VANBAN="$PWD/build/coverage/vanban"
for test in build/coverage/unit/test_*; do
  case $test in *.o | *.d | *.gcno | *.gcda) continue ;; esac
  "$test" >build/coverage/log 2>&1 || echo "coverage: $test failed"
done
tests/golden/run >build/coverage/log 2>&1 || echo "coverage: a golden case failed"
for name in $scripts; do
  sh "tests/check.d/$name.sh" >"build/coverage/$name.log" 2>&1 || echo "coverage: $name failed, see build/coverage/$name.log"
done
python3 -B tests/fault/coverage.py build/coverage/obj build/coverage/lines.txt
