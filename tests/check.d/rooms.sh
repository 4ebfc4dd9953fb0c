#!/bin/sh
# tests/rooms.sh must find each kind of break, and nothing in what is allowed.
set -eu

top=$PWD
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
passed=0
failed=0
here=tests/check.d/rooms.sh

# case NAME WANT PATH TEXT: a tree with one file; WANT is what the only complaint must hold, or "" when there must be none.
case_() {
  rm -rf "$dir/gen"
  mkdir -p "$dir/gen/base" "$dir/gen/text" "$dir/gen/xml"
  cp gen/ROOMS "$dir/gen/"
  echo 'int base_is_here;' >"$dir/gen/base/base.c"
  printf "$4" >"$dir/$3"
  code=0
  sh "$top/tests/rooms.sh" "$dir" >"$dir/out" 2>&1 || code=$?
  if [ -z "$2" ] && [ "$code" = 0 ] && [ ! -s "$dir/out" ]; then
    passed=$((passed + 1))
  elif [ -n "$2" ] && [ "$code" != 0 ] && [ "$(wc -l <"$dir/out")" = 1 ] && grep -qF "$2" "$dir/out"; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    echo "$here: $1: exit $code, wanted: $2"
    cat "$dir/out"
  fi
}

case_ "allowed includes" "" gen/xml/xml.c '#include <libxml/tree.h>\n#include <stdio.h>\n#include <sys/stat.h>\n#include "base/base.h"\n#include "base/limits.h"\n#include "xml/xml_int.h"\n'
case_ "a room below" "text may not use xml" gen/text/a.c '#include "xml/xml.h"\n'
case_ "another's private header" "private to base" gen/text/a.c '#include "base/base_int.h"\n'
case_ "a library of another room" "libxml is not met in text" gen/text/a.c '#include <libxml/tree.h>\n'
case_ "a library in a public header" "public header" gen/xml/xml.h '#include <libxml/tree.h>\n'
case_ "a library in a private header" "" gen/xml/xml_int.h '#include <libxml/tree.h>\n'
case_ "an unknown header" "belongs to no library" gen/text/a.c '#include <foo.h>\n'
case_ "an unknown room" "no room none" gen/text/a.c '#include "none/none.h"\n'
case_ "an include without a room" "is not written as" gen/text/a.c '#include "a.h"\n'
case_ "malloc" "malloc is called" gen/text/a.c 'void *f(void)\n{ return malloc(3); }\n'
case_ "free as a value" "free is called" gen/text/a.c 'release = free;\n'
case_ "strdup after a comment" ":3: strdup" gen/text/a.c '/* one\n two */ int x; // three\nchar *s = strdup(t);\n'
case_ "free-like names" "" gen/xml/x.c 'xmlFree(p); a->free(p); a.free(p); vb_mem_free(p); int free_list; void (*free)(void *p);\n'
case_ "words in comments and strings" "" gen/text/a.c '/* malloc(1) \n free(p) */ char *s = "calloc(\\"free(";  // strdup(s)\nchar c = 34;\n'
case_ "malloc in base" "" gen/base/mem.c 'void *p = malloc(1);\n'
mkdir "$dir/gen/zzz"
if sh tests/rooms.sh "$dir" | grep -qF "gen/zzz: not in gen/ROOMS"; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "$here: gen/zzz"; fi

# Nothing lies at the top but what belongs there: pictures of a look at pages were committed once.
if git rev-parse --git-dir >/dev/null 2>&1; then
  stray=$(git ls-files | grep -v / | grep -vxE 'README(\.vi)?\.md|LICENSE|Makefile|VERSION|packages\.txt|\.(gitignore|gitattributes|clang-tidy)' || true)
  if [ -z "$stray" ]; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "$here: at the top, and none of the project's:" $stray; fi
fi
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
