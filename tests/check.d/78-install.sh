#!/bin/sh
# `make install` with DESTDIR and prefix: everything is in its place, readable for all, and the program finds its templates there and
# builds a sample that was installed with it, away from the tree. The program is the one under test: nothing is compiled.
set -u
VANBAN=${VANBAN:-build/vanban}
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
passed=0 failed=0
ok() { if [ "$1" = 0 ]; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "install: $2"; fi; }

make -s VB_INNER=1 -o build PROGRAM="$VANBAN" DESTDIR="$work/image" prefix=/usr install-files >"$work/log" 2>&1
ok $? "make install-files: $(tail -n 3 "$work/log")"
usr=$work/image/usr
for file in bin/vanban share/vanban/templates/bao-cao-cchc.xml share/vanban/templates/schemas/job.rng share/vanban/templates/forms/cchc-xa-2023.xml \
  share/man/man1/vanban.1 share/man/man5/vanban-job.5 share/bash-completion/completions/vanban share/doc/vanban/README.vi.md share/doc/vanban/docs/formats.md \
  share/doc/vanban/docs/images/report-page-1.png share/doc/vanban/samples/bao-cao-cchc-quang-tho-2023/job.xml; do
  [ -f "$usr/$file" ]; ok $? "$file is missing"
done
[ -x "$usr/bin/vanban" ]; ok $? "the program is not executable"
[ -z "$(find "$usr" -type f ! -perm -o=r)" ]; ok $? "files that not everybody may read"
for file in $(git ls-files templates 2>/dev/null); do [ -f "$usr/share/vanban/$file" ] || { ok 1 "$file is not installed"; }; done

# The tree it was built in is out of reach: another folder, and no templates above the program but those installed.
(cd "$work" && "$usr/bin/vanban" templates >"$work/templates" 2>&1); ok $? "templates: $(cat "$work/templates")"
grep -q '^bao-cao-cchc ' "$work/templates"; ok $? "the installed templates are not found"
(cd "$work" && "$usr/bin/vanban" build -q -f pdf -o "$work/out" "$usr/share/doc/vanban/samples/bao-cao-cchc-quang-tho-2023" >"$work/log" 2>&1)
ok $? "the installed sample: $(tail -n 3 "$work/log")"
[ -s "$work/out/bao-cao-cchc-quang-tho-2023/quang-tho/bao-cao-cchc.pdf" ]; ok $? "the installed sample has no PDF"
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
