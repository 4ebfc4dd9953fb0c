#!/bin/sh
# Runs the tests of units and the golden cases on the build that counts, and prints the share of lines reached, a line a room. For `make coverage`.
set -u
find build/coverage/obj -name '*.gcda' -delete
export CMOCKA_MESSAGE_OUTPUT=STDOUT LC_ALL=C.UTF-8
for test in build/coverage/unit/test_*; do
  case $test in *.o | *.d | *.gcno | *.gcda) continue ;; esac
  "$test" >build/coverage/log 2>&1 || echo "coverage: $test failed"
done
VANBAN=$PWD/build/coverage/vanban tests/golden/run >build/coverage/log 2>&1 || echo "coverage: a golden case failed"
gcovr -r . --object-directory build/coverage/obj --filter 'gen/' --html-details build/coverage/index.html --csv build/coverage/files.csv >/dev/null 2>&1
awk -F, 'NR > 1 { split($1, p, "/"); total[p[2]] += $2; reached[p[2]] += $3; t += $2; r += $3 }
  END { for (room in total) printf "%-10s %5.1f %% of %5d lines, %4d not reached\n", room, 100 * reached[room] / total[room], total[room], total[room] - reached[room]
        printf "%-10s %5.1f %% of %5d lines\n", "all", 100 * r / t, t }' build/coverage/files.csv | sort
