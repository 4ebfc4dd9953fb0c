#!/bin/sh
# Holds the PDFs that tests/unit/test_write_pdf left in build/check/pdf (and, where the program is built, a PDF of its own making) against
# programs that we did not write: qpdf, poppler, mupdf; and against the requirements of PDF/A and PDF/UA in pdf_check.py.
set -u
here=tests/check.d
made=build/check/pdf
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
passed=0
failed=0

# ok NAME COMMAND...: counts; the output of a failure is shown.
ok() {
  what=$1
  shift
  if "$@" >"$scratch/log" 2>&1; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    echo "FAIL $what"
    head -n 20 "$scratch/log"
  fi
}

# Syntax, streams and cross-references without a warning.
sound() { qpdf --check "$1" >"$scratch/qpdf" 2>&1 && ! grep -i warning "$scratch/qpdf"; }

# Every font embedded, a subset, with Unicode; nothing else.
fonts() {
  pdffonts "$1" >"$scratch/fonts" 2>&1 || return 1
  awk 'NR > 2 && !(/ CID TrueType +(Identity-H|Custom) +yes yes yes /) { print; bad = 1 } END { exit bad || NR < 3 }' "$scratch/fonts"
}

# Text extracts without a complaint, in NFC, and its tagged part is the document's words in order. (pdfinfo draws the page anew for each
# of 12,500 cells of a long table; pdf_check.py reads those.)
words() {
  pdftotext "$1" "$scratch/text" 2>"$scratch/errors" || return 1
  pdfinfo -struct-text "$1" >"$scratch/struct" 2>>"$scratch/errors" || return 1
  cat "$scratch/errors"
  [ ! -s "$scratch/errors" ] || return 1
  python3 "$here/pdf_words.py" "$scratch/text" "$scratch/struct" "${1%.pdf}.words"
}

# Pages draw without a complaint in two renderers.
draws() {
  mutool draw -q -r 40 -o "$scratch/page%d.pgm" "$1" >"$scratch/mutool.all" 2>&1 || return 1
  grep -v "ICC support is not available" "$scratch/mutool.all" >"$scratch/mutool" # how Debian builds it
  pdftoppm -q -r 40 -gray "$1" "$scratch/poppler" 2>>"$scratch/mutool" || return 1
  cat "$scratch/mutool"
  [ ! -s "$scratch/mutool" ] && rm -f "$scratch"/*.pgm
}

for pdf in "$made"/*.pdf; do
  [ -f "$pdf" ] || { echo "FAIL no PDF in $made: run tests/unit/test_write_pdf first"; failed=$((failed + 1)); break; }
  name=${pdf##*/}
  ok "$name: qpdf" sound "$pdf"
  ok "$name: fonts" fonts "$pdf"
  [ "$name" = stream.pdf ] || ok "$name: words" words "$pdf"
  ok "$name: drawn" draws "$pdf"
  ok "$name: PDF/A and PDF/UA" python3 "$here/pdf_check.py" "$pdf"
done
[ -f "$made/report.pdf" ] && ok "the checker finds what it should" python3 "$here/pdf_check.py" --self-test "$made/report.pdf"
[ -f "$made/attached.pdf" ] && ok "attached files come out" sh -c '
  pdfdetach -list "$1" | grep -q "^2 embedded files" && pdfdetach -savefile bang-1.csv -o "$2/a.csv" "$1" && printf "a,b\n" | cmp - "$2/a.csv"
' sh "$made/attached.pdf" "$scratch"

# Documents of the program itself, of every sample job.
text() { pdftotext "$1" "$scratch/text" 2>"$scratch/errors" && cat "$scratch/errors" && [ ! -s "$scratch/errors" ] && [ -s "$scratch/text" ]; }
for job in samples/*/job.xml; do
  [ -x "${VANBAN:-}" ] && [ -f "$job" ] || continue
  "$VANBAN" build -f pdf -o "$scratch/out" "${job%/job.xml}" >"$scratch/log" 2>&1 || true # withheld documents are another test's
  for pdf in $(find "$scratch/out" -name '*.pdf' | sort | head -n 12); do
    name=${pdf#"$scratch/out/"}
    ok "$name: qpdf" sound "$pdf"
    ok "$name: fonts" fonts "$pdf"
    ok "$name: text" text "$pdf"
    ok "$name: drawn" draws "$pdf"
    ok "$name: PDF/A and PDF/UA" python3 "$here/pdf_check.py" "$pdf"
  done
  rm -rf "$scratch/out"
done

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
