#!/bin/sh
# make lint: clang-tidy (.clang-tidy), cppcheck and gcc's analyzer over the files named; LANGUAGE_FLAGS: what they are compiled with. What is known to be no fault
# stands with its reason in .clang-tidy and tests/lint/*.txt, and nowhere in the sources. Fails at anything else.
set -u
out=build/lint
mkdir -p "$out"
jobs=$(nproc)
failed=0

each() { # each TOOL COMMAND…: the command for every file, in parallel
  name=$1
  shift
  printf '%s\n' $files | xargs -P "$jobs" -n 4 sh -c 'tool=$1; shift; for f in "$@"; do eval "$tool \"$f\" -- $LANGUAGE_FLAGS"; done' _ "$*" >"$out/$name" 2>"$out/$name.err"
}

files=$*

if command -v clang-tidy >/dev/null; then
  each tidy clang-tidy --quiet
  grep -E '(warning|error): ' "$out/tidy" | awk -F '\t' 'NR == FNR { if ($0 !~ /^#/ && NF) { file[++n] = $1; text[n] = $2 } next }
    { for (i = 1; i <= n; i++) if (index($0, file[i] ":") && index($0, text[i])) next; print; bad = 1 } END { exit bad }' tests/lint/tidy.txt - || failed=1
else
  echo "lint: clang-tidy is not installed"
fi

if command -v cppcheck >/dev/null; then
  eval "cppcheck --quiet -j $jobs --error-exitcode=1 --std=c11 --enable=warning,performance,portability --suppress=missingIncludeSystem" \
    "--suppressions-list=tests/lint/cppcheck.txt --include=tests/lint/loops.h -Igen $LINT_NAMES $files" || failed=1
else
  echo "lint: cppcheck is not installed"
fi

# gcc's analyzer: file, function and kind of each warning, held against those that are known.
export LINT_CC="${CC:-gcc}"
printf '%s\n' $files | xargs -P "$jobs" -n 1 sh -c 'eval "$LINT_CC $LANGUAGE_FLAGS -O1 -fanalyzer -fdiagnostics-plain-output -c -o /dev/null \"$1\"" 2>&1' _ >"$out/analyzer"
awk '/: In function / { split($0, q, "‘|’|\047"); where = q[2] }
  / warning: .*\[-Wanalyzer-/ { split($0, p, ":"); kind = $0; sub(/.*\[-Wanalyzer-/, "", kind); sub(/\].*/, "", kind); print p[1] ":" where ":" kind "\t" $0 }' "$out/analyzer" |
  sort -u >"$out/analyzer.found"
awk -F '\t' 'NR == FNR { if ($0 !~ /^#/ && NF) known[$1] = 1; next } !($1 in known) { print $2 "  (" $1 ")"; bad = 1 } END { exit bad }' tests/lint/analyzer.txt "$out/analyzer.found" || failed=1
exit $failed
