#!/bin/sh
# --preview: a picture of each page beside the PDF, in the manifest, good for `verify`, nothing left in the scratch folder; and gone with
# the next run that does not ask for them.
set -u
VANBAN=${VANBAN:-build/vanban}
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
passed=0 failed=0
ok() { if [ "$1" = 0 ]; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "preview: $2"; fi; }
job=samples/ke-hoach-khac-phuc-tung-anh-2023
mkdir "$work/tmp"
TMPDIR=$work/tmp "$VANBAN" build -q --preview -f pdf -o "$work/out" "$job" 2>"$work/log"; ok $? "$(cat "$work/log")"
dir=$(echo "$work"/out/*/)
pages=$(pdfinfo "$dir"/*/*.pdf | sed -n 's/^Pages: *//p')
[ "$(ls "$dir"/*/*.page-*.png | wc -l)" = "$pages" ] && [ "$pages" -gt 1 ]; ok $? "pictures and $pages pages"
python3 - "$dir" <<'PY'
import json, struct, sys, glob
m = json.load(open(sys.argv[1] + "/manifest.json", encoding="utf-8"))
listed = [f for d in m["documents"] for f in d["files"] if f["type"] == "preview"]
sizes = set()
for f in listed:
    head = open(sys.argv[1] + "/" + f["path"], "rb").read(24)
    assert head[:8] == b"\x89PNG\r\n\x1a\n", f
    sizes.add(struct.unpack(">II", head[16:24]))
assert len(listed) == len(glob.glob(sys.argv[1] + "/*/*.png")), listed
assert sizes <= {(662, 936), (936, 662)} and (662, 936) in sizes, sizes # A4 at 80 dpi
PY
ok $? "manifest and pictures"
"$VANBAN" verify "$work/out" >"$work/log" 2>&1; ok $? "verify: $(cat "$work/log")"
[ -z "$(ls -A "$work/tmp")" ]; ok $? "left behind: $(ls -A "$work/tmp")"
"$VANBAN" build -q -f pdf -o "$work/out" "$job"; ok $? "build without --preview"
[ -z "$(find "$work/out" -name '*.png')" ]; ok $? "pictures that nobody asked for stay"
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
