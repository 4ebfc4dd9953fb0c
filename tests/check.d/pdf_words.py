#!/usr/bin/env python3
"""pdf_words.py TEXT STRUCT WORDS: TEXT (pdftotext) is in NFC; the strings of STRUCT (pdfinfo -struct-text) are WORDS, in order."""
import re
import sys
import unicodedata

plain, struct, want = (open(p, encoding="utf-8", errors="replace").read() for p in sys.argv[1:4])  # attributes are printed as bytes
for name, s in (("pdftotext", plain), ("pdfinfo", struct)):
    if unicodedata.normalize("NFC", s) != s:
        sys.exit("text of %s is not in NFC" % name)

# A string a line, in quotes, deeper than its element. Strings of one element follow each other without a space of their own.
# What stands in figures is no text of the document's.
have, run, figure = [], "", False
for line in struct.split("\n"):
    m = re.match(r'\s*"(.*)"$', line)
    if m:
        run += "" if figure else m.group(1)
    else:
        have += run.lower().split()
        run = ""
        figure = line.lstrip().startswith("Figure") or (figure and line.lstrip().startswith("/"))
have += run.lower().split()
want = want.split()
if have != want:
    k = next((i for i, (a, b) in enumerate(zip(have, want)) if a != b), min(len(have), len(want)))
    sys.exit("word %d: %r, not %r" % (k, have[k - 2:k + 4], want[k - 2:k + 4]))

# The same words, whatever their order on the page, come out of the plain extraction (which has page numbers and repeated heads besides).
left = set(want) - set(plain.lower().split())
if left:
    sys.exit("not in the plain text: %r" % sorted(left)[:9])
