#!/bin/sh
# The same input gives the same bytes: two runs of a sample, in another folder, another language, another time zone, on another number of
# workers. The index of a run speaks its language first, and the manifest may differ in status alone; all else is compared byte by byte.
set -u
VANBAN=${VANBAN:-build/vanban}
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
passed=0 failed=0
job=samples/bao-cao-cchc-quang-tho-2023
cp -r "$job" "$work/khac" && touch -d 2001-01-01 "$work"/khac/*
LC_ALL=C TZ=UTC "$VANBAN" build -q -j 1 -f pdf,xlsx,tree,pages -o "$work/a" "$job"
(cd "$work" && mv khac bao-cao-cchc-quang-tho-2023) && LC_ALL=C.UTF-8 TZ=Asia/Ho_Chi_Minh "$VANBAN" build -q -j 2 -f pdf,xlsx,tree,pages -o "$work/b" "$work/bao-cao-cchc-quang-tho-2023"
for path in $(cd "$work/a" && find . -type f ! -name '.*' | LC_ALL=C sort); do
  if cmp -s "$work/a/$path" "$work/b/$path"; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "same-bytes: $path differs"; fi
done
[ "$passed" -ge 5 ] || { failed=$((failed + 1)); echo "same-bytes: only $passed files"; }
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
