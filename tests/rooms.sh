#!/bin/sh
# Holds the sources to gen/ROOMS: which room includes which, where each library is met, who may call malloc. Prints what breaks
# it as file:line: text, and ends with 1. The folder with gen/ may be given; the tests of this script do.
set -eu
cd "${1:-.}"
LC_ALL=C
export LC_ALL

for room in gen/*/; do
  room=${room%/}
  grep -q "^${room#gen/}:" gen/ROOMS || { echo "$room: not in gen/ROOMS"; exit 1; }
done

find gen -name '*.[ch]' -o -name '*.def' | sort | xargs awk '
function wrong(text) { print FILENAME ":" FNR ": " text; broken = 1 }

# The words of gen/ROOMS for a header of a library; "-" for the C library and POSIX, "" for what is not known.
function library(h) {
  if (h in libc || h ~ /^sys\// || h ~ /^netinet\//) return "-"
  if (h ~ /^ut(hash|list|array|string)\.h$/) return "uthash"
  if (h == "sanitizer/asan_interface.h") return "-"
  if (h == "zip.h" || h == "zipconf.h") return "zip"
  if (h == "sqlite3.h" || h == "sqlite3ext.h") return "sqlite3"
  if (h ~ /^hpdf[a-z0-9_]*\.h$/) return "hpdf"
  if (h ~ /^(utf8proc|iconv|libdeflate|jansson|getopt|zlib)\.h$/) { sub(/\.h$/, "", h); return h }
  if (h ~ /^(xlsxwriter\.h$|xlsxwriter\/)/) return "xlsxwriter"
  if (h == "png.h") return "png"
  if (h ~ /^(libxml|openssl|minizip)\//) { sub(/\/.*/, "", h); return h }
  return ""
}

function read_table(   line, name, rest, n, part, i) {
  while ((getline line < "gen/ROOMS") > 0) {
    if (line ~ /^#/ || line !~ /:/) continue
    name = line; sub(/:.*/, "", name)
    rest = line; sub(/^[^:]*:/, "", rest)
    n = split(rest, part, ";")
    known[name] = 1
    may[name, name] = 1
    count = split(part[1], word, " ")
    for (i = 1; i <= count; i++) {
      if (!(word[i] in known)) { print "gen/ROOMS: " name " uses " word[i] ", which does not stand above it"; broken = 1 }
      may[name, word[i]] = 1
    }
    count = split(n > 1 ? part[2] : "", word, " ")
    for (i = 1; i <= count; i++) owns[name, word[i]] = 1
  }
}

BEGIN {
  read_table()
  names = "assert complex ctype errno fenv float inttypes iso646 limits locale malloc math setjmp signal stdalign stdarg stdatomic stdbool " \
    "stddef stdint stdio stdlib stdnoreturn string tgmath threads time uchar wchar wctype dirent dlfcn link fcntl fnmatch ftw glob " \
    "grp langinfo libgen poll pthread pwd regex sched search semaphore spawn strings syslog termios unistd utime wordexp"
  count = split(names, word, " ")
  for (i = 1; i <= count; i++) libc[word[i] ".h"] = 1
  count = split("malloc calloc realloc reallocarray aligned_alloc posix_memalign strdup strndup free alloca asprintf vasprintf " \
    "getline getdelim open_memstream", word, " ")
  for (i = 1; i <= count; i++) heap[word[i]] = 1
}

FNR == 1 {
  split(FILENAME, path, "/")
  room = path[2]
  if (path[4] != "") wrong("a room has no folders of its own")
  open = 0
  public = path[3] == room ".h"
}

FNR == 801 { wrong("longer than 800 lines") }

# The line without comments, strings and characters.
function bare(s,   out, c, two, quote) {
  out = ""
  while (s != "") {
    if (open) {
      i = index(s, "*/")
      if (!i) return out
      s = substr(s, i + 2); open = 0; continue
    }
    c = substr(s, 1, 1); two = substr(s, 1, 2)
    if (two == "/*") { open = 1; s = substr(s, 3); out = out " "; continue }
    if (two == "//") return out
    if (c == "\"" || c == "\047") {
      quote = c; s = substr(s, 2)
      while (s != "" && substr(s, 1, 1) != quote) s = substr(s, substr(s, 1, 1) == "\\" ? 3 : 2)
      s = substr(s, 2); out = out quote quote; continue
    }
    out = out c; s = substr(s, 2)
  }
  return out
}

/^[ \t]*#[ \t]*include[ \t]*"/ && !open {
  bare($0) # a comment may begin behind it
  h = $0; sub(/^[^"]*"/, "", h); sub(/".*/, "", h)
  if (h !~ /^[a-z]+\/[a-z0-9_]+\.(h|def)$/) { wrong("\"" h "\" is not written as \"room/file.h\""); next }
  other = h; sub(/\/.*/, "", other)
  if (!(other in known)) wrong("\"" h "\": no room " other " in gen/ROOMS")
  else if (!((room, other) in may)) wrong(room " may not use " other)
  else if (other != room && h != other "/" other ".h" && h != "base/limits.h" && h != "base/messages.def")
    wrong("\"" h "\" is private to " other)
  next
}

/^[ \t]*#[ \t]*include[ \t]*</ && !open {
  bare($0)
  h = $0; sub(/^[^<]*</, "", h); sub(/>.*/, "", h)
  lib = library(h)
  if (lib == "") wrong("<" h "> belongs to no library of gen/ROOMS")
  else if (lib != "-" && !((room, lib) in owns)) wrong("<" h ">: " lib " is not met in " room)
  else if (lib != "-" && public) wrong("<" h "> in the public header of " room)
  next
}

{
  text = bare($0)
  if (room == "base") next
  while (match(text, /[A-Za-z_][A-Za-z0-9_]*/)) {
    name = substr(text, RSTART, RLENGTH)
    before = substr(text, 1, RSTART - 1); sub(/[ \t]+$/, "", before)
    after = substr(text, RSTART + RLENGTH); sub(/^[ \t]+/, "", after)
    if (name in heap && before !~ /(\.|->|\(\*)$/ && (after ~ /^[(,;)]/ || after == "")) wrong(name " is called in gen/base alone")
    text = before " " substr(text, RSTART + RLENGTH)
    text = substr(text, length(before) + 2)
  }
}

END { exit broken }
'
